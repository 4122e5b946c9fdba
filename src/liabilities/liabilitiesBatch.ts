import { constrain } from '../numbers/constraint.js';
import { ranged } from '../numbers/ranged.js';
import { ACCOUNT_TREE_DEPTH, COST_SCALE, LIABILITIES, RATE_SCALE, TREE_ARITY } from '../protocol/constants.js';
import { modulo } from '../setup/bn254Field.js';
import { type AccountClaims, accountStanding, type Standing } from './accountStanding.js';
import {
  type BatchShape,
  type BatchSignals,
  type DenseSums,
  drawGammaLambda,
  drawRho,
  type RowDistance,
} from './batchTranscripts.js';
import { type BookSlot, bookLeaf } from './bookLeaf.js';
import { type ChainState, chainStateHash, SIDE_TOTALS, type SideTotals } from './chainState.js';
import { fraction } from './fraction.js';
import { type LiabilitiesStatement, statementHash } from './liabilitiesStatement.js';
import { type LiabilitiesTable, liabilitiesTableHash, rowMatch } from './liabilitiesTable.js';
import { subtreeInsertion } from './subtreeInsertion.js';
import { subtreeRoot } from './subtreeRoot.js';

/** One place of a batch: what the leaf holds, and what is claimed of it. */
export interface BatchAccount {
  readonly slot: BookSlot;
  readonly claims: AccountClaims;
  /** of the haircut steps of balances (none where factors are flat), then of the margin tiers of positions */
  readonly distances: readonly RowDistance[];
}

/** Everything that LiabilitiesBatch takes. */
export interface LiabilitiesBatchInput {
  readonly shape: BatchShape;
  readonly signals: BatchSignals;
  readonly claimed: LiabilitiesStatement;
  readonly before: ChainState;
  readonly blindingAfter: bigint;
  readonly treeChildren: readonly (readonly bigint[])[];
  readonly accounts: readonly BatchAccount[];
  readonly table: LiabilitiesTable;
  /** this batch's totals at the statement's challenge */
  readonly compressed: readonly bigint[];
  readonly dense: DenseSums;
}

/** A sparse term of an identity: what stands over gamma less an identifier. */
interface Term {
  readonly identifier: bigint;
  readonly numerator: bigint;
}

/** An account after its leaf was opened and its claims split. */
export interface OpenedAccount extends BatchAccount {
  readonly leaf: ReturnType<typeof bookLeaf>;
  readonly standing: Standing;
}

/** Opens all accounts of a batch: steps 2 and 3. */
export const openAccounts = (
  accounts: readonly BatchAccount[],
  claimed: LiabilitiesStatement,
): readonly OpenedAccount[] =>
  accounts.map((account) => ({
    ...account,
    leaf: bookLeaf(account.slot),
    standing: accountStanding(account.claims, claimed.largestDebtor),
  }));

/** Roots of the batch's subtrees. */
export function batchRoots({ height, run }: BatchShape, accounts: readonly OpenedAccount[]): readonly bigint[] {
  const leaves = accounts.map(({ leaf }) => leaf.leaf);
  const size = TREE_ARITY ** height;
  return Array.from({ length: run }, (_, s) => subtreeRoot(height, leaves.slice(s * size, (s + 1) * size)));
}

/** Accounts, with standing, owed, deficits: the totals that are plain sums. */
export const plainTotals = (accounts: readonly OpenedAccount[]): readonly bigint[] => [
  sum(accounts.map(({ slot }) => slot.present)),
  sum(accounts.map(({ slot, standing }) => slot.present * standing.standing)),
  sum(accounts.map(({ standing }) => standing.owed)),
  sum(accounts.map(({ standing }) => standing.deficit)),
];

/** The state after a batch whose totals are these, in the order of SIDE_TOTALS. */
export function nextState(
  before: ChainState,
  batch: {
    readonly firstIndex: bigint;
    readonly accounts: number;
    readonly treeRoot: bigint;
    readonly totals: readonly bigint[];
    readonly isVenue: boolean;
    readonly blinding: bigint;
  },
): ChainState {
  const add = (totals: SideTotals, adds: boolean): SideTotals =>
    Object.fromEntries(
      SIDE_TOTALS.map((name, i) => [name, adds ? modulo(totals[name] + (batch.totals[i] as bigint)) : totals[name]]),
    ) as unknown as SideTotals;
  return {
    nextIndex: batch.firstIndex + BigInt(batch.accounts),
    treeRoot: batch.treeRoot,
    customers: add(before.customers, !batch.isVenue),
    venue: add(before.venue, batch.isVenue),
    blinding: batch.blinding,
  };
}

