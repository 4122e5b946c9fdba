import { factorsHash } from '../measure/factorsHash.js';
import { closeMeasured, type MeasuredOpening, openMeasured, withCharges } from '../measure/measuredOpening.js';
import { parametricLoss } from '../measure/parametricLoss.js';

/** Everything that ParametricMargin takes. */
export interface ParametricMarginInput extends MeasuredOpening {
  /** lower triangle in a square */
  readonly cholesky: readonly (readonly bigint[])[];
}

/** Twin of ParametricMargin: throws ConstraintViolation exactly where the circuit has no witness. */
export function parametricMargin(input: ParametricMarginInput): void {
  // 1. to 3. the account, the parameters, what it is worth
  const [haircutRule] = input.model.rules as readonly [bigint];
  const worth = openMeasured('parametric', input, [haircutRule, factorsHash(input.cholesky)]);

  // 4. value at risk
  const contracts = input.contracts.map(({ row }) => row);
  const loss = parametricLoss(worth.size, contracts, input.cholesky);

  // 5. the claim
  closeMeasured(input, withCharges(worth, loss));
}
