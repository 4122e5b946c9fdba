import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { FIELD_ORDER, PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { findRow, openRow } from '../../src/risk/riskTable.js';
import { standardInput, standardSignals } from '../../src/standard/standardInput.js';
import type { StandardMarginInput } from '../../src/standard/standardMargin.js';
import type { StandardRowFields } from '../../src/standard/standardRow.js';
import { compileForTest, expectAccepted, expectRejected, type TestCircuit } from '../support/circuit.js';
import { OWNER_SECRET } from '../support/market.js';
import { contracts, idOf, packageOf, table, usd } from '../support/standardMarket.js';

// Each test is an attack of a prover who computes a whole witness that is consistent but for one lie. The R1CS has to
// refuse it, in the component that the lie is about.

const CAPACITY = { positions: 4, assets: 2 };
const REQUEST = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };

/** By strike: 0 of the near expiry, 80 and 100; then the far one. Their slots are 3, 1, 2 and 0. */
const SIZES = { 'BTC-NEAR-0-put': -1, 'BTC-NEAR-80-call': -3, 'BTC-NEAR-100-call': 2, 'BTC-FAR-120-put': -1 };
const held = (sizes: Readonly<Record<string, number>>, cash: bigint): Holdings => ({
  collateral: [usd(cash)],
  positions: contracts(sizes),
});
const HELD = held(SIZES, 1_000n);

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest({
    file: 'standard/standardMargin.circom',
    template: 'StandardMargin',
    parameters: [CAPACITY.positions, CAPACITY.assets],
    publicSignals: PUBLIC_SIGNALS,
  });
});

const honest = (holdings = HELD): StandardMarginInput =>
  standardInput({ account: packageOf(holdings), ownerSecret: OWNER_SECRET, table, request: REQUEST }, CAPACITY);

const witnessOf = (input: StandardMarginInput) => circuit.witness(standardSignals(input));

async function expectForgeryRefused(input: StandardMarginInput, where: RegExp): Promise<void> {
  expectRejected(circuit, await witnessOf(input), where);
}

const rowOf = (symbol: string) => openRow<StandardRowFields>(table, findRow(table, 'instrument', idOf(symbol), 0n));

describe('the honest witness', () => {
  it('passes, in the order of expiries and strikes', async () => {
    const input = honest();
    expect(input.order).toEqual([3n, 1n, 2n, 0n]);
    expect(input.joins).toEqual([0n, 1n, 1n, 0n]);
    expectAccepted(circuit, await witnessOf(input));
  });

  it('passes with a margin or a loss above the least, where the account can bear it', async () => {
    const input = honest();
    const worse = input.worstLoss.map((loss) => loss + 1n);
    expectAccepted(circuit, await witnessOf({ ...input, worstLoss: worse }));
    expectAccepted(
      circuit,
      await witnessOf({ ...input, takesIsolated: input.takesIsolated.map((taken) => 1n - taken) }),
    );
  });

  it('is refused one unit of cash below its requirement', async () => {
    const { requirement } = evaluate(held(SIZES, 1n), table);
    const amount = requirement / 10n ** 14n;
    const tight = (cash: bigint) => honest({ ...HELD, collateral: [{ assetId: 1, amount: cash }] });
    expectAccepted(circuit, await witnessOf(tight(amount)));
    await expectForgeryRefused(tight(amount - 1n), /solvency\.ratio/);
  });
});

describe('the order of strikes', () => {
  it('a strike dropped: one slot at two places, another at none', async () => {
    const input = honest();
    await expectForgeryRefused({ ...input, order: [2n, 1n, 2n, 0n] }, /byStrike/);
    await expectForgeryRefused({ ...input, order: [3n, 1n, 1n, 0n] }, /byStrike/);
  });

  it('a place of no slot', async () => {
    for (const nowhere of [4n, FIELD_ORDER - 1n]) {
      await expectForgeryRefused({ ...honest(), order: [nowhere, 1n, 2n, 0n] }, /byStrike|order/);
    }
  });

  it('strikes out of order', async () => {
    await expectForgeryRefused({ ...honest(), order: [3n, 2n, 1n, 0n] }, /byStrike\.rises\[2\]/);
  });

  it('an expiry split over two runs', async () => {
    await expectForgeryRefused({ ...honest(), joins: [0n, 1n, 0n, 0n] }, /byStrike\.rises\[2\]/);
    // apart, with the other expiry between them
    await expectForgeryRefused({ ...honest(), order: [3n, 1n, 0n, 2n], joins: [0n, 1n, 0n, 0n] }, /byStrike\.rises/);
  });

  it('two expiries in one run', async () => {
    await expectForgeryRefused({ ...honest(), joins: [0n, 1n, 1n, 1n] }, /joins\[3\]|byStrike/);
  });

  it.each([2n, FIELD_ORDER - 1n])('a join of %s', async (join) => {
    await expectForgeryRefused({ ...honest(), joins: [0n, join, 1n, 0n] }, /joins\[1\]|byStrike/);
  });

  it('a first place that joins what is not there, to leave out the loss at zero', async () => {
    const puts = honest(
      held({ 'BTC-NEAR-120-put': -1, 'BTC-NEAR-80-put': -1, 'BTC-FAR-80-put': -1, 'BTC-FAR-120-put': 2 }, 900n),
    );
    await expectForgeryRefused({ ...puts, joins: [1n, 1n, 0n, 1n] }, /first\[0\]|options/);
  });
});

