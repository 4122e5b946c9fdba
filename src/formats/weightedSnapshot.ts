import { z } from 'zod';
import { formatAmount, parseAmount } from '../numbers/decimal.js';
import { RATE_DECIMALS } from '../protocol/constants.js';
import type { RegistryEntry } from '../snapshot/registry.js';
import type { WeightedSide, WeightedSnapshot } from '../snapshot/snapshot.js';
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

const sideFields = z.strictObject({
  price: unsignedText,
  marginPrice: unsignedText,
  rate: unsignedText,
  premiumBase: unsignedText,
  premium: unsignedText,
  quadratic: unsignedText,
});
type SideFields = z.infer<typeof sideFields>;

export const weightedSnapshotSchema = fileSchema('snapshot', {
  registry: registryFields,
  model: z.strictObject({
    family: z.literal('weighted'),
    version: versionNumber,
    claim: nameText,
    haircuts: ladderRule,
    rateStep: unsignedText,
  }),
  time: seconds,
  assets: z.array(z.strictObject({ asset: nameText, price: unsignedText, ladder: ladderFields })),
  instruments: z.array(
    z.strictObject({
      instrument: nameText,
      mark: unsignedText,
      long: sideFields,
      short: sideFields,
      gainWeight: unsignedText,
      gainCap: unsignedText.nullable(),
    }),
  ),
  roundings: roundingFields,
  provenance: provenanceFields,
});
type Fields = z.infer<typeof weightedSnapshotSchema>;

/** A rate per smallest unit of size has 18 decimals; a file states it per unit of size. */
const QUADRATIC_DECIMALS = 18;
const quadraticDecimals = ({ amountDecimals }: RegistryEntry): number => QUADRATIC_DECIMALS - amountDecimals;

/** Errors: NOT_REPRESENTABLE, UNKNOWN_ASSET, UNKNOWN_INSTRUMENT, INVALID_SNAPSHOT. */
export function weightedSnapshotFromFields(file: Fields, where: string): WeightedSnapshot {
  const registry = registryFromFields(file.registry);
  const symbols = symbolsOf(registry);
  return {
    registry,
    model: { ...file.model, rateStep: parseAmount(file.model.rateStep, RATE_DECIMALS, `${where}: model.rateStep`) },
    time: file.time,
    assets: file.assets.map((asset, index) => assetFromFields(asset, symbols, `${where}: assets[${index}]`)),
    instruments: file.instruments.map(({ instrument, mark, long, short, gainWeight, gainCap }, index) => {
      const path = `${where}: instruments[${index}]`;
      const entry = instrumentOf(symbols, instrument, `${path}.instrument`);
      return {
        instrumentId: entry.id,
        price: parseAmount(mark, priceDecimals(entry), `${path}.mark`),
        long: sideFromFields(long, entry, `${path}.long`),
        short: sideFromFields(short, entry, `${path}.short`),
        gainWeight: parseAmount(gainWeight, RATE_DECIMALS, `${path}.gainWeight`),
        gainCap: capFromText(gainCap, `${path}.gainCap`),
      };
    }),
    roundings: file.roundings,
    ...provenanceOf(file),
  };
}

const sideFromFields = (side: SideFields, entry: RegistryEntry, path: string): WeightedSide => ({
  price: parseAmount(side.price, priceDecimals(entry), `${path}.price`),
  marginPrice: parseAmount(side.marginPrice, priceDecimals(entry), `${path}.marginPrice`),
  rate: parseAmount(side.rate, RATE_DECIMALS, `${path}.rate`),
  premiumBase: parseAmount(side.premiumBase, RATE_DECIMALS, `${path}.premiumBase`),
  premium: parseAmount(side.premium, RATE_DECIMALS, `${path}.premium`),
  quadratic: parseAmount(side.quadratic, quadraticDecimals(entry), `${path}.quadratic`),
});

/** Errors: UNKNOWN_ASSET, UNKNOWN_INSTRUMENT. */
export function weightedSnapshotToFields(snapshot: WeightedSnapshot): Omit<Fields, 'format' | 'version'> {
  const assetEntry = entryOf(snapshot.registry, 'asset');
  const instrumentEntry = entryOf(snapshot.registry, 'instrument');
  const { family, version, claim, haircuts, rateStep } = snapshot.model;
  return {
    registry: registryToFields(snapshot.registry),
    model: { family, version, claim, haircuts, rateStep: formatAmount(rateStep, RATE_DECIMALS) },
    time: snapshot.time,
    assets: snapshot.assets.map((asset) => assetToFields(asset, assetEntry(asset.assetId))),
    instruments: snapshot.instruments.map(({ instrumentId, price, long, short, gainWeight, gainCap }) => {
      const entry = instrumentEntry(instrumentId);
      return {
        instrument: entry.symbol,
        mark: formatAmount(price, priceDecimals(entry)),
        long: sideToFields(long, entry),
        short: sideToFields(short, entry),
        gainWeight: formatAmount(gainWeight, RATE_DECIMALS),
        gainCap: capToText(gainCap),
      };
    }),
    roundings: roundingsToFields(snapshot.roundings),
    ...provenanceOf(snapshot),
  };
}

const sideToFields = (side: WeightedSide, entry: RegistryEntry): SideFields => ({
  price: formatAmount(side.price, priceDecimals(entry)),
  marginPrice: formatAmount(side.marginPrice, priceDecimals(entry)),
  rate: formatAmount(side.rate, RATE_DECIMALS),
  premiumBase: formatAmount(side.premiumBase, RATE_DECIMALS),
  premium: formatAmount(side.premium, RATE_DECIMALS),
  quadratic: formatAmount(side.quadratic, quadraticDecimals(entry)),
});
