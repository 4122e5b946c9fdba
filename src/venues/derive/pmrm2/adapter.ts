import { add, divide, multiply, ONE, type Rational, subtract, ZERO } from '../../../numbers/rational.js';
import type { PortfolioAccount } from '../shared/portfolioAccount.js';
import type { Pmrm2Case } from './case.js';
import { isSkew, pmrm2Rates } from './model.js';
import { pmrm2ExpiryValues } from './valuation.js';

/** An account of PMRM_2 with its parameters as the portfolio model states them, for one claim. */
export function pmrm2Account(
  { account, expiries, margin, valuation }: Pmrm2Case,
  claim: 'maintenance' | 'initial',
): PortfolioAccount {
  const initial = claim === 'initial';
  const ratesWith = (amount: Rational) =>
    pmrm2Rates({ ...account, perp: { ...account.perp, amount } }, expiries, margin);
  // the oracle's charge on options is another one while a perp is held
  const [without, withPerp] = [ratesWith(ZERO), ratesWith(ONE)];
  const asked = ({ maintenance, initial: onTop }: { readonly maintenance: Rational; readonly initial: Rational }) =>
    initial ? add(maintenance, onTop) : maintenance;
  const oracle = (charge: Rational | undefined): Rational => (initial ? (charge ?? ZERO) : ZERO);
  const lossFactor = without.lossFactor[claim];
  return {
    claim,
    venue: 'derive-pmrm-2',
    underlying: 'BASE',
    cash: account.cash,
    scenarios: margin.scenarios.map((scenario) => ({
      spotShock: scenario.spotShock,
      weight: multiply(scenario.dampening, lossFactor),
      absolute: isSkew(scenario),
    })),
    perp: {
      amount: account.perp.amount,
      price: account.perp.price,
      unsettled: account.perp.amount.num === 0n ? ZERO : account.perp.unsettled,
      charge: add(asked(withPerp.perp), oracle(withPerp.perp.oracle)),
    },
    collaterals: account.collaterals.map(({ name, amount, isRiskCancelling }, index) => {
      const rates = without.collaterals[index] as (typeof without.collaterals)[number];
      const haircut = add(asked(rates), oracle(rates.oracle));
      return {
        name,
        amount,
        value: rates.value,
        factor: rates.value.num === 0n ? ZERO : subtract(ONE, divide(haircut, rates.value)),
        moves: isRiskCancelling,
      };
    }),
    nakedCharge: asked(without.nakedShort),
    expiries: expiries.map((expiry, index) => {
      const values = pmrm2ExpiryValues(expiry, valuation);
      return {
        name: `T${expiry.seconds}`,
        positiveDiscount: values.discountPositive,
        negativeDiscount: values.discountNegative,
        basisWeight: multiply(values.basisFactor, lossFactor),
        charge: oracle(without.optionOracle[index]),
        chargeWithPerpetual: oracle(withPerp.optionOracle[index]),
        options: expiry.options.map((option, place) => ({
          ...option,
          values: values.options[place] as (typeof values.options)[number],
        })),
      };
    }),
  };
}
