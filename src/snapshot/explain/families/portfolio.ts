import { formatAmount } from '../../../numbers/decimal.js';
import { FINE_DECIMALS } from '../../../protocol/constants.js';
import type { PortfolioModel, PortfolioSnapshot, Scenario } from '../../snapshot.js';
import type { FamilyWords, Subject } from '../subject.js';
import { factor, perUnit, rule } from '../units.js';

const scenarioFigures = (list: readonly Scenario[], name: string) =>
  list.flatMap(({ weight, shock, floorWeight }, s) => [
    factor(`${name}[${s}].weight`, weight, FINE_DECIMALS, 'part of a loss in the scenario that is required'),
    factor(`${name}[${s}].shock`, shock, FINE_DECIMALS, 'relative move of the underlying: moves collateral tied to it'),
    factor(`${name}[${s}].floorWeight`, floorWeight, FINE_DECIMALS, 'of the floor charges'),
  ]);

/** "scenario 3 (weight 1, shock -0.15)", by the place of a value. */
function scenarioName({ scenarios, absoluteScenarios }: PortfolioModel, index: number): string {
  const plain = index < scenarios.length;
  const place = plain ? index : index - scenarios.length;
  const { weight, shock } = (plain ? scenarios : absoluteScenarios)[place] as Scenario;
  const fine = (value: bigint) => formatAmount(value, FINE_DECIMALS);
  return `${plain ? 'scenario' : 'absolute scenario'} ${place} (weight ${fine(weight)}, shock ${fine(shock)})`;
}

const expiries = (snapshot: PortfolioSnapshot): readonly Subject[] =>
  snapshot.expiries.map((expiry, index) => {
    const { quote } = snapshot.registry;
    const value = perUnit(quote, expiry);
    return {
      kind: 'expiry',
      name: expiry.name,
      id: index + 1,
      figures: [
        rule('underlying', snapshot.underlyings[expiry.underlying] as string, 'losses of its expiries are added up'),
        rule('perpetual', String(expiry.perpetual), 'whether it holds the perpetuals, which make charges dearer'),
        ...(['positiveDiscount', 'negativeDiscount'] as const).flatMap((name) => {
          const meaning = `what a ${name.startsWith('positive') ? 'positive' : 'negative'} value of the expiry counts in a scenario`;
          const [down, up] = expiry[name];
          return [
            factor(`${name}.down`, down, FINE_DECIMALS, `${meaning}, rounded down`),
            factor(`${name}.up`, up, FINE_DECIMALS, `${meaning}, rounded up`),
          ];
        }),
        value('charge', expiry.charge, 'required for each unit, long or short, room for rounded values included'),
        value(
          'chargeWithPerpetual',
          expiry.chargeWithPerpetual,
          'in its place where a perpetual of the underlying is held',
        ),
      ],
      notes: [],
      within: [],
    };
  });

export const portfolioWords: FamilyWords<PortfolioSnapshot> = {
  rule: [
    'For each underlying the worst weighted loss over all scenarios is required, or the loss of the basis if that is larger.',
    'To it come charges for each unit held and for each option that is short and not netted.',
  ],
  model: ({ model, underlyings }) => [
    rule('underlyings', underlyings.join(', '), 'gains of one pay for no loss of another'),
    ...scenarioFigures(model.scenarios, 'scenarios'),
    ...scenarioFigures(model.absoluteScenarios, 'absoluteScenarios'),
  ],
  asset: ({ underlying }, _, snapshot) => ({
    figures: [
      rule(
        'underlying',
        underlying === null ? 'none' : (snapshot.underlyings[underlying] as string),
        'which shocks move it in a scenario',
      ),
    ],
    within: [],
  }),
  groups: expiries,
  instrument: (instrument, entry, snapshot) => {
    const { quote } = snapshot.registry;
    const value = perUnit(quote, entry);
    const expiry = snapshot.expiries[instrument.expiry];
    return {
      figures: [
        value('mark', instrument.price, 'what a unit of size is worth in equity'),
        rule('expiry', expiry?.name as string, 'with whose contracts it nets in every scenario'),
        rule(
          'nets',
          String(instrument.nets),
          'whether shorts net with the contract of the id before it, of the same strike',
        ),
        value('up', instrument.up, 'weighted change when the basis widens'),
        value('down', instrument.down, 'weighted change when the basis narrows'),
        value('nakedCharge', instrument.nakedCharge, 'required for each unit short and not netted'),
        value('floorCharge', instrument.floorCharge, 'for each unit in scenarios with a floor weight'),
        ...instrument.values.map((amount, s) =>
          value(`values[${s}]`, amount, `what a unit is worth in ${scenarioName(snapshot.model, s)}`),
        ),
      ],
      notes: [],
      within: expiry === undefined ? [] : [{ kind: 'expiry', name: expiry.name }],
    };
  },
};
