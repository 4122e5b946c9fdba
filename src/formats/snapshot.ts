import { z } from 'zod';
import { formatAmount, parseAmount } from '../numbers/decimal.js';
import { RATE_SCALE, VALUE_DECIMALS } from '../protocol/constants.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import { validateSnapshot } from '../snapshot/validate.js';
import { ladderRule, nameText, noteText, seconds, unsignedText, versionNumber } from './fields.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';
import { registryFields, registryFromFields, registryToFields } from './registry.js';
import { assetOf, entryOf, instrumentOf, symbolsOf } from './symbols.js';

const RATE_DECIMALS = RATE_SCALE.toString().length - 1;
/** requirements and deductions are in 1e-22 quote units */
const OFFSET_DECIMALS = VALUE_DECIMALS + RATE_DECIMALS;

export const snapshotSchema = fileSchema('snapshot', {
  registry: registryFields,
  model: z.strictObject({
    family: z.enum(['tiered'], 'must be "tiered"'),
    version: versionNumber,
    claim: nameText,
    tiers: ladderRule,
    haircuts: ladderRule,
  }),
  time: seconds,
  assets: z.array(
    z.strictObject({
      asset: nameText,
      price: unsignedText,
      ladder: z.array(z.strictObject({ valueCap: unsignedText.nullable(), factor: unsignedText })),
    }),
  ),
  instruments: z.array(
    z.strictObject({
      instrument: nameText,
      mark: unsignedText,
      tiers: z.array(
        z.strictObject({ notionalCap: unsignedText.nullable(), rate: unsignedText, deduction: unsignedText }),
      ),
    }),
  ),
  roundings: z.array(z.strictObject({ where: noteText, exact: noteText, used: noteText })),
});

/**
 * Reads `zk-solvency/snapshot`, all of whose figures are decimals in quote units, exactly, and validates it.
 * Errors: those of readFormat, NOT_REPRESENTABLE, UNKNOWN_ASSET, UNKNOWN_INSTRUMENT, INVALID_SNAPSHOT.
 */
export function parseSnapshot(text: string, where: string): Snapshot {
  const file = readFormat(snapshotSchema, text, { name: 'snapshot', where });
  const registry = registryFromFields(file.registry);
  const symbols = symbolsOf(registry);
  const cap = (value: string | null, path: string): bigint | null =>
    value === null ? null : parseAmount(value, VALUE_DECIMALS, path);
  const snapshot: Snapshot = {
    registry,
    model: file.model,
    time: file.time,
    assets: file.assets.map(({ asset, price, ladder }, index) => {
      const path = `${where}: assets[${index}]`;
      const entry = assetOf(symbols, asset, `${path}.asset`);
      return {
        assetId: entry.id,
        price: parseAmount(price, VALUE_DECIMALS - entry.amountDecimals, `${path}.price`),
        ladder: ladder.map(({ valueCap, factor }, step) => ({
          valueCap: cap(valueCap, `${path}.ladder[${step}].valueCap`),
          factor: parseAmount(factor, RATE_DECIMALS, `${path}.ladder[${step}].factor`),
        })),
      };
    }),
    instruments: file.instruments.map(({ instrument, mark, tiers }, index) => {
      const path = `${where}: instruments[${index}]`;
      const entry = instrumentOf(symbols, instrument, `${path}.instrument`);
      return {
        instrumentId: entry.id,
        price: parseAmount(mark, VALUE_DECIMALS - entry.amountDecimals, `${path}.mark`),
        tiers: tiers.map(({ notionalCap, rate, deduction }, tier) => ({
          notionalCap: cap(notionalCap, `${path}.tiers[${tier}].notionalCap`),
          rate: parseAmount(rate, RATE_DECIMALS, `${path}.tiers[${tier}].rate`),
          deduction: parseAmount(deduction, OFFSET_DECIMALS, `${path}.tiers[${tier}].deduction`),
        })),
      };
    }),
    roundings: file.roundings,
  };
  validateSnapshot(snapshot);
  return snapshot;
}

/** The one text of a snapshot: shortest decimals, fields in a fixed order. Errors: UNKNOWN_ASSET, UNKNOWN_INSTRUMENT. */
export function serializeSnapshot(snapshot: Snapshot): string {
  const assetEntry = entryOf(snapshot.registry, 'asset');
  const instrumentEntry = entryOf(snapshot.registry, 'instrument');
  const value = (amount: bigint | null): string | null =>
    amount === null ? null : formatAmount(amount, VALUE_DECIMALS);
  const { family, version, claim, tiers, haircuts } = snapshot.model;
  const fields: Omit<z.infer<typeof snapshotSchema>, 'format' | 'version'> = {
    registry: registryToFields(snapshot.registry),
    model: { family, version, claim, tiers, haircuts },
    time: snapshot.time,
    assets: snapshot.assets.map(({ assetId, price, ladder }) => {
      const { symbol, amountDecimals } = assetEntry(assetId);
      return {
        asset: symbol,
        price: formatAmount(price, VALUE_DECIMALS - amountDecimals),
        ladder: ladder.map(({ valueCap, factor }) => ({
          valueCap: value(valueCap),
          factor: formatAmount(factor, RATE_DECIMALS),
        })),
      };
    }),
    instruments: snapshot.instruments.map((instrument) => {
      const { symbol, amountDecimals } = instrumentEntry(instrument.instrumentId);
      return {
        instrument: symbol,
        mark: formatAmount(instrument.price, VALUE_DECIMALS - amountDecimals),
        tiers: instrument.tiers.map(({ notionalCap, rate, deduction }) => ({
          notionalCap: value(notionalCap),
          rate: formatAmount(rate, RATE_DECIMALS),
          deduction: formatAmount(deduction, OFFSET_DECIMALS),
        })),
      };
    }),
    roundings: snapshot.roundings.map(({ where, exact, used }) => ({ where, exact, used })),
  };
  return writeFormat('snapshot', fields);
}
