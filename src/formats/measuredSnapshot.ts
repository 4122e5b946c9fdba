import { z } from 'zod';
import { formatAmount, parseAmount } from '../numbers/decimal.js';
import { FINE_DECIMALS, MEASURE, RATE_DECIMALS } from '../protocol/constants.js';
import type { RegistryEntry } from '../snapshot/registry.js';
import type {
  ChargeTier,
  GreeksSnapshot,
  HybridModel,
  HybridSnapshot,
  MeasuredInstrument,
  MeasuredSnapshot,
  ParametricSnapshot,
  RiskFactors,
  ShockedUnderlying,
  TailMeasure,
  TailSnapshot,
} from '../snapshot/snapshot.js';
import { decimalText, ladderRule, nameText, seconds, unsignedText, versionNumber, wholeNumber } from './fields.js';
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

/** Decimals of a change of value of one whole thing. */
const changeDecimals = ({ amountDecimals }: RegistryEntry): number =>
  Math.max(0, MEASURE.changeDecimals - amountDecimals);

const greekFields = z.strictObject({ underlying: nameText, delta: decimalText, gamma: decimalText, vega: decimalText });
const factorFields = z.strictObject({ names: z.array(nameText), cholesky: z.array(z.array(decimalText)) });
const tailFields = z.strictObject({
  measure: z.enum(['expected shortfall', 'value at risk'], 'must be "expected shortfall" or "value at risk"'),
  confidence: unsignedText,
  scenarios: z.array(nameText),
});
const blocks = wholeNumber(1, MEASURE.maxBlocks);

const modelFields = <Family extends string>(family: Family) => ({
  family: z.literal(family),
  version: versionNumber,
  claim: nameText,
  haircuts: ladderRule,
});
const tableFields = {
  time: seconds,
  assets: z.array(z.strictObject({ asset: nameText, price: unsignedText, ladder: ladderFields })),
  underlyings: z.array(
    z.strictObject({
      name: nameText,
      shocks: z.array(z.strictObject({ move: decimalText, volatility: decimalText })),
    }),
  ),
  instruments: z.array(
    z.strictObject({
      instrument: nameText,
      mark: unsignedText,
      charges: z.array(z.strictObject({ sizeCap: unsignedText.nullable(), charge: unsignedText })),
      greeks: greekFields.nullable(),
      exposures: z.array(decimalText),
      changes: z.array(decimalText),
    }),
  ),
  roundings: roundingFields,
  provenance: provenanceFields,
};
const tableSchema = z.strictObject(tableFields);
type TableFields = z.infer<typeof tableSchema>;

const schemaOf = <Family extends string, Model extends z.ZodRawShape>(family: Family, model: Model) =>
  fileSchema('snapshot', {
    registry: registryFields,
    model: z.strictObject({ ...modelFields(family), ...model }),
    ...tableFields,
  });

export const greeksSnapshotSchema = schemaOf('greeks', {});
export const parametricSnapshotSchema = schemaOf('parametric', { factors: factorFields });
export const tailSnapshotSchema = schemaOf('tail', { tail: tailFields, blocks });
export const hybridSnapshotSchema = schemaOf('hybrid', {
  factors: factorFields,
  tail: tailFields,
  stress: z.array(nameText),
  blocks,
  rule: z.enum(['maximum', 'sum'], 'must be "maximum" or "sum"'),
  weights: z.strictObject({
    charges: unsignedText,
    greeks: unsignedText,
    parametric: unsignedText,
    tail: unsignedText,
    stress: unsignedText,
  }),
  added: unsignedText,
});

type FileOf<Schema extends z.ZodType> = z.infer<Schema>;
type AnyFile = FileOf<typeof greeksSnapshotSchema>;

/** Errors: NOT_REPRESENTABLE, UNKNOWN_ASSET, UNKNOWN_INSTRUMENT, INVALID_SNAPSHOT. */
export const greeksSnapshotFromFields = (file: AnyFile, where: string): GreeksSnapshot => ({
  ...tableFromFields(file, file.registry, where),
  model: file.model,
});

