import type { Holdings } from '../account/account.js';
import { checkHoldings } from '../account/slots.js';
import { type Rational, rational } from '../numbers/rational.js';
import { COST_SCALE } from '../protocol/constants.js';
import type { RiskTable } from '../risk/riskTable.js';
import { marginFigures } from './families.js';
import type { MarginFigures } from './figures.js';

/** One position in plain figures. */
export interface PositionEvaluation {
  readonly instrumentId: number;
  /** signed, in units of 10^-amountDecimals */
  readonly size: bigint;
  /** size x mark, signed, 1e-16 quote */
  readonly notional: bigint;
  /** unrealised profit and loss, funding included, 1e-16 quote */
  readonly pnl: bigint;
}

/** One account under one snapshot, as the circuit will see it. */
export interface Evaluation extends MarginFigures {
  /** before haircuts, 1e-16 quote */
  readonly equity: bigint;
  /** sum of |notional|, 1e-16 quote */
  readonly grossNotional: bigint;
  readonly positions: readonly PositionEvaluation[];
}

/** Evaluates holdings with the twins of the circuit's own templates. Throws what checkHoldings and findRow throw. */
export function evaluate(holdings: Holdings, table: RiskTable): Evaluation {
  checkHoldings(holdings);
  const figures = marginFigures(holdings, table);
  const equity = holdings.collateral.reduce(
    (sum, { assetId, amount }) =>
      sum + amount * (table.snapshot.assets.find((asset) => asset.assetId === assetId)?.price as bigint),
    0n,
  );
  const positions = holdings.positions.map(({ instrumentId, size, cost }): PositionEvaluation => {
    const instrument = table.snapshot.instruments.find((candidate) => candidate.instrumentId === instrumentId);
    const notional = size * (instrument?.price as bigint);
    const paid = instrument !== undefined && 'fundingIndex' in instrument ? size * instrument.fundingIndex : 0n;
    return { instrumentId, size, notional, pnl: notional - paid - COST_SCALE * cost };
  });
  return {
    ...figures,
    equity: equity + positions.reduce((sum, { pnl }) => sum + pnl, 0n),
    grossNotional: positions.reduce((sum, { notional }) => sum + (notional < 0n ? -notional : notional), 0n),
    positions,
  };
}

/** weightedEquity / requirement; null when nothing is required. */
export const marginRatio = ({ weightedEquity, requirement }: Evaluation): Rational | null =>
  requirement === 0n ? null : rational(weightedEquity, requirement);

/** Gross notional / equity; null when equity is not positive. */
export const leverage = ({ grossNotional, equity }: Evaluation): Rational | null =>
  equity > 0n ? rational(grossNotional, equity) : null;
