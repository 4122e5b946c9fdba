import { add, divide, multiply, ONE, type Rational, subtract, ZERO } from '../../../numbers/rational.js';
import { exact } from '../../../pricing/approximation.js';
import type { PortfolioAccount } from '../shared/portfolioAccount.js';
import type { Pmrm1Case } from './case.js';
import { pmrm1Rates } from './model.js';
import { pmrm1ExpiryValues } from './valuation.js';

/**
 * An account of PMRM with its parameters as the portfolio model states them, for one claim.
 *
 * The venue's oracle charge on the base grows while a perp of low confidence is held. A haircut cannot depend on that, so
 * it always has the larger one: stricter for accounts that hold base and no perp while the perp's feed is unsure.
 */
export function pmrm1Account(
  { account, expiries, margin, valuation }: Pmrm1Case,
  claim: 'maintenance' | 'initial',
): PortfolioAccount {
  const initial = claim === 'initial';
  const ratesWith = (amount: Rational) =>
    pmrm1Rates({ ...account, perp: { ...account.perp, amount } }, expiries, margin);
  const [without, withPerp] = [ratesWith(ZERO), ratesWith(ONE)];
  const lossFactor = initial ? without.lossFactor : ONE;
  const oracle = (charge: Rational | undefined): Rational => (initial ? (charge ?? ZERO) : ZERO);
  const baseHaircut = add(multiply(without.baseContingency, lossFactor), oracle(withPerp.linearOracle));
  return {
    claim,
    venue: 'derive-pmrm-1',
    underlying: 'BASE',
    cash: account.cash,
    scenarios: margin.spotShocks.map((spotShock) => ({ spotShock, weight: lossFactor, absolute: false })),
    perp: {
      amount: account.perp.amount,
      price: account.perp.price,
      unsettled: account.perp.amount.num === 0n ? ZERO : account.perp.unsettled,
      charge: add(multiply(without.perpContingency, lossFactor), oracle(withPerp.linearOracle)),
    },
    collaterals: [
      {
        name: 'BASE',
        amount: account.base,
        value: without.base,
        factor: without.base.num === 0n ? ZERO : subtract(ONE, divide(baseHaircut, without.base)),
        moves: true,
      },
    ],
    nakedCharge: multiply(without.optionContingency, lossFactor),
    expiries: expiries.map((expiry, index) => {
      const values = pmrm1ExpiryValues(expiry, valuation);
      return {
        name: `T${expiry.seconds}`,
        positiveDiscount: values.staticDiscount,
        negativeDiscount: exact(ONE),
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
