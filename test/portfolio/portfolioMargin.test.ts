import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { portfolioInput, portfolioSignals } from '../../src/portfolio/portfolioInput.js';
import { portfolioMargin } from '../../src/portfolio/portfolioMargin.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { accepts, compileForTest, type TestCircuit } from '../support/circuit.js';
import { OWNER_SECRET } from '../support/market.js';
import { contracts, holdings, packageOf, table, usd } from '../support/portfolioMarket.js';
import { hasWitness } from '../support/twin.js';

const CAPACITY = { positions: 4, assets: 2, expiries: 3, underlyings: 2, blocks: 0 };
const REQUEST = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest({
    file: 'portfolio/portfolioMargin.circom',
    template: 'PortfolioMargin',
    parameters: [CAPACITY.positions, CAPACITY.assets, CAPACITY.expiries, CAPACITY.underlyings],
    publicSignals: PUBLIC_SIGNALS,
  });
});

const inputOf = (held: Holdings, request = REQUEST) =>
  portfolioInput({ account: packageOf(held), ownerSecret: OWNER_SECRET, table, request }, CAPACITY);

/** What the twin says of an input: whether there is a witness. */
const twinAccepts = (input: ReturnType<typeof inputOf>): boolean => hasWitness(() => portfolioMargin(input));

const circuitAccepts = async (input: ReturnType<typeof inputOf>) =>
  accepts(circuit, await circuit.witness(portfolioSignals(input)));

/** Moves the cash so that the account lies `slack` smallest units above the least that is solvent. */
function atThreshold(held: Holdings, slack: bigint): Holdings {
  const unit = 10n ** 26n; // one unit of cash is 1e-8 quote
  const others = held.collateral.filter(({ assetId }) => assetId !== 1);
  const { weightedEquity, requirement } = evaluate({ ...held, collateral: others }, table);
  const missing = requirement - weightedEquity;
  const least = missing / unit + (missing > 0n && missing % unit !== 0n ? 1n : 0n);
  return { ...held, collateral: [{ assetId: 1, amount: least + slack }, ...others] };
}

const spread = (held: Holdings) =>
  new Set(held.positions.map(({ instrumentId }) => Math.floor(instrumentId / 20))).size;

describe('twin and circuit', () => {
  it('agree on random accounts, solvent and insolvent', async () => {
    const seen = { solvent: 0, insolvent: 0 };
    await fc.assert(
      fc.asyncProperty(holdings(CAPACITY), async (held) => {
        fc.pre(spread(held) <= CAPACITY.expiries);
        const input = inputOf(held);
        const { weightedEquity, requirement } = evaluate(held, table);
        const solvent = weightedEquity >= requirement && weightedEquity >= 0n;
        seen[solvent ? 'solvent' : 'insolvent']++;
        expect(twinAccepts(input)).toBe(solvent);
        expect(await circuitAccepts(input)).toBe(solvent);
      }),
      { seed: 20301, numRuns: 40 },
    );
    expect(Math.min(seen.solvent, seen.insolvent)).toBeGreaterThan(5);
  });

  it('agree on both sides of the threshold; equality is solvent', async () => {
    await fc.assert(
      fc.asyncProperty(holdings(CAPACITY), fc.constantFrom(-1n, 0n, 1n), async (held, slack) => {
        fc.pre(spread(held) <= CAPACITY.expiries);
        const moved = atThreshold(held, slack);
        fc.pre(moved.collateral[0]?.amount !== 0n);
        const { weightedEquity } = evaluate(moved, table);
        fc.pre(weightedEquity >= 0n);
        const input = inputOf(moved);
        expect(twinAccepts(input)).toBe(slack >= 0n);
        expect(await circuitAccepts(input)).toBe(slack >= 0n);
      }),
      { seed: 20302, numRuns: 30 },
    );
  });

  it('agree on an empty account, on the floor and on the bounds of the public signals', async () => {
    const held = { collateral: [usd(100n)], positions: [] };
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
  const requirement = (sizes: Readonly<Record<string, number>>) =>
    evaluate({ collateral: [usd(1n)], positions: contracts(sizes) }, table).requirement;

  it('a short call and put of one strike net, of two strikes do not', () => {
    const call = requirement({ 'BTC-NEAR-100-C': -2 });
    const covered = requirement({ 'BTC-NEAR-100-C': -2, 'BTC-NEAR-100-P': 2 });
    // one half quote unit for each of the two contracts that are no longer naked
    const naked = 10n ** 34n;
    const scenariosAlone = (sizes: Readonly<Record<string, number>>, charge: bigint) => requirement(sizes) - charge;
    expect(covered).toBeLessThan(call + naked * 200n);
    expect(scenariosAlone({ 'BTC-NEAR-100-C': -2 }, naked)).toBeGreaterThanOrEqual(0n);
  });

  it('holding a perpetual makes the options of its underlying dearer, not those of another', () => {
    const options = { 'BTC-NEAR-100-C': 1, 'ETH-NEAR-100-C': 1 };
    const hedge = requirement({ 'BTC-NEAR-100-C': 1, 'BTC-PERP': 1 });
    expect(hedge).toBeGreaterThan(0n);
    const apart = requirement({ ...options });
    expect(apart).toBe(requirement({ 'BTC-NEAR-100-C': 1 }) + requirement({ 'ETH-NEAR-100-C': 1 }));
  });

  it('gains of one underlying do not pay for losses of another', () => {
    const both = requirement({ 'BTC-PERP': 1, 'ETH-PERP': -1 });
    expect(both).toBe(requirement({ 'BTC-PERP': 1 }) + requirement({ 'ETH-PERP': -1 }));
    expect(requirement({ 'BTC-PERP': 1, 'BTC-NEAR-80-C': -1 })).toBeLessThan(
      requirement({ 'BTC-PERP': 1 }) + requirement({ 'BTC-NEAR-80-C': -1 }),
    );
  });
});
