import { SolvencyError } from '../../../errors.js';
import { SCENARIOS_PER_BLOCK } from '../../../measure/changesHash.js';
import { requireTail } from '../../../measure/tailRules.js';
import { ceiling } from '../../../numbers/rational.js';
import { MEASURE, RATE_DECIMALS, RATE_SCALE } from '../../../protocol/constants.js';
import { circuitBlocks } from '../../../setup/circuits.js';
import type { TailMeasure } from '../../../snapshot/snapshot.js';
import type { Scenario } from '../../scenarios/scenario.js';
import type { CheckedMarket } from '../checkMarket.js';
import type { StressSource, TailTerms } from '../engineModel.js';
import type { Histories } from '../estimates.js';
import { type Rounder, roundBothWays } from '../figures.js';
import { fineScenarios, stressScenarios, tailScenarios } from '../scenarioLists.js';
import { scenarioChanges } from '../valuation.js';
import type { MeasurePart } from './measurePart.js';
import { changeUnit } from './units.js';

export interface ScenarioPart extends MeasurePart {
  readonly tail: TailMeasure;
  readonly stress: readonly string[];
  readonly blocks: number;
  /** per instrument, those of stress last */
  readonly changes: readonly (readonly bigint[])[];
}

/** What scenarios there are beside the distribution, and in how many blocks: null for the fewest that a circuit has. */
export interface ScenarioLists {
  readonly family: 'tail' | 'hybrid';
  readonly stress: readonly StressSource[];
  readonly blocks: number | null;
}

/**
 * Scenarios of the distribution and of stress, with the change of value of every contract in each. Expected shortfall, value
 * at risk and the worst loss move by no more than the largest change of any loss (each is monotone, and adding one amount
 * to all losses adds it to them), so an error of u in every change of a unit of size moves them by at most u.
 */
export function scenarioPart(
  market: CheckedMarket,
  terms: TailTerms,
  { family, stress: written, blocks: given }: ScenarioLists,
  histories: Histories,
  rounder: Rounder,
  onFraction: (done: number) => void,
): ScenarioPart {
  // a higher level asks for more
  const confidence = rounder.round(terms.confidence, RATE_DECIMALS, ceiling, 'confidence');
  const sources = tailScenarios(market, terms, histories);
  const likely = sources.flatMap(({ value }) => value);
  if (confidence > 0n && confidence < RATE_SCALE) requireTail(likely.length, confidence);
  const stress = stressScenarios(market, written);
  const all: readonly Scenario[] = [...likely, ...stress];
  const blocks = given ?? circuitBlocks(family, -Math.floor(-all.length / SCENARIOS_PER_BLOCK));
  if (all.length > blocks * SCENARIOS_PER_BLOCK || blocks > MEASURE.maxBlocks) {
    const room = Math.min(blocks, MEASURE.maxBlocks) * SCENARIOS_PER_BLOCK;
    throw new SolvencyError(
      'INVALID_INPUT',
      `The model has ${all.length} scenarios, and there is room for ${room}. Ask for fewer.`,
      { details: { scenarios: all.length, room } },
    );
  }
  const { names, moves } = fineScenarios(market, all);
  const rounded = scenarioChanges(market, (underlying) => moves[underlying] ?? [], onFraction).map((changes, index) =>
    roundBothWays(changes, changeUnit(market.instruments[index]?.entry as never)),
  );
  const [likelyNames, stressNames] = [names.slice(0, likely.length), names.slice(likely.length)];
  return {
    tail: { measure: terms.measure, confidence, scenarios: likelyNames },
    stress: stressNames,
    blocks,
    changes: rounded.map(({ units }) => units),
    errors: rounded.map(({ error }) => error),
    provenance: [
      ...sources.map(({ from }) => ({ where: 'scenarios', from })),
      ...(stressNames.length === 0 ? [] : [{ where: 'stress scenarios', from: 'stated in the model' }]),
      {
        where: 'changes of value',
        from: 'mark x move of linear contracts; Black-76 now and after the move of options',
      },
    ],
    histories: sources.flatMap(({ histories: used }) => used),
    roundings: [
      { where: 'moves of the scenarios', exact: 'doubles', used: 'nearest 1e-9, which defines the scenarios' },
    ],
  };
}
