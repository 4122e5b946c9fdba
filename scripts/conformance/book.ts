import { resolve } from 'node:path';
import { type AccountRootOpening, accountRoot } from '../../src/account/accountRoot.js';
import { type AccountPackage, buildAccountTree, pathOf } from '../../src/account/accountTree.js';
import { leafOf } from '../../src/account/leaf.js';
import type { AttestedTable, Covered, Loans } from '../../src/attestation/attestation.js';
import { circuitKeys } from '../../src/attestation/circuitKeys.js';
import type { LiabilitiesProof } from '../../src/formats/liabilitiesProof.js';
import { textHash } from '../../src/hash/textHash.js';
import { accountFigures } from '../../src/liabilities/accountFigures.js';
import { shapeOf } from '../../src/liabilities/batchClasses.js';
import { accountsPerBatch, batchInput, batchSignals } from '../../src/liabilities/batchInput.js';
import type { BookStateInput } from '../../src/liabilities/bookState.js';
import { type BookTotals, TotalsBuilder, totalsColumns, totalsHash } from '../../src/liabilities/bookTotals.js';
import { type ChainState, chainStateHash, FIRST_STATE } from '../../src/liabilities/chainState.js';
import { childrenBefore } from '../../src/liabilities/childrenBefore.js';
import {
  coverageInputs,
  coverageSignalList,
  loansHash,
  reservesHash,
} from '../../src/liabilities/liabilitiesCoverage.js';
import { openingInputs, openingSignalList } from '../../src/liabilities/liabilitiesOpening.js';
import { type LiabilitiesStatement, statementHash } from '../../src/liabilities/liabilitiesStatement.js';
import { liabilitiesTable, settlesOf } from '../../src/liabilities/tableChoice.js';
import type { ProverPool } from '../../src/proof/proverPool.js';
import { circuitByName } from '../../src/setup/circuits.js';
import { registryHash, venueId } from '../../src/snapshot/registry.js';
import { ACCOUNT_TIME, CHOICE, type NamedAccount, parameters, registry } from './market.js';

export const ARTIFACTS = resolve(import.meta.dirname, '../../artifacts');
export const TOTALS_SALT = textHash('totals of the corpus');
export const TOTALS_SHAPE = { assets: 16, instruments: 48 };
export const CLOSING = { opening: 'liabilities-opening', coverage: 'liabilities-coverage-16' } as const;

/** Circuits of the batches, in the order of the attestation's tables. */
export const TABLES: readonly AttestedTable[] = ['liabilities-4x4', 'liabilities-16x1'].map((circuit) => ({
  circuit,
  choice: CHOICE,
}));

/** The batches of the corpus: table and first place. */
const BATCHES = [
  [0, 0],
  [0, 4],
  [1, 8],
  [0, 16],
] as const;

/** What a chain is proven of; a forger changes one of these and proves the rest honestly. */
export interface BookSource {
  readonly accounts: ReadonlyMap<number, NamedAccount>;
  readonly venueStart: number;
  /** the totals that are claimed before the proof */
  readonly claim?: (totals: BookTotals) => BookTotals;
  /** what the first batch begins at */
  readonly first?: ChainState;
}

/** A chain with its proofs. */
export interface ProvenChain {
  readonly venueStart: number;
  readonly root: AccountRootOpening;
  readonly claimed: LiabilitiesStatement;
  readonly statement: bigint;
  /** as claimed */
  readonly totals: BookTotals;
  readonly batches: readonly {
    readonly table: number;
    readonly firstIndex: number;
    readonly stateAfter: bigint;
    readonly proof: LiabilitiesProof;
  }[];
  readonly last: ChainState;
  readonly packages: ReadonlyMap<string, AccountPackage>;
}

