import { z } from 'zod';
import { formatAmount, parseAmount } from '../numbers/decimal.js';
import { RATE_DECIMALS } from '../protocol/constants.js';
import type { QuantizedSnapshot } from '../snapshot/snapshot.js';
import { decimalText, ladderRule, nameText, seconds, unsignedText, versionNumber } from './fields.js';
import { fileSchema } from './readFormat.js';
import { registryFields, registryFromFields, registryToFields } from './registry.js';
import {
  assetFromFields,
  assetToFields,
  ladderFields,
  priceDecimals,
  provenanceFields,
  provenanceOf,
  roundingFields,
  roundingsToFields,
} from './snapshotFields.js';
import { entryOf, instrumentOf, symbolsOf } from './symbols.js';

export const quantizedSnapshotSchema = fileSchema('snapshot', {
  registry: registryFields,
  model: z.strictObject({
    family: z.literal('quantized'),
    version: versionNumber,
    claim: nameText,
    haircuts: ladderRule,
  }),
  time: seconds,
  assets: z.array(z.strictObject({ asset: nameText, price: unsignedText, ladder: ladderFields })),
  instruments: z.array(
    z.strictObject({
      instrument: nameText,
      mark: unsignedText,
      fundingIndex: decimalText,
      baseRate: unsignedText,
      fraction: unsignedText,
    }),
  ),
  roundings: roundingFields,
  provenance: provenanceFields,
});
type Fields = z.infer<typeof quantizedSnapshotSchema>;

/** Errors: NOT_REPRESENTABLE, UNKNOWN_ASSET, UNKNOWN_INSTRUMENT, INVALID_SNAPSHOT. */
export function quantizedSnapshotFromFields(file: Fields, where: string): QuantizedSnapshot {
  const registry = registryFromFields(file.registry);
  const symbols = symbolsOf(registry);
  return {
    registry,
    model: file.model,
    time: file.time,
    assets: file.assets.map((asset, index) => assetFromFields(asset, symbols, `${where}: assets[${index}]`)),
    instruments: file.instruments.map(({ instrument, mark, fundingIndex, baseRate, fraction }, index) => {
      const path = `${where}: instruments[${index}]`;
      const entry = instrumentOf(symbols, instrument, `${path}.instrument`);
      return {
        instrumentId: entry.id,
        price: parseAmount(mark, priceDecimals(entry), `${path}.mark`),
        fundingIndex: parseAmount(fundingIndex, priceDecimals(entry), `${path}.fundingIndex`),
        baseRate: parseAmount(baseRate, RATE_DECIMALS, `${path}.baseRate`),
        fraction: parseAmount(fraction, RATE_DECIMALS, `${path}.fraction`),
      };
    }),
    roundings: file.roundings,
    ...provenanceOf(file),
  };
}

/** Errors: UNKNOWN_ASSET, UNKNOWN_INSTRUMENT. */
export function quantizedSnapshotToFields(snapshot: QuantizedSnapshot): Omit<Fields, 'format' | 'version'> {
  const assetEntry = entryOf(snapshot.registry, 'asset');
  const instrumentEntry = entryOf(snapshot.registry, 'instrument');
  const { family, version, claim, haircuts } = snapshot.model;
  return {
    registry: registryToFields(snapshot.registry),
    model: { family, version, claim, haircuts },
    time: snapshot.time,
    assets: snapshot.assets.map((asset) => assetToFields(asset, assetEntry(asset.assetId))),
    instruments: snapshot.instruments.map(({ instrumentId, price, fundingIndex, baseRate, fraction }) => {
      const entry = instrumentEntry(instrumentId);
      return {
        instrument: entry.symbol,
        mark: formatAmount(price, priceDecimals(entry)),
        fundingIndex: formatAmount(fundingIndex, priceDecimals(entry)),
        baseRate: formatAmount(baseRate, RATE_DECIMALS),
        fraction: formatAmount(fraction, RATE_DECIMALS),
      };
    }),
    roundings: roundingsToFields(snapshot.roundings),
    ...provenanceOf(snapshot),
  };
}
