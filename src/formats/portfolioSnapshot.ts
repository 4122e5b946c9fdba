import { z } from 'zod';
import { SolvencyError } from '../errors.js';
import { formatAmount, parseAmount } from '../numbers/decimal.js';
import { FINE_DECIMALS, VALUE_DECIMALS } from '../protocol/constants.js';
import type { PortfolioSnapshot, Scenario } from '../snapshot/snapshot.js';
import { amountDecimals, decimalText, ladderRule, nameText, seconds, unsignedText, versionNumber } from './fields.js';
import { fileSchema } from './readFormat.js';
import { registryFields, registryFromFields, registryToFields } from './registry.js';
import {
  assetFromFields,
  assetToFields,
  priceDecimals,
  provenanceFields,
  provenanceOf,
  roundingFields,
  roundingsToFields,
  signedLadderFields,
} from './snapshotFields.js';
import { entryOf, instrumentOf, symbolsOf } from './symbols.js';

/** discounts, weights and shocks are in 1e-9 */

const scenarioFields = z.array(z.strictObject({ weight: unsignedText, shock: decimalText, floorWeight: unsignedText }));
const roundedBothWays = z.strictObject({ down: unsignedText, up: unsignedText });

export const portfolioSnapshotSchema = fileSchema('snapshot', {
  registry: registryFields,
  model: z.strictObject({
    family: z.literal('portfolio'),
    version: versionNumber,
    claim: nameText,
    haircuts: ladderRule,
    scenarios: scenarioFields,
    absoluteScenarios: scenarioFields,
  }),
  time: seconds,
  underlyings: z.array(nameText),
  assets: z.array(
    z.strictObject({
      asset: nameText,
      price: unsignedText,
      ladder: signedLadderFields,
      underlying: nameText.nullable(),
    }),
  ),
  expiries: z.array(
    z.strictObject({
      name: nameText,
      underlying: nameText,
      perpetual: z.boolean(),
      amountDecimals,
      positiveDiscount: roundedBothWays,
      negativeDiscount: roundedBothWays,
      charge: unsignedText,
      chargeWithPerpetual: unsignedText,
    }),
  ),
  instruments: z.array(
    z.strictObject({
      instrument: nameText,
      mark: unsignedText,
      expiry: nameText,
      nets: z.boolean(),
      up: decimalText,
      down: decimalText,
      nakedCharge: unsignedText,
      floorCharge: unsignedText,
      values: z.array(decimalText),
    }),
  ),
  roundings: roundingFields,
  provenance: provenanceFields,
});
type Fields = z.infer<typeof portfolioSnapshotSchema>;

/** Errors: NOT_REPRESENTABLE, UNKNOWN_ASSET, UNKNOWN_INSTRUMENT, INVALID_INPUT, INVALID_SNAPSHOT. */
export function portfolioSnapshotFromFields(file: Fields, where: string): PortfolioSnapshot {
  const registry = registryFromFields(file.registry);
  const symbols = symbolsOf(registry);
  const fine = (text: string, path: string): bigint => parseAmount(text, FINE_DECIMALS, path);
  const scenarios = (list: Fields['model']['scenarios'], path: string): readonly Scenario[] =>
    list.map(({ weight, shock, floorWeight }, index) => ({
      weight: fine(weight, `${path}[${index}].weight`),
      shock: fine(shock, `${path}[${index}].shock`),
      floorWeight: fine(floorWeight, `${path}[${index}].floorWeight`),
    }));
  const underlyingOf = (name: string, path: string) => placeOf(file.underlyings, name, path);
  const expiryNames = file.expiries.map(({ name }) => name);
  return {
    registry,
    model: {
      ...file.model,
      scenarios: scenarios(file.model.scenarios, `${where}: model.scenarios`),
      absoluteScenarios: scenarios(file.model.absoluteScenarios, `${where}: model.absoluteScenarios`),
    },
    time: file.time,
    underlyings: file.underlyings,
    assets: file.assets.map((asset, index) => {
      const path = `${where}: assets[${index}]`;
      return {
        ...assetFromFields(asset, symbols, path),
        underlying: asset.underlying === null ? null : underlyingOf(asset.underlying, `${path}.underlying`),
      };
    }),
    expiries: file.expiries.map((expiry, index) => {
      const path = `${where}: expiries[${index}]`;
      const both = ({ down, up }: z.infer<typeof roundedBothWays>, field: string) =>
        [fine(down, `${path}.${field}.down`), fine(up, `${path}.${field}.up`)] as const;
      const charge = (text: string, field: string) => parseAmount(text, priceDecimals(expiry), `${path}.${field}`);
      return {
        name: expiry.name,
        underlying: underlyingOf(expiry.underlying, `${path}.underlying`),
        perpetual: expiry.perpetual,
        amountDecimals: expiry.amountDecimals,
        positiveDiscount: both(expiry.positiveDiscount, 'positiveDiscount'),
        negativeDiscount: both(expiry.negativeDiscount, 'negativeDiscount'),
        charge: charge(expiry.charge, 'charge'),
        chargeWithPerpetual: charge(expiry.chargeWithPerpetual, 'chargeWithPerpetual'),
      };
    }),
    instruments: file.instruments.map((instrument, index) => {
      const path = `${where}: instruments[${index}]`;
      const entry = instrumentOf(symbols, instrument.instrument, `${path}.instrument`);
      const value = (text: string, field: string) => parseAmount(text, priceDecimals(entry), `${path}.${field}`);
      return {
        instrumentId: entry.id,
        price: value(instrument.mark, 'mark'),
        expiry: placeOf(expiryNames, instrument.expiry, `${path}.expiry`),
        nets: instrument.nets,
        up: value(instrument.up, 'up'),
        down: value(instrument.down, 'down'),
        nakedCharge: value(instrument.nakedCharge, 'nakedCharge'),
        floorCharge: value(instrument.floorCharge, 'floorCharge'),
        values: instrument.values.map((text, s) => value(text, `values[${s}]`)),
      };
    }),
    roundings: file.roundings,
    ...provenanceOf(file),
  };
}

