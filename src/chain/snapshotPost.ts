import { createHash } from 'node:crypto';
import { SolvencyError } from '../errors.js';
import { serializeSnapshot } from '../formats/snapshot.js';
import { VALUE_DECIMALS } from '../protocol/constants.js';
import type { RiskTable } from '../risk/riskTable.js';
import type { SnapshotMark, SnapshotPost } from './riskOracleMessages.js';

/** Decimals of marks on chain. */
const MARK_DECIMALS = 8;

/**
 * What a risk oracle's signers sign of a snapshot: its root, time and model, the SHA-256 of the file that serializeSnapshot
 * writes, and marks of all instruments, or of `ids`, instruments and assets. A mark has 8 decimals, rounded to nearest and
 * at least the smallest: it is there to be compared, what is proven is the root. UNKNOWN_INSTRUMENT for an id that has no
 * price in the snapshot.
 */
export function snapshotPost({ snapshot, opening, riskRoot }: RiskTable, ids?: readonly number[]): SnapshotPost {
  const instruments = snapshot.instruments.map(({ instrumentId, price }) => [instrumentId, price] as const);
  const assets = snapshot.assets.map(({ assetId, price }) => [assetId, price] as const);
  const prices = new Map([...assets, ...instruments]);
  const decimals = new Map(
    snapshot.registry.entries.map(({ id, amountDecimals }) => [id, VALUE_DECIMALS - amountDecimals]),
  );
  const mark = (instrument: number): SnapshotMark => {
    const price = prices.get(instrument);
    if (price === undefined) {
      throw new SolvencyError('UNKNOWN_INSTRUMENT', `The snapshot has no price of id ${instrument}.`, {
        details: { id: instrument },
      });
    }
    return { instrument, price: rescaled(price, decimals.get(instrument) ?? 0) };
  };
  return {
    root: riskRoot,
    time: opening.time,
    modelHash: opening.modelHash,
    dataHash: `0x${createHash('sha256').update(serializeSnapshot(snapshot)).digest('hex')}`,
    marks: [...(ids ?? instruments.map(([id]) => id))].sort((one, other) => one - other).map(mark),
  };
}

function rescaled(price: bigint, decimals: number): bigint {
  if (decimals <= MARK_DECIMALS) return price * 10n ** BigInt(MARK_DECIMALS - decimals);
  const unit = 10n ** BigInt(decimals - MARK_DECIMALS);
  const nearest = (2n * price + unit) / (2n * unit);
  return nearest === 0n ? 1n : nearest;
}
