import { closeMeasured, type MeasuredOpening, openMeasured, withCharges } from '../measure/measuredOpening.js';
import { scenarioLosses } from '../measure/scenarioLosses.js';
import { scenarioMeasures } from '../measure/scenarioMeasures.js';
import type { TailRules } from '../measure/tailRules.js';

/** Everything that TailMargin takes. */
export interface TailMarginInput extends MeasuredOpening, TailRules {
  /** 1e-12 quote, signed: the prover's choice */
  readonly pivot: bigint;
}

/** Twin of TailMargin with that many blocks: throws ConstraintViolation exactly where the circuit has no witness. */
export function tailMargin(input: TailMarginInput, blocks: number): void {
  // 1. to 3. the account, the parameters, what it is worth
  const [haircutRule] = input.model.rules as readonly [bigint];
  const { confidence, count, tailWeight, allowed, pivot } = input;
  const worth = openMeasured('tail', input, [haircutRule, BigInt(blocks), count, confidence, tailWeight, allowed]);

  // 4. what it loses in every scenario, and the tail of that
  const total = scenarioLosses(
    input.account.positions.map(({ size }) => size),
    worth.size,
    input.contracts.map(({ row }) => row),
  );
  const rules = { count, tailWeight, allowed, stressCount: 0n };
  const { tail } = scenarioMeasures(total, rules, { pivot, worst: 0n });

  // 5. the claim
  closeMeasured(input, withCharges(worth, tail));
}
