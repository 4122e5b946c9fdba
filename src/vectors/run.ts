import { SolvencyError } from '../errors.js';
import { compare } from '../numbers/rational.js';
import type { CaseInputs, CaseStatement, Evaluator, JudgedStatement } from './evaluator.js';
import { allowance, judge, readTolerance, statedVerdict } from './judge.js';
import type { VectorCase } from './readCases.js';

/** Whether a margin circuit's constraints accept the witness of a statement, or why it could not be asked. */
export type ProveStatement = (
  statement: CaseStatement,
) => Promise<{ readonly verdict: boolean } | { readonly skipped: string }>;

export interface VectorReport {
  readonly passed: number;
  readonly failed: number;
  /** what to print, without the final count */
  readonly lines: readonly string[];
}

interface CaseOutcome {
  readonly failures: readonly string[];
  readonly skipped?: string;
  readonly noVerdict?: boolean;
  readonly circuit?: readonly CircuitOutcome[];
}
type CircuitOutcome =
  | { readonly kind: 'venue' | 'model' | 'refused-within-tolerance' }
  | { readonly kind: 'skipped' | 'failed'; readonly reason: string };

const CLAIMS = ['maintenance', 'initial'] as const;

/** The reason of a case or statement that is outside of what is supported; anything else is a fault and thrown on. */
function reasonOf(error: unknown): string {
  if (error instanceof SolvencyError && (error.code === 'INVALID_INPUT' || error.code === 'NOT_REPRESENTABLE')) {
    return error.message;
  }
  throw error;
}

export function splitCase(
  vector: VectorCase,
  evaluator: Evaluator,
): { inputs: CaseInputs; expected: VectorCase['expected'] } {
  const asks = new Set(evaluator.asks(vector.fields));
  const entries = Object.entries(vector.expected);
  return {
    inputs: {
      id: vector.id,
      model: vector.model,
      fields: vector.fields,
      asked: Object.fromEntries(entries.filter(([key]) => asks.has(key))),
    },
    expected: Object.fromEntries(entries.filter(([key]) => !asks.has(key))),
  };
}

/**
 * A circuit may refuse closer to the threshold than the case's tolerance, equality under an exact one excepted; it never
 * accepts what the venue refuses.
 */
async function checkCircuit(
  judged: JudgedStatement,
  vector: VectorCase,
  prove: ProveStatement,
): Promise<CircuitOutcome> {
  const { claim } = judged.statement;
  const stated = judged.asStated ? statedVerdict(vector.expected, claim) : undefined;
  const verdict = stated ?? judged.slack.num >= 0n;
  const answer = await prove(judged.statement);
  if ('skipped' in answer) return { kind: 'skipped', reason: `${vector.id} ${claim}: ${answer.skipped}` };
  if (answer.verdict === verdict) return { kind: stated === undefined ? 'model' : 'venue' };
  const tolerance = readTolerance(vector.tolerance);
  if (verdict && tolerance !== undefined && compare(judged.slack, allowance(tolerance, judged.requirement)) < 0) {
    return { kind: 'refused-within-tolerance' };
  }
  const rounded = judged.rounded.length === 0 ? '' : `; rounded against the prover: ${judged.rounded.join(', ')}`;
  return {
    kind: 'failed',
    reason: `${vector.id} circuit ${claim}: expected ${verdict}, got ${answer.verdict}, tolerance ${vector.tolerance}${rounded}`,
  };
}

async function checkCircuits(
  vector: VectorCase,
  inputs: CaseInputs,
  evaluator: Evaluator,
  prove: ProveStatement,
): Promise<readonly CircuitOutcome[]> {
  try {
    const outcomes: CircuitOutcome[] = [];
    for (const judged of evaluator.statements(inputs)) {
      outcomes.push(
        'skipped' in judged
          ? { kind: 'skipped', reason: `${vector.id} ${judged.skipped}` }
          : await checkCircuit(judged, vector, prove),
      );
    }
    return outcomes;
  } catch (error) {
    return [{ kind: 'skipped', reason: `${vector.id}: ${reasonOf(error)}` }];
  }
}

async function runCase(vector: VectorCase, evaluator: Evaluator, prove?: ProveStatement): Promise<CaseOutcome> {
  const { inputs, expected } = splitCase(vector, evaluator);
  let failures: string[];
  try {
    failures = judge(expected, evaluator.evaluate(inputs), vector.tolerance).map(
      (miss) =>
        `FAIL ${vector.id} ${miss.field}: expected ${miss.expected}, got ${miss.got}, tolerance ${miss.tolerance}` +
        (miss.remark === undefined ? '' : ` (${miss.remark})`),
    );
  } catch (error) {
    return { failures: [], skipped: reasonOf(error) };
  }
  const noVerdict = CLAIMS.every((claim) => statedVerdict(vector.expected, claim) === undefined);
  if (prove === undefined) return { failures, noVerdict };
  const circuit = await checkCircuits(vector, inputs, evaluator, prove);
  const wrong = circuit.flatMap((outcome) => (outcome.kind === 'failed' ? [`FAIL ${outcome.reason}`] : []));
  return { failures: [...failures, ...wrong], noVerdict, circuit };
}

function circuitLines(outcomes: readonly CircuitOutcome[]): readonly string[] {
  const count = (kind: CircuitOutcome['kind']): number => outcomes.filter((outcome) => outcome.kind === kind).length;
  return [
    ...outcomes.flatMap((outcome) => (outcome.kind === 'skipped' ? [`not proven: ${outcome.reason}`] : [])),
    `circuit: ${count('venue')} verdicts agree with the venue, ${count('model')} with the reference model where the case states none, ` +
      `${count('refused-within-tolerance')} refused within tolerance, ${count('failed')} wrong, ${count('skipped')} not proven`,
  ];
}

/**
 * Runs every case of a model in `evaluators` and judges it; other models are listed and left out. With `prove` the
 * circuit's verdict on each case is checked too, one at a time.
 */
export async function runVectors(
  cases: readonly VectorCase[],
  evaluators: Readonly<Record<string, Evaluator>>,
  prove?: ProveStatement,
): Promise<VectorReport> {
  const unsupported = new Map<string, number>();
  const [failures, skipped, noVerdict]: [string[], string[], string[]] = [[], [], []];
  const circuit: CircuitOutcome[] = [];
  let [passed, failed] = [0, 0];
  for (const vector of cases) {
    const evaluator = Object.hasOwn(evaluators, vector.model) ? evaluators[vector.model] : undefined;
    if (evaluator === undefined) {
      unsupported.set(vector.model, (unsupported.get(vector.model) ?? 0) + 1);
      continue;
    }
    const outcome = await runCase(vector, evaluator, prove);
    failures.push(...outcome.failures);
    circuit.push(...(outcome.circuit ?? []));
    if (outcome.skipped !== undefined) skipped.push(`skipped ${vector.id}: ${outcome.skipped}`);
    else if (outcome.failures.length > 0) failed++;
    else passed++;
    if (outcome.noVerdict === true) noVerdict.push(vector.id);
  }
  const lines = [
    ...failures,
    ...skipped,
    ...[...unsupported].map(
      ([model, count]) => `skipped model ${model}: ${count} cases (this release has no such model)`,
    ),
    ...(noVerdict.length === 0
      ? []
      : [`no verdict, judged on values only: ${noVerdict.length} (${noVerdict.join(', ')})`]),
    ...(prove === undefined ? [] : circuitLines(circuit)),
  ];
  return { passed, failed, lines };
}
