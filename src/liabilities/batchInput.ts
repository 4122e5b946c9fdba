import type { Account } from '../account/account.js';
import { collateralSlots, positionSlots } from '../account/slots.js';
import { LIABILITIES, TREE_ARITY } from '../protocol/constants.js';
import { modulo } from '../setup/bn254Field.js';
import { type AccountFigures, accountFigures } from './accountFigures.js';
import { type BatchShape, type DenseSums, denseSignals, drawRho } from './batchTranscripts.js';
import type { BookParameters, BookRow } from './bookParameters.js';
import { compressSide, TotalsBuilder, weightsAt } from './bookTotals.js';
import { type ChainState, chainStateHash, sideElements, stateElements } from './chainState.js';
import {
  type BatchAccount,
  batchRoots,
  type LiabilitiesBatchInput,
  nextState,
  type OpenedAccount,
  openAccounts,
  powersOf,
} from './liabilitiesBatch.js';
import { type LiabilitiesStatement, statementElements, statementHash } from './liabilitiesStatement.js';
import { type LiabilitiesTable, liabilitiesTableHash, rowMatch, tableSignals } from './liabilitiesTable.js';
import { subtreeInsertion } from './subtreeInsertion.js';
import { settlesOf } from './tableChoice.js';

/** Accounts of one batch of a shape. */
export const accountsPerBatch = ({ run, height }: BatchShape): number => run * TREE_ARITY ** height;

/** What a batch is made of. */
export interface BatchSource {
  readonly shape: BatchShape;
  readonly parameters: BookParameters;
  readonly table: LiabilitiesTable;
  readonly claimed: LiabilitiesStatement;
  readonly before: ChainState;
  readonly blindingAfter: bigint;
  readonly firstIndex: number;
  /** one a place; undefined where there is none */
  readonly accounts: readonly (Account | undefined)[];
  /** all eight children per level above the batch's subtrees, with the accounts before it in the tree and no others */
  readonly treeChildren: readonly (readonly bigint[])[];
}

/** Of what the state after a batch is made. */
type StateSource = Pick<
  BatchSource,
  'shape' | 'parameters' | 'claimed' | 'before' | 'blindingAfter' | 'firstIndex' | 'accounts' | 'treeChildren'
>;

/**
 * The state after a batch whose subtrees have these roots: what it takes to go on with the chain where the batch is
 * proven already. Errors: those of accountFigures.
 */
export function stateAfter(source: StateSource, roots: readonly bigint[]): ChainState {
  const { shape, claimed, parameters } = source;
  const settles = settlesOf(shape, parameters);
  const builder = new TotalsBuilder();
  for (const account of source.accounts) {
    if (account !== undefined) builder.add('customers', account, accountFigures(account, parameters, settles));
  }
  const { challenge } = statementHash(claimed);
  const firstIndex = BigInt(source.firstIndex);
  return nextState(source.before, {
    firstIndex,
    accounts: source.accounts.length,
    treeRoot: subtreeInsertion(shape.height, firstIndex, roots, source.treeChildren).after,
    totals: sideElements(compressSide(builder.totals.customers, weightsAt(challenge))),
    isVenue: firstIndex >= claimed.venueStart,
    blinding: source.blindingAfter,
  });
}

/**
 * The input of a batch's circuit, and the state after it. Errors: those of accountFigures; RangeError when an account does
 * not fit the shape (callers place accounts by their class).
 */
export function batchInput(source: BatchSource): { readonly input: LiabilitiesBatchInput; readonly after: ChainState } {
  const { shape, table, claimed, before, parameters } = source;
  const settles = settlesOf(shape, parameters);
  const accounts = source.accounts.map((account) =>
    account === undefined
      ? emptyPlace(shape)
      : filledPlace(account, accountFigures(account, parameters, settles), shape),
  );
  const { hash: statement } = statementHash(claimed);
  const opened = openAccounts(accounts, claimed);
  const roots = batchRoots(shape, opened);
  const firstIndex = BigInt(source.firstIndex);
  const after = stateAfter(source, roots);
  const side = firstIndex >= claimed.venueStart ? 'venue' : 'customers';
  const [was, is] = [sideElements(before[side]), sideElements(after[side])];
  const totals = is.map((total, i) => modulo(total - (was[i] as bigint)));
  const signals = {
    stateBefore: chainStateHash(before, statement),
    stateAfter: chainStateHash(after, statement),
    statement,
    tableHash: liabilitiesTableHash(table),
    firstIndex,
  };
  const rho = drawRho({ shape, signals, roots, totals, accounts });
  const input = {
    shape,
    signals,
    claimed,
    before,
    blindingAfter: source.blindingAfter,
    treeChildren: source.treeChildren,
    accounts,
    table,
    compressed: totals.slice(-LIABILITIES.compressed),
    dense: denseSums(shape, table, opened, rho),
  };
  return { input, after };
}