/** Errors: UNKNOWN_ASSET, UNKNOWN_INSTRUMENT. */
export function portfolioSnapshotToFields(snapshot: PortfolioSnapshot): Omit<Fields, 'format' | 'version'> {
  const assetEntry = entryOf(snapshot.registry, 'asset');
  const instrumentEntry = entryOf(snapshot.registry, 'instrument');
  const { model, underlyings } = snapshot;
  const { family, version, claim, haircuts } = model;
  const fine = (value: bigint) => formatAmount(value, FINE_DECIMALS);
  const scenarios = (list: readonly Scenario[]) =>
    list.map(({ weight, shock, floorWeight }) => ({
      weight: fine(weight),
      shock: fine(shock),
      floorWeight: fine(floorWeight),
    }));
  return {
    registry: registryToFields(snapshot.registry),
    model: {
      family,
      version,
      claim,
      haircuts,
      scenarios: scenarios(model.scenarios),
      absoluteScenarios: scenarios(model.absoluteScenarios),
    },
    time: snapshot.time,
    underlyings: [...underlyings],
    assets: snapshot.assets.map((asset) => ({
      ...assetToFields(asset, assetEntry(asset.assetId)),
      underlying: asset.underlying === null ? null : (underlyings[asset.underlying] as string),
    })),
    expiries: snapshot.expiries.map((expiry) => {
      const both = ([down, up]: readonly [bigint, bigint]) => ({ down: fine(down), up: fine(up) });
      const decimals = VALUE_DECIMALS - expiry.amountDecimals;
      return {
        name: expiry.name,
        underlying: underlyings[expiry.underlying] as string,
        perpetual: expiry.perpetual,
        amountDecimals: expiry.amountDecimals,
        positiveDiscount: both(expiry.positiveDiscount),
        negativeDiscount: both(expiry.negativeDiscount),
        charge: formatAmount(expiry.charge, decimals),
        chargeWithPerpetual: formatAmount(expiry.chargeWithPerpetual, decimals),
      };
    }),
    instruments: snapshot.instruments.map((instrument) => {
      const entry = instrumentEntry(instrument.instrumentId);
      const value = (amount: bigint) => formatAmount(amount, priceDecimals(entry));
      return {
        instrument: entry.symbol,
        mark: value(instrument.price),
        expiry: snapshot.expiries[instrument.expiry]?.name as string,
        nets: instrument.nets,
        up: value(instrument.up),
        down: value(instrument.down),
        nakedCharge: value(instrument.nakedCharge),
        floorCharge: value(instrument.floorCharge),
        values: instrument.values.map(value),
      };
    }),
    roundings: roundingsToFields(snapshot.roundings),
    ...provenanceOf(snapshot),
  };
}

function placeOf(names: readonly string[], name: string, path: string): number {
  const place = names.indexOf(name);
  if (place >= 0) return place;
  throw new SolvencyError('INVALID_INPUT', `${path} is not listed in the file.`, { details: { where: path } });
}
