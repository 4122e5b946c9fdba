import type { CollateralEntry, PositionEntry } from '../account/account.js';
import { SolvencyError } from '../errors.js';
import { formatAmount, parseAmount } from '../numbers/decimal.js';
import { BITS, COST_DECIMALS } from '../protocol/constants.js';
import type { RegistryEntry } from '../snapshot/registry.js';
import { decimalText, nameText } from './fields.js';

export const collateralFields = { asset: nameText, amount: decimalText };
export const sizeFields = { instrument: nameText, size: decimalText };
export const costField = decimalText;

/** The balance of one line. `path` is its place in the file. Errors: NOT_REPRESENTABLE, OUT_OF_RANGE. */
export function readBalance(asset: RegistryEntry, amount: string, path: string): CollateralEntry {
  return { assetId: asset.id, amount: readBounded(amount, asset.amountDecimals, BITS.amount, `${path}.amount`) };
}

/** The position of one line; `cost` in quote, `costName` says how the line gives it. Errors: NOT_REPRESENTABLE, OUT_OF_RANGE. */
export function readPosition(
  instrument: RegistryEntry,
  size: string,
  cost: string,
  path: string,
  costName = 'cost',
): PositionEntry {
  const position = {
    instrumentId: instrument.id,
    size: readBounded(size, instrument.amountDecimals, BITS.amount, `${path}.size`),
    cost: readBounded(cost, COST_DECIMALS, BITS.cost, `${path}.${costName}`),
  };
  // equity is size x mark - cost: a cost without a size would be equity out of nothing
  if (position.size === 0n && position.cost !== 0n) {
    throw new SolvencyError('OUT_OF_RANGE', `${path}: a position of size zero must have cost zero.`, {
      details: { where: path },
    });
  }
  return position;
}

/** An exact quantity whose magnitude fits `bits`. Errors: INVALID_INPUT, NOT_REPRESENTABLE, OUT_OF_RANGE. */
function readBounded(text: string, decimals: number, bits: number, where: string): bigint {
  const value = parseAmount(text, decimals, where);
  if ((value < 0n ? -value : value) >> BigInt(bits) === 0n) return value;
  throw new SolvencyError('OUT_OF_RANGE', `${where} does not fit ${bits} bits in its smallest unit.`, {
    details: { where, bits },
  });
}

/** The fields of a balance, in the order in which they are written. */
export const writeBalance = (asset: RegistryEntry, { amount }: CollateralEntry) => ({
  asset: asset.symbol,
  amount: formatAmount(amount, asset.amountDecimals),
});

export const writePosition = (instrument: RegistryEntry, { size, cost }: PositionEntry) => ({
  instrument: instrument.symbol,
  size: formatAmount(size, instrument.amountDecimals),
  cost: formatAmount(cost, COST_DECIMALS),
});
