import { z } from 'zod';
import type {
  AddOns,
  CovarianceSource,
  EngineModel,
  GreeksTerms,
  ParametricTerms,
  ScenarioSource,
  StressSource,
  TailTerms,
  VolatilitySource,
} from '../engine/snapshot/engineModel.js';
import { parseRational, type Rational, ZERO } from '../numbers/rational.js';
import { MEASURE } from '../protocol/constants.js';
import { decimalText, ladderRule, nameText, rationalText, unsignedText, wholeNumber } from './fields.js';
import { fileSchema, openFormat, writeFormat } from './readFormat.js';

const lambdaFields = z.strictObject({ lambda: unsignedText });
const ewma = z.strictObject({ ewma: lambdaFields });

const volatility = z.union([z.literal('market'), ewma], 'must be "market", or {"ewma": {"lambda": "0.94"}}');
const covariance = z.union(
  [
    ewma,
    z.strictObject({
      given: z.strictObject({
        // signed, so that a negative volatility is refused by name
        volatilities: z.array(decimalText),
        correlation: z.array(z.array(decimalText)),
      }),
    }),
  ],
  'must be {"ewma": {"lambda": "0.94"}}, or {"given": {"volatilities": [...], "correlation": [[...]]}}',
);

const MAX_COUNT = MEASURE.maxBlocks * MEASURE.lanes * MEASURE.blockElements;
const count = wholeNumber(1, MAX_COUNT);
const scenarios = z.array(
  z.union(
    [
      z.strictObject({ historical: z.strictObject({ count, filtered: lambdaFields.optional() }) }),
      z.strictObject({ monteCarlo: z.strictObject({ count, seed: nameText, covariance }) }),
    ],
    `must be {"historical": {"count": ...}} or {"monteCarlo": {"count": ..., "seed": ..., "covariance": ...}}, counts from 1 to ${MAX_COUNT}`,
  ),
);

const moves = z.record(nameText, decimalText);
const stress = z.array(
  z.union(
    [
      z.strictObject({
        named: z.strictObject({ name: nameText, moves, volatilityChanges: moves.optional() }),
      }),
      z.strictObject({ grid: z.strictObject({ moves: z.array(decimalText), volatilityChange: unsignedText }) }),
      z.strictObject({ breaking: z.strictObject({ move: unsignedText }) }),
    ],
    'must be {"named": {"name": ..., "moves": ...}}, {"grid": {"moves": ..., "volatilityChange": ...}} or {"breaking": {"move": ...}}',
  ),
);

const level = { confidence: unsignedText, horizonDays: rationalText };
const blocks = wholeNumber(1, MEASURE.maxBlocks).optional();
const addOns = z
  .strictObject({
    participation: unsignedText,
    impactCoefficient: unsignedText,
    confidence: unsignedText,
    multiples: z.array(unsignedText),
    volatility,
  })
  .optional();

const tail = {
  measure: z.enum(['expected shortfall', 'value at risk'], 'must be "expected shortfall" or "value at risk"'),
  ...level,
  scenarios,
};
const parametric = {
  ...level,
  factors: z.array(
    z.strictObject({
      underlying: nameText,
      of: z.enum(['price', 'volatility'], 'must be "price" or "volatility"'),
    }),
  ),
  covariance,
};
const greeks = {
  horizonDays: rationalText,
  volatility,
  multiples: z.array(decimalText),
  volatilityChanges: z.array(decimalText),
};

const schemaOf = <Family extends string, Shape extends z.ZodRawShape>(family: Family, shape: Shape) =>
  fileSchema('engine-model', { family: z.literal(family), claim: nameText, haircuts: ladderRule, ...shape });

const SCHEMAS = {
  tiered: schemaOf('tiered', {
    ...level,
    volatility,
    floor: rationalText,
    cap: rationalText,
    buffer: rationalText,
    tiers: z.array(z.strictObject({ notionalCap: unsignedText.nullable(), multiple: rationalText })),
  }),
  portfolio: schemaOf('portfolio', {
    grid: z.strictObject({
      moves: z.array(decimalText),
      volatilityChanges: z.array(decimalText),
      weight: rationalText,
    }),
    extreme: z.array(z.strictObject({ move: decimalText, volatilityChange: decimalText, weight: rationalText })),
  }),
  greeks: schemaOf('greeks', { ...greeks, addOns }),
  parametric: schemaOf('parametric', { ...parametric, addOns }),
  tail: schemaOf('tail', { ...tail, blocks, addOns }),
  hybrid: schemaOf('hybrid', {
    greeks: z.strictObject(greeks),
    parametric: z.strictObject(parametric),
    tail: z.strictObject(tail),
    stress,
    blocks,
    rule: z.enum(['maximum', 'sum'], 'must be "maximum" or "sum"'),
    weights: z.strictObject({
      charges: rationalText,
      greeks: rationalText,
      parametric: rationalText,
      tail: rationalText,
      stress: rationalText,
    }),
    added: rationalText,
    addOns,
  }),
} as const;

type Families = typeof SCHEMAS;
type FileOf<Family extends keyof Families> = z.infer<Families[Family]>;

const FAMILIES = Object.keys(SCHEMAS) as (keyof Families)[];

export const engineModelSchema = z.union(Object.values(SCHEMAS));
/** The fields of a model file. */
export type EngineModelFields = {
  [Family in keyof Families]: Omit<FileOf<Family>, 'format' | 'version'>;
}[keyof Families];

/** Only the family: which of the schemas a file has to meet. */
const familySchema = z.looseObject({ family: z.enum(FAMILIES, `must be one of ${FAMILIES.join(', ')}`) });

