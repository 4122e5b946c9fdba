import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import type { SolvencyError } from '../../src/errors.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { tieredInput, tieredSignals } from '../../src/tiered/tieredInput.js';
import { tieredMargin } from '../../src/tiered/tieredMargin.js';
import { holdings } from '../support/arbitraries.js';
import { accepts, compileForTest, expectAccepted, expectRejected, type TestCircuit } from '../support/circuit.js';
import { OWNER_SECRET, packageOf, table, usd } from '../support/market.js';
import { hasWitness } from '../support/twin.js';

const CAPACITY = { positions: 2, assets: 2 };
const REQUEST = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest({
    file: 'tiered/tieredMargin.circom',
    template: 'TieredMargin',
    parameters: [CAPACITY.positions, CAPACITY.assets],
    publicSignals: PUBLIC_SIGNALS,
  });
});

const inputOf = (held: Holdings, request = REQUEST) =>
  tieredInput({ account: packageOf(held), ownerSecret: OWNER_SECRET, table, request }, CAPACITY);

/** What the twin says of an input: whether there is a witness. */
const twinAccepts = (input: ReturnType<typeof inputOf>): boolean => hasWitness(() => tieredMargin(input));

const circuitAccepts = async (input: ReturnType<typeof inputOf>) =>
  accepts(circuit, await circuit.witness(tieredSignals(input)));

/** Moves the balance of asset 1 so that the account lies `slack` x 1e-14 quote above exactly solvent. */
function atThreshold(held: Holdings, slack: bigint): Holdings | undefined {
  const others = held.collateral.filter(({ assetId }) => assetId !== 1).slice(0, 1);
  const unit = 10n ** 14n; // one unit of asset 1 is 1e-8 quote, that is 1e14 in 1e-22
  const { weightedEquity, requirement } = evaluate({ ...held, collateral: others }, table);
  const missing = requirement - weightedEquity;
  const amount = missing / unit + (missing % unit > 0n ? 1n : 0n) + slack;
  return amount === 0n ? undefined : { ...held, collateral: [{ assetId: 1, amount }, ...others] };
}

describe('twin and circuit', () => {
  it('agree on random accounts, solvent and insolvent', async () => {
    const seen = { solvent: 0, insolvent: 0 };
    await fc.assert(
      fc.asyncProperty(holdings(CAPACITY), async (held) => {
        const input = inputOf(held);
        const { weightedEquity, requirement } = evaluate(held, table);
        const solvent = weightedEquity >= requirement && weightedEquity >= 0n;
        seen[solvent ? 'solvent' : 'insolvent']++;
        expect(twinAccepts(input)).toBe(solvent);
        expect(await circuitAccepts(input)).toBe(solvent);
      }),
      { seed: 20261, numRuns: 60 },
    );
    expect(Math.min(seen.solvent, seen.insolvent)).toBeGreaterThan(5);
  });

  it('agree on both sides of the threshold; equality is solvent', async () => {
    await fc.assert(
      fc.asyncProperty(holdings({ positions: 2, assets: 1 }), fc.constantFrom(-1n, 0n, 1n), async (held, slack) => {
        const moved = atThreshold(held, slack);
        fc.pre(moved !== undefined);
        const input = inputOf(moved as Holdings);
        expect(twinAccepts(input)).toBe(slack >= 0n);
        expect(await circuitAccepts(input)).toBe(slack >= 0n);
      }),
      { seed: 20262, numRuns: 40 },
    );
  });

  it('agree at the tier boundaries of every instrument tier', async () => {
    const rows = table.rows.map((row, index) => ({ row, index })).filter(({ row }) => row.kind === 'instrument');
    for (const { row } of rows.filter((_, k) => k % 23 === 0)) {
      for (const size of [row.sizeFloor, row.sizeCap]) {
        if (size === 0n) continue;
        const moved = atThreshold({ collateral: [], positions: [{ instrumentId: row.id, size, cost: 0n }] }, 0n);
        const input = inputOf(moved as Holdings);
        expect(twinAccepts(input)).toBe(true);
        expect(await circuitAccepts(input)).toBe(true);
      }
    }
  });

  it('agree on an empty account, and on the floor', async () => {
    const empty = inputOf({ collateral: [], positions: [] });
    expect(twinAccepts(empty)).toBe(true);
    expect(await circuitAccepts(empty)).toBe(true);
    for (const [equityFloor, holds] of [
      [100n * 10n ** 16n - 1n, true],
      [100n * 10n ** 16n, true],
      [100n * 10n ** 16n + 1n, false],
    ] as const) {
      const input = inputOf({ collateral: [usd(100n)], positions: [] }, { ...REQUEST, equityFloor });
      expect(twinAccepts(input)).toBe(holds);
      expect(await circuitAccepts(input)).toBe(holds);
    }
  });

  it('agree on out-of-range public signals', async () => {
    const held = { collateral: [usd(100n)], positions: [] };
    for (const [change, holds] of [
      [{ thresholdBps: 0n }, false],
      [{ thresholdBps: 1n }, true],
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

describe('before the circuit', () => {
  it.each([
    [
      'a size beyond the largest tier',
      { collateral: [], positions: [{ instrumentId: 100, size: 2n ** 63n, cost: 0n }] },
      'OUT_OF_RANGE',
    ],
    [
      'an unknown instrument',
      { collateral: [], positions: [{ instrumentId: 7, size: 1n, cost: 0n }] },
      'UNKNOWN_INSTRUMENT',
    ],
    ['an unknown asset', { collateral: [{ assetId: 8, amount: 1n }], positions: [] }, 'UNKNOWN_ASSET'],
  ])('%s is refused by name', (_, held, code) => {
    expect(() => inputOf(held)).toThrow(expect.objectContaining({ name: 'SolvencyError', code }) as SolvencyError);
  });
});

describe('a forged witness', () => {
  it('of an honest account passes, so that what follows means something', async () => {
    expectAccepted(circuit, await circuit.witness(tieredSignals(inputOf({ collateral: [usd(50n)], positions: [] }))));
  });

  it('of an insolvent account breaks the comparison', async () => {
    const input = inputOf({
      collateral: [usd(1n)],
      positions: [{ instrumentId: 100, size: 300n, cost: 2000n * 10n ** 8n }],
    });
    expectRejected(circuit, await circuit.witness(tieredSignals(input)), /main\.solvency\.ratio/);
  });
});
