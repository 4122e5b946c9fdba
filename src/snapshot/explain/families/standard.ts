import type { OptionExpiry, StandardSnapshot } from '../../snapshot.js';
import type { FamilyWords } from '../subject.js';
import { perUnit, rule } from '../units.js';

export const standardWords: FamilyWords<StandardSnapshot> = {
  rule: [
    'For each expiry the lesser of two is required: the isolated margins of its short options, or the worst loss at settlement.',
    'To it come charges for each unit held, by side, and for each unit of collateral. Marks of options are no equity.',
  ],
  model: () => [],
  asset: ({ charge }, entry, { registry: { quote } }) => ({
    figures: [perUnit(quote, entry)('charge', charge, 'required for each unit owned or owed, beside the haircut')],
    within: [],
  }),
  groups: ({ expiries, registry: { quote } }) =>
    expiries.map((expiry, index) => ({
      kind: 'expiry',
      name: expiry.name,
      id: index + 1,
      figures: [
        perUnit(quote, expiry)('unpaired', expiry.unpaired, 'required for each short call beyond the long ones'),
      ],
      notes: [],
      within: [],
    })),
  instrument: ({ price, option, longCharge, shortCharge }, entry, { registry: { quote }, expiries }) => {
    const value = perUnit(quote, entry);
    const expiry = option === null ? undefined : (expiries[option.expiry] as OptionExpiry);
    return {
      figures: [
        value(
          'mark',
          price,
          option === null ? 'what a unit of size is worth in equity' : 'mark of the option, which is no equity',
        ),
        ...(option === null || expiry === undefined
          ? []
          : [
              rule('option.expiry', expiry.name, 'with whose contracts it nets at settlement'),
              rule('option.type', option.type, 'call or put'),
              value('option.strike', option.strike, 'where its payoff begins'),
              value('option.isolated', option.isolated, 'required for each unit short on its own, mark included'),
            ]),
        value('longCharge', longCharge, 'required for each unit held long, beside the expiry'),
        value('shortCharge', shortCharge, 'required for each unit held short, beside the expiry'),
      ],
      notes: [],
      within: expiry === undefined ? [] : [{ kind: 'expiry', name: expiry.name }],
    };
  },
};
