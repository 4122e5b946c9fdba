import { z } from 'zod';
import { SolvencyError } from '../errors.js';
import { formatAmount, parseAmount } from '../numbers/decimal.js';
import type { StandardSnapshot } from '../snapshot/snapshot.js';
import { amountDecimals, ladderRule, nameText, seconds, unsignedText, versionNumber } from './fields.js';
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
import { assetOf, entryOf, instrumentOf, symbolsOf } from './symbols.js';

export const standardSnapshotSchema = fileSchema('snapshot', {
  registry: registryFields,
  model: z.strictObject({
    family: z.literal('standard'),
    version: versionNumber,
    claim: nameText,
    haircuts: ladderRule,
  }),
  time: seconds,
  assets: z.array(z.strictObject({ asset: nameText, price: unsignedText, ladder: ladderFields, charge: unsignedText })),
  expiries: z.array(z.strictObject({ name: nameText, amountDecimals, unpaired: unsignedText })),
  instruments: z.array(
    z.strictObject({
      instrument: nameText,
      mark: unsignedText,
      option: z
        .strictObject({
          expiry: nameText,
          strike: unsignedText,
          type: z.enum(['call', 'put']),
          isolated: unsignedText,
        })
        .nullable(),
      longCharge: unsignedText,
      shortCharge: unsignedText,
    }),
  ),
  roundings: roundingFields,
  provenance: provenanceFields,
});
type Fields = z.infer<typeof standardSnapshotSchema>;

/** Errors: NOT_REPRESENTABLE, UNKNOWN_ASSET, UNKNOWN_INSTRUMENT, INVALID_INPUT, INVALID_SNAPSHOT. */
export function standardSnapshotFromFields(file: Fields, where: string): StandardSnapshot {
  const registry = registryFromFields(file.registry);
  const symbols = symbolsOf(registry);
  const expiryOf = (name: string, path: string): number => {
    const place = file.expiries.findIndex((expiry) => expiry.name === name);
    if (place >= 0) return place;
    throw new SolvencyError('INVALID_INPUT', `${path} is not listed in the file.`, { details: { where: path } });
  };
  return {
    registry,
    model: file.model,
    time: file.time,
    assets: file.assets.map((asset, index) => {
      const path = `${where}: assets[${index}]`;
      const entry = assetOf(symbols, asset.asset, `${path}.asset`);
      return {
        ...assetFromFields(asset, symbols, path),
        charge: parseAmount(asset.charge, priceDecimals(entry), `${path}.charge`),
      };
    }),
    expiries: file.expiries.map((expiry, index) => ({
      name: expiry.name,
      amountDecimals: expiry.amountDecimals,
      unpaired: parseAmount(expiry.unpaired, priceDecimals(expiry), `${where}: expiries[${index}].unpaired`),
    })),
    instruments: file.instruments.map(({ instrument, mark, option, longCharge, shortCharge }, index) => {
      const path = `${where}: instruments[${index}]`;
      const entry = instrumentOf(symbols, instrument, `${path}.instrument`);
      const value = (text: string, field: string) => parseAmount(text, priceDecimals(entry), `${path}.${field}`);
      return {
        instrumentId: entry.id,
        price: value(mark, 'mark'),
        option:
          option === null
            ? null
            : {
                expiry: expiryOf(option.expiry, `${path}.option.expiry`),
                strike: value(option.strike, 'option.strike'),
                type: option.type,
                isolated: value(option.isolated, 'option.isolated'),
              },
        longCharge: value(longCharge, 'longCharge'),
        shortCharge: value(shortCharge, 'shortCharge'),
      };
    }),
    roundings: file.roundings,
    ...provenanceOf(file),
  };
}

/** Errors: UNKNOWN_ASSET, UNKNOWN_INSTRUMENT. */
export function standardSnapshotToFields(snapshot: StandardSnapshot): Omit<Fields, 'format' | 'version'> {
  const assetEntry = entryOf(snapshot.registry, 'asset');
  const instrumentEntry = entryOf(snapshot.registry, 'instrument');
  const { family, version, claim, haircuts } = snapshot.model;
  return {
    registry: registryToFields(snapshot.registry),
    model: { family, version, claim, haircuts },
    time: snapshot.time,
    assets: snapshot.assets.map((asset) => {
      const entry = assetEntry(asset.assetId);
      return { ...assetToFields(asset, entry), charge: formatAmount(asset.charge, priceDecimals(entry)) };
    }),
    expiries: snapshot.expiries.map((expiry) => ({
      name: expiry.name,
      amountDecimals: expiry.amountDecimals,
      unpaired: formatAmount(expiry.unpaired, priceDecimals(expiry)),
    })),
    instruments: snapshot.instruments.map(({ instrumentId, price, option, longCharge, shortCharge }) => {
      const entry = instrumentEntry(instrumentId);
      const value = (amount: bigint) => formatAmount(amount, priceDecimals(entry));
      return {
        instrument: entry.symbol,
        mark: value(price),
        option:
          option === null
            ? null
            : {
                expiry: snapshot.expiries[option.expiry]?.name as string,
                strike: value(option.strike),
                type: option.type,
                isolated: value(option.isolated),
              },
        longCharge: value(longCharge),
        shortCharge: value(shortCharge),
      };
    }),
    roundings: roundingsToFields(snapshot.roundings),
    ...provenanceOf(snapshot),
  };
}
