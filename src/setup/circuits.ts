import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Holdings } from '../account/account.js';
import { SolvencyError } from '../errors.js';
import { PUBLIC_SIGNALS } from '../protocol/constants.js';

const pinned = z.strictObject({ constraints: z.number().int().positive(), sha256: z.string().regex(/^[0-9a-f]{64}$/) });

const circuitsSchema = z.strictObject({
  format: z.literal('zk-solvency/circuits'),
  version: z.literal(1),
  circuits: z.array(
    z.strictObject({
      name: z.string(),
      family: z.enum(['tiered']),
      /** relative to circuits/ */
      file: z.string(),
      template: z.string(),
      parameters: z.array(z.number().int().nonnegative()),
      capacity: z.strictObject({ positions: z.number().int(), assets: z.number().int() }),
      publicSignals: z.literal('margin'),
      /** the most constraints that the instance may have */
      budget: z.number().int().positive(),
      /** what it compiles to: constraint count and hash of the r1cs */
      r1cs: pinned,
    }),
  ),
});

/** One instance of a circuit template: what is compiled, keyed and proven. */
export interface CircuitInstance {
  readonly name: string;
  readonly family: 'tiered';
  readonly file: string;
  readonly template: string;
  readonly parameters: readonly number[];
  readonly capacity: { readonly positions: number; readonly assets: number };
  readonly publicSignals: readonly string[];
  readonly budget: number;
  readonly r1cs: { readonly constraints: number; readonly sha256: string };
}

/** All instances, in the order of circuits.json: smaller ones first. */
export const CIRCUITS: readonly CircuitInstance[] = circuitsSchema
  .parse(JSON.parse(readFileSync(new URL('../../circuits.json', import.meta.url), 'utf8')))
  .circuits.map((circuit) => ({ ...circuit, publicSignals: PUBLIC_SIGNALS }));

/** The instance of that name; UNKNOWN_CIRCUIT lists the names there are. */
export function circuitByName(name: string): CircuitInstance {
  const circuit = CIRCUITS.find((candidate) => candidate.name === name);
  if (circuit === undefined) {
    const names = CIRCUITS.map((candidate) => candidate.name).join(', ');
    throw new SolvencyError('UNKNOWN_CIRCUIT', `There is no circuit "${name}". Known circuits: ${names}.`, {
      details: { known: names },
    });
  }
  return circuit;
}

function smallestCircuit(positions: number, assets: number): CircuitInstance | undefined {
  return CIRCUITS.find(({ capacity }) => positions <= capacity.positions && assets <= capacity.assets);
}

/**
 * The circuit to prove an account with: the named one, or the smallest that holds it. TOO_MANY_POSITIONS or
 * TOO_MANY_ASSETS when none does.
 */
export function circuitFor(holdings: Holdings, name?: string): CircuitInstance {
  if (name !== undefined) return circuitByName(name);
  const { positions, collateral } = holdings;
  const circuit = smallestCircuit(positions.length, collateral.length);
  if (circuit !== undefined) return circuit;
  const largest = CIRCUITS.at(-1) as CircuitInstance;
  const code = positions.length > largest.capacity.positions ? 'TOO_MANY_POSITIONS' : 'TOO_MANY_ASSETS';
  throw new SolvencyError(
    code,
    `No circuit holds this account: the largest has room for ${largest.capacity.positions} positions and ${largest.capacity.assets} assets.`,
    { details: { circuit: largest.name } },
  );
}
