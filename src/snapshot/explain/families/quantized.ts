import { RATE_DECIMALS } from '../../../protocol/constants.js';
import type { QuantizedSnapshot } from '../../snapshot.js';
import { type FamilyWords, noGroups, plainAsset } from '../subject.js';
import { factor, ofNotional, perUnit } from '../units.js';

export const quantizedWords: FamilyWords<QuantizedSnapshot> = {
  rule: [
    'Each position requires baseRate x notional, rounded up to whole quantums of 1e-6 quote, then the fraction of it, rounded up again.',
    'Funding that is not yet settled comes off equity, rounded down once for the account.',
  ],
  model: () => [],
  asset: plainAsset,
  groups: noGroups,
  instrument: ({ price, fundingIndex, baseRate, fraction }, entry, { registry: { quote } }) => {
    const value = perUnit(quote, entry);
    return {
      figures: [
        value('mark', price, 'what a unit of size is worth, in equity and in the notional'),
        value('fundingIndex', fundingIndex, 'what a unit held long has paid since the index began'),
        ofNotional('baseRate', baseRate, 'rounded up before the fraction is taken'),
        factor('fraction', fraction, RATE_DECIMALS, 'of that margin: what the claim requires'),
      ],
      notes: [],
      within: [],
    };
  },
};
