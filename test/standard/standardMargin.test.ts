import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { standardInput, standardSignals } from '../../src/standard/standardInput.js';
import { standardMargin } from '../../src/standard/standardMargin.js';
import { accepts, compileForTest, type TestCircuit } from '../support/circuit.js';
import { OWNER_SECRET } from '../support/market.js';
import { contracts, holdings, packageOf, snapshot, table, usd } from '../support/standardMarket.js';
import { hasWitness } from '../support/twin.js';
import { slackOf } from './venueOrder.js';

const CAPACITY = { positions: 4, assets: 2 };
const REQUEST = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest({
    file: 'standard/standardMargin.circom',
    template: 'StandardMargin',
    parameters: [CAPACITY.positions, CAPACITY.assets],
    publicSignals: PUBLIC_SIGNALS,
  });
});

const inputOf = (held: Holdings, request = REQUEST) =>
  standardInput({ account: packageOf(held), ownerSecret: OWNER_SECRET, table, request }, CAPACITY);

/** What the twin says of an input: whether there is a witness. */
const twinAccepts = (input: ReturnType<typeof inputOf>): boolean => hasWitness(() => standardMargin(input));

const circuitAccepts = async (input: ReturnType<typeof inputOf>) =>
  accepts(circuit, await circuit.witness(standardSignals(input)));

/** Moves the cash so that the account lies `slack` smallest units above the least that is solvent. */
function atThreshold(held: Holdings, slack: bigint): Holdings {
  const unit = 10n ** 14n; // one unit of cash is 1e-8 quote
  const others = held.collateral.filter(({ assetId }) => assetId !== 1);
  const missing = -slackOf(snapshot, { ...held, collateral: others });
  const least = missing / unit + (missing > 0n && missing % unit !== 0n ? 1n : 0n);
  return { ...held, collateral: [{ assetId: 1, amount: least + slack }, ...others] };
}

describe('twin, circuit and the venue’s order of formulas', () => {
  it('agree on random accounts, solvent and insolvent', async () => {
    const seen = { solvent: 0, insolvent: 0 };
    await fc.assert(
      fc.asyncProperty(holdings(CAPACITY), async (held) => {
        const { weightedEquity, requirement } = evaluate(held, table);
        const slack = slackOf(snapshot, held);
        expect(weightedEquity - requirement).toBe(slack);
        const solvent = slack >= 0n && weightedEquity >= 0n;
        seen[solvent ? 'solvent' : 'insolvent']++;
        const input = inputOf(held);
        expect(twinAccepts(input)).toBe(solvent);
        expect(await circuitAccepts(input)).toBe(solvent);
      }),
      { seed: 20401, numRuns: 60 },
    );
    expect(Math.min(seen.solvent, seen.insolvent)).toBeGreaterThan(5);
  });

  it('agree on both sides of the threshold; equality is solvent', async () => {
    await fc.assert(
      fc.asyncProperty(holdings(CAPACITY), fc.constantFrom(-1n, 0n, 1n), async (held, slack) => {
        const moved = atThreshold(held, slack);
        fc.pre(moved.collateral[0]?.amount !== 0n);
        // the floor of 0 asks for equity even where nothing is required
        fc.pre(evaluate(moved, table).weightedEquity >= 0n);
        const input = inputOf(moved);
        expect(twinAccepts(input)).toBe(slack >= 0n);
        expect(await circuitAccepts(input)).toBe(slack >= 0n);
      }),
      { seed: 20402, numRuns: 45 },
    );
  });

  it('agree in figures on accounts with many options of one expiry', () => {
    fc.assert(
      fc.property(holdings({ positions: 26 }), (held) => {
        const { weightedEquity, requirement } = evaluate(held, table);
        expect(weightedEquity - requirement).toBe(slackOf(snapshot, held));
      }),
      { seed: 20403, numRuns: 400 },
    );
  });

  it('agree on an empty account, on the floor and on the bounds of the public signals', async () => {
    const held = { collateral: [usd(100n)], positions: [] };
    expect(evaluate(held, table)).toMatchObject({ weightedEquity: 100n * 10n ** 22n, requirement: 0n });
    for (const [change, holds] of [
      [{}, true],
      [{ equityFloor: 100n * 10n ** 16n }, true],
      [{ equityFloor: 100n * 10n ** 16n + 1n }, false],
      [{ thresholdBps: 0n }, false],
      [{ thresholdBps: 2n ** 20n - 1n }, true],
      [{ thresholdBps: 2n ** 20n }, false],
      [{ equityFloor: 2n ** 160n }, false],
    ] as const) {
      const input = inputOf(held, { ...REQUEST, ...change });
      expect(twinAccepts(input)).toBe(holds);
      expect(await circuitAccepts(input)).toBe(holds);
    }
  });
});

describe('what counts', () => {
  const QUOTE = 10n ** 22n;
  const requirement = (sizes: Readonly<Record<string, number>>) =>
    evaluate({ collateral: [usd(1n)], positions: contracts(sizes) }, table).requirement / QUOTE;

  it('a short alone needs its isolated margin, a spread the loss between its strikes', () => {
    // 3 time value, 10 of spot
    expect(requirement({ 'BTC-NEAR-120-call': -1 })).toBe(13n);
    expect(requirement({ 'BTC-NEAR-80-call': -1, 'BTC-NEAR-100-call': 1 })).toBe(20n);
    expect(requirement({ 'BTC-NEAR-120-put': -1, 'BTC-NEAR-100-put': 1 })).toBe(20n);
    expect(requirement({ 'BTC-NEAR-80-call': 1, 'BTC-NEAR-100-call': -1 })).toBe(0n);
  });

  it('a long of another expiry or of another underlying covers nothing', () => {
    const alone = requirement({ 'BTC-NEAR-80-call': -1 });
    expect(alone).toBe(33n);
    expect(requirement({ 'BTC-NEAR-80-call': -1, 'BTC-FAR-80-call': 1 })).toBe(alone);
    expect(requirement({ 'BTC-NEAR-80-call': -1, 'ETH-NEAR-80-call': 1 })).toBe(alone);
    expect(requirement({ 'BTC-NEAR-80-call': -1, 'BTC-NEAR-0-call': 1 })).toBe(0n);
  });

  it('the whole expiry takes one of its two margins', () => {
    const sizes = { 'BTC-NEAR-80-call': -3, 'BTC-NEAR-100-call': 3, 'BTC-NEAR-120-call': -1 };
    // bounded: 60 and 110 for the unpaired call; isolated: 3 x 33 + 13
    expect(requirement(sizes)).toBe(112n);
  });

  it('charges are outside of every netting; marks of options do not count, those of perpetuals do', () => {
    expect(requirement({ 'BTC-FAR-80-call': -2, 'BTC-FAR-80-put': 1, 'BTC-FAR-0-call': 2 })).toBe(1n);
    const equity = (sizes: Readonly<Record<string, number>>) =>
      evaluate({ collateral: [usd(1n)], positions: contracts(sizes) }, table).weightedEquity / QUOTE;
    expect(equity({ 'BTC-NEAR-80-call': 4 })).toBe(1n);
    expect(equity({ 'BTC-PERP': 2 })).toBe(201n);
    expect(requirement({ 'BTC-PERP': 2, 'ETH-PERP': -1 })).toBe(16n);
  });
});
