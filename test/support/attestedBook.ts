import { createHash } from 'node:crypto';
import type { Holdings } from '../../src/account/account.js';
import { ownerCommitment } from '../../src/account/ownerCommitment.js';
import { commitAttestedBook } from '../../src/attestation/commitAttestedBook.js';
import { accountIdOf } from '../../src/book/accountId.js';
import type { BookAccount } from '../../src/book/bookAccount.js';
import { OWNER_SECRET, registry, table } from './market.js';

/** Numbers that look random and are the same in every run. */
export const drawn = (seed: string, below: number): number =>
  createHash('sha256').update(seed).digest().readUIntBE(0, 6) % below;

/** An account of the tests' venue; customer n is owned by OWNER_SECRET + n. */
export const bookAccount = (identifier: string, holdings: Holdings, n: number, venueOwned = false): BookAccount => ({
  identifier,
  accountId: accountIdOf(registry.venue, identifier),
  ownerCommitment: ownerCommitment(OWNER_SECRET + BigInt(n)),
  provable: true,
  venueOwned,
  holdings,
});

const USD = 10n ** 8n;

/**
 * A book of the tests' market whose open interest balances: customers with one or two balances, every third with a
 * position, every seventh with a debt against coins, and the venue's own account on the other side of every trade.
 */
export function madeUpBook(customers: number): readonly BookAccount[] {
  let [net, cost] = [0n, 0n];
  const accounts = Array.from({ length: customers }, (_, n): BookAccount => {
    const cash = BigInt(100 + drawn(`cash ${n}`, 10_000)) * USD;
    const borrows = n % 7 === 6;
    const collateral = [
      { assetId: 1, amount: borrows ? -cash : cash },
      ...(borrows || n % 2 === 1 ? [{ assetId: 2, amount: BigInt(1 + drawn(`coins ${n}`, 50)) * USD }] : []),
    ];
    if (n % 3 !== 0) return bookAccount(`user ${n}`, { collateral, positions: [] }, n);
    const size = BigInt(drawn(`size ${n}`, 200) - 100) || 1n;
    const paid = size * 3n * USD + BigInt(drawn(`paid ${n}`, 1000)) * USD;
    net += size;
    cost += paid;
    return bookAccount(`user ${n}`, { collateral, positions: [{ instrumentId: 100, size, cost: paid }] }, n);
  });
  const house = {
    collateral: [{ assetId: 1, amount: 1_000_000n * USD }],
    positions: net === 0n ? [] : [{ instrumentId: 100, size: -net, cost: -cost }],
  };
  return [...accounts, bookAccount('house', house, customers, true)];
}

/** Commits accounts to a folder under the tests' snapshot, in small batches. */
export const commitTestBook = (folder: string, accounts: readonly BookAccount[]) =>
  commitAttestedBook(folder, {
    accounts: async function* () {
      yield* accounts;
    },
    table,
    size: 'small',
    time: 1_760_000_030,
  });
