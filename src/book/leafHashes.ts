import type { Account } from '../account/account.js';
import { COLLATERAL_ENTRY_BITS, collateralEntry } from '../account/collateralEntry.js';
import { listHash } from '../account/listHash.js';
import { positionEntry } from '../account/positionEntry.js';
import { checkHoldings, collateralSlots, positionSlots } from '../account/slots.js';
import { COLLATERAL_PER_ELEMENT, LIST_HEAD, LIST_TAIL, TAGS } from '../protocol/constants.js';
import { ELEMENT_BYTES } from '../setup/bn254Field.js';
import { fieldBytes, getField } from './fieldBytes.js';
import type { HashWorkers } from './hashWorkers.js';

interface List {
  readonly count: number;
  readonly elements: readonly bigint[];
}

const EMPTY = {
  [TAGS.collateralHead.toString()]: listHash(TAGS.collateralHead, 0n, [], []),
  [TAGS.positionsHead.toString()]: listHash(TAGS.positionsHead, 0n, [], []),
};

/**
 * leafOf of many accounts, as bytes, hashed in threads: each kind of hash for all of them at once.
 * Throws what checkHoldings throws.
 */
export async function hashLeaves(workers: HashWorkers, accounts: readonly Account[]): Promise<Buffer> {
  accounts.forEach(checkHoldings);
  const [collateral, positions] = await Promise.all([
    hashLists(workers, TAGS.collateralHead, accounts.map(collateralElements)),
    hashLists(workers, TAGS.positionsHead, accounts.map(positionElements)),
  ]);
  const openings = accounts.flatMap(({ ownerCommitment, accountId, salt }, k) => [
    ownerCommitment,
    accountId,
    collateral[k] as bigint,
    positions[k] as bigint,
    salt,
  ]);
  return workers.hash(TAGS.accountLeaf, 5, fieldBytes(openings));
}

/** The packed balances of a leaf, two in an element. */
function collateralElements(account: Account): List {
  const packed = collateralSlots(account, account.collateral.length).map((slot) => collateralEntry(1n, slot));
  const elements: bigint[] = [];
  for (let first = 0; first < packed.length; first += COLLATERAL_PER_ELEMENT) {
    const parts = packed.slice(first, first + COLLATERAL_PER_ELEMENT);
    elements.push(parts.reduce((sum, part, j) => sum | (part << (BigInt(j) * COLLATERAL_ENTRY_BITS)), 0n));
  }
  return { count: packed.length, elements };
}

/** The packed positions of a leaf. */
function positionElements(account: Account): List {
  const elements = positionSlots(account, account.positions.length).map((slot) => positionEntry(1n, slot));
  return { count: elements.length, elements };
}

/** listHash of many lists: their heads, then round by round the next block of those that have one. */
async function hashLists(workers: HashWorkers, headTag: bigint, lists: readonly List[]): Promise<readonly bigint[]> {
  const hashes = Array<bigint>(lists.length).fill(EMPTY[headTag.toString()] as bigint);
  const hashOf = async (
    tag: bigint,
    which: readonly number[],
    inputs: (k: number, list: List) => readonly bigint[],
  ) => {
    if (which.length === 0) return;
    const all = which.map((k) => inputs(k, lists[k] as List));
    const found = await workers.hash(tag, (all[0] as readonly bigint[]).length, fieldBytes(all.flat()));
    which.forEach((k, i) => {
      hashes[k] = getField(found, i * ELEMENT_BYTES);
    });
  };
  const longer = (length: number): readonly number[] =>
    [...lists.keys()].filter((k) => (lists[k] as List).elements.length > length);
  await hashOf(headTag, longer(0), (_, { count, elements }) => [BigInt(count), ...block(elements, 0, LIST_HEAD)]);
  for (let first = LIST_HEAD, which = longer(first); which.length > 0; first += LIST_TAIL, which = longer(first)) {
    const from = first;
    await hashOf(TAGS.listTail, which, (k, { elements }) => [hashes[k] as bigint, ...block(elements, from, LIST_TAIL)]);
  }
  return hashes;
}

const block = (elements: readonly bigint[], first: number, length: number): readonly bigint[] =>
  Array.from({ length }, (_, i) => elements[first + i] ?? 0n);