/** Twin of LiabilitiesBatch: throws ConstraintViolation exactly where the circuit has no witness. */
export function liabilitiesBatch(input: LiabilitiesBatchInput): void {
  const { shape, signals, claimed, before, table, dense, compressed } = input;
  const holds = (condition: boolean, what: string): void => constrain(condition, 'LiabilitiesBatch', what);

  // 1. the statement and the parameters behind their hashes
  const opened = statementHash(claimed);
  holds(opened.hash === signals.statement, 'the statement is another one');
  ranged(LIABILITIES.valueBits, claimed.largestDebtor);
  holds(liabilitiesTableHash(table) === signals.tableHash, 'the table is another one');

  // 2. and 3. the accounts, their subtrees, their claims
  const accounts = openAccounts(input.accounts, claimed);
  const roots = batchRoots(shape, accounts);
  const inserted = subtreeInsertion(shape.height, signals.firstIndex, roots, input.treeChildren);
  holds(inserted.before === before.treeRoot, 'the tree before is another one');
  const hasSettles = shape.settles > 0;
  holds(hasSettles || accounts.every(({ claims }) => claims.debt === 0n), 'a debt is claimed that nothing binds');

  // 4. the chain
  ranged(3 * ACCOUNT_TREE_DEPTH, signals.firstIndex - before.nextIndex);
  const isVenue = signals.firstIndex >= claimed.venueStart;
  ranged(
    3 * ACCOUNT_TREE_DEPTH + 1,
    isVenue
      ? signals.firstIndex - claimed.venueStart
      : claimed.venueStart - BigInt(accounts.length) - signals.firstIndex,
  );
  const totals = [...plainTotals(accounts), ...compressed];
  holds(chainStateHash(before, signals.statement) === signals.stateBefore, 'the state before is another one');
  const after = nextState(before, {
    firstIndex: signals.firstIndex,
    accounts: accounts.length,
    treeRoot: inserted.after,
    totals,
    isVenue,
    blinding: input.blindingAfter,
  });
  holds(chainStateHash(after, signals.statement) === signals.stateAfter, 'the state after is another one');

  // 5. and 6. the transcripts
  for (const { floor, cap } of accounts.flatMap(({ distances }) => distances)) {
    ranged(LIABILITIES.amountBits, floor);
    ranged(LIABILITIES.amountBits, cap);
  }
  const rho = drawRho({ shape, signals, roots, totals, accounts });
  const { gamma, lambda } = drawGammaLambda(rho, dense);

  // 7. the identities of fractions
  const balanced = (terms: readonly Term[], rows: readonly Term[], what: string): void => {
    const value = ({ identifier, numerator }: Term): bigint => fraction(numerator, gamma - identifier);
    holds(modulo(sum(terms.map(value)) - sum(rows.map(value))) === 0n, what);
  };
  const combined = (identifiers: readonly bigint[], ...columns: (readonly bigint[])[]): readonly Term[] =>
    identifiers.map((identifier, row) => ({
      identifier,
      numerator: columns.reduceRight((rest, column) => modulo(rest * lambda + (column[row] as bigint)), 0n),
    }));
  const terms = sparseTerms(shape, accounts, rho, lambda);
  const { owned, owing, held, paid } = dense;
  balanced(terms.byAsset, combined(table.assetId, owned, owing, dense.assetTotals), 'balances are not the sums');
  balanced(terms.byStep, combined(table.stepKey, dense.stepOwned, dense.stepEntries), 'steps are not the sums');
  balanced(
    terms.byInstrument,
    combined(table.instrumentId, held, paid, dense.instrumentTotals),
    'positions are not the sums',
  );
  balanced(terms.byTier, combined(table.tierKey, dense.tierSize, dense.tierEntries), 'tiers are not the sums');

  // 8. values
  const powers = powersOf(rho, accounts.length);
  const atRho = (values: readonly bigint[]): bigint => modulo(dot(powers, values));
  const values = batchValues(table, dense);
  const claims = accounts.map((account) => account.claims);
  holds(atRho(claims.map(({ equity }) => equity)) === values.equity, 'the equities are other ones');
  holds(atRho(claims.map(({ surplus }) => surplus)) === values.surplus, 'the surpluses are other ones');
  holds(!hasSettles || atRho(claims.map(({ debt }) => debt)) === values.debt, 'the debts are other ones');
  values.settled.forEach((value, j) => {
    holds(atRho(claims.map(({ settled }) => settled[j] as bigint)) === value, 'what is settled is another sum');
  });

  // 9. totals at the statement's challenge
  const found = compressedSums(table, dense, accounts, opened.challenge, rho);
  const [positive, good, other, long, short, cost] = compressed as readonly bigint[] as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  holds(modulo(positive + rho * good + rho * rho * other) === found.assets, 'totals by asset are other ones');
  holds(modulo(long + rho * short + rho * rho * cost) === found.instruments, 'totals by instrument are other ones');
}

/** rho^u for each place of a batch. */
export function powersOf(rho: bigint, count: number): readonly bigint[] {
  const powers = [1n];
  while (powers.length < count) powers.push(modulo((powers.at(-1) as bigint) * rho));
  return powers;
}

