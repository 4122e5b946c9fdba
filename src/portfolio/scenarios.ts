import { taggedHash } from '../hash/taggedHash.js';
import { PORTFOLIO, TAGS } from '../protocol/constants.js';
import type { PortfolioModel, Scenario } from '../snapshot/snapshot.js';

/** The bus Scenarios: one item a scenario slot, the absolute ones last. */
export interface ScenarioFields {
  readonly weight: readonly bigint[];
  readonly shock: readonly bigint[];
  readonly floorWeight: readonly bigint[];
}

const NOTHING: Scenario = { weight: 0n, shock: 0n, floorWeight: 0n };

/** A list in the circuit's scenario slots: the plain ones first, the absolute ones last, padding between and after. */
export const inScenarioSlots = <T>(plain: readonly T[], absolute: readonly T[], padding: T): readonly T[] => {
  const first = PORTFOLIO.scenarios - PORTFOLIO.absolute;
  return Array.from({ length: PORTFOLIO.scenarios }, (_, s) => (s < first ? plain[s] : absolute[s - first]) ?? padding);
};

/** A model's scenarios as the circuit takes them. */
export function scenarioFields({ scenarios, absoluteScenarios }: PortfolioModel): ScenarioFields {
  const slots = inScenarioSlots(scenarios, absoluteScenarios, NOTHING);
  return {
    weight: slots.map(({ weight }) => weight),
    shock: slots.map(({ shock }) => shock),
    floorWeight: slots.map(({ floorWeight }) => floorWeight),
  };
}

/** Twin of ScenariosHash. */
export function scenariosHash({ weight, shock, floorWeight }: ScenarioFields): bigint {
  const all = [...weight, ...shock, ...floorWeight];
  const blocks = Array.from({ length: all.length / 16 }, (_, i) => all.slice(16 * i, 16 * i + 16));
  return taggedHash(
    TAGS.scenarios,
    blocks.map((block) => taggedHash(TAGS.scenarios, block)),
  );
}
