import { SolvencyError } from '../../errors.js';
import { subtract } from '../../numbers/rational.js';
import type { CaseInputs, Evaluation, Evaluator, Figure, JudgedStatement } from '../../vectors/evaluator.js';
import { tieredStatement } from '../caseAccount.js';
import { representHyperliquid } from './adapter.js';
import { readHyperliquidCase } from './case.js';
import { liquidationPrice, summarize } from './model.js';

function evaluateCross({ fields }: CaseInputs): Evaluation {
  const { rawUsd, positions } = readHyperliquidCase(fields);
  const summary = summarize(rawUsd, positions);
  const prices = positions.map((position): [string, Figure] => [
    `liquidationPx_${position.coin}`,
    liquidationPrice(position, summary),
  ]);
  const only = prices.length === 1 ? prices[0] : undefined;
  return {
    figures: new Map<string, Figure>([
      ['accountValue', summary.accountValue],
      ['equity', summary.accountValue],
      ['totalRawUsd', rawUsd],
      ['totalNtlPos', summary.totalNotional],
      ['totalMarginUsed', summary.initialMargin],
      ['initial_margin', summary.initialMargin],
      ['crossMaintenanceMarginUsed', summary.maintenanceMargin],
      ['maintenance_margin', summary.maintenanceMargin],
      ['withdrawable', summary.withdrawable],
      ...prices,
      ...(only === undefined ? [] : ([['liquidationPx', only[1]]] as const)),
    ]),
    remarks: new Map([
      ['withdrawable', 'the venue also holds margin for resting orders, which a case without orders does not tell'],
    ]),
  };
}

function evaluateIsolated({ fields }: CaseInputs): Evaluation {
  const { rawUsd, positions } = readHyperliquidCase(fields);
  const position = positions[0];
  if (position === undefined || positions.length !== 1) {
    throw new SolvencyError(
      'INVALID_INPUT',
      'isolated margin belongs to one position, and the case has another number',
    );
  }
  const summary = summarize(rawUsd, positions);
  const price = liquidationPrice(position, summary);
  return {
    figures: new Map<string, Figure>([
      ['isolated_equity', summary.accountValue],
      ['equity', summary.accountValue],
      // what the interface reports as used by an isolated position is all that is set aside for it
      ['marginUsed', summary.accountValue],
      ['initial_margin', summary.initialMargin],
      ['maintenance_margin', summary.maintenanceMargin],
      ['liquidationPx', price],
      [`liquidationPx_${position.coin}`, price],
    ]),
  };
}

function statements({ fields }: CaseInputs): readonly JudgedStatement[] {
  const hyperliquidCase = readHyperliquidCase(fields);
  const summary = summarize(hyperliquidCase.rawUsd, hyperliquidCase.positions);
  const { rounded, ...represented } = representHyperliquid(hyperliquidCase);
  return (['maintenance', 'initial'] as const).map((claim) => {
    const requirement = claim === 'maintenance' ? summary.maintenanceMargin : summary.initialMargin;
    return {
      statement: tieredStatement(represented, claim),
      slack: subtract(summary.accountValue, requirement),
      requirement,
      rounded,
      asStated: true,
    };
  });
}

const asks = (): readonly string[] => [];

export const hyperliquidCrossEvaluator: Evaluator = { asks, evaluate: evaluateCross, statements };
export const hyperliquidIsolatedEvaluator: Evaluator = { asks, evaluate: evaluateIsolated, statements };