/** The terms of the entries in the identities of step 7. */
function sparseTerms(
  { steps, settles }: BatchShape,
  accounts: readonly OpenedAccount[],
  rho: bigint,
  lambda: bigint,
): Readonly<Record<'byAsset' | 'byStep' | 'byInstrument' | 'byTier', readonly Term[]>> {
  const powers = powersOf(rho, accounts.length);
  const square = lambda * lambda;
  const byAsset: Term[] = [];
  const byStep: Term[] = [];
  const byInstrument: Term[] = [];
  const byTier: Term[] = [];
  accounts.forEach(({ slot, leaf, standing, distances }, u) => {
    const { balances, positions } = leaf;
    const power = powers[u] as bigint;
    const good = settles > 0 && standing.standing === 1n;
    balances.id.forEach((id, k) => {
      const [positive, negative] = [balances.positive[k] as bigint, balances.negative[k] as bigint];
      const debt = lambda * power + square * rho * (good ? 1n : rho);
      byAsset.push({ identifier: id, numerator: positive * (power + square) + negative * debt });
      if (steps === 0) return;
      const distance = distances[k] as RowDistance;
      const entries = (balances.used[k] as bigint) - (slot.balances[k]?.sign as bigint);
      byStep.push({
        identifier: rowMatch(id, positive - distance.floor, positive + distance.cap),
        numerator: power * (positive + lambda * entries),
      });
    });
    positions.id.forEach((id, k) => {
      const [long, short] = [positions.long[k] as bigint, positions.short[k] as bigint];
      const cost = positions.signedCost[k] as bigint;
      byInstrument.push({
        identifier: id,
        numerator: power * (long - short) + lambda * power * cost + square * (long + rho * short + rho * rho * cost),
      });
      const distance = distances[(steps === 0 ? 0 : balances.id.length) + k] as RowDistance;
      byTier.push({
        identifier: rowMatch(id, long + short - distance.floor, long + short + distance.cap),
        numerator: power * (long + short + lambda * (positions.used[k] as bigint)),
      });
    });
  });
  return { byAsset, byStep, byInstrument, byTier };
}

/** What the dense sums are worth under the table: the right sides of step 8, modulo r. */
function batchValues(table: LiabilitiesTable, dense: DenseSums) {
  const { shape } = table;
  const flags = Math.max(0, shape.settles - 1);
  const ownedValue = dense.owned.map((sum, a) => sum * (table.assetPrice[a] as bigint));
  const owedValue = dense.owing.map((sum, a) => sum * (table.assetPrice[a] as bigint));
  const positionValue = dense.held.map(
    (sum, i) => sum * (table.instrumentPrice[i] as bigint) - COST_SCALE * (dense.paid[i] as bigint),
  );
  const weighted =
    shape.steps === 0
      ? dot(dense.owned, table.assetWeight)
      : dot(dense.stepOwned, table.stepWeight) + dot(dense.stepEntries, table.stepAddition);
  const requirement = dot(dense.tierSize, table.tierWeight) - dot(dense.tierEntries, table.tierDeduction);
  const settledBy = (i: number, j: number): bigint =>
    j < flags
      ? (table.settlesIn[i * flags + j] as bigint)
      : 1n - sum(Array.from({ length: flags }, (_, f) => table.settlesIn[i * flags + f] as bigint));
  return {
    equity: modulo(sum(ownedValue) - sum(owedValue) + sum(positionValue)),
    surplus: modulo(weighted - RATE_SCALE * sum(owedValue) + RATE_SCALE * sum(positionValue) - requirement),
    debt: modulo(sum(owedValue.slice(shape.settles))),
    settled: Array.from({ length: shape.settles }, (_, j) =>
      modulo(
        (ownedValue[j] as bigint) -
          (owedValue[j] as bigint) +
          sum(positionValue.map((value, i) => value * settledBy(i, j))),
      ),
    ),
  };
}

/** The left sides of step 9, modulo r. */
function compressedSums(
  table: LiabilitiesTable,
  dense: DenseSums,
  accounts: readonly OpenedAccount[],
  challenge: bigint,
  rho: bigint,
): { readonly assets: bigint; readonly instruments: bigint } {
  const square = rho * rho;
  const settledSums = (j: number): bigint =>
    sum(
      accounts.map(({ standing }) => {
        const negative = standing.settledNegative[j] as bigint;
        return (standing.settledPositive[j] as bigint) + negative * (standing.standing === 1n ? rho : square);
      }),
    );
  const assets = table.assetId.map((id, a) =>
    a < table.shape.settles
      ? fraction(1n, challenge - id) * settledSums(a)
      : fraction(table.assetPrice[a] as bigint, challenge - id) * (dense.assetTotals[a] as bigint),
  );
  const instruments = table.instrumentId.map(
    (id, i) => fraction(1n, challenge - id) * (dense.instrumentTotals[i] as bigint),
  );
  return { assets: modulo(sum(assets)), instruments: modulo(sum(instruments)) };
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

const dot = (left: readonly bigint[], right: readonly bigint[]): bigint =>
  left.reduce((total, value, i) => total + value * (right[i] as bigint), 0n);
