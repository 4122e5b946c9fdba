import { type Rational, rational } from '../../numbers/rational.js';
import type { CaseInputs, Evaluation, Evaluator, JudgedStatement, LeftOut } from '../../vectors/evaluator.js';
import { readVegaCase, readVegaIsolated } from './case.js';
import {
  isolatedOrderMargin,
  isolatedPositionMargin,
  maintenanceLevel,
  maintenanceMargin,
  scaledLevel,
} from './model.js';

const figuresOf = (entries: Readonly<Record<string, Rational | bigint>>): Evaluation => ({
  figures: new Map(
    Object.entries(entries).map(([name, value]) => [name, typeof value === 'bigint' ? rational(value) : value]),
  ),
});

function evaluateSlippage({ fields }: CaseInputs): Evaluation {
  const { position, market, scaling } = readVegaCase(fields);
  const margin = maintenanceMargin(position, market);
  const maintenance = maintenanceLevel(margin);
  const levels =
    scaling === undefined
      ? {}
      : {
          search: scaledLevel(maintenance, scaling.search),
          initial: scaledLevel(maintenance, scaling.initial),
          release: scaledLevel(maintenance, scaling.release),
        };
  return figuresOf({ maintenance_decimal: margin, maintenance, ...levels });
}

function evaluateIsolated({ fields }: CaseInputs): Evaluation {
  const { position, marginFactor, entryNotional, auctionPrice } = readVegaIsolated(fields);
  return figuresOf({
    ...(entryNotional === undefined ? {} : { position_margin: isolatedPositionMargin(entryNotional, marginFactor) }),
    order_margin: isolatedOrderMargin(position, marginFactor, auctionPrice),
  });
}

const noQuestion = (): readonly string[] => [];

/** A requirement without a balance has nothing to be compared with. */
const statements = (): readonly (JudgedStatement | LeftOut)[] =>
  (['maintenance', 'initial'] as const).map((claim) => ({ skipped: `${claim}: the case holds no account` }));

export const vegaSlippageEvaluator: Evaluator = { asks: noQuestion, evaluate: evaluateSlippage, statements };
export const vegaIsolatedEvaluator: Evaluator = { asks: noQuestion, evaluate: evaluateIsolated, statements };
