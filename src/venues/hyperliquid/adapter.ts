import { add, divide, multiply, ONE, type Rational, sum, ZERO } from '../../numbers/rational.js';
import { COST_DECIMALS } from '../../protocol/constants.js';
import type { TierParameters } from '../../snapshot/parameters.js';
import { type RepresentedCase, representCase, roundTo } from '../caseAccount.js';
import type { HyperliquidCase, HyperliquidCasePosition } from './case.js';
import { maintenanceTiers } from './model.js';

/** A coin's tiers at the leverage that the account chose. */
export function hyperliquidTiers({ tiers, leverage }: HyperliquidCasePosition): readonly TierParameters[] {
  const maintenance = maintenanceTiers(tiers);
  return maintenance.map(({ rate, deduction }, index) => ({
    notionalCap: maintenance[index + 1]?.lowerBound ?? null,
    maintenanceRate: rate,
    maintenanceDeduction: deduction,
    initialRate: divide(ONE, leverage),
  }));
}

/** Signed cost at the entry price; rounded to what a leaf holds, which the balance makes up for. */
const costOf = ({ size, entry }: HyperliquidCasePosition): Rational =>
  entry === undefined ? ZERO : roundTo(multiply(size, entry), COST_DECIMALS, false);

/**
 * The account as its owner sees it: the balance is rawUsd plus what the positions cost, so that balance plus unrealised
 * profit and loss is the account value, exactly, even where the reported entry price is itself rounded.
 */
export function representHyperliquid({ rawUsd, positions }: HyperliquidCase): RepresentedCase {
  const held = positions.filter(({ size }) => size.num !== 0n);
  return representCase({
    venue: 'hyperliquid',
    quote: 'USDC',
    balance: add(rawUsd, sum(held.map(costOf))),
    positions: held.map((position) => ({
      symbol: position.coin,
      size: position.size,
      cost: costOf(position),
      mark: divide(
        position.notional,
        position.size.num < 0n ? { ...position.size, num: -position.size.num } : position.size,
      ),
      tiers: hyperliquidTiers(position),
    })),
  });
}