/** Reads `zk-solvency/engine-model`: what a snapshot is to be made of market data. Errors: those of readFormat. */
export function parseEngineModel(text: string, where: string): EngineModel {
  const check = openFormat(text, { name: 'engine-model', where });
  const { family } = check(familySchema);
  return READ[family](check(SCHEMAS[family]) as never);
}

export const serializeEngineModel = (fields: EngineModelFields): string => writeFormat('engine-model', fields);

const READ: { readonly [Family in keyof Families]: (file: FileOf<Family>) => EngineModel } = {
  tiered: (file) => ({
    ...baseOf(file),
    ...levelOf(file),
    volatility: volatilityOf(file.volatility),
    floor: exact(file.floor),
    cap: exact(file.cap),
    buffer: exact(file.buffer),
    tiers: file.tiers.map(({ notionalCap, multiple }) => ({
      notionalCap: notionalCap === null ? null : exact(notionalCap),
      multiple: exact(multiple),
    })),
  }),
  portfolio: (file) => ({
    ...baseOf(file),
    grid: {
      moves: file.grid.moves.map(exact),
      volatilityChanges: file.grid.volatilityChanges.map(exact),
      weight: exact(file.grid.weight),
    },
    extreme: file.extreme.map(({ move, volatilityChange, weight }) => ({
      move: exact(move),
      volatilityChange: exact(volatilityChange),
      weight: exact(weight),
    })),
  }),
  greeks: (file) => ({ ...baseOf(file), ...greeksOf(file), addOns: addOnsOf(file.addOns) }),
  parametric: (file) => ({ ...baseOf(file), ...parametricOf(file), addOns: addOnsOf(file.addOns) }),
  tail: (file) => ({
    ...baseOf(file),
    ...tailOf(file),
    blocks: file.blocks ?? null,
    addOns: addOnsOf(file.addOns),
  }),
  hybrid: (file) => ({
    ...baseOf(file),
    greeks: greeksOf(file.greeks),
    parametric: parametricOf(file.parametric),
    tail: tailOf(file.tail),
    stress: file.stress.map(stressOf),
    blocks: file.blocks ?? null,
    rule: file.rule,
    weights: {
      charges: exact(file.weights.charges),
      greeks: exact(file.weights.greeks),
      parametric: exact(file.weights.parametric),
      tail: exact(file.weights.tail),
      stress: exact(file.weights.stress),
    },
    added: exact(file.added),
    addOns: addOnsOf(file.addOns),
  }),
};

/** The schemas have let nothing else pass. */
const exact = (text: string): Rational => parseRational(text) ?? ZERO;

const baseOf = <Family extends string>({
  family,
  claim,
  haircuts,
}: {
  family: Family;
  claim: string;
  haircuts: EngineModel['haircuts'];
}) => ({ family, claim, haircuts });

const levelOf = ({ confidence, horizonDays }: { confidence: string; horizonDays: string }) => ({
  confidence: exact(confidence),
  horizonDays: exact(horizonDays),
});

const volatilityOf = (source: z.infer<typeof volatility>): VolatilitySource =>
  source === 'market' ? { kind: 'market' } : { kind: 'ewma', lambda: exact(source.ewma.lambda) };

const covarianceOf = (source: z.infer<typeof covariance>): CovarianceSource =>
  'ewma' in source
    ? { kind: 'ewma', lambda: exact(source.ewma.lambda) }
    : {
        kind: 'given',
        volatilities: source.given.volatilities.map(exact),
        correlation: source.given.correlation.map((row) => row.map(exact)),
      };

function scenarioOf(source: z.infer<typeof scenarios>[number]): ScenarioSource {
  if ('historical' in source) {
    const { count: returns, filtered } = source.historical;
    return {
      kind: 'historical',
      count: returns,
      filtered: filtered === undefined ? null : { lambda: exact(filtered.lambda) },
    };
  }
  const { count: draws, seed, covariance: joint } = source.monteCarlo;
  return { kind: 'monteCarlo', count: draws, seed, covariance: covarianceOf(joint) };
}

const figuresOf = (texts: Readonly<Record<string, string>>): Record<string, Rational> =>
  Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, exact(text)]));

function stressOf(source: z.infer<typeof stress>[number]): StressSource {
  if ('grid' in source) {
    const { moves: all, volatilityChange } = source.grid;
    return { kind: 'grid', moves: all.map(exact), volatilityChange: exact(volatilityChange) };
  }
  if ('breaking' in source) return { kind: 'breaking', move: exact(source.breaking.move) };
  const { name, moves: all, volatilityChanges } = source.named;
  return { kind: 'named', name, moves: figuresOf(all), volatilityChanges: figuresOf(volatilityChanges ?? {}) };
}

const tailOf = (fields: Pick<FileOf<'tail'>, keyof typeof tail>): TailTerms => ({
  ...levelOf(fields),
  measure: fields.measure,
  scenarios: fields.scenarios.map(scenarioOf),
});

const parametricOf = (fields: Pick<FileOf<'parametric'>, keyof typeof parametric>): ParametricTerms => ({
  ...levelOf(fields),
  factors: fields.factors,
  covariance: covarianceOf(fields.covariance),
});

const greeksOf = (fields: Pick<FileOf<'greeks'>, keyof typeof greeks>): GreeksTerms => ({
  horizonDays: exact(fields.horizonDays),
  volatility: volatilityOf(fields.volatility),
  multiples: fields.multiples.map(exact),
  volatilityChanges: fields.volatilityChanges.map(exact),
});

const addOnsOf = (fields: z.infer<typeof addOns>): AddOns | null =>
  fields === undefined
    ? null
    : {
        participation: exact(fields.participation),
        impactCoefficient: exact(fields.impactCoefficient),
        confidence: exact(fields.confidence),
        multiples: fields.multiples.map(exact),
        volatility: volatilityOf(fields.volatility),
      };
