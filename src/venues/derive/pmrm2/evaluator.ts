import { negate } from '../../../numbers/rational.js';
import type {
  CaseInputs,
  Evaluation,
  Evaluator,
  Figures,
  JudgedStatement,
  LeftOut,
} from '../../../vectors/evaluator.js';
import { portfolioStatements } from '../shared/portfolioAccount.js';
import { mapValues } from '../shared/scenario.js';
import { pmrm2Account } from './adapter.js';
import { type Pmrm2Case, readPmrm2Case } from './case.js';
import { type Pmrm2Risk, pmrm2Risk } from './model.js';
import { pmrm2ExpiryValues } from './valuation.js';

/** The risk of a case, over values in the middle of their bounds. */
export function pmrm2CaseRisk({ account, expiries, margin, valuation }: Pmrm2Case): Pmrm2Risk {
  const valued = expiries.map((expiry) => {
    const { options, discountPositive, discountNegative, basisFactor } = pmrm2ExpiryValues(expiry, valuation);
    return {
      confidence: expiry.confidence,
      discountPositive: discountPositive.value,
      discountNegative: discountNegative.value,
      basisFactor,
      options: expiry.options.map((option, index) => ({
        ...option,
        values: mapValues(options[index] as (typeof options)[number], ({ value }) => value),
      })),
    };
  });
  return pmrm2Risk({ ...account, expiries: valued }, margin);
}

function evaluate({ fields }: CaseInputs): Evaluation {
  const risk = pmrm2CaseRisk(readPmrm2Case(fields));
  const { maintenanceContingency, initialContingency } = risk;
  return {
    figures: new Map<string, Figures>([
      ['net_MM', risk.netMaintenance],
      ['net_IM', risk.netInitial],
      ['maintenance_ok', risk.netMaintenance.num >= 0n],
      ['initial_ok', risk.netInitial.num >= 0n],
      ['mark_to_market', risk.markToMarket],
      ['scenario_pnl', risk.scenarioPnl],
      ['forward_contingency', risk.basis],
      [
        'MM_contingency',
        {
          perp: negate(maintenanceContingency.perp),
          collateral: negate(maintenanceContingency.collateral),
          option: negate(maintenanceContingency.option),
        },
      ],
      [
        'IM_contingency',
        {
          perp: negate(initialContingency.perp),
          collateral: negate(initialContingency.collateral),
          option: negate(initialContingency.option),
          oracle: negate(initialContingency.oracle),
        },
      ],
      ['MM_factor', risk.lossFactor.maintenance],
      ['IM_factor', risk.lossFactor.initial],
    ]),
  };
}

const statements = ({ fields }: CaseInputs): readonly (JudgedStatement | LeftOut)[] => {
  const read = readPmrm2Case(fields);
  const risk = pmrm2CaseRisk(read);
  return portfolioStatements((claim) => pmrm2Account(read, claim), risk);
};

export const pmrm2Evaluator: Evaluator = { asks: () => [], evaluate, statements };
