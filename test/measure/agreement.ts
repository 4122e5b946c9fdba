import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { accepts, compileForTest, type TestCircuit } from '../support/circuit.js';
import {
  atThreshold,
  holdings,
  idOf,
  type MeasuredCase,
  positions,
  REQUEST,
  statementOf,
} from '../support/measureMarket.js';
import { hasWitness } from '../support/twin.js';

/** Whether there is a witness, about which twin and circuit have to agree. */
function accepter({ source, table, pose }: MeasuredCase) {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest(source);
  });
  return async (held: Holdings, request = REQUEST): Promise<boolean> => {
    const { signals, twin } = pose(statementOf(table, held, request));
    const both = accepts(circuit, await circuit.witness(signals));
    expect(hasWitness(twin)).toBe(both);
    return both;
  };
}

/** Random accounts under one snapshot of a family. */
export function agreesOnAccounts(measured: MeasuredCase, seed: number, runs: number): void {
  const { name, table } = measured;
  describe(`twin and circuit under ${name}`, () => {
    const accepted = accepter(measured);

    it('agree on random accounts of all magnitudes, solvent and insolvent', async () => {
      const seen = { solvent: 0, insolvent: 0 };
      await fc.assert(
        fc.asyncProperty(holdings, async (held) => {
          const { weightedEquity, requirement } = evaluate(held, table);
          const solvent = weightedEquity >= requirement && weightedEquity >= 0n;
          seen[solvent ? 'solvent' : 'insolvent']++;
          expect(await accepted(held)).toBe(solvent);
        }),
        { seed, numRuns: runs },
      );
      expect(Math.min(seen.solvent, seen.insolvent)).toBeGreaterThan(runs / 8);
    });

    it('agree a smallest unit below the threshold, on it and above; equality is solvent', async () => {
      let equal = 0;
      await fc.assert(
        fc.asyncProperty(positions, fc.constantFrom(-1n, 0n, 1n), async (positions, slack) => {
          const held = atThreshold(table, { collateral: [], positions }, slack);
          fc.pre(held.collateral.every(({ amount }) => amount > -(1n << 64n) && amount < 1n << 64n));
          const { weightedEquity, requirement } = evaluate(held, table);
          if (weightedEquity === requirement) equal++;
          expect(await accepted(held)).toBe(slack >= 0n);
        }),
        { seed: seed + 1, numRuns: runs },
      );
      expect(equal).toBeGreaterThan(0);
    });
  });
}

/** The ends of what accounts and public signals can be. */
export function agreesAtBounds(measured: MeasuredCase): void {
  const { name, table } = measured;
  describe(`twin and circuit under ${name}, at their bounds`, () => {
    const accepted = accepter(measured);

    it('agree on the largest positions that a leaf holds, and on one too large for the widths', async () => {
      const most = { size: 2n ** 64n - 1n, cost: 2n ** 80n - 1n };
      const cash = { assetId: 1, amount: 2n ** 64n - 1n };
      const solvent = new Set<boolean>();
      for (const [size, cost] of [
        [most.size, -most.cost],
        [-most.size, -most.cost],
        [most.size, most.cost],
      ] as const) {
        const held = { collateral: [cash], positions: [{ instrumentId: idOf('DUST'), size, cost }] };
        const { weightedEquity, requirement } = evaluate(held, table);
        expect(await accepted(held)).toBe(weightedEquity >= requirement);
        solvent.add(weightedEquity >= requirement);
      }
      expect(solvent.size).toBe(2);
      const wide = { instrumentId: idOf('BTC-CALL'), size: most.size, cost: -most.cost };
      expect(await accepted({ collateral: [cash], positions: [wide] })).toBe(false);
    });

    it('agree on an empty account, on the floor and on the bounds of the public signals', async () => {
      const held = { collateral: [{ assetId: 1, amount: 100n * 10n ** 8n }], positions: [] };
      for (const [change, holds] of [
        [{}, true],
        [{ equityFloor: 100n * 10n ** 16n }, true],
        [{ equityFloor: 100n * 10n ** 16n + 1n }, false],
        [{ thresholdBps: 0n }, false],
        [{ thresholdBps: 2n ** 20n - 1n }, true],
        [{ thresholdBps: 2n ** 20n }, false],
        [{ equityFloor: 2n ** 160n }, false],
      ] as const) {
        expect(await accepted(held, { ...REQUEST, ...change })).toBe(holds);
      }
    });
  });
}
