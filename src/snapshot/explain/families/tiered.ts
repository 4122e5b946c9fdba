import { formatAmount } from '../../../numbers/decimal.js';
import { RATE_DECIMALS, VALUE_DECIMALS } from '../../../protocol/constants.js';
import type { TieredSnapshot } from '../../snapshot.js';
import { bound, quantity } from '../figure.js';
import { percent, span } from '../ladder.js';
import { type FamilyWords, noGroups, plainAsset } from '../subject.js';
import { ofNotional, perUnit, rule } from '../units.js';

/** requirements and deductions are in 1e-22 quote units */
const OFFSET_DECIMALS = VALUE_DECIMALS + RATE_DECIMALS;

export const tieredWords: FamilyWords<TieredSnapshot> = {
  rule: [
    'Each position requires rate x notional - deduction of the tier in which its notional lies; positions add up.',
  ],
  model: ({ model }) => [
    rule(
      'tiers',
      model.tiers,
      model.tiers === 'marginal'
        ? 'each rate holds for the part of a notional inside its tier; deductions make that one straight line a tier'
        : 'the rate of its tier holds for the whole notional; nothing is deducted',
    ),
  ],
  asset: plainAsset,
  groups: noGroups,
  instrument: ({ price, tiers }, entry, { registry: { quote }, model }) => ({
    figures: [
      perUnit(quote, entry)('mark', price, 'what a unit of size is worth, in equity and in the notional'),
      ...tiers.flatMap(({ notionalCap, rate, deduction }, tier) => [
        bound(`tiers[${tier}].notionalCap`, notionalCap, VALUE_DECIMALS, quote, 'notional up to which the tier goes'),
        ofNotional(`tiers[${tier}].rate`, rate, 'what the tier requires'),
        quantity(
          `tiers[${tier}].deduction`,
          deduction,
          OFFSET_DECIMALS,
          quote,
          'taken off again, so that the requirement has no jump where the tier begins',
        ),
      ]),
    ],
    notes: [
      ...tiers.map(({ notionalCap, rate, deduction }, tier) => {
        const less = deduction === 0n ? '' : ` less ${formatAmount(deduction, OFFSET_DECIMALS)} ${quote}`;
        const where = span(tiers[tier - 1]?.notionalCap, notionalCap, VALUE_DECIMALS, quote);
        return `a notional ${where} requires ${percent(rate)} of it${less}`;
      }),
      ...(tiers.at(-1)?.notionalCap === null
        ? []
        : [`beyond its last tier no requirement is stated, and no proof of claim ${model.claim} can be made`]),
    ],
    within: [],
  }),
};
