import { type BinaryRecord, type RecordReader, RecordWriter } from './binaryRecord.js';
import type { BookAccount } from './bookAccount.js';

const PROVABLE = 1;
const VENUE_OWNED = 2;

const writer = new RecordWriter();

/** An account as a record. */
export function encodeAccount(account: BookAccount): BinaryRecord {
  const { collateral, positions } = account.holdings;
  writer
    .text(account.identifier)
    .whole((account.provable ? PROVABLE : 0) | (account.venueOwned ? VENUE_OWNED : 0), 1)
    .field(account.accountId)
    .field(account.ownerCommitment)
    .whole(collateral.length, 2);
  for (const { assetId, amount } of collateral) writer.whole(assetId, 4).signed(amount);
  writer.whole(positions.length, 2);
  for (const { instrumentId, size, cost } of positions) writer.whole(instrumentId, 4).signed(size).signed(cost);
  return writer.finish();
}

/** Reads what encodeAccount wrote. */
export function decodeAccount(reader: RecordReader): BookAccount {
  const identifier = reader.text();
  const flags = reader.whole(1);
  return {
    identifier,
    accountId: reader.field(),
    ownerCommitment: reader.field(),
    provable: (flags & PROVABLE) !== 0,
    venueOwned: (flags & VENUE_OWNED) !== 0,
    holdings: {
      collateral: Array.from({ length: reader.whole(2) }, () => ({
        assetId: reader.whole(4),
        amount: reader.signed(),
      })),
      positions: Array.from({ length: reader.whole(2) }, () => ({
        instrumentId: reader.whole(4),
        size: reader.signed(),
        cost: reader.signed(),
      })),
    },
  };
}
