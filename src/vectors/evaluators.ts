import { binanceEvaluator } from '../venues/binance/evaluator.js';
import { pmrm1Evaluator } from '../venues/derive/pmrm1/evaluator.js';
import { pmrm2Evaluator } from '../venues/derive/pmrm2/evaluator.js';
import { srmEvaluator } from '../venues/derive/srm/evaluator.js';
import { driftAccountEvaluator, driftPerpEvaluator, driftWeightsEvaluator } from '../venues/drift/evaluator.js';
import { dydxEvaluator } from '../venues/dydx/evaluator.js';
import { hyperliquidCrossEvaluator, hyperliquidIsolatedEvaluator } from '../venues/hyperliquid/evaluator.js';
import { vegaIsolatedEvaluator, vegaSlippageEvaluator } from '../venues/vega/evaluator.js';
import type { Evaluator } from './evaluator.js';

/** The models of the vector files that this release reproduces, by the name that the files give them. */
export const EVALUATORS: Readonly<Record<string, Evaluator>> = {
  'binance-usdm-brackets': binanceEvaluator,
  'hyperliquid-cross': hyperliquidCrossEvaluator,
  'hyperliquid-isolated': hyperliquidIsolatedEvaluator,
  'dydx-v4': dydxEvaluator,
  'derive-pmrm-1': pmrm1Evaluator,
  'derive-pmrm-2': pmrm2Evaluator,
  'derive-srm': srmEvaluator,
  'drift-weights': driftWeightsEvaluator,
  'drift-perp': driftPerpEvaluator,
  'drift-account': driftAccountEvaluator,
  'vega-linear-slippage': vegaSlippageEvaluator,
  'vega-isolated': vegaIsolatedEvaluator,
};
