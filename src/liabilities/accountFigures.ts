import type { Holdings } from '../account/account.js';
import { SolvencyError } from '../errors.js';
import { collateralValue } from '../margin/collateralValue.js';
import { LIABILITIES, RATE_SCALE } from '../protocol/constants.js';
import { positionMargin } from '../tiered/positionMargin.js';
import type { AccountClaims } from './accountStanding.js';
import { type BookParameters, type BookRow, rowOf } from './bookParameters.js';

/** What a book counts of one account. */
export interface AccountFigures extends AccountClaims {
  readonly weightedEquity: bigint;
  readonly requirement: bigint;
  readonly standing: boolean;
  /** whether its debts count as loans: it has standing, and its class bounds the largest debtor */
  readonly lent: boolean;
  /** the haircut step of each balance: the first one for a debt */
  readonly steps: readonly BookRow[];
  /** the margin tier of each position */
  readonly tiers: readonly BookRow[];
  /** signed value of every asset, 1e-16 quote, profit and loss added to what it is settled in */
  readonly values: ReadonlyMap<number, bigint>;
}

const signOf = (value: bigint): bigint => (value < 0n ? 1n : 0n);
const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/**
 * Values holdings under a snapshot: the reference that circuits of a book are held to. Units as in AccountClaims; settled
 * in the order of `settles`, the settle assets of the account's class. Errors: UNKNOWN_ASSET, UNKNOWN_INSTRUMENT,
 * OUT_OF_RANGE (an amount of 2^63 units or more, equity beyond 2^112, surplus beyond 2^134): what its circuit would
 * refuse is refused before it is committed.
 */
export function accountFigures(
  holdings: Holdings,
  parameters: BookParameters,
  settles: readonly number[],
): AccountFigures {
  const values = new Map<number, bigint>();
  const add = (assetId: number, value: bigint) => values.set(assetId, (values.get(assetId) ?? 0n) + value);
  let weightedEquity = 0n;
  let requirement = 0n;

  const steps = holdings.collateral.map(({ assetId, amount }) => {
    const { row } = rowOf(parameters.assets, 'asset', assetId, amount > 0n ? amount : 0n);
    const { weighted, value } = collateralValue(1n, { sign: signOf(amount), magnitude: magnitude(amount) }, row);
    add(assetId, value);
    weightedEquity += weighted;
    return row;
  });
  const tiers = holdings.positions.map(({ instrumentId, size, cost }) => {
    const { thing, row } = rowOf(parameters.instruments, 'instrument', instrumentId, magnitude(size));
    const slot = { sizeSign: signOf(size), size: magnitude(size), costSign: signOf(cost), cost: magnitude(cost) };
    const margin = positionMargin(1n, slot, row);
    add(thing.settleAsset, margin.pnl);
    weightedEquity += RATE_SCALE * margin.pnl;
    requirement += margin.requirement;
    return row;
  });

  const equity = [...values.values()].reduce((sum, value) => sum + value, 0n);
  // a class without settle assets says nothing of debts
  const debt =
    settles.length === 0
      ? 0n
      : [...values].reduce((sum, [id, value]) => (settles.includes(id) || value >= 0n ? sum : sum - value), 0n);
  const settled = settles.map((id) => values.get(id) ?? 0n);
  if ([equity, debt, ...settled].some((value) => magnitude(value) >> BigInt(LIABILITIES.valueBits) !== 0n)) {
    throw new SolvencyError(
      'OUT_OF_RANGE',
      `An account is worth more than 2^${LIABILITIES.valueBits} x 1e-16 quote units.`,
    );
  }
  const surplus = weightedEquity - requirement;
  if ((surplus < 0n ? -surplus - 1n : surplus) >> BigInt(LIABILITIES.surplusBits) !== 0n) {
    throw new SolvencyError(
      'OUT_OF_RANGE',
      `An account's weighted equity and requirement differ by more than 2^${LIABILITIES.surplusBits} x 1e-22 quote units.`,
    );
  }
  return {
    equity,
    surplus,
    settled,
    debt,
    weightedEquity,
    requirement,
    standing: surplus >= 0n,
    lent: surplus >= 0n && settles.length > 0,
    steps,
    tiers,
    values,
  };
}