function filledPlace(account: Account, figures: AccountFigures, shape: BatchShape): BatchAccount {
  const { collateral, positions } = account;
  if (collateral.length > shape.balances || positions.length > shape.positions) {
    throw new RangeError('an account does not fit the class of its batch');
  }
  const distance = (amount: bigint, row: BookRow) => ({ floor: amount - row.sizeFloor, cap: row.sizeCap - amount });
  const fill = (distances: readonly { floor: bigint; cap: bigint }[], slots: number) => [
    ...distances,
    ...Array.from({ length: slots - distances.length }, () => ({ floor: 0n, cap: 0n })),
  ];
  const steps = figures.steps.map((row, k) => {
    const amount = collateral[k]?.amount as bigint;
    return distance(amount > 0n ? amount : 0n, row);
  });
  const tiers = figures.tiers.map((row, k) => {
    const size = positions[k]?.size as bigint;
    return distance(size < 0n ? -size : size, row);
  });
  return {
    slot: {
      present: 1n,
      ownerCommitment: account.ownerCommitment,
      accountId: account.accountId,
      salt: account.salt,
      balanceCount: BigInt(collateral.length),
      balances: collateralSlots(account, shape.balances),
      positionCount: BigInt(positions.length),
      positions: positionSlots(account, shape.positions),
    },
    claims: { equity: figures.equity, surplus: figures.surplus, settled: figures.settled, debt: figures.debt },
    distances: [...(shape.steps === 0 ? [] : fill(steps, shape.balances)), ...fill(tiers, shape.positions)],
  };
}

function emptyPlace(shape: BatchShape): BatchAccount {
  const nothing = { collateral: [], positions: [] };
  const entries = (shape.steps === 0 ? 0 : shape.balances) + shape.positions;
  return {
    slot: {
      present: 0n,
      ownerCommitment: 0n,
      accountId: 0n,
      salt: 0n,
      balanceCount: 0n,
      balances: collateralSlots(nothing, shape.balances),
      positionCount: 0n,
      positions: positionSlots(nothing, shape.positions),
    },
    claims: { equity: 0n, surplus: 0n, settled: Array<bigint>(shape.settles).fill(0n), debt: 0n },
    distances: Array.from({ length: entries }, () => ({ floor: 0n, cap: 0n })),
  };
}

