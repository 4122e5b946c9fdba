import { negate, type Rational, rational } from '../../../numbers/rational.js';
import type {
  CaseInputs,
  Evaluation,
  Evaluator,
  Figures,
  JudgedStatement,
  LeftOut,
} from '../../../vectors/evaluator.js';
import { toWei } from '../shared/fields.js';
import { portfolioStatements } from '../shared/portfolioAccount.js';
import { mapValues } from '../shared/scenario.js';
import { pmrm1Account } from './adapter.js';
import { type Pmrm1Case, readPmrm1Case } from './case.js';
import { type Pmrm1Risk, pmrm1Risk } from './model.js';
import { pmrm1ExpiryValues } from './valuation.js';

/** The risk of a case, over values in the middle of their bounds. */
export function pmrm1CaseRisk({ account, expiries, margin, valuation }: Pmrm1Case): Pmrm1Risk {
  const valued = expiries.map((expiry) => {
    const { options, staticDiscount, basisFactor } = pmrm1ExpiryValues(expiry, valuation);
    return {
      confidence: expiry.confidence,
      staticDiscount: staticDiscount.value,
      basisFactor,
      options: expiry.options.map((option, index) => ({
        ...option,
        values: mapValues(options[index] as (typeof options)[number], ({ value }) => value),
      })),
    };
  });
  return pmrm1Risk({ ...account, expiries: valued }, margin);
}

/** Where margins are stated in whole units, so are the verdicts: they are the signs of the truncated margins. */
const isMet = (net: Rational, shape: Pmrm1Case['shape']): boolean =>
  (shape === 'whole' ? rational(net.num / net.den) : net).num >= 0n;

function evaluate({ fields }: CaseInputs): Evaluation {
  const read = readPmrm1Case(fields);
  const risk = pmrm1CaseRisk(read);
  const flags: readonly [string, Figures][] = [
    ['maintenance_ok', isMet(risk.netMaintenance, read.shape)],
    ['initial_ok', isMet(risk.netInitial, read.shape)],
  ];
  if (read.shape === 'whole') {
    return {
      figures: new Map<string, Figures>([
        ['net_MM_integer_USD', risk.netMaintenance],
        ['net_IM_integer_USD', risk.netInitial],
        ...flags,
      ]),
    };
  }
  const inWei: readonly [string, Rational][] = [
    ['net_MM', risk.netMaintenance],
    ['net_IM', risk.netInitial],
    ['mark_to_market', risk.markToMarket],
    // the scenarios' own minimum: the basis contingency, which may be worse, is a figure of its own
    ['min_span', risk.leastPnl],
    ['forward_contingency', risk.basis],
    ['option_contingency', negate(risk.optionContingency)],
    ['perp_contingency', negate(risk.perpContingency)],
    ['base_contingency', negate(risk.baseContingency)],
    ['oracle_contingency', negate(risk.oracleContingency)],
    ['loss_factor', risk.lossFactor],
  ];
  return {
    figures: new Map<string, Figures>([
      ...inWei.map(([name, value]): [string, Figures] => [`${name}_1e18`, toWei(value)]),
      ...flags,
    ]),
  };
}

const statements = ({ fields }: CaseInputs): readonly (JudgedStatement | LeftOut)[] => {
  const read = readPmrm1Case(fields);
  const risk = pmrm1CaseRisk(read);
  return portfolioStatements((claim) => pmrm1Account(read, claim), risk);
};

export const pmrm1Evaluator: Evaluator = { asks: () => [], evaluate, statements };
