import { SolvencyError } from '../../errors.js';
import {
  compare,
  divide,
  multiply,
  ONE,
  type Rational,
  rational,
  subtract,
  sum,
  ZERO,
} from '../../numbers/rational.js';
import type { TierParameters } from '../../snapshot/parameters.js';
import type { CaseInputs, Evaluator, Figure, JudgedStatement } from '../../vectors/evaluator.js';
import { representCase, roundTo, tieredStatement } from '../caseAccount.js';
import { type BinanceCase, readBinanceCase } from './case.js';
import {
  type BinancePosition,
  equityOf,
  initialMargin,
  liquidationPrice,
  maintenanceMargin,
  maintenanceOf,
  notionalOf,
} from './model.js';

/** The position a case asks about: the one named by `of`, or the only one. */
function targetOf({ positions }: BinanceCase, { asked }: CaseInputs): BinancePosition | undefined {
  if (asked['of'] === undefined) return positions.length === 1 ? positions[0] : undefined;
  return positions.find(({ symbol }) => symbol === asked['of']);
}

function targetPrice(binanceCase: BinanceCase, target: BinancePosition | undefined): Rational | undefined {
  if (target === undefined) return undefined;
  const others = binanceCase.positions.filter((position) => position !== target);
  return liquidationPrice(binanceCase.walletBalance, target, others);
}

/** Sum of the initial margins; undefined when a mark or a leverage is missing. */
function initialOf(positions: readonly BinancePosition[]): Rational | undefined {
  const margins = positions.map(({ size, mark, leverage }) =>
    mark === undefined || leverage === undefined || leverage.num <= 0n
      ? undefined
      : initialMargin(notionalOf(size, mark), leverage),
  );
  return margins.includes(undefined) ? undefined : sum(margins as Rational[]);
}

function evaluate(inputs: CaseInputs): { figures: ReadonlyMap<string, Figure> } {
  const binanceCase = readBinanceCase(inputs.fields);
  const figures: [string, Rational | undefined][] = [
    ['liquidation_price', targetPrice(binanceCase, targetOf(binanceCase, inputs))],
    ['equity', equityOf(binanceCase.walletBalance, binanceCase.positions)],
    ['maintenance_margin', maintenanceOf(binanceCase.positions)],
    ['initial_margin', initialOf(binanceCase.positions)],
  ];
  return { figures: new Map(figures.filter((entry): entry is [string, Rational] => entry[1] !== undefined)) };
}

/** A case states one (rate, maintenance amount): below amount / rate nothing is due, from there on the stated rate. */
function tiersOf({ maintenanceRate, cum, leverage }: BinancePosition): readonly TierParameters[] {
  const initialRate = leverage === undefined || leverage.num <= 0n ? ONE : divide(ONE, leverage);
  const stated: TierParameters = { notionalCap: null, maintenanceRate, maintenanceDeduction: cum, initialRate };
  if (cum.num === 0n) return [stated];
  if (cum.num < 0n || maintenanceRate.num <= 0n) {
    throw new SolvencyError('NOT_REPRESENTABLE', 'a maintenance amount without a positive rate is no margin ladder');
  }
  const from = divide(cum, maintenanceRate);
  return [{ notionalCap: from, maintenanceRate: ZERO, maintenanceDeduction: ZERO, initialRate }, stated];
}

type Marked = BinancePosition & { readonly mark: Rational };

/** The maintenance claim at given marks; undefined where the stated bracket is not the one that applies. */
function maintenanceStatement(
  { quote, walletBalance }: BinanceCase,
  positions: readonly Marked[],
  asStated: boolean,
): JudgedStatement | undefined {
  const margins = positions.map((position) => maintenanceMargin(notionalOf(position.size, position.mark), position));
  if (margins.some(({ num }) => num < 0n)) return undefined;
  const requirement = sum(margins);
  const equity = equityOf(walletBalance, positions) as Rational;
  const { rounded, ...represented } = representCase({
    venue: 'binance-usdm',
    quote,
    balance: walletBalance,
    positions: positions.map((position) => ({
      symbol: position.symbol,
      size: position.size,
      cost: multiply(position.size, position.entry),
      mark: position.mark,
      tiers: tiersOf(position),
    })),
  });
  return {
    statement: tieredStatement(represented, 'maintenance'),
    slack: subtract(equity, requirement),
    requirement,
    rounded,
    asStated,
  };
}

const isMarked = (position: BinancePosition): position is Marked => position.mark !== undefined;

// far above what 8 decimals of a mark round away, far below any tolerance of a price in USDT
const BESIDE = rational(1n, 1_000_000n);
const MARK_DECIMALS = 8;

/**
 * A liquidation price is checked as what it means: on one side of it the account is solvent, on the other it is not.
 * Where the case states every mark, the account as it stands is checked too.
 */
function statements(inputs: CaseInputs): readonly JudgedStatement[] {
  const binanceCase = readBinanceCase(inputs.fields);
  const held = binanceCase.positions.filter(({ size }) => size.num !== 0n);
  const target = targetOf(binanceCase, inputs);
  const price = targetPrice(binanceCase, target);
  const beside =
    price === undefined || compare(price, ZERO) <= 0
      ? []
      : [true, false].map((above) => {
          const shifted = multiply(price, above ? sum([ONE, BESIDE]) : subtract(ONE, BESIDE));
          const mark = roundTo(shifted, MARK_DECIMALS, above);
          return held.map((position) => (position === target ? { ...position, mark } : position)).filter(isMarked);
        });
  const marked = held.filter(isMarked);
  const wanted = [...(marked.length === held.length ? [marked] : []), ...beside];
  const result = wanted.flatMap(
    (positions) => maintenanceStatement(binanceCase, positions, positions === marked) ?? [],
  );
  if (result.length === 0)
    throw new SolvencyError('INVALID_INPUT', 'the case states neither all marks nor a liquidation price');
  return result;
}

export const binanceEvaluator: Evaluator = { asks: () => ['of'], evaluate, statements };
