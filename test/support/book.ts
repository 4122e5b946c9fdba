import type { Account, Holdings } from '../../src/account/account.js';
import { accountRoot } from '../../src/account/accountRoot.js';
import { buildAccountTree } from '../../src/account/accountTree.js';
import { leafOf } from '../../src/account/leaf.js';
import { accountFigures } from '../../src/liabilities/accountFigures.js';
import { accountsPerBatch, batchInput } from '../../src/liabilities/batchInput.js';
import type { BatchShape } from '../../src/liabilities/batchTranscripts.js';
import { bookParameters } from '../../src/liabilities/bookParameters.js';
import {
  type BookTotals,
  TotalsBuilder,
  type TotalsShape,
  totalsColumns,
  totalsHash,
} from '../../src/liabilities/bookTotals.js';
import { type ChainState, FIRST_STATE } from '../../src/liabilities/chainState.js';
import { childrenBefore } from '../../src/liabilities/childrenBefore.js';
import type { LiabilitiesBatchInput } from '../../src/liabilities/liabilitiesBatch.js';
import type { LiabilitiesStatement } from '../../src/liabilities/liabilitiesStatement.js';
import { liabilitiesTable, settlesOf, type TableChoice } from '../../src/liabilities/tableChoice.js';
import { LIABILITIES_SIGNALS } from '../../src/protocol/constants.js';
import type { CircuitSource } from '../../src/setup/compileCircuit.js';
import { accountOf, registry, rootOf, table } from './market.js';

/** The snapshot of the tests' market as a book sees it. */
export const parameters = bookParameters(table);

/** The smallest batch with everything in it: two accounts of two balances and two positions. */
export const SHAPE: BatchShape = {
  balances: 2,
  positions: 2,
  height: 0,
  run: 2,
  assets: 4,
  steps: 8,
  instruments: 3,
  tiers: 7,
  settles: 2,
};

/** Two accounts of three balances at flat factors, and nothing that is settled. */
export const FLAT: BatchShape = {
  balances: 3,
  positions: 0,
  height: 0,
  run: 2,
  assets: 4,
  steps: 0,
  instruments: 0,
  tiers: 0,
  settles: 0,
};

/** The parameters of LiabilitiesBatch, in order. */
export const shapeParameters = (shape: BatchShape): readonly number[] => [
  shape.balances,
  shape.positions,
  shape.height,
  shape.run,
  shape.assets,
  shape.steps,
  shape.instruments,
  shape.tiers,
  shape.settles,
];

export const batchSource = (shape: BatchShape): CircuitSource => ({
  file: 'liabilities/liabilitiesBatch.circom',
  template: 'LiabilitiesBatch',
  parameters: shapeParameters(shape),
  publicSignals: LIABILITIES_SIGNALS.batch,
});

export const startSource: CircuitSource = {
  file: 'liabilities/liabilitiesStart.circom',
  template: 'LiabilitiesStart',
  parameters: [],
  publicSignals: LIABILITIES_SIGNALS.start,
};

export const openingSource: CircuitSource = {
  file: 'liabilities/liabilitiesOpening.circom',
  template: 'LiabilitiesOpening',
  parameters: [],
  publicSignals: LIABILITIES_SIGNALS.opening,
};

export const coverageSource = ({ assets, instruments }: TotalsShape): CircuitSource => ({
  file: 'liabilities/liabilitiesCoverage.circom',
  template: 'LiabilitiesCoverage',
  parameters: [assets, instruments],
  publicSignals: LIABILITIES_SIGNALS.coverage,
});

export const CHOICE: TableChoice = {
  assets: [1, 2, 3],
  steps: [
    [1, 0],
    [2, 0],
    [2, 1],
    [2, 3],
    [3, 0],
    [3, 1],
  ],
  instruments: [100, 103],
  tiers: [
    [100, 0],
    [100, 1],
    [103, 0],
    [103, 1],
    [103, 2],
  ],
};

/** A whole book of batches of one shape. */
export interface TestBook {
  readonly shape: BatchShape;
  readonly totals: BookTotals;
  readonly claimed: LiabilitiesStatement;
  readonly batches: readonly LiabilitiesBatchInput[];
  readonly last: ChainState;
  readonly root: { readonly venueId: bigint; readonly registryHash: bigint; readonly time: bigint };
}

export const TOTALS_SALT = (1n << 200n) + 0x70a15a17n;
export const TOTALS_SHAPE = { assets: 4, instruments: 3 };

/** Commits holdings (undefined: nobody there) in the order given and makes the input of every batch. */
export function bookOf(
  held: readonly (Holdings | undefined)[],
  { shape = SHAPE, choice = CHOICE, venueStart = 1n << 27n, largestDebtor = undefined as bigint | undefined } = {},
): TestBook {
  const accounts = held.map((holdings, n) => (holdings === undefined ? undefined : accountOf(holdings, BigInt(n))));
  const root = rootOf(registry);
  const tree = buildAccountTree(accounts.map((account) => (account === undefined ? 0n : leafOf(account))));
  const builder = new TotalsBuilder();
  accounts.forEach((account, index) => {
    if (account === undefined) return;
    const side = BigInt(index - (index % accountsPerBatch(shape))) >= venueStart ? 'venue' : 'customers';
    builder.add(side, account, accountFigures(account, parameters, settlesOf(shape, parameters)));
  });
  const { totals } = builder;
  const claimed = {
    accountRoot: accountRoot({ ...root, treeRoot: tree.root }),
    riskRoot: parameters.riskRoot,
    totalsHash: totalsHash(totalsColumns(totals, TOTALS_SHAPE), TOTALS_SALT),
    largestDebtor: largestDebtor ?? totals.largestDebtor,
    venueStart,
    salt: 0x5a17n,
  };
  const batches: LiabilitiesBatchInput[] = [];
  let state = FIRST_STATE;
  const size = accountsPerBatch(shape);
  const filled = (first: number): readonly (Account | undefined)[] =>
    Array.from({ length: size }, (_, i) => accounts[first + i]);
  for (let first = 0; first < accounts.length; first += size) {
    const { input, after } = batchInput({
      shape,
      parameters,
      table: liabilitiesTable(choice, shape, parameters),
      claimed,
      before: state,
      blindingAfter: 1_000n + BigInt(first),
      firstIndex: first,
      accounts: filled(first),
      treeChildren: childrenBefore(first, shape, (level, index) => tree.layers[level]?.[index]),
    });
    batches.push(input);
    state = after;
  }
  return { shape, totals, claimed, batches, last: state, root };
}
