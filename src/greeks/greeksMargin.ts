import { greeksLoss, type UnderlyingSlots } from '../measure/greeksLoss.js';
import { closeMeasured, type MeasuredOpening, openMeasured, withCharges } from '../measure/measuredOpening.js';

/** Everything that GreeksMargin takes. */
export interface GreeksMarginInput extends MeasuredOpening, UnderlyingSlots {}

/** Twin of GreeksMargin: throws ConstraintViolation exactly where the circuit has no witness. */
export function greeksMargin(input: GreeksMarginInput): void {
  // 1. to 3. the account, the parameters, what it is worth
  const { owned, ...worth } = openMeasured('greeks', input, input.model.rules);

  // 4. the worst losses by the shocks of what it holds
  const rows = input.contracts.map(({ row }) => row.row);
  const loss = greeksLoss(owned.positionUsed, worth.size, rows, input, input.tableNodes);

  // 5. the claim
  closeMeasured(input, withCharges(worth, loss));
}
