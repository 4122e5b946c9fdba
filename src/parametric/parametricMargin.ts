import type { FactorsRowFields } from '../measure/factorsRow.js';
import { closeMeasured, type MeasuredOpening, openMeasured, withCharges } from '../measure/measuredOpening.js';
import { parametricLoss } from '../measure/parametricLoss.js';
import type { RowOpening } from '../risk/tableLookup.js';

/** Everything that ParametricMargin takes. */
export interface ParametricMarginInput extends MeasuredOpening {
  readonly factors: RowOpening<FactorsRowFields>;
}

/** Twin of ParametricMargin: throws ConstraintViolation exactly where the circuit has no witness. */
export function parametricMargin(input: ParametricMarginInput): void {
  // 1. to 3. the account, the parameters, what it is worth
  const worth = openMeasured('parametric', input, input.model.rules);

  // 4. value at risk
  const contracts = input.contracts.map(({ row }) => row);
  const loss = parametricLoss(worth.size, contracts, input.factors, input.tableNodes);

  // 5. the claim
  closeMeasured(input, withCharges(worth, loss));
}
