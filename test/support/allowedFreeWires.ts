import { randomBytes } from 'node:crypto';
import type { Witness } from '../../src/r1cs/evaluateR1cs.js';
import { accepts, type TestCircuit } from './circuit.js';
import { editEveryWire } from './everyWire.js';
import { freeMoves, type Move, moved } from './jacobian.js';

/**
 * How a wire is free: it can take any value; it has one other value; or it moves to first order only, and no step of any
 * length is accepted.
 */
type Freedom = 'any' | 'other' | 'first order';

export interface FreeWire {
  readonly signal: string;
  readonly freedom: Freedom;
}

/** Wires of which it is known that they are free, and why that does no harm. */
export interface AllowedFreeWire {
  readonly signal: RegExp;
  readonly freedom: Freedom;
  readonly why: string;
}

/** What may be free in a template by itself, in a part or at a place where its inputs leave a case open. */
export const FREE_IN_TEMPLATES: readonly AllowedFreeWire[] = [
  {
    signal: /\.(held|costSignMeans|nonZeroIf)\.inverse$/,
    freedom: 'any',
    why: 'NonZeroIf of zero with flag 0: the inverse is multiplied by zero, and stands in no other constraint',
  },
  {
    signal: /\.(split|value|netCalls|settle|net|signSplit)(\[\d+\])?\.sign$/,
    freedom: 'other',
    why: 'SignSplit of zero: with either sign both parts are zero',
  },
  {
    signal: /\.(split\[\d+\]|pivotSplit)\.exceeds\[\d\]$/,
    freedom: 'other',
    why: 'PivotSplit of a loss that equals the pivot: counting it as larger is only to the prover’s harm',
  },
  {
    signal: /easures\.(likely\[\d+\]|listed\[\d+\]|shift\[\d+\]|split\[\d+\]\.pivot\[\d\])$/,
    freedom: 'first order',
    why: 'UsedSlots: a flag f after e has f (e - f) = 0; where both are zero that has no slope, and f is 0 all the same',
  },
];

/** The same for every template, at the level of compiled circuits, whose private inputs are edited too. */
export const FREE_IN_CIRCUITS: readonly AllowedFreeWire[] = [
  ...FREE_IN_TEMPLATES,
  {
    signal: /^main\.(underlyingGap|expiryGap)\[\d\]$/,
    freedom: 'other',
    why: 'the id of a slot that is not used: nothing names it',
  },
  {
    signal: /^main\.expiryChange\[\d\]\.change\[3[01]\]$/,
    freedom: 'other',
    why: 'a sum of zero in an expiry that nothing lies in, with the sign of zero that the compiler eliminated',
  },
  {
    signal: /^main\.(moves|holdsPerpetual)\[\d\]$/,
    freedom: 'other',
    why: 'whether nothing is moved by an underlying, or a perpetual of it is held, in a slot that nothing belongs to',
  },
  {
    signal: /^main\.takesIsolated\[\d\]$/,
    freedom: 'other',
    why: 'the choice between two margins of zero',
  },
];

/**
 * Every wire that is free in a witness: alone, to another value, or with others to first order. A direction that is not a
 * single wire of any value must end at once: a random step along it has to be refused, alone and with all others; one that
 * is accepted throws.
 */
export function freeWires(circuit: TestCircuit, witness: Witness): readonly FreeWire[] {
  const { nameOf } = circuit.symbols;
  const alone = editEveryWire(circuit, witness).map(
    ({ signal, value }): FreeWire => ({ signal, freedom: value === 'any' ? 'any' : 'other' }),
  );
  const any = new Set(alone.filter(({ freedom }) => freedom === 'any').map(({ signal }) => signal));
  const moves = freeMoves(circuit, witness).filter(
    (move) => move.size > 1 || ![...move.keys()].every((wire) => any.has(nameOf(wire))),
  );
  const random = (): bigint => BigInt(`0x${randomBytes(40).toString('hex')}`);
  const steps: readonly (readonly Move[])[] = [...moves.map((move) => [move]), ...(moves.length > 1 ? [moves] : [])];
  for (const step of steps) {
    if (!accepts(circuit, moved(witness, step, random))) continue;
    throw new Error(`free together: ${step.flatMap((move) => [...move.keys()].map(nameOf)).join(', ')}`);
  }
  const together = new Set(moves.flatMap((move) => [...move.keys()].map(nameOf)));
  return [...alone, ...[...together].map((signal): FreeWire => ({ signal, freedom: 'first order' }))];
}

/** Free wires that are not on a list. */
export const unexplained = (found: readonly FreeWire[], allowed: readonly AllowedFreeWire[]): readonly FreeWire[] =>
  found.filter((wire) => !allowed.some((each) => explains(each, wire)));

/** Why a wire may be free that was not: what a list says too much. */
export const neverFree = (found: readonly FreeWire[], allowed: readonly AllowedFreeWire[]): readonly string[] =>
  allowed.filter((each) => !found.some((wire) => explains(each, wire))).map(({ why }) => why);

const explains = ({ signal, freedom }: AllowedFreeWire, wire: FreeWire): boolean =>
  wire.freedom === freedom && signal.test(wire.signal);