/** Errors as of greeksSnapshotFromFields. */
export const parametricSnapshotFromFields = (
  file: FileOf<typeof parametricSnapshotSchema>,
  where: string,
): ParametricSnapshot => ({
  ...tableFromFields(file, file.registry, where),
  model: { ...file.model, factors: factorsFromFields(file.model.factors, where) },
});

/** Errors as of greeksSnapshotFromFields. */
export const tailSnapshotFromFields = (file: FileOf<typeof tailSnapshotSchema>, where: string): TailSnapshot => ({
  ...tableFromFields(file, file.registry, where),
  model: { ...file.model, tail: tailFromFields(file.model.tail, where) },
});

/** Errors as of greeksSnapshotFromFields. */
export function hybridSnapshotFromFields(file: FileOf<typeof hybridSnapshotSchema>, where: string): HybridSnapshot {
  const { factors, tail, weights, added } = file.model;
  const weight = (name: keyof typeof weights): bigint =>
    parseAmount(weights[name], RATE_DECIMALS, `${where}: model.weights.${name}`);
  return {
    ...tableFromFields(file, file.registry, where),
    model: {
      ...file.model,
      factors: factorsFromFields(factors, where),
      tail: tailFromFields(tail, where),
      weights: {
        charges: weight('charges'),
        greeks: weight('greeks'),
        parametric: weight('parametric'),
        tail: weight('tail'),
        stress: weight('stress'),
      },
      added: parseAmount(added, RATE_DECIMALS, `${where}: model.added`),
    },
  };
}

const factorsFromFields = ({ names, cholesky }: z.infer<typeof factorFields>, where: string): RiskFactors => ({
  names,
  cholesky: cholesky.map((row, i) =>
    row.map((entry, j) => parseAmount(entry, FINE_DECIMALS, `${where}: model.factors.cholesky[${i}][${j}]`)),
  ),
});

const tailFromFields = ({ confidence, ...tail }: z.infer<typeof tailFields>, where: string): TailMeasure => ({
  ...tail,
  confidence: parseAmount(confidence, RATE_DECIMALS, `${where}: model.tail.confidence`),
});

function tableFromFields(file: TableFields, registryFile: AnyFile['registry'], where: string) {
  const registry = registryFromFields(registryFile);
  const symbols = symbolsOf(registry);
  const places = new Map(file.underlyings.map(({ name }, index) => [name, index]));
  return {
    registry,
    time: file.time,
    assets: file.assets.map((asset, index) => assetFromFields(asset, symbols, `${where}: assets[${index}]`)),
    underlyings: file.underlyings.map(
      ({ name, shocks }, index): ShockedUnderlying => ({
        name,
        shocks: shocks.map(({ move, volatility }, shock) => {
          const path = `${where}: underlyings[${index}].shocks[${shock}]`;
          return {
            move: parseAmount(move, FINE_DECIMALS, `${path}.move`),
            volatility: parseAmount(volatility, FINE_DECIMALS, `${path}.volatility`),
          };
        }),
      }),
    ),
    instruments: file.instruments.map((fields, index): MeasuredInstrument => {
      const path = `${where}: instruments[${index}]`;
      const entry = instrumentOf(symbols, fields.instrument, `${path}.instrument`);
      const change = (text: string, what: string): bigint =>
        parseAmount(text, changeDecimals(entry), `${path}.${what}`);
      const { greeks } = fields;
      return {
        instrumentId: entry.id,
        price: parseAmount(fields.mark, priceDecimals(entry), `${path}.mark`),
        charges: fields.charges.map(({ sizeCap, charge }, tier): ChargeTier => {
          const at = `${path}.charges[${tier}]`;
          return {
            sizeCap: sizeCap === null ? null : parseAmount(sizeCap, entry.amountDecimals, `${at}.sizeCap`),
            charge: parseAmount(charge, priceDecimals(entry), `${at}.charge`),
          };
        }),
        greeks:
          greeks === null
            ? null
            : {
                // an unknown name is refused by the validator as a place outside the list
                underlying: places.get(greeks.underlying) ?? -1,
                delta: change(greeks.delta, 'greeks.delta'),
                gamma: change(greeks.gamma, 'greeks.gamma'),
                vega: change(greeks.vega, 'greeks.vega'),
              },
        exposures: fields.exposures.map((text, factor) => change(text, `exposures[${factor}]`)),
        changes: fields.changes.map((text, scenario) => change(text, `changes[${scenario}]`)),
      };
    }),
    roundings: file.roundings,
    ...provenanceOf(file),
  };
}