export async function proveChain(
  pool: ProverPool,
  { accounts, venueStart, claim, first }: BookSource,
): Promise<ProvenChain> {
  const size = Math.max(...accounts.keys()) + 1;
  const tree = buildAccountTree(
    Array.from({ length: size }, (_, place) => {
      const found = accounts.get(place);
      return found === undefined ? 0n : leafOf(found.account);
    }),
  );
  const root = {
    venueId: venueId(registry),
    registryHash: registryHash(registry),
    treeRoot: tree.root,
    time: BigInt(ACCOUNT_TIME),
  };
  const builder = new TotalsBuilder();
  for (const [place, { account }] of accounts) {
    builder.add(place >= venueStart ? 'venue' : 'customers', account, accountFigures(account, parameters, [1, 2]));
  }
  const totals = claim === undefined ? builder.totals : claim(builder.totals);
  const claimed = {
    accountRoot: accountRoot(root),
    riskRoot: parameters.riskRoot,
    totalsHash: totalsHash(totalsColumns(totals, TOTALS_SHAPE), TOTALS_SALT),
    largestDebtor: totals.largestDebtor,
    venueStart: BigInt(venueStart),
    salt: textHash('statement of the corpus'),
  };
  const statement = statementHash(claimed).hash;
  let state = first ?? FIRST_STATE;
  const proving = BATCHES.map(([table, firstIndex]) => {
    const { circuit } = TABLES[table] as AttestedTable;
    const shape = shapeOf(circuitByName(circuit));
    if (settlesOf(shape, parameters).join() !== '1,2')
      throw new Error('other settle assets than the totals were made with');
    const { input, after } = batchInput({
      shape,
      parameters,
      table: liabilitiesTable(CHOICE, shape, parameters),
      claimed,
      before: state,
      blindingAfter: textHash(`blinding of the corpus ${firstIndex}`),
      firstIndex,
      accounts: Array.from({ length: accountsPerBatch(shape) }, (_, i) => accounts.get(firstIndex + i)?.account),
      treeChildren: childrenBefore(firstIndex, shape, (level, index) => tree.layers[level]?.[index]),
    });
    state = after;
    const signals = [
      input.signals.stateBefore,
      input.signals.stateAfter,
      input.signals.statement,
      input.signals.tableHash,
      input.signals.firstIndex,
    ];
    const proof = prove(pool, circuit, batchSignals(input), signals);
    return { table, firstIndex, stateAfter: input.signals.stateAfter, proof };
  });
  const last = state;
  const batches = [];
  for (const batch of proving) batches.push({ ...batch, proof: await batch.proof });
  const packages = new Map(
    [...accounts].map(([place, { identifier, account }]) => [identifier, { account, path: pathOf(tree, place), root }]),
  );
  return { venueStart, root, claimed, statement, totals, batches, last, packages };
}

async function prove(
  pool: ProverPool,
  circuit: string,
  inputs: Readonly<Record<string, unknown>>,
  publicSignals: readonly bigint[],
): Promise<LiabilitiesProof> {
  const { paths, keyHash } = await circuitKeys(ARTIFACTS, circuit);
  const { proof } = await pool.prove(paths, inputs);
  return { circuit, keyHash, publicSignals, proof };
}

const bookState = (chain: ProvenChain): BookStateInput => ({
  ...chain.root,
  lastState: chainStateHash(chain.last, chain.statement),
  statement: chain.statement,
  claimed: chain.claimed,
  state: chain.last,
});

/** The closing proof of an opened claim. */
export function openChain(pool: ProverPool, chain: ProvenChain): Promise<LiabilitiesProof> {
  const input = bookState(chain);
  return prove(pool, CLOSING.opening, openingInputs(input), openingSignalList(input));
}

/** What a covered claim says and the proof of it. */
export interface ClosedChain {
  readonly proof: LiabilitiesProof;
  readonly covered: Covered;
  readonly loans: Loans | null;
}

/** The closing proof of a covered claim, against these reserves by asset and in value. */
export async function coverChain(
  pool: ProverPool,
  chain: ProvenChain,
  withLoans: boolean,
  reserves: { readonly byAsset: ReadonlyMap<number, bigint>; readonly value: bigint },
): Promise<ClosedChain> {
  const totals = totalsColumns(chain.totals, TOTALS_SHAPE);
  const reserve = totals.assetId.map((id) => reserves.byAsset.get(Number(id)) ?? 0n);
  const good = totals.assets[0]?.[1] as readonly bigint[];
  const { largestDebtor } = chain.claimed;
  const input = {
    ...bookState(chain),
    reservesHash: reservesHash(totals.assetId, reserve),
    reserveValue: reserves.value,
    loans: withLoans ? 1n : 0n,
    loansHash: withLoans ? loansHash(largestDebtor, totals.assetId, good) : 0n,
    totalsSalt: TOTALS_SALT,
    reserve,
    totals,
  };
  const proof = await prove(pool, CLOSING.coverage, coverageInputs(input), coverageSignalList(input));
  const rows = totals.assetId.flatMap((id, row) => (id === 0n ? [] : [{ id: Number(id), row }]));
  return {
    proof,
    covered: {
      reserveValue: reserves.value,
      reserves: rows.map(({ id, row }) => ({ id, value: reserve[row] as bigint })),
    },
    loans: withLoans
      ? { largestDebtor, subtracted: new Map(rows.map(({ id, row }) => [id, good[row] as bigint])) }
      : null,
  };
}