/** The dense sums of step 6, given rho. RangeError when an entry names a row that the table does not have. */
export function denseSums(
  shape: BatchShape,
  table: LiabilitiesTable,
  accounts: readonly OpenedAccount[],
  rho: bigint,
): DenseSums {
  const zeros = (length: number): bigint[] => Array<bigint>(length).fill(0n);
  const sums = {
    owned: zeros(shape.assets),
    owing: zeros(shape.assets),
    assetTotals: zeros(shape.assets),
    stepOwned: zeros(shape.steps),
    stepEntries: zeros(shape.steps),
    held: zeros(shape.instruments),
    paid: zeros(shape.instruments),
    instrumentTotals: zeros(shape.instruments),
    tierSize: zeros(shape.tiers),
    tierEntries: zeros(shape.tiers),
  };
  const places = (keys: readonly bigint[]) => new Map(keys.map((key, row) => [key, row]));
  const rows = {
    asset: places(table.assetId),
    step: places(table.stepKey),
    instrument: places(table.instrumentId),
    tier: places(table.tierKey),
  };
  const rowOf = (by: keyof typeof rows, key: bigint): number => {
    const row = rows[by].get(key);
    if (row === undefined) throw new RangeError(`the table has no row for one ${by} of its batch`);
    return row;
  };
  const add = (column: keyof typeof sums, row: number, value: bigint): void => {
    sums[column][row] = modulo((sums[column][row] as bigint) + value);
  };
  const square = rho * rho;
  const powers = powersOf(rho, accounts.length);
  accounts.forEach(({ slot, leaf, standing, distances }, u) => {
    const power = powers[u] as bigint;
    const { balances, positions } = leaf;
    for (let k = 0; k < Number(slot.balanceCount); k++) {
      const [positive, negative] = [balances.positive[k] as bigint, balances.negative[k] as bigint];
      const asset = rowOf('asset', balances.id[k] as bigint);
      const good = shape.settles > 0 && standing.standing === 1n;
      add('owned', asset, power * positive);
      add('owing', asset, power * negative);
      add('assetTotals', asset, positive + (good ? rho : square) * negative);
      if (shape.steps === 0 || positive === 0n) continue;
      const { floor, cap } = distances[k] as { floor: bigint; cap: bigint };
      const step = rowOf('step', rowMatch(balances.id[k] as bigint, positive - floor, positive + cap));
      add('stepOwned', step, power * positive);
      add('stepEntries', step, power);
    }
    for (let k = 0; k < Number(slot.positionCount); k++) {
      const [long, short] = [positions.long[k] as bigint, positions.short[k] as bigint];
      const cost = positions.signedCost[k] as bigint;
      const size = long + short;
      const instrument = rowOf('instrument', positions.id[k] as bigint);
      add('held', instrument, power * (long - short));
      add('paid', instrument, power * cost);
      add('instrumentTotals', instrument, long + rho * short + square * cost);
      const at = (shape.steps === 0 ? 0 : shape.balances) + k;
      const { floor, cap } = distances[at] as { floor: bigint; cap: bigint };
      const tier = rowOf('tier', rowMatch(positions.id[k] as bigint, size - floor, size + cap));
      add('tierSize', tier, power * size);
      add('tierEntries', tier, power);
    }
  });
  return sums;
}

/** Everything that LiabilitiesBatch takes, by the names of its inputs. */
export function batchSignals(input: LiabilitiesBatchInput): Record<string, bigint | readonly bigint[]> {
  const { accounts } = input;
  const slots = accounts.map(({ slot }) => slot);
  return {
    ...input.signals,
    claimed: statementElements(input.claimed),
    before: stateElements(input.before),
    blindingAfter: input.blindingAfter,
    treeChildren: input.treeChildren.flat(),
    present: slots.map(({ present }) => present),
    ownerCommitment: slots.map(({ ownerCommitment }) => ownerCommitment),
    accountId: slots.map(({ accountId }) => accountId),
    salt: slots.map(({ salt }) => salt),
    balanceCount: slots.map(({ balanceCount }) => balanceCount),
    balanceGap: slots.flatMap(({ balances }) => balances.map(({ gap }) => gap)),
    balanceSign: slots.flatMap(({ balances }) => balances.map(({ sign }) => sign)),
    balance: slots.flatMap(({ balances }) => balances.map(({ magnitude }) => magnitude)),
    positionCount: slots.map(({ positionCount }) => positionCount),
    positionGap: slots.flatMap(({ positions }) => positions.map(({ gap }) => gap)),
    sizeSign: slots.flatMap(({ positions }) => positions.map(({ sizeSign }) => sizeSign)),
    size: slots.flatMap(({ positions }) => positions.map(({ size }) => size)),
    costSign: slots.flatMap(({ positions }) => positions.map(({ costSign }) => costSign)),
    cost: slots.flatMap(({ positions }) => positions.map(({ cost }) => cost)),
    equity: accounts.map(({ claims }) => claims.equity),
    surplus: accounts.map(({ claims }) => claims.surplus),
    settled: accounts.flatMap(({ claims }) => claims.settled),
    debt: accounts.map(({ claims }) => claims.debt),
    floorDistance: accounts.flatMap(({ distances }) => distances.map(({ floor }) => floor)),
    capDistance: accounts.flatMap(({ distances }) => distances.map(({ cap }) => cap)),
    ...tableSignals(input.table),
    compressed: input.compressed,
    ...denseSignals(input.dense),
  };
}