describe('margins', () => {
  it('a loss bounded below the worst, at every place of an expiry or at its last', async () => {
    const input = honest();
    const [loss] = input.worstLoss as readonly [bigint];
    expect(loss).toBeGreaterThan(0n);
    const less = (places: readonly number[]) =>
      input.worstLoss.map((each, p) => (places.includes(p) ? each - 1n : each));
    await expectForgeryRefused({ ...input, worstLoss: less([0, 1, 2]) }, /options\.atStrike\[2\]/);
    await expectForgeryRefused({ ...input, worstLoss: less([2]) }, /worstLoss\[2\]|options/);
    await expectForgeryRefused({ ...input, worstLoss: less([3]) }, /options\.atZero\[3\]/);
  });

  it('a certain gain booked as a loss below zero', async () => {
    const long = honest(held({ 'BTC-NEAR-80-call': 1, 'BTC-NEAR-100-put': 1 }, 10n));
    const last = long.worstLoss.length - 1;
    // what the two options pay at every price at least
    const gain = 20n * 10n ** 16n;
    const worstLoss = long.worstLoss.map((loss, p) => (p >= last - 1 ? -gain : loss));
    await expectForgeryRefused(
      { ...long, worstLoss, takesIsolated: long.takesIsolated.map(() => 0n) },
      /options\.least\[3\]/,
    );
  });

  it.each([2n, FIELD_ORDER - 1n])('a choice of %s between the margins', async (choice) => {
    const input = honest();
    const takesIsolated = input.takesIsolated.map((taken, p) => (p === 2 ? choice : taken));
    await expectForgeryRefused({ ...input, takesIsolated }, /takesIsolated\[2\]|options/);
  });

  it('net calls taken as long ones, by a sign of its own', async () => {
    const witness = await witnessOf(honest());
    const split = 'main.options.netCalls[2]';
    expect(circuit.get(witness, `${split}.sign`)).toBe(1n);
    expectRejected(circuit, circuit.edit(witness, { [`${split}.sign`]: 0n }), /netCalls\[2\]/);
  });
});

describe('rows', () => {
  it('the row of another contract, and one with a smaller margin', async () => {
    const input = honest();
    const [first, ...others] = input.positionRows as readonly [StandardMarginInput['positionRows'][number]];
    await expectForgeryRefused({ ...input, positionRows: [rowOf('BTC-PERP'), ...others] }, /positionRow\[0\]\.key/);
    for (const change of [{ isolated: 0n }, { unpaired: 0n }, { expiry: 0n }, { call: 1n }, { shortCharge: 0n }]) {
      const generous = { ...first, row: { ...first.row, ...change } };
      await expectForgeryRefused({ ...input, positionRows: [generous, ...others] }, /positionLookup\[0\]/);
    }
  });

  it('a row in a slot of padding holds no strike and adds nothing', async () => {
    const holdings = held({ 'BTC-NEAR-80-call': -1, 'BTC-NEAR-100-call': 1 }, 1_000n);
    const input = honest(holdings);
    const positionRows = input.positionRows.map((row, k) => (k < 2 ? row : rowOf('BTC-NEAR-120-call')));
    expectAccepted(circuit, await witnessOf({ ...input, positionRows }));
  });

  it('another version of the rules', async () => {
    const input = honest();
    await expectForgeryRefused({ ...input, model: { ...input.model, version: 2n } }, /main/);
    await expectForgeryRefused({ ...input, model: { ...input.model, claim: 2n } }, /model|risk/);
  });

  it('collateral that is not charged for', async () => {
    const input = honest({ collateral: [usd(1_000n), { assetId: 2, amount: 10_000n }], positions: HELD.positions });
    const [cash, btc] = input.collateralRows as readonly [
      StandardMarginInput['collateralRows'][number],
      StandardMarginInput['collateralRows'][number],
    ];
    const free = { ...btc, row: { ...btc.row, extension: 0n } };
    await expectForgeryRefused({ ...input, collateralRows: [cash, free] }, /collateral\.lookup\[1\]/);
  });
});
