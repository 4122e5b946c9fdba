import {
  conditionalCoverage,
  independence,
  proportionOfFailures,
  type TestResult,
  type Transitions,
  transitionsOf,
} from './coverage.js';
import type { MarginRule } from './marginRule.js';
import { type Procyclicality, procyclicality } from './procyclicality.js';
import { isBreach, type MarginDay, separateDays } from './rolling.js';
import { shortfallTest } from './shortfallTest.js';
import type { BacktestTerms } from './terms.js';

/** Days within which a call counts as one: a week of trading. */
export const CALL_STEPS = 5;

/** What a backtest of one rule says. Breaches and tests are over days whose losses share no step. */
export interface Assessment {
  readonly rule: MarginRule;
  readonly days: readonly MarginDay[];
  readonly tested: number;
  readonly breaches: readonly MarginDay[];
  readonly expectedBreaches: number;
  readonly transitions: Transitions;
  readonly proportion: TestResult;
  readonly independence: TestResult;
  readonly conditional: TestResult;
  /** the largest loss beyond a requirement, a share of the position's value; zero without a breach */
  readonly largestExcess: number;
  readonly procyclicality: Procyclicality;
  /** Acerbi and Szekely's Z2, for rules that ask for the expected shortfall */
  readonly shortfall: TestResult | undefined;
}

const PPM = 1_000_000;

export function assess(rule: MarginRule, days: readonly MarginDay[], terms: BacktestTerms): Assessment {
  const tested = separateDays(days, terms.horizonSteps);
  const breaches = tested.filter(isBreach);
  const tail = (PPM - terms.confidencePpm) / PPM;
  const transitions = transitionsOf(tested.map(isBreach));
  const proportion = proportionOfFailures(tested.length, breaches.length, tail);
  const independent = independence(transitions);
  return {
    rule,
    days,
    tested: tested.length,
    breaches,
    expectedBreaches: tested.length * tail,
    transitions,
    proportion,
    independence: independent,
    conditional: conditionalCoverage(proportion, independent),
    largestExcess: breaches.reduce((most, { loss, requirement }) => Math.max(most, loss - requirement), 0),
    procyclicality: procyclicality(
      days.map(({ requirement }) => requirement),
      CALL_STEPS,
    ),
    shortfall: shortfallOf(tested, tail),
  };
}

function shortfallOf(days: readonly MarginDay[], tail: number): TestResult | undefined {
  const forecasts = days.flatMap(({ loss, forecast }) => (forecast === undefined ? [] : { loss, forecast }));
  return forecasts.length === 0 ? undefined : shortfallTest(forecasts, tail);
}
