import { z } from 'zod';
import { formatRational, parseRational, type Rational, ZERO } from '../numbers/rational.js';
import type { Parameters } from '../snapshot/parameters.js';
import { ladderRule, nameText, rationalText } from './fields.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';
import { registryFields, registryFromFields, registryToFields } from './registry.js';
import { assetOf, entryOf, instrumentOf, symbolsOf } from './symbols.js';

export const parametersSchema = fileSchema('parameters', {
  registry: registryFields,
  maintenanceRule: ladderRule,
  initialRule: ladderRule,
  haircutRule: ladderRule,
  assets: z.array(
    z.strictObject({
      asset: nameText,
      ladder: z.array(z.strictObject({ valueCap: rationalText.nullable(), factor: rationalText })),
    }),
  ),
  instruments: z.array(
    z.strictObject({
      instrument: nameText,
      tiers: z.array(
        z.strictObject({
          notionalCap: rationalText.nullable(),
          maintenanceRate: rationalText,
          maintenanceDeduction: rationalText,
          initialRate: rationalText,
        }),
      ),
    }),
  ),
});

/**
 * Reads `zk-solvency/parameters`: a venue's public risk parameters as the venue states them, exact.
 * Errors: those of readFormat, INVALID_SNAPSHOT (registry), UNKNOWN_ASSET, UNKNOWN_INSTRUMENT.
 */
export function parseParameters(text: string, where: string): Parameters {
  const file = readFormat(parametersSchema, text, { name: 'parameters', where });
  const registry = registryFromFields(file.registry);
  const symbols = symbolsOf(registry);
  return {
    registry,
    maintenanceRule: file.maintenanceRule,
    initialRule: file.initialRule,
    haircutRule: file.haircutRule,
    assets: file.assets.map(({ asset, ladder }, index) => ({
      assetId: assetOf(symbols, asset, `${where}: assets[${index}].asset`).id,
      ladder: ladder.map(({ valueCap, factor }) => ({ valueCap: capOf(valueCap), factor: exact(factor) })),
    })),
    instruments: file.instruments.map(({ instrument, tiers }, index) => ({
      instrumentId: instrumentOf(symbols, instrument, `${where}: instruments[${index}].instrument`).id,
      tiers: tiers.map((tier) => ({
        notionalCap: capOf(tier.notionalCap),
        maintenanceRate: exact(tier.maintenanceRate),
        maintenanceDeduction: exact(tier.maintenanceDeduction),
        initialRate: exact(tier.initialRate),
      })),
    })),
  };
}

/** Writes parameters; errors UNKNOWN_ASSET and UNKNOWN_INSTRUMENT for ids outside their registry. */
export function serializeParameters(parameters: Parameters): string {
  const asset = entryOf(parameters.registry, 'asset');
  const instrument = entryOf(parameters.registry, 'instrument');
  const fields: Omit<z.infer<typeof parametersSchema>, 'format' | 'version'> = {
    registry: registryToFields(parameters.registry),
    maintenanceRule: parameters.maintenanceRule,
    initialRule: parameters.initialRule,
    haircutRule: parameters.haircutRule,
    assets: parameters.assets.map(({ assetId, ladder }) => ({
      asset: asset(assetId).symbol,
      ladder: ladder.map(({ valueCap, factor }) => ({
        valueCap: valueCap === null ? null : formatRational(valueCap),
        factor: formatRational(factor),
      })),
    })),
    instruments: parameters.instruments.map(({ instrumentId, tiers }) => ({
      instrument: instrument(instrumentId).symbol,
      tiers: tiers.map((tier) => ({
        notionalCap: tier.notionalCap === null ? null : formatRational(tier.notionalCap),
        maintenanceRate: formatRational(tier.maintenanceRate),
        maintenanceDeduction: formatRational(tier.maintenanceDeduction),
        initialRate: formatRational(tier.initialRate),
      })),
    })),
  };
  return writeFormat('parameters', fields);
}

/** The schema has let nothing else pass. */
const exact = (text: string): Rational => parseRational(text) ?? ZERO;
const capOf = (text: string | null): Rational | null => (text === null ? null : exact(text));
