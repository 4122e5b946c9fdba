import { formatAmount } from '../numbers/decimal.js';
import { formatFixed, rational } from '../numbers/rational.js';
import { VALUE_DECIMALS } from '../protocol/constants.js';
import type { RegistryEntry } from '../snapshot/registry.js';
import type { CheckedInclusion } from './checkInclusion.js';

/** What was counted of an account, in words for its owner. */
export function describeInclusion(included: CheckedInclusion): readonly string[] {
  const { table, figures, balances, positions, owed, deficit } = included;
  const { registry, model } = table.snapshot;
  const entry = (id: number): RegistryEntry => registry.entries.find((found) => found.id === id) as RegistryEntry;
  const unit = registry.quote;
  const debts = [...figures.values].filter(([, value]) => value < 0n);
  return [
    `Included: the account stands at place ${included.index} of the tree of ${registry.venue}, among its customers.`,
    ...balances.map(({ assetId, amount, price, value }) => {
      const { symbol, amountDecimals } = entry(assetId);
      const kind = amount < 0n ? 'debt' : 'balance';
      return `  ${kind.padEnd(9)} ${formatAmount(amount, amountDecimals)} ${symbol} at ${formatAmount(price, VALUE_DECIMALS - amountDecimals)} = ${quote(value)} ${unit}`;
    }),
    ...positions.map(({ instrumentId, size, price, profit }) => {
      const { symbol, amountDecimals } = entry(instrumentId);
      return `  position  ${formatAmount(size, amountDecimals)} ${symbol} at ${formatAmount(price, VALUE_DECIMALS - amountDecimals)}, profit and loss ${quote(profit)} ${unit}`;
    }),
    `  equity    ${quote(figures.equity)} ${unit}: all of the above together`,
    ...debts.map(
      ([id, value]) => `  owes      ${quote(-value)} ${unit} in ${entry(id).symbol}, profit and loss included`,
    ),
    figures.standing
      ? `  standing  yes: the equity after haircuts covers the ${model.claim} margin`
      : `  standing  no: the equity after haircuts does not cover the ${model.claim} margin, so debts do not count as loans`,
    deficit > 0n
      ? `  deficit   ${quote(deficit)} ${unit}: nothing is owed to this account, and no other account's money pays for it`
      : `  owed      ${quote(owed)} ${unit} was counted in what the venue owes`,
    ...(included.identified
      ? []
      : ['  note: no identifier was given, so nothing shows that this leaf is yours and not shared. Give --account.']),
  ];
}

const quote = (value: bigint): string => formatFixed(rational(value, 10n ** BigInt(VALUE_DECIMALS)), 2);
