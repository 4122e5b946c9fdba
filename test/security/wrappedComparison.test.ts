import { beforeAll, describe, expect, it } from 'vitest';
import { batchSignals } from '../../src/liabilities/batchInput.js';
import type { LiabilitiesBatchInput } from '../../src/liabilities/liabilitiesBatch.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { BITS, FIELD_ORDER, LIABILITIES, MEASURE, VALUE_DECIMALS } from '../../src/protocol/constants.js';
import { claims } from '../liabilities/support/lies.js';
import { batchSource, bookOf, SHAPE } from '../support/book.js';
import { compileForTest, type TestCircuit } from '../support/circuit.js';
import { usd } from '../support/market.js';
import { ATTACKED, type AttackedFamily, REQUEST, rich, statementOf } from './support/attackedFamilies.js';
import { expectRefusedAt, expectRefusedOnlyAt, field, signalsOf, unvalidated } from './support/lies.js';

// A comparator of 64 bits takes equity 100 for more than r - 5, since their difference wraps to 105. Here whatever is
// compared is ranged first, on both sides: threshold, floor and requirement by themselves, the equity by its comparisons,
// pivots and bounds of risk measures before anything is split at them.

/** What asks for a short, by its place in a family's row: far below zero it makes the requirement negative. */
const ASKED: Readonly<Record<AttackedFamily['family'], number>> = {
  tiered: 5, // rate
  portfolio: 5, // naked charge
  standard: 9, // charge of a short
  quantized: 3, // base rate
  weighted: 2, // margin price
  greeks: 5, // charge, and so for the others
  parametric: 5,
  tail: 5,
  hybrid: 5,
};
const FAR_BELOW = -(1n << 70n);
/** The quantized model divides, and so ranges, before anything is added up. */
const negativeRequirement = (family: AttackedFamily['family']): RegExp =>
  family === 'quantized' ? /position\[0\]\.margin\./ : /solvency\.requirementRange/;
/** Place of the largest change in a row of a risk measure. */
const BOUND = 7;

describe.each(ATTACKED)('$family', (family) => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest(family.source);
  });
  const { table, positions, cash } = family;
  const bare = evaluate({ collateral: [], positions }, table);
  const unitOfCash = 10n ** BigInt(bare.decimals) / cash;
  const unitOfFloor = 10n ** BigInt(bare.decimals - VALUE_DECIMALS);
  /** The positions with cash that brings the equity to this, or to less than a unit of cash above it. */
  const withEquity = (equity: bigint) => {
    const missing = equity - bare.weightedEquity;
    const amount = missing / unitOfCash + (missing > 0n ? 1n : 0n);
    return statementOf(family, { collateral: [{ assetId: 1, amount }], positions });
  };
  const ask = (statement: ReturnType<typeof statementOf>, change: Partial<typeof REQUEST>) => ({
    ...statement,
    request: { ...REQUEST, ...change },
  });

  it('a threshold of r - k and a floor of r - k, by which an account of debts is solvent', async () => {
    const owing = withEquity(-2n * bare.requirement);
    const { weightedEquity, requirement } = evaluate(owing.account.account, table);
    expect(weightedEquity).toBeLessThan(-requirement);
    const told = ask(owing, {
      thresholdBps: FIELD_ORDER - 100_000n,
      equityFloor: FIELD_ORDER + weightedEquity / unitOfFloor - 1n,
    });
    expectRefusedOnlyAt(circuit, await circuit.witness(signalsOf(family, told)), [
      /solvency\.thresholdRange/,
      /solvency\.floorRange/,
    ]);
  });

  it('a threshold of 0, by which any equity is enough', async () => {
    const short = withEquity(0n);
    const { weightedEquity, requirement } = evaluate(short.account.account, table);
    expect([weightedEquity >= 0n, weightedEquity < requirement]).toEqual([true, true]);
    const told = signalsOf(family, ask(short, { thresholdBps: 0n }));
    expectRefusedOnlyAt(circuit, await circuit.witness(told), [/thresholdNotZero|^(\S+ )*main\.thresholdBps/]);
  });

  it('equity 100 against a requirement of r - 5, at a threshold of 2^20', async () => {
    const statement = ask(statementOf(family, rich(family)), { thresholdBps: 1n << BigInt(BITS.thresholdBps) });
    const told = unvalidated(family, signalsOf(family, statement), [
      { kind: 'position', slot: 0, change: field(ASKED[family.family], () => FAR_BELOW) },
    ]);
    const where = [negativeRequirement(family.family), /solvency\.thresholdRange/];
    const refused = family.family === 'quantized' ? expectRefusedAt : expectRefusedOnlyAt;
    refused(circuit, await circuit.witness(told), where);
  });

  if (family.capacity.blocks > 0) {
    it('a pivot, a worst loss and a bound of changes that wrap', async () => {
      const honest = signalsOf(family, statementOf(family, rich(family)));
      const told = unvalidated(
        family,
        {
          ...honest,
          pivot: FIELD_ORDER - (1n << BigInt(MEASURE.totalBits)) - 1n,
          ...('worst' in honest ? { worst: FIELD_ORDER - 5n } : {}),
        },
        [{ kind: 'position', slot: 1, change: field(BOUND, () => FAR_BELOW) }],
      );
      expectRefusedAt(circuit, await circuit.witness(told), [
        /measures\.pivotRange/,
        /losses\.bounded/,
        ...('worst' in honest ? [/measures\.worstRange/] : []),
      ]);
    });
  }
});

describe('a batch of a book', () => {
  it('equity, surplus, settled value and largest debtor beyond their widths, where they would wrap', async () => {
    const circuit = await compileForTest(batchSource(SHAPE));
    const input = bookOf([{ collateral: [usd(1n)], positions: [] }, undefined]).batches[0] as LiabilitiesBatchInput;
    const most = 1n << BigInt(LIABILITIES.valueBits);
    const told = claims(0, { equity: -most, surplus: 1n << BigInt(LIABILITIES.surplusBits), settled: [-most, 0n] })(
      input,
    );
    const witness = await circuit.witness(
      batchSignals({ ...told, claimed: { ...told.claimed, largestDebtor: FIELD_ORDER - 1n } }),
    );
    expectRefusedAt(circuit, witness, [
      /standing\[0\]\.split\.magnitudeRange/,
      /standing\[0\]\.distanceRange/,
      /standing\[0\]\.settle\[0\]\.magnitudeRange/,
      /standing\[0\]\.debtor/,
      /main\.debtorRange/,
    ]);
  });
});
