import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { snapshotTypedData } from '../../src/chain/riskOracleMessages.js';
import { snapshotPost } from '../../src/chain/snapshotPost.js';
import { serializeSnapshot } from '../../src/formats/snapshot.js';
import { VALUE_DECIMALS } from '../../src/protocol/constants.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { snapshot } from '../support/market.js';

const table = buildRiskTable(snapshot);

/** The snapshot with an instrument that is counted in units of so many decimals, at this price. */
const priced = (amountDecimals: number, price: bigint) => {
  const [first] = snapshot.instruments;
  const entries = snapshot.registry.entries.map((entry) =>
    entry.id === first?.instrumentId ? { ...entry, amountDecimals } : entry,
  );
  const instruments = snapshot.instruments.map((entry) => (entry === first ? { ...entry, price } : entry));
  return { ...table, snapshot: { ...snapshot, registry: { ...snapshot.registry, entries }, instruments } };
};
const [{ instrumentId = 0 } = {}] = snapshot.instruments;
const markOf = (...args: Parameters<typeof priced>) => snapshotPost(priced(...args), [instrumentId]).marks[0]?.price;

describe('snapshotPost', () => {
  test('names the root, the file and marks of all instruments, as an oracle takes them', () => {
    const post = snapshotPost(table);
    expect(post).toMatchObject({
      root: table.riskRoot,
      time: table.opening.time,
      modelHash: table.opening.modelHash,
      dataHash: `0x${createHash('sha256').update(serializeSnapshot(snapshot)).digest('hex')}`,
    });
    const ids = post.marks.map(({ instrument }) => instrument);
    expect(ids).toEqual(snapshot.instruments.map((entry) => entry.instrumentId).sort((one, other) => one - other));
    // throws for what the contract would refuse
    snapshotTypedData({ chainId: 1n, oracle: `0x${'11'.repeat(20)}` }, post);
  });

  test('a mark has 8 decimals, whatever those of the price', () => {
    // a price has 16 - amountDecimals decimals
    expect(markOf(VALUE_DECIMALS, 5n)).toBe(5n * 10n ** 8n);
    expect(markOf(8, 123n)).toBe(123n);
    expect(markOf(6, 12_349n)).toBe(123n);
    expect(markOf(6, 12_350n)).toBe(124n);
    expect(markOf(0, 1n)).toBe(1n);
  });

  test('of the ids that are asked for, in their order, assets too', () => {
    const [asset] = snapshot.assets;
    const ids = [instrumentId, asset?.assetId ?? 0];
    const post = snapshotPost(table, ids);
    expect(post.marks.map(({ instrument }) => instrument)).toEqual(ids.sort((one, other) => one - other));
    expect(() => snapshotPost(table, [4_000_000])).toThrow(expect.objectContaining({ code: 'UNKNOWN_INSTRUMENT' }));
  });
});
