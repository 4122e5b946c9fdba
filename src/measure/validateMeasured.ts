import { BITS, FINE_SCALE, MAX_TIERS, MEASURE, RATE_SCALE } from '../protocol/constants.js';
import type { RegistryEntry } from '../snapshot/registry.js';
import { MAX_AMOUNT } from '../snapshot/rows.js';
import type {
  ChargeTier,
  HybridModel,
  MeasuredInstrument,
  MeasuredSnapshot,
  RiskFactors,
  ShockedUnderlying,
  TailMeasure,
} from '../snapshot/snapshot.js';
import { requireNames, violation } from '../snapshot/validateRegistry.js';
import { SCENARIOS_PER_BLOCK } from './changesHash.js';
import { requireTail } from './tailRules.js';

const CHANGE_BOUND = 1n << BigInt(MEASURE.changeBits);
const FINE_BOUND = 1n << BigInt(MEASURE.fineBits);
const PRICE_BOUND = 1n << BigInt(BITS.price);
const WEIGHT_BOUND = 1n << BigInt(BITS.rate);

/**
 * Checks what the circuits of risk measures take for granted of their tables; `entries` are the instruments' in the registry.
 * Throws INVALID_SNAPSHOT, and TOO_FEW_SCENARIOS where the confidence level leaves no whole scenario in the tail.
 */
export function validateMeasured(snapshot: MeasuredSnapshot, entries: readonly RegistryEntry[]): void {
  const { model, underlyings, instruments } = snapshot;
  const expected = { factors: 0, changes: 0, greeks: false };
  if (model.family === 'greeks' || model.family === 'hybrid') {
    expected.greeks = true;
    validateUnderlyings(underlyings);
    const shocked = underlyings.some(({ shocks }) => shocks.length > 0);
    if (counts(model, 'greeks') && !shocked) violation('underlyings', 'at least one must have a shock');
  } else if (underlyings.length > 0) violation('underlyings', `the ${model.family} model has none`);
  if ('factors' in model) {
    validateFactors(model.factors);
    const moves = model.factors.cholesky.flat().some((entry) => entry !== 0n);
    if (counts(model, 'parametric') && !moves) violation('factors', 'the matrix must not be zero');
    expected.factors = model.factors.names.length;
  }
  if ('tail' in model) {
    const stress = model.family === 'hybrid' ? model.stress : [];
    validateTail(model.tail, stress, model.blocks);
    expected.changes = model.tail.scenarios.length + stress.length;
  }
  if (model.family === 'hybrid') validateWeights(model);
  instruments.forEach((instrument, index) => {
    const entry = entries[index] as RegistryEntry;
    const where = `instrument ${entry.symbol}`;
    if (entry.amountDecimals > MEASURE.changeDecimals) {
      violation(
        where,
        `its sizes may have at most ${MEASURE.changeDecimals} decimals, for changes of value in 1e-12 quote`,
      );
    }
    validateContract(instrument, where);
    validateSensitivities(instrument, expected, underlyings.length, where);
  });
}

/** Whether a measure takes part in the requirement: what asks for nothing of anybody is a mistake in the file. */
const counts = (model: MeasuredSnapshot['model'], measure: 'greeks' | 'parametric'): boolean =>
  model.family === 'hybrid' ? model.weights[measure] > 0n : model.family === measure;

function validateUnderlyings(underlyings: readonly ShockedUnderlying[]): void {
  requireNames(
    underlyings.map(({ name }) => name),
    'underlying',
  );
  for (const { name, shocks } of underlyings) {
    const where = `underlying ${name}`;
    if (shocks.length > MEASURE.shocks) {
      violation(where, `it may have at most ${MEASURE.shocks} shocks and has ${shocks.length}`);
    }
    shocks.forEach(({ move, volatility }, shock) => {
      if (move < -FINE_SCALE || move >= FINE_BOUND)
        violation(`${where} shock ${shock}`, 'the move must be from -1 to 8.5');
      within(volatility, FINE_BOUND, `${where} shock ${shock}`, 'the change of volatility');
    });
  }
}

function validateFactors({ names: list, cholesky }: RiskFactors): void {
  if (list.length === 0 || list.length > MEASURE.factors) {
    violation('factors', `there must be 1 to ${MEASURE.factors} and there are ${list.length}`);
  }
  requireNames(list, 'factor');
  if (cholesky.length !== list.length) violation('factors', 'the matrix must have a row for each factor');
  cholesky.forEach((row, i) => {
    const where = `factor ${list[i]}`;
    if (row.length !== i + 1) violation(where, `its row of the lower triangle must have ${i + 1} entries`);
    for (const entry of row) within(entry, FINE_BOUND, where, 'each entry of the matrix');
    if ((row[i] as bigint) < 0n) violation(where, 'the diagonal of the matrix must not be negative');
  });
}

