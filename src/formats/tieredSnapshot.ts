import { z } from 'zod';
import { formatAmount, parseAmount } from '../numbers/decimal.js';
import { RATE_DECIMALS, VALUE_DECIMALS } from '../protocol/constants.js';
import type { TieredSnapshot } from '../snapshot/snapshot.js';
import { ladderRule, nameText, seconds, unsignedText, versionNumber } from './fields.js';
import { fileSchema } from './readFormat.js';
import { registryFields, registryFromFields, registryToFields } from './registry.js';
import {
  assetFromFields,
  assetToFields,
  capFromText,
  capToText,
  ladderFields,
  priceDecimals,
  provenanceFields,
  provenanceOf,
  roundingFields,
  roundingsToFields,
} from './snapshotFields.js';
import { entryOf, instrumentOf, symbolsOf } from './symbols.js';

/** requirements and deductions are in 1e-22 quote units */
const OFFSET_DECIMALS = VALUE_DECIMALS + RATE_DECIMALS;

export const tieredSnapshotSchema = fileSchema('snapshot', {
  registry: registryFields,
  model: z.strictObject({
    family: z.literal('tiered'),
    version: versionNumber,
    claim: nameText,
    tiers: ladderRule,
    haircuts: ladderRule,
  }),
  time: seconds,
  assets: z.array(z.strictObject({ asset: nameText, price: unsignedText, ladder: ladderFields })),
  instruments: z.array(
    z.strictObject({
      instrument: nameText,
      mark: unsignedText,
      tiers: z.array(
        z.strictObject({ notionalCap: unsignedText.nullable(), rate: unsignedText, deduction: unsignedText }),
      ),
    }),
  ),
  roundings: roundingFields,
  provenance: provenanceFields,
});
type Fields = z.infer<typeof tieredSnapshotSchema>;

/** Errors: NOT_REPRESENTABLE, UNKNOWN_ASSET, UNKNOWN_INSTRUMENT, INVALID_SNAPSHOT. */
export function tieredSnapshotFromFields(file: Fields, where: string): TieredSnapshot {
  const registry = registryFromFields(file.registry);
  const symbols = symbolsOf(registry);
  return {
    registry,
    model: file.model,
    time: file.time,
    assets: file.assets.map((asset, index) => assetFromFields(asset, symbols, `${where}: assets[${index}]`)),
    instruments: file.instruments.map(({ instrument, mark, tiers }, index) => {
      const path = `${where}: instruments[${index}]`;
      const entry = instrumentOf(symbols, instrument, `${path}.instrument`);
      return {
        instrumentId: entry.id,
        price: parseAmount(mark, priceDecimals(entry), `${path}.mark`),
        tiers: tiers.map(({ notionalCap, rate, deduction }, tier) => ({
          notionalCap: capFromText(notionalCap, `${path}.tiers[${tier}].notionalCap`),
          rate: parseAmount(rate, RATE_DECIMALS, `${path}.tiers[${tier}].rate`),
          deduction: parseAmount(deduction, OFFSET_DECIMALS, `${path}.tiers[${tier}].deduction`),
        })),
      };
    }),
    roundings: file.roundings,
    ...provenanceOf(file),
  };
}

/** Errors: UNKNOWN_ASSET, UNKNOWN_INSTRUMENT. */
export function tieredSnapshotToFields(snapshot: TieredSnapshot): Omit<Fields, 'format' | 'version'> {
  const assetEntry = entryOf(snapshot.registry, 'asset');
  const instrumentEntry = entryOf(snapshot.registry, 'instrument');
  const { family, version, claim, tiers, haircuts } = snapshot.model;
  return {
    registry: registryToFields(snapshot.registry),
    model: { family, version, claim, tiers, haircuts },
    time: snapshot.time,
    assets: snapshot.assets.map((asset) => assetToFields(asset, assetEntry(asset.assetId))),
    instruments: snapshot.instruments.map((instrument) => {
      const entry = instrumentEntry(instrument.instrumentId);
      return {
        instrument: entry.symbol,
        mark: formatAmount(instrument.price, priceDecimals(entry)),
        tiers: instrument.tiers.map(({ notionalCap, rate, deduction }) => ({
          notionalCap: capToText(notionalCap),
          rate: formatAmount(rate, RATE_DECIMALS),
          deduction: formatAmount(deduction, OFFSET_DECIMALS),
        })),
      };
    }),
    roundings: roundingsToFields(snapshot.roundings),
    ...provenanceOf(snapshot),
  };
}
