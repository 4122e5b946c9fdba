import type { ChainState } from '../../../src/liabilities/chainState.js';
import type { BatchAccount, LiabilitiesBatchInput } from '../../../src/liabilities/liabilitiesBatch.js';
import type { LiabilitiesTable } from '../../../src/liabilities/liabilitiesTable.js';

/** A change of one thing that a batch says, everything else left as it was. */
export type Lie = (input: LiabilitiesBatchInput) => LiabilitiesBatchInput;

/** A list with one item changed. */
export const at = <T>(items: readonly T[], index: number, change: (item: T) => T): readonly T[] =>
  items.map((item, k) => (k === index ? change(item) : item));

export const account =
  (u: number, change: (account: BatchAccount) => BatchAccount): Lie =>
  (input) => ({ ...input, accounts: at(input.accounts, u, change) });

export const claims = (u: number, change: Partial<BatchAccount['claims']>): Lie =>
  account(u, (one) => ({ ...one, claims: { ...one.claims, ...change } }));

export const slot = (u: number, change: Partial<BatchAccount['slot']>): Lie =>
  account(u, (one) => ({ ...one, slot: { ...one.slot, ...change } }));

export const balance = (u: number, k: number, change: Partial<BatchAccount['slot']['balances'][number]>): Lie =>
  account(u, (one) => ({
    ...one,
    slot: { ...one.slot, balances: at(one.slot.balances, k, (entry) => ({ ...entry, ...change })) },
  }));

export const position = (u: number, k: number, change: Partial<BatchAccount['slot']['positions'][number]>): Lie =>
  account(u, (one) => ({
    ...one,
    slot: { ...one.slot, positions: at(one.slot.positions, k, (entry) => ({ ...entry, ...change })) },
  }));

export const distance = (u: number, k: number, by: { readonly floor?: bigint; readonly cap?: bigint }): Lie =>
  account(u, (one) => ({
    ...one,
    distances: at(one.distances, k, ({ floor, cap }) => ({
      floor: floor + (by.floor ?? 0n),
      cap: cap + (by.cap ?? 0n),
    })),
  }));

export const row =
  (column: Exclude<keyof LiabilitiesTable, 'shape'>, index: number, change: (value: bigint) => bigint): Lie =>
  (input) => ({ ...input, table: { ...input.table, [column]: at(input.table[column], index, change) } });

export const startingFrom =
  (change: Partial<ChainState>): Lie =>
  (input) => ({ ...input, before: { ...input.before, ...change } });

/** The place left empty, and what is claimed of it kept. */
export const emptied = (u: number): Lie =>
  account(u, (one) => ({
    ...one,
    slot: {
      ...one.slot,
      present: 0n,
      balanceCount: 0n,
      balances: one.slot.balances.map(() => ({ gap: 0n, sign: 0n, magnitude: 0n })),
      positionCount: 0n,
      positions: one.slot.positions.map(() => ({ gap: 0n, sizeSign: 0n, size: 0n, costSign: 0n, cost: 0n })),
    },
  }));
