import { RATE_DECIMALS, VALUE_DECIMALS } from '../../../protocol/constants.js';
import type { RegistryEntry } from '../../registry.js';
import type { WeightedSide, WeightedSnapshot } from '../../snapshot.js';
import { bound, type Figure, quantity } from '../figure.js';
import { type FamilyWords, noGroups, plainAsset } from '../subject.js';
import { factor, ofNotional, perUnit } from '../units.js';

/** 1e-18 per smallest unit of size */
const QUADRATIC_DECIMALS = 18;

function sideFigures(
  name: 'long' | 'short',
  side: WeightedSide,
  entry: RegistryEntry,
  quote: string,
): readonly Figure[] {
  const value = perUnit(quote, entry);
  const held = `of a unit held ${name}`;
  return [
    value(`${name}.price`, side.price, `worth in equity ${held}; 0 where it is not valued there`),
    value(`${name}.marginPrice`, side.marginPrice, `worth in the requirement ${held}`),
    ofNotional(`${name}.rate`, side.rate, 'least margin rate'),
    ofNotional(`${name}.premiumBase`, side.premiumBase, 'rate that the premium for size is added to'),
    quantity(
      `${name}.premium`,
      side.premium,
      RATE_DECIMALS,
      'of the notional per square root of a unit',
      'what a larger size adds to the rate',
    ),
    quantity(
      `${name}.quadratic`,
      side.quadratic,
      QUADRATIC_DECIMALS - entry.amountDecimals,
      'of the notional per unit',
      'what every unit of size adds to the rate',
    ),
  ];
}

export const weightedWords: FamilyWords<WeightedSnapshot> = {
  rule: [
    'Each position requires size x margin price of its side x rate.',
    'The rate is the larger of the side’s own and base + premium x root of the size, and quadratic x size more.',
    'Profits count by their weight up to their cap, losses in full.',
  ],
  model: ({ model }) => [factor('rateStep', model.rateStep, RATE_DECIMALS, 'premiums are cut to multiples of it')],
  asset: plainAsset,
  groups: noGroups,
  instrument: ({ price, long, short, gainWeight, gainCap }, entry, { registry: { quote } }) => ({
    figures: [
      perUnit(quote, entry)('mark', price, 'what a unit of size is worth, for reports'),
      ...sideFigures('long', long, entry, quote),
      ...sideFigures('short', short, entry, quote),
      factor('gainWeight', gainWeight, RATE_DECIMALS, 'part of an unrealised profit that counts'),
      bound('gainCap', gainCap, VALUE_DECIMALS, quote, 'most unrealised profit that counts'),
    ],
    notes: [],
    within: [],
  }),
};
