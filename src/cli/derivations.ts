import type { Command } from 'commander';
import { SolvencyError } from '../errors.js';
import { MAX_DECIMAL_LENGTH } from '../numbers/decimal.js';
import { divide, parseRational, type Rational, rational } from '../numbers/rational.js';
import type { Derivation } from '../snapshot/derived/claim.js';

/** The options of a derivation, as the command line gives them. */
export interface DerivationOptions {
  readonly leverage?: string;
  readonly scale?: string;
  readonly shock?: string;
  readonly only?: string;
}

/** Adds the options that name a derived claim to a command. */
export const withDerivationOptions = (command: Command): Command =>
  command
    .option('--leverage <number>', 'leverage at most this: gross notional over weighted equity')
    .option('--scale <factor>', 'the requirement times this factor')
    .option('--shock <change>', 'after marks and prices of collateral have moved, such as -20%')
    .option('--only <symbols>', 'with --shock: of these instruments and assets, between commas');

/** The derivations that the options name, in the order in which they are applied. Error: INVALID_INPUT. */
export function derivationsOf({ leverage, scale, shock, only }: DerivationOptions): readonly Derivation[] {
  if (only !== undefined && shock === undefined) {
    throw new SolvencyError('INVALID_INPUT', '--only says whose prices move: give --shock with it.');
  }
  return [
    // first: what it leaves of a portfolio can be shocked
    ...(leverage === undefined ? [] : [{ kind: 'leverage', most: number('--leverage', leverage) } as const]),
    ...(scale === undefined ? [] : [{ kind: 'scale', factor: number('--scale', scale) } as const]),
    ...(shock === undefined
      ? []
      : [
          {
            kind: 'shock',
            change: percentage('--shock', shock),
            ...(only === undefined ? {} : { only: only.split(',') }),
          } as const,
        ]),
  ];
}

function number(flag: string, text: string): Rational {
  const value = text.length > MAX_DECIMAL_LENGTH ? undefined : parseRational(text);
  return value ?? malformed(flag, 'a number such as 5, 1.2 or 4/3');
}

function percentage(flag: string, text: string): Rational {
  const rule = 'a percentage such as -20% or +12.5%';
  if (!/^[+-]?\d+(\.\d+)?%$/.test(text) || text.length > MAX_DECIMAL_LENGTH) malformed(flag, rule);
  const value = parseRational(text.replace(/^\+|%$/g, '')) ?? malformed(flag, rule);
  return divide(value, rational(100n));
}

function malformed(flag: string, rule: string): never {
  throw new SolvencyError('INVALID_INPUT', `${flag} must be ${rule}.`, { details: { flag } });
}

/** Which claim was derived, and the roots that it stands between. */
export const derivationLines = (claim: string, baseRoot: bigint, derivedRoot: bigint): readonly string[] => [
  `claim "${claim}"`,
  `base root ${baseRoot}`,
  `derived root ${derivedRoot}`,
];
