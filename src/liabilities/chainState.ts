import { EMPTY_ACCOUNT_NODES } from '../account/accountTree.js';
import { ACCOUNT_TREE_DEPTH, LIABILITIES, TAGS } from '../protocol/constants.js';
import { transcript } from './transcript.js';

/** What is added up on one side of a book, in order; units in circuits/liabilities/chainState.circom. */
export const SIDE_TOTALS = [
  'accounts',
  'standing',
  'owed',
  'deficits',
  'positive',
  'goodNegative',
  'otherNegative',
  'long',
  'short',
  'cost',
] as const;

/** The totals of one side: counts and sums, then six field elements compressed at the statement's challenge. */
export type SideTotals = Readonly<Record<(typeof SIDE_TOTALS)[number], bigint>>;

export interface ChainState {
  readonly nextIndex: bigint;
  readonly treeRoot: bigint;
  readonly customers: SideTotals;
  readonly venue: SideTotals;
  readonly blinding: bigint;
}

export const NO_TOTALS = Object.fromEntries(SIDE_TOTALS.map((name) => [name, 0n])) as unknown as SideTotals;

/** Where every chain starts: an empty tree, nothing added up, no blinding. */
export const FIRST_STATE: ChainState = {
  nextIndex: 0n,
  treeRoot: EMPTY_ACCOUNT_NODES[ACCOUNT_TREE_DEPTH] as bigint,
  customers: NO_TOTALS,
  venue: NO_TOTALS,
  blinding: 0n,
};

export const sideElements = (totals: SideTotals): readonly bigint[] => SIDE_TOTALS.map((name) => totals[name]);

/** The bus ChainState. */
export const stateElements = (state: ChainState): readonly bigint[] => [
  state.nextIndex,
  state.treeRoot,
  ...sideElements(state.customers),
  ...sideElements(state.venue),
  state.blinding,
];

/** Twin of ChainStateHash. */
export const chainStateHash = (state: ChainState, statement: bigint): bigint =>
  transcript(TAGS.liabilitiesState, [
    statement,
    state.nextIndex,
    state.treeRoot,
    state.blinding,
    ...sideElements(state.customers),
    ...sideElements(state.venue),
  ]);

if (SIDE_TOTALS.length !== LIABILITIES.sideTotals) throw new RangeError('LIABILITIES.sideTotals is not their number');
