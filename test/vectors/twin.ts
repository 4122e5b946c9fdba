import { SolvencyError } from '../../src/errors.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import type { ProveStatement } from '../../src/vectors/run.js';

/** The circuit's verdict by its twin, without a witness: enough to hold the adapters to the venues' figures. */
export const twinVerdict: ProveStatement = async ({ snapshot, holdings }) => {
  const { weightedEquity, requirement } = evaluate(holdings, buildRiskTable(snapshot));
  return { verdict: weightedEquity >= requirement };
};

/** A circuit that accepts everything, which the runner must not let pass. */
export const acceptsAll: ProveStatement = async () => ({ verdict: true });

export const codeOf = (run: () => unknown): string | undefined => {
  try {
    run();
  } catch (error) {
    return error instanceof SolvencyError ? error.code : String(error);
  }
  return undefined;
};
