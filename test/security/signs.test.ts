import { beforeAll, describe, expect, it } from 'vitest';
import type { MarginOpening } from '../../src/margin/opening.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { compileForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { ATTACKED, LADDERED_UNIT, rich, statementOf } from './support/attackedFamilies.js';
import {
  committed,
  expectRefusedAt,
  expectRefusedOnlyAt,
  openingOf,
  signalsOf,
  withBalance,
  withPosition,
} from './support/lies.js';

// Negative size or notional that shrinks margin; a sign bit of 2 or r - 1, which turns a short into a triple long; a second
// encoding of zero. Circuits elsewhere multiplied by signs and sizes that nothing ranged. Here every entry is ranged where
// it is packed, in every family: the leaf may hold any field element, since a venue can put one there.

const MINUS_ONE = FIELD_ORDER - 1n;
type Change = (opening: MarginOpening) => MarginOpening;
const all =
  (...changes: readonly Change[]): Change =>
  (opening) =>
    changes.reduce((told, change) => change(told), opening);

/**
 * gap + sign 2^32 + size 2^33 is the same element, and so the same leaf, with a sign of 2 or -1 and a size that makes up for
 * it: a long becomes a triple short, a cost a gain, a debt three times what is owned.
 */
const REREAD = all(
  (opening) => withPosition(opening, 0, ({ size }) => ({ sizeSign: MINUS_ONE, size: size + 1n })),
  (opening) => withPosition(opening, 0, ({ cost }) => ({ costSign: MINUS_ONE, cost: cost + 1n })),
  (opening) => withPosition(opening, 1, ({ size }) => ({ sizeSign: 2n, size: size - 1n })),
  (opening) => withPosition(opening, 1, ({ cost }) => ({ costSign: 2n, cost: cost - 1n })),
  (opening) => withBalance(opening, 1, ({ magnitude }) => ({ sign: MINUS_ONE, magnitude: magnitude + 1n })),
);
const SIGNS = [
  ...[0, 1].flatMap((slot) => [new RegExp(`sizeSign\\[${slot}\\]`), new RegExp(`costSign\\[${slot}\\]`)]),
  /collateralSign\[1\]/,
];

/** Parts below zero, and zeros with a sign: other elements, which a venue puts into the leaf. */
const NEGATIVE = all(
  (opening) => withPosition(opening, 1, ({ size }) => ({ size: FIELD_ORDER - size })),
  (opening) => withPosition(opening, 0, () => ({ cost: FIELD_ORDER - 5n })),
  (opening) => withBalance(opening, 0, () => ({ magnitude: FIELD_ORDER - 5n })),
);
const ZERO = all(
  (opening) => withPosition(opening, 0, () => ({ cost: 0n })),
  (opening) => withBalance(opening, 1, () => ({ magnitude: 0n })),
);

describe.each(ATTACKED)('$family', (family) => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest(family.source);
  });
  // a debt in the second balance, a short in the first position
  const statement = statementOf(family, rich(family, -400n * LADDERED_UNIT));
  const opening = openingOf(family, statement);
  const witnessOf = (told: MarginOpening) => circuit.witness(signalsOf(family, statement, told));

  it('control: the honest account is accepted, and the forger commits to it as the venue does', async () => {
    expect(committed(opening, statement)).toEqual(opening);
    expectAccepted(circuit, await witnessOf(opening));
  });

  it('signs of 2 and of r - 1 that leave the leaf as it is', async () => {
    const told = REREAD(opening);
    expect(committed(told, statement)).toEqual(told);
    expectRefusedOnlyAt(circuit, await witnessOf(told), SIGNS);
  });

  it('a negative size, cost and balance', async () => {
    expectRefusedAt(circuit, await witnessOf(committed(NEGATIVE(opening), statement)), [
      /positions\.entry\[1\]\.sizeRange/,
      /positions\.entry\[0\]\.costRange/,
      /collateral\.entry\[0\]\.magnitudeRange/,
    ]);
  });

  it('negative zero: a cost and a balance', async () => {
    expectRefusedOnlyAt(circuit, await witnessOf(committed(ZERO(opening), statement)), [
      /account\.cost(Sign)?\[0\]/,
      /collateral(Sign|Magnitude)\[1\]|collateral\.used\[1\]/,
    ]);
  });
});
