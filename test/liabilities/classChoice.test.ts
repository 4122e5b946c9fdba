import { beforeAll, describe, expect, it } from 'vitest';
import { shapeOf } from '../../src/liabilities/batchClasses.js';
import { batchInput, batchSignals } from '../../src/liabilities/batchInput.js';
import type { BatchShape } from '../../src/liabilities/batchTranscripts.js';
import { FIRST_STATE } from '../../src/liabilities/chainState.js';
import { childrenBefore } from '../../src/liabilities/childrenBefore.js';
import { liabilitiesTable } from '../../src/liabilities/tableChoice.js';
import { CIRCUITS } from '../../src/setup/circuits.js';
import { batchSource, bookOf, CHOICE, FLAT, parameters, SHAPE } from '../support/book.js';
import { compileForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { accountOf, usd } from '../support/market.js';

// Totals are compared at a challenge that the prover knows before any batch is proven. So nothing that enters a total may
// be left to choose by then, and the class of a batch is chosen then: two classes have to count an account alike.

const WITH_ONE: BatchShape = { ...SHAPE, positions: 1, settles: 1 };

/** Assets at flat factors: a class without haircut steps holds them too. */
const BALANCES = { ...CHOICE, assets: [1, 2, 9], steps: CHOICE.steps.filter(([id]) => id !== 3) };
const HELD = { collateral: [usd(100_000n), { assetId: 9, amount: -(10n ** 6n) }], positions: [] };
const { claimed } = bookOf([HELD, undefined], { choice: BALANCES });

/** The batch of that one account as a class counts it, under one statement. */
function inClass(shape: BatchShape) {
  const choice = shape === FLAT ? { assets: [1, 9], steps: [], instruments: [], tiers: [] } : BALANCES;
  return batchInput({
    shape,
    parameters,
    table: liabilitiesTable(choice, shape, parameters),
    claimed,
    before: FIRST_STATE,
    blindingAfter: 1n,
    firstIndex: 0,
    accounts: [accountOf(HELD, 0n), undefined],
    treeChildren: childrenBefore(0, shape, () => undefined),
  });
}

let circuits: readonly TestCircuit[];
beforeAll(async () => {
  circuits = [
    await compileForTest(batchSource(SHAPE)),
    await compileForTest(batchSource(WITH_ONE)),
    await compileForTest(batchSource(FLAT)),
  ];
});

describe('an account in another class', () => {
  it('counts the same, whatever the number of settle assets', async () => {
    const [two, one] = [inClass(SHAPE), inClass(WITH_ONE)];
    expectAccepted(circuits[0] as TestCircuit, await (circuits[0] as TestCircuit).witness(batchSignals(two.input)));
    expectAccepted(circuits[1] as TestCircuit, await (circuits[1] as TestCircuit).witness(batchSignals(one.input)));
    expect(one.after).toEqual(two.after);
    expect(one.after.customers.goodNegative).not.toBe(0n);
  });

  it('counts its debt otherwise where there are no settle assets: such a class must not stand beside others', async () => {
    const [settles, none] = [inClass(SHAPE), inClass(FLAT)];
    const circuit = circuits[2] as TestCircuit;
    expectAccepted(circuit, await circuit.witness(batchSignals(none.input)));
    // the debt that one class calls good is the other's bad debt, and both pass under the same statement
    expect(none.input.signals.statement).toBe(settles.input.signals.statement);
    expect(none.after.treeRoot).toBe(settles.after.treeRoot);
    expect([none.after.customers.goodNegative, none.after.customers.otherNegative]).toEqual([
      0n,
      settles.after.customers.goodNegative,
    ]);
  });
});

describe('the circuits of a book', () => {
  it('leave no choice: either all of them have settle assets or none has', () => {
    const batches = CIRCUITS.filter(({ signalKind }) => signalKind === 'liabilitiesBatch').map(shapeOf);
    expect(batches.length).toBeGreaterThan(1);
    expect(new Set(batches.map(({ settles }) => settles > 0)).size).toBe(1);
  });
});
