import type { PositionSlot } from '../account/positionEntry.js';
import { ranged } from '../numbers/ranged.js';
import { COST_SCALE, WEIGHTED } from '../protocol/constants.js';
import { countedProfit } from './countedProfit.js';
import { greaterRate } from './greaterRate.js';
import { sizePremium } from './sizePremium.js';
import { sizeRoot } from './sizeRoot.js';
import type { WeightedRowFields } from './weightedRow.js';

/** What one position adds to an account. */
export interface WeightedTerms {
  /** unrealised profit and loss as far as it counts, 1e-22 quote */
  readonly counted: bigint;
  /** 1e-34 quote */
  readonly requirement: bigint;
}

/** Twin of WeightedPosition. */
export function weightedPosition(
  { sizeSign, size, costSign, cost }: PositionSlot,
  row: WeightedRowFields,
  rateStep: bigint,
): WeightedTerms {
  const profit = (1n - 2n * sizeSign) * size * row.price - COST_SCALE * (1n - 2n * costSign) * cost;
  const counted = countedProfit(profit, row.gainWeight, row.gainCap);
  const premium = sizePremium(sizeRoot(size, row.rootScale), row.premium, rateStep);
  const rate = greaterRate(row.rate, row.premiumBase + premium);
  const growth = row.quadratic * size;
  ranged(WEIGHTED.growthBits, growth);
  return { counted, requirement: size * row.marginPrice * (WEIGHTED.growthScale * rate + growth) };
}
