import type { Holdings } from '../account/account.js';
import { SolvencyError } from '../errors.js';
import { evaluate, leverage, marginRatio } from '../margin/evaluate.js';
import { formatAmount } from '../numbers/decimal.js';
import { formatFixed, multiply, type Rational, rational } from '../numbers/rational.js';
import { VALUE_DECIMALS } from '../protocol/constants.js';
import type { RiskTable } from '../risk/riskTable.js';
import type { RegistryEntry } from '../snapshot/registry.js';
import { liquidationPrice } from '../tiered/liquidationPrice.js';
import type { Report } from './output.js';

/** An account in plain figures, under one snapshot a claim. Throws what evaluate throws, and MISMATCH. */
export function describeEvaluation(holdings: Holdings, tables: readonly RiskTable[]): Report {
  const [first] = tables;
  if (first === undefined) throw new SolvencyError('INVALID_INPUT', 'Name at least one snapshot.');
  if (tables.some((table) => table.opening.registryHash !== first.opening.registryHash)) {
    throw new SolvencyError('MISMATCH', 'The snapshots are made for different registries.');
  }
  const { registry } = first.snapshot;
  const claims = tables.map((table) => ({
    table,
    claim: table.snapshot.model.claim,
    evaluation: evaluate(holdings, table),
  }));
  // equity and profit and loss do not depend on the claim
  const evaluation = evaluate(holdings, first);
  const quote = (value: bigint, decimals: number) => formatFixed(rational(value, 10n ** BigInt(decimals)), 8);
  // a liquidation price is about maintenance margin; with only another claim given there is none to tell
  const maintenance = claims.find(({ claim }) => claim === 'maintenance');

  // only where a requirement is a sum over positions is it a price of one of them: "none" would say that there is no risk
  const isTold = (maintenance ?? claims[0])?.table.snapshot.model.family === 'tiered';

  const margins = claims.map(({ claim, evaluation: { requirement }, evaluation: all }) => ({
    claim,
    margin: quote(requirement, all.decimals),
    ratio: percent(marginRatio(all)),
    solvent: all.weightedEquity >= requirement,
    ...(all.measures === undefined
      ? {}
      : { measures: all.measures.map(({ name, amount }) => ({ name, amount: quote(amount, all.decimals) })) }),
  }));
  const positions = evaluation.positions.map((position) => {
    const entry = registry.entries.find(({ id }) => id === position.instrumentId) as RegistryEntry;
    const price =
      maintenance === undefined
        ? null
        : liquidationPrice(maintenance.evaluation, maintenance.table, position.instrumentId);
    return {
      instrument: entry.symbol,
      size: formatAmount(position.size, entry.amountDecimals),
      notional: quote(position.notional, VALUE_DECIMALS),
      unrealisedPnl: quote(position.pnl, VALUE_DECIMALS),
      liquidationPrice: price === null ? null : formatFixed(multiply(price, priceUnit(entry)), 8),
    };
  });
  const json = {
    equity: quote(evaluation.equity, VALUE_DECIMALS),
    weightedEquity: quote(evaluation.weightedEquity, evaluation.decimals),
    grossNotional: quote(evaluation.grossNotional, VALUE_DECIMALS),
    leverage: ((value) => (value === null ? null : formatFixed(value, 4)))(leverage(evaluation)),
    margins,
    positions,
  };
  const { quote: unit } = registry;
  return {
    json,
    lines: [
      `equity              ${short(json.equity)} ${unit} (${short(json.weightedEquity)} after haircuts)`,
      `leverage            ${json.leverage ?? 'none: equity is not positive'}`,
      ...margins.flatMap(({ claim, margin, ratio, solvent, measures }) => [
        `${`${claim} margin`.padEnd(19)} ${short(margin)} ${unit}, margin ratio ${ratio}: ${solvent ? 'covered' : 'NOT covered'}`,
        ...(measures ?? []).map(({ name, amount }) => `  ${name.padEnd(18)}${short(amount)}`),
      ]),
      ...positions.map(
        ({ instrument, size, notional, unrealisedPnl, liquidationPrice: price }) =>
          `${instrument.padEnd(20)}${size} worth ${short(notional)}, profit and loss ${short(unrealisedPnl)}${isTold ? `, liquidation price ${price === null ? 'none' : short(price)}` : ''}`,
      ),
    ],
  };
}

/** Cents where there is at least one unit, what digits there are where there is less. */
const short = (figure: string): string =>
  /^-?0\./.test(figure) ? figure.replace(/\.?0+$/, '') : figure.replace(/(\.\d{2})\d+$/, '$1');

const percent = (ratio: Rational | null): string =>
  ratio === null ? 'nothing required' : `${formatFixed(multiply(ratio, rational(100n)), 2)}%`;

/** One unit of a price, which has 16 - amountDecimals decimals. */
const priceUnit = ({ amountDecimals }: RegistryEntry): Rational =>
  rational(1n, 10n ** BigInt(VALUE_DECIMALS - amountDecimals));
