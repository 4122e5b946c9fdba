import { z } from 'zod';
import { formatAmount, parseAmount } from '../numbers/decimal.js';
import { RATE_DECIMALS, VALUE_DECIMALS } from '../protocol/constants.js';
import type { RegistryEntry } from '../snapshot/registry.js';
import type { AssetParameters, Provenance, Rounding } from '../snapshot/snapshot.js';
import { decimalText, noteText, unsignedText } from './fields.js';
import { assetOf, type Symbols } from './symbols.js';

/** What the snapshots of all model families have in common. */

/** Decimals of a price per unit of size. */
export const priceDecimals = ({ amountDecimals }: Pick<RegistryEntry, 'amountDecimals'>): number =>
  VALUE_DECIMALS - amountDecimals;

const ladderOf = (factor: typeof decimalText) => z.array(z.strictObject({ valueCap: unsignedText.nullable(), factor }));
export const ladderFields = ladderOf(unsignedText);
/** of models that may ask for more than the value of an asset */
export const signedLadderFields = ladderOf(decimalText);
export const roundingFields = z.array(z.strictObject({ where: noteText, exact: noteText, used: noteText }));
export const provenanceFields = z.array(z.strictObject({ where: noteText, from: noteText })).optional();

/** A bound in 1e-16 quote; null: none. */
export const capFromText = (value: string | null, path: string): bigint | null =>
  value === null ? null : parseAmount(value, VALUE_DECIMALS, path);
export const capToText = (value: bigint | null): string | null =>
  value === null ? null : formatAmount(value, VALUE_DECIMALS);

/** An asset as a file states it. Errors: UNKNOWN_ASSET, NOT_REPRESENTABLE. */
export function assetFromFields(
  { asset, price, ladder }: { asset: string; price: string; ladder: z.infer<typeof ladderFields> },
  symbols: Symbols,
  path: string,
): AssetParameters {
  const entry = assetOf(symbols, asset, `${path}.asset`);
  return {
    assetId: entry.id,
    price: parseAmount(price, priceDecimals(entry), `${path}.price`),
    ladder: ladder.map(({ valueCap, factor }, step) => ({
      valueCap: capFromText(valueCap, `${path}.ladder[${step}].valueCap`),
      factor: parseAmount(factor, RATE_DECIMALS, `${path}.ladder[${step}].factor`),
    })),
  };
}

export const assetToFields = ({ price, ladder }: AssetParameters, entry: RegistryEntry) => ({
  asset: entry.symbol,
  price: formatAmount(price, priceDecimals(entry)),
  ladder: ladder.map(({ valueCap, factor }) => ({
    valueCap: capToText(valueCap),
    factor: formatAmount(factor, RATE_DECIMALS),
  })),
});

export const roundingsToFields = (roundings: readonly Rounding[]) =>
  roundings.map(({ where, exact, used }) => ({ where, exact, used }));

/** The field of a file as of a snapshot: left out where nothing is said, so that other files keep their text. */
export const provenanceOf = ({ provenance }: { readonly provenance?: readonly Provenance[] | undefined }) =>
  provenance === undefined ? {} : { provenance: provenance.map(({ where, from }) => ({ where, from })) };
