import { evaluate } from '../src/margin/evaluate.js';
import { compare, formatFixed, multiply, type Rational, rational, subtract, ZERO } from '../src/numbers/rational.js';
import { buildRiskTable } from '../src/risk/riskTable.js';
import { EVALUATORS } from '../src/vectors/evaluators.js';
import { loadCases } from '../src/vectors/loadCases.js';
import { splitCase } from '../src/vectors/run.js';

interface Strictness {
  statements: number;
  exact: number;
  laxer: number;
  /** the largest difference in quote, and what it is of that requirement */
  most: Rational;
  share: Rational;
}

/**
 * By how much the circuits' figures leave an account less than the venue's exact rule does, over every case of the
 * files that puts an account to a circuit: equity less requirement of the reference model, less that of the twin.
 */
export async function strictnessTable(paths: readonly string[]): Promise<readonly (readonly string[])[]> {
  const models = new Map<string, Strictness>();
  for (const path of paths) {
    for (const vector of await loadCases(path)) {
      const evaluator = EVALUATORS[vector.model];
      if (evaluator === undefined) continue;
      const name = vector.model;
      const all = models.get(name) ?? { statements: 0, exact: 0, laxer: 0, most: ZERO, share: ZERO };
      for (const judged of statementsOf(() => evaluator.statements(splitCase(vector, evaluator).inputs))) {
        if ('skipped' in judged) continue;
        const { snapshot, holdings } = judged.statement;
        const { weightedEquity, requirement, decimals } = evaluate(holdings, buildRiskTable(snapshot));
        const less = subtract(judged.slack, rational(weightedEquity - requirement, 10n ** BigInt(decimals)));
        all.statements++;
        if (less.num === 0n) all.exact++;
        if (less.num < 0n) all.laxer++;
        if (compare(less, all.most) > 0) {
          all.most = less;
          all.share =
            judged.requirement.num === 0n
              ? ZERO
              : rational(less.num * judged.requirement.den, less.den * judged.requirement.num);
        }
      }
      models.set(name, all);
    }
  }
  return [...models].map(([name, { statements, exact, laxer, most, share }]) => [
    name,
    `${statements}`,
    `${exact}`,
    `${laxer}`,
    formatFixed(most, 10),
    share.num === 0n ? '' : `${formatFixed(multiply(share, rational(10n ** 9n)), 1)} x 1e-9`,
  ]);
}

/** A case that holds no account throws, and has none to compare. */
function statementsOf<T>(statements: () => readonly T[]): readonly T[] {
  try {
    return statements();
  } catch {
    return [];
  }
}