/** Errors: UNKNOWN_ASSET, UNKNOWN_INSTRUMENT. */
export const measuredSnapshotToFields = (snapshot: MeasuredSnapshot): object => ({
  registry: registryToFields(snapshot.registry),
  model: modelToFields(snapshot.model),
  ...tableToFields(snapshot),
});

function modelToFields(model: MeasuredSnapshot['model']): object {
  const { family, version, claim, haircuts } = model;
  return {
    family,
    version,
    claim,
    haircuts,
    ...('factors' in model ? { factors: factorsToFields(model.factors) } : {}),
    ...('tail' in model ? { tail: tailToFields(model.tail) } : {}),
    ...(model.family === 'hybrid' ? { stress: model.stress } : {}),
    ...('blocks' in model ? { blocks: model.blocks } : {}),
    ...(model.family === 'hybrid' ? combinationToFields(model) : {}),
  };
}

const factorsToFields = ({ names, cholesky }: RiskFactors) => ({
  names,
  cholesky: cholesky.map((row) => row.map((entry) => formatAmount(entry, FINE_DECIMALS))),
});

const tailToFields = ({ measure, confidence, scenarios }: TailMeasure) => ({
  measure,
  confidence: formatAmount(confidence, RATE_DECIMALS),
  scenarios,
});

const combinationToFields = ({ rule, weights, added }: HybridModel) => ({
  rule,
  weights: {
    charges: formatAmount(weights.charges, RATE_DECIMALS),
    greeks: formatAmount(weights.greeks, RATE_DECIMALS),
    parametric: formatAmount(weights.parametric, RATE_DECIMALS),
    tail: formatAmount(weights.tail, RATE_DECIMALS),
    stress: formatAmount(weights.stress, RATE_DECIMALS),
  },
  added: formatAmount(added, RATE_DECIMALS),
});

function tableToFields(snapshot: MeasuredSnapshot): TableFields {
  const assetEntry = entryOf(snapshot.registry, 'asset');
  const instrumentEntry = entryOf(snapshot.registry, 'instrument');
  return {
    time: snapshot.time,
    assets: snapshot.assets.map((asset) => assetToFields(asset, assetEntry(asset.assetId))),
    underlyings: snapshot.underlyings.map(({ name, shocks }) => ({
      name,
      shocks: shocks.map(({ move, volatility }) => ({
        move: formatAmount(move, FINE_DECIMALS),
        volatility: formatAmount(volatility, FINE_DECIMALS),
      })),
    })),
    instruments: snapshot.instruments.map(({ instrumentId, price, charges, greeks, exposures, changes }) => {
      const entry = instrumentEntry(instrumentId);
      const change = (value: bigint): string => formatAmount(value, changeDecimals(entry));
      return {
        instrument: entry.symbol,
        mark: formatAmount(price, priceDecimals(entry)),
        charges: charges.map(({ sizeCap, charge }) => ({
          sizeCap: sizeCap === null ? null : formatAmount(sizeCap, entry.amountDecimals),
          charge: formatAmount(charge, priceDecimals(entry)),
        })),
        greeks:
          greeks === null
            ? null
            : {
                underlying: snapshot.underlyings[greeks.underlying]?.name ?? '',
                delta: change(greeks.delta),
                gamma: change(greeks.gamma),
                vega: change(greeks.vega),
              },
        exposures: exposures.map(change),
        changes: changes.map(change),
      };
    }),
    roundings: roundingsToFields(snapshot.roundings),
    ...provenanceOf(snapshot),
  };
}
