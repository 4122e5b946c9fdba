import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { accountFigures } from '../../src/liabilities/accountFigures.js';
import { type BatchClass, batchClasses, shapeOf } from '../../src/liabilities/batchClasses.js';
import { accountsPerBatch } from '../../src/liabilities/batchInput.js';
import { neededRows } from '../../src/liabilities/neededRows.js';
import { findTable, planTables } from '../../src/liabilities/planTables.js';
import { liabilitiesTable } from '../../src/liabilities/tableChoice.js';
import { CIRCUITS } from '../../src/setup/circuits.js';
import { parameters, SHAPE } from '../support/book.js';
import { usd } from '../support/market.js';

const iterate = (accounts: readonly Holdings[]) =>
  async function* () {
    yield* accounts;
  };

/** Two classes whose tables hold a part of the market each. */
const circuit = CIRCUITS.find(({ signalKind }) => signalKind === 'liabilitiesBatch') as (typeof CIRCUITS)[number];
const classes: readonly BatchClass[] = [
  { circuit, shape: SHAPE, accounts: 2 },
  {
    circuit: { ...circuit, name: 'larger' },
    shape: { ...SHAPE, balances: 5, positions: 12, assets: 5, steps: 8, instruments: 12, tiers: 12 },
    accounts: 2,
  },
];

const holdings = fc
  .record({
    assets: fc.uniqueArray(fc.constantFrom(1, 2, 3, 4, 9), { maxLength: 5 }),
    instruments: fc.uniqueArray(fc.integer({ min: 0, max: 38 }), { maxLength: 12 }),
    amount: fc.bigInt({ min: 1n, max: 10n ** 9n }),
  })
  .map(
    ({ assets, instruments, amount }): Holdings => ({
      collateral: assets.sort((a, b) => a - b).map((assetId, k) => ({ assetId, amount: k === 1 ? -amount : amount })),
      positions: instruments
        .sort((a, b) => a - b)
        .map((k) => ({ instrumentId: 100 + 3 * k, size: k % 2 === 0 ? 3n : -amount, cost: 0n })),
    }),
  );

describe('tables', () => {
  it('every account finds all its rows in a table of a class that holds it (seed 33001)', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(holdings, { minLength: 1, maxLength: 30 }), async (accounts) => {
        const tables = await planTables(iterate(accounts), classes, parameters);
        for (const { batchClass, choice } of tables) {
          // refuses rows that the snapshot lacks, rows twice, more than there is room for
          expect(liabilitiesTable(choice, batchClass.shape, parameters).assetId.length).toBe(batchClass.shape.assets);
        }
        for (const account of accounts) {
          const needed = neededRows(account, parameters);
          const table = findTable(tables, account, needed);
          expect(table).toBeDefined();
          expect(account.positions.length).toBeLessThanOrEqual(table?.batchClass.shape.positions as number);
          for (const row of needed) expect(table?.rows.has(row)).toBe(true);
        }
      }),
      { seed: 33001, numRuns: 60 },
    );
  });

  it('hold common rows where there is room, so that they say little of their accounts', async () => {
    const tables = await planTables(iterate([{ collateral: [usd(1n)], positions: [] }]), classes, parameters);
    expect(tables.length).toBe(1);
    expect(tables[0]?.choice.assets.length).toBe(SHAPE.assets);
    expect(tables[0]?.choice.instruments.length).toBe(SHAPE.instruments);
  });

  it('are the same for the same book', async () => {
    const accounts = fc.sample(holdings, { seed: 33002, numRuns: 400 });
    const tables = await planTables(iterate(accounts), classes, parameters);
    const plan = tables.map(({ batchClass, choice }) => [batchClass.circuit.name, choice]);
    expect(tables.length).toBeGreaterThan(10);
    expect(createHash('sha256').update(JSON.stringify(plan)).digest('hex')).toBe(
      '37d90850e19963ea90236784064fa4cef71573e2fb06d94b5655aab75d9f1f7c',
    );
  });

  it('an account with more entries than the largest class is refused by name', async () => {
    const positions = Array.from({ length: 13 }, (_, k) => ({ instrumentId: 100 + 3 * k, size: 1n, cost: 0n }));
    await expect(planTables(iterate([{ collateral: [], positions }]), classes, parameters)).rejects.toMatchObject({
      code: 'TOO_MANY_POSITIONS',
    });
    const unknown: Holdings = { collateral: [{ assetId: 77, amount: 1n }], positions: [] };
    await expect(planTables(iterate([unknown]), classes, parameters)).rejects.toMatchObject({ code: 'UNKNOWN_ASSET' });
  });
});

describe('a size beyond the largest tier', () => {
  it('is counted, at a rate that nobody covers by chance', () => {
    // PERP-0 is worth 3.5, and its tiers end at 80 million
    const size = 30_000_000n;
    const account = { collateral: [usd(100_000_000n)], positions: [{ instrumentId: 100, size, cost: 0n }] };
    const settles = [1];
    const figures = accountFigures(account, parameters, settles);
    const notional = size * (parameters.instruments.get(100)?.price as bigint);
    expect(figures.requirement).toBe(16_777_215n * notional);
    expect(figures.equity).toBe(100_000_000n * 10n ** 16n + notional);
    expect(figures.standing).toBe(false);
    const within = { ...account, positions: [{ instrumentId: 100, size: 20_000_000n, cost: 0n }] };
    expect(accountFigures(within, parameters, settles).standing).toBe(true);
  });
});

describe('the classes of circuits.json', () => {
  it('say what their parameters say', () => {
    for (const instance of CIRCUITS.filter(({ signalKind }) => signalKind === 'liabilitiesBatch')) {
      const shape = shapeOf(instance);
      const accounts = accountsPerBatch(shape);
      expect(instance.batch).toEqual({
        entries: shape.balances + shape.positions,
        accounts,
        table: { assets: shape.assets, steps: shape.steps, instruments: shape.instruments, tiers: shape.tiers },
        amortised: Math.round(instance.r1cs.constraints / accounts),
      });
    }
  });

  it('at both sizes hold accounts of every size, the large ones within a domain of 2^19', () => {
    for (const size of ['small', 'large'] as const) {
      const found = batchClasses(size);
      expect(found.map(({ circuit: { batch } }) => batch?.entries)).toEqual([4, 16, 192]);
      for (const { circuit: instance } of found) {
        expect(instance.r1cs.constraints + instance.publicSignals.length + 1).toBeLessThanOrEqual(2 ** 19);
      }
    }
  });
});