function validateTail(
  { measure, confidence, scenarios }: TailMeasure,
  stress: readonly string[],
  blocks: number,
): void {
  if (measure !== 'expected shortfall' && measure !== 'value at risk') {
    violation('model', 'the measure must be expected shortfall or value at risk');
  }
  // at less the measure is that of an ordinary day
  if (2n * confidence < RATE_SCALE || confidence >= RATE_SCALE)
    violation('model', 'the confidence must be from 0.5 to below 1');
  if (!Number.isInteger(blocks) || blocks < 1 || blocks > MEASURE.maxBlocks) {
    violation('model', `there must be 1 to ${MEASURE.maxBlocks} blocks of scenarios`);
  }
  const count = scenarios.length + stress.length;
  if (count > blocks * SCENARIOS_PER_BLOCK) {
    violation('model', `${blocks} blocks hold ${blocks * SCENARIOS_PER_BLOCK} scenarios and it has ${count}`);
  }
  requireTail(scenarios.length, confidence);
  requireNames([...scenarios, ...stress], 'scenario');
}

function validateWeights({ rule, weights, added, stress }: HybridModel): void {
  if (rule !== 'maximum' && rule !== 'sum') violation('model', 'the rule must be maximum or sum');
  for (const [name, weight] of [...Object.entries(weights), ['added charges', added] as const]) {
    if (weight < 0n || weight >= WEIGHT_BOUND) violation('model', `the weight of ${name} must be from 0 to 16.7`);
  }
  if (Object.values(weights).every((weight) => weight === 0n)) violation('model', 'a measure must have a weight');
  if (weights.stress > 0n && stress.length === 0) violation('model', 'stress has a weight and no scenario');
}

function validateContract({ price, charges }: MeasuredInstrument, where: string): void {
  if (price <= 0n || price >= PRICE_BOUND) violation(where, 'the mark must be above zero and below 2^64 in its unit');
  if (charges.length === 0 || charges.length > MAX_TIERS) {
    violation(where, `it must have 1 to ${MAX_TIERS} charge tiers`);
  }
  let below: ChargeTier | undefined;
  charges.forEach((tier, index) => {
    const { sizeCap, charge } = tier;
    const at = `${where} charge tier ${index}`;
    if (charge < 0n || charge >= PRICE_BOUND) violation(at, 'the charge must be from 0 to 2^64 - 1 in its unit');
    if (below !== undefined && charge < below.charge) violation(at, 'charges must not fall with size');
    if ((sizeCap === null) !== (index === charges.length - 1)) violation(at, 'only the last tier has no cap');
    // a first tier up to 0 would leave no size for it, and a cap at the bound none for the next
    if (sizeCap !== null && (sizeCap <= (below?.sizeCap ?? 0n) || sizeCap >= MAX_AMOUNT)) {
      violation(at, 'caps must rise, from above 0 to below 2^64 - 1 units');
    }
    below = tier;
  });
}

function validateSensitivities(
  { greeks, exposures, changes }: MeasuredInstrument,
  expected: { readonly factors: number; readonly changes: number; readonly greeks: boolean },
  underlyings: number,
  where: string,
): void {
  if (exposures.length !== expected.factors) {
    violation(where, `it must have ${expected.factors} exposures, one for each factor, and has ${exposures.length}`);
  }
  if (changes.length !== expected.changes) {
    violation(where, `it must have ${expected.changes} changes, one for each scenario, and has ${changes.length}`);
  }
  for (const exposure of exposures) within(exposure, CHANGE_BOUND, where, 'each exposure');
  for (const change of changes) within(change, CHANGE_BOUND, where, 'each change');
  if (greeks === null) return;
  if (!expected.greeks) violation(where, 'the model has no Greeks');
  const { underlying, ...figures } = greeks;
  if (!Number.isInteger(underlying) || underlying < 0 || underlying >= underlyings) {
    violation(where, 'its underlying must be one of the snapshot');
  }
  for (const [name, value] of Object.entries(figures)) within(value, CHANGE_BOUND, where, `its ${name}`);
}

function within(value: bigint, bound: bigint, where: string, what: string): void {
  if (value <= -bound || value >= bound) {
    violation(
      where,
      `${what} must lie between -2^${bound.toString(2).length - 1} and 2^${bound.toString(2).length - 1} in its unit`,
    );
  }
}
