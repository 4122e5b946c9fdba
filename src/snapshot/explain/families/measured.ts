import { formatAmount } from '../../../numbers/decimal.js';
import { FINE_DECIMALS, MEASURE, RATE_DECIMALS, VALUE_DECIMALS } from '../../../protocol/constants.js';
import type { RegistryEntry } from '../../registry.js';
import type {
  GreeksSnapshot,
  HybridSnapshot,
  MeasuredInstrument,
  MeasuredSnapshot,
  ParametricSnapshot,
  RiskFactors,
  TailMeasure,
  TailSnapshot,
} from '../../snapshot.js';
import { bound, type Figure, quantity } from '../figure.js';
import { percent, span } from '../ladder.js';
import { type FamilyWords, plainAsset, type Subject, type SubjectWords } from '../subject.js';
import { factor, perUnit, rule } from '../units.js';

/** Names of the scenarios in the order of the changes, those of stress last. */
const scenariosOf = ({ model }: MeasuredSnapshot): readonly string[] => [
  ...('tail' in model ? model.tail.scenarios : []),
  ...('stress' in model ? model.stress : []),
];
const factorsOf = ({ model }: MeasuredSnapshot): readonly string[] => ('factors' in model ? model.factors.names : []);

function instrumentWords(
  { price, charges, greeks, exposures, changes }: MeasuredInstrument,
  entry: RegistryEntry,
  snapshot: MeasuredSnapshot,
): SubjectWords {
  const { quote } = snapshot.registry;
  const value = perUnit(quote, entry);
  const change = (name: string, amount: bigint, meaning: string, unit = `${quote} per unit`) =>
    quantity(name, amount, MEASURE.changeDecimals - entry.amountDecimals, unit, meaning);
  const [scenarios, factors] = [scenariosOf(snapshot), factorsOf(snapshot)];
  const underlying = greeks === null ? undefined : snapshot.underlyings[greeks.underlying]?.name;
  return {
    figures: [
      value('mark', price, 'what a unit of size is worth in equity'),
      ...charges.flatMap(({ sizeCap, charge }, tier) => [
        bound(`charges[${tier}].sizeCap`, sizeCap, entry.amountDecimals, 'units', 'size up to which the tier goes'),
        value(`charges[${tier}].charge`, charge, 'for each unit inside the tier, beside the risk measure'),
      ]),
      ...(greeks === null || underlying === undefined
        ? []
        : [
            rule('greeks.underlying', underlying, 'with whose contracts its Greeks net, and whose shocks hold'),
            change('greeks.delta', greeks.delta, 'change of value per relative move of 1 of the underlying'),
            change('greeks.gamma', greeks.gamma, 'second derivative of the value by that move'),
            change('greeks.vega', greeks.vega, 'change of value when volatility rises by 1'),
          ]),
      ...exposures.map((amount, f) =>
        change(`exposures[${f}]`, amount, `change of value when factor ${factors[f]} rises by 1`),
      ),
      ...changes.map((amount, s) => change(`changes[${s}]`, amount, `change of value in scenario "${scenarios[s]}"`)),
    ],
    notes: charges.map(({ sizeCap, charge }, tier) => {
      const where = span(charges[tier - 1]?.sizeCap, sizeCap, entry.amountDecimals, 'units');
      return `each unit of a size ${where} is charged ${formatAmount(charge, VALUE_DECIMALS - entry.amountDecimals)} ${quote}`;
    }),
    within: underlying === undefined ? [] : [{ kind: 'underlying', name: underlying }],
  };
}

const underlyings = ({ underlyings: list }: MeasuredSnapshot): readonly Subject[] =>
  list.map(({ name, shocks }, index) => ({
    kind: 'underlying',
    name,
    id: index + 1,
    figures: shocks.flatMap(({ move, volatility }, s) => [
      factor(`shocks[${s}].move`, move, FINE_DECIMALS, 'relative move of the price'),
      factor(`shocks[${s}].volatility`, volatility, FINE_DECIMALS, 'change of volatility: 0.1 is ten points'),
    ]),
    notes: shocks.map(({ move, volatility }, s) => {
      const fine = (amount: bigint) => formatAmount(amount * 100n, FINE_DECIMALS);
      return `shock ${s}: price by ${fine(move)}%, volatility by ${fine(volatility)} points`;
    }),
    within: [],
  }));

const factorFigures = ({ names, cholesky }: RiskFactors): readonly Figure[] => [
  rule('factors.names', names.join(', '), 'risk factors that instruments are exposed to'),
  ...cholesky.flatMap((row, i) =>
    row.map((entry, j) =>
      factor(
        `factors.cholesky[${i}][${j}]`,
        entry,
        FINE_DECIMALS,
        `what the independent shock ${j} moves ${names[i]} by, at the quantile of the confidence level`,
      ),
    ),
  ),
];

const tailFigures = ({ measure, confidence, scenarios }: TailMeasure): readonly Figure[] => [
  rule(
    'tail.measure',
    measure,
    measure === 'expected shortfall'
      ? 'the mean of the losses in the worst scenarios'
      : 'the loss that no more scenarios exceed than the confidence leaves',
  ),
  factor(
    'tail.confidence',
    confidence,
    RATE_DECIMALS,
    `part of the scenarios that is not the tail: ${percent(confidence)}`,
  ),
  rule(
    'tail.scenarios',
    scenarios.join(', '),
    `the ${scenarios.length} scenarios of the distribution, each as likely as the others`,
  ),
];

const blocksRule = (blocks: number): Figure =>
  rule('blocks', String(blocks), 'blocks of 45 scenarios that the circuit has room for');

const CHARGES = 'Charges by size are required beside it.';
const GREEKS = 'net delta, gamma and vega of each underlying lose most in one of its shocks; those losses add up';
const PARAMETRIC = 'the length of (transposed factor matrix) x (the account’s exposures to the factors)';

const common = { asset: plainAsset, groups: underlyings, instrument: instrumentWords } as const;

export const greeksWords: FamilyWords<GreeksSnapshot> = {
  ...common,
  rule: [`The requirement is a loss: ${GREEKS}.`, CHARGES],
  model: () => [],
};

export const parametricWords: FamilyWords<ParametricSnapshot> = {
  ...common,
  rule: [`The requirement is a parametric value at risk: ${PARAMETRIC}.`, CHARGES],
  model: ({ model }) => factorFigures(model.factors),
};

export const tailWords: FamilyWords<TailSnapshot> = {
  ...common,
  rule: ['The requirement is what the account loses in the tail of a public list of scenarios.', CHARGES],
  model: ({ model }) => [...tailFigures(model.tail), blocksRule(model.blocks)],
};

export const hybridWords: FamilyWords<HybridSnapshot> = {
  ...common,
  rule: [
    'The requirement is the largest, or the sum, of weighted measures, and weighted charges on top.',
    `Greeks: ${GREEKS}. Parametric: ${PARAMETRIC}. Tail: the loss in the tail of a list of scenarios.`,
    'Stress: the worst loss over the stress scenarios.',
  ],
  model: ({ model }) => [
    rule('rule', model.rule, 'how the weighted measures are put together'),
    ...Object.entries(model.weights).map(([name, weight]) =>
      factor(`weights.${name}`, weight, RATE_DECIMALS, `weight of the measure "${name}"; 0 leaves it out`),
    ),
    factor('added', model.added, RATE_DECIMALS, 'weight of the charges that are added on top'),
    ...tailFigures(model.tail),
    rule('stress', model.stress.join(', '), 'scenarios of stress, whose changes follow those of the distribution'),
    blocksRule(model.blocks),
    ...factorFigures(model.factors),
  ],
};
