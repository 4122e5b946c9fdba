import { RATE_DECIMALS, VALUE_DECIMALS } from '../../protocol/constants.js';
import type { RegistryEntry } from '../registry.js';
import { type Figure, type Quantity, quantity } from './figure.js';

/** weights, shocks and discounts are in 1e-9 */

type Named = (name: string, amount: bigint, meaning: string) => Quantity;

/** Quote for each whole unit of size of an entry: 16 - amountDecimals decimals. */
export const perUnit =
  (quote: string, { amountDecimals }: Pick<RegistryEntry, 'amountDecimals'>): Named =>
  (name, amount, meaning) =>
    quantity(name, amount, VALUE_DECIMALS - amountDecimals, `${quote} per unit`, meaning);

/** A part of the notional, exact to a millionth. */
export const ofNotional: Named = (name, amount, meaning) =>
  quantity(name, amount, RATE_DECIMALS, 'of the notional', meaning);

export const factor = (name: string, amount: bigint, decimals: number, meaning: string): Quantity =>
  quantity(name, amount, decimals, '(factor)', meaning);

export const rule = (name: string, text: string, meaning: string): Figure => ({ name, text, meaning });
