import { floor } from '../../numbers/rational.js';
import { RATE_DECIMALS, VALUE_DECIMALS } from '../../protocol/constants.js';
import type { AssetParameters } from '../../snapshot/snapshot.js';
import type { CheckedMarket } from './checkMarket.js';
import { exactly, type Rounder } from './figures.js';

/** Collateral: prices exact, factors and caps down. Throws NOT_REPRESENTABLE for a price with too many decimals. */
export const assetParameters = ({ assets }: CheckedMarket, rounder: Rounder): readonly AssetParameters[] =>
  assets.map(({ entry, price, ladder }) => ({
    assetId: entry.id,
    price: exactly(price, VALUE_DECIMALS - entry.amountDecimals, `price of ${entry.symbol}`),
    ladder: ladder.map(({ valueCap, factor }, step) => ({
      valueCap:
        valueCap === null ? null : rounder.round(valueCap, VALUE_DECIMALS, floor, `${entry.symbol} step ${step} cap`),
      factor: rounder.round(factor, RATE_DECIMALS, floor, `${entry.symbol} step ${step} factor`),
    })),
  }));
