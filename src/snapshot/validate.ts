import { BITS, FAMILY, MAX_TIERS, MODEL_VERSION, RATE_SCALE, TABLE_DEPTH, TREE_ARITY } from '../protocol/constants.js';
import { requiredKinds, snapshotRows, validateFamily } from './families.js';
import type { RegistryEntry } from './registry.js';
import { completeLadder } from './rows.js';
import type { AssetParameters, LadderRule, Snapshot } from './snapshot.js';
import { NAME, validateRegistry, violation } from './validateRegistry.js';

const MAX_ROWS = TREE_ARITY ** TABLE_DEPTH;
const FACTOR_BOUND = 1n << BigInt(BITS.rate);
const PRICE_BOUND = 1n << BigInt(BITS.price);

export const RULES: readonly LadderRule[] = ['marginal', 'whole'];

/**
 * Checks everything that the circuits take for granted about a table, before its root is ever used: a proof says no
 * more than the snapshot it was made under. Throws INVALID_SNAPSHOT at the first violation, with `where` (instrument
 * or asset, and its tier, counted from 0) and `rule` (what must hold).
 */
export function validateSnapshot(snapshot: Snapshot): void {
  validateRegistry(snapshot.registry);
  validateModel(snapshot);
  if (!Number.isSafeInteger(snapshot.time) || snapshot.time < 0) {
    violation('time', 'it must be a whole number of seconds since 1970');
  }
  const assets = snapshot.assets.map(({ assetId }) => assetId);
  const instruments = snapshot.instruments.map(({ instrumentId }) => instrumentId);
  const assetEntries = entriesInOrder(snapshot, 'asset', assets);
  const instrumentEntries = entriesInOrder(snapshot, 'instrument', instruments);
  for (const [index, asset] of snapshot.assets.entries()) {
    validateAsset(asset, leastFactor(snapshot), `asset ${assetEntries[index]?.symbol}`);
  }
  validateFamily(snapshot, instrumentEntries);
  const rows = snapshotRows(snapshot);
  if (rows.length === 0) violation('table', 'it must hold at least one asset or instrument');
  for (const kind of requiredKinds(snapshot)) {
    if (!rows.some((row) => row.kind === kind)) violation('table', `it must hold at least one ${kind}`);
  }
  if (rows.length > MAX_ROWS) violation('table', `it may have at most ${MAX_ROWS} rows and has ${rows.length}`);
}

function validateModel({ model }: Snapshot): void {
  if (!Object.hasOwn(FAMILY, model.family)) violation('model', `the family must be one of ${Object.keys(FAMILY)}`);
  const version = MODEL_VERSION[model.family];
  if (model.version !== version) violation('model', `the version must be ${version}`);
  if (!NAME.test(model.claim)) violation('model', 'the claim must be a name of 1 to 64 visible characters');
  if (!RULES.includes(model.haircuts)) violation('model', `the rule of haircuts must be one of ${RULES.join(', ')}`);
}

/** The registry's entries of these ids, which must stand in registry order, so that one snapshot has one root. */
function entriesInOrder(snapshot: Snapshot, kind: 'asset' | 'instrument', ids: readonly number[]): RegistryEntry[] {
  const positions = new Map(snapshot.registry.entries.map((entry, position) => [entry.id, { entry, position }]));
  let previous = -1;
  return ids.map((id) => {
    const found = positions.get(id);
    if (found === undefined) violation(`${kind} with id ${id}`, 'the id must be in the registry');
    const { entry, position } = found;
    const where = `${kind} ${entry.symbol}`;
    if ((entry.kind === 'asset') !== (kind === 'asset'))
      violation(where, `the registry says that it is a ${entry.kind}`);
    if (position === previous) violation(where, 'it must not be listed twice');
    if (position < previous) violation(where, `${kind}s must stand once each and in the order of the registry`);
    previous = position;
    return entry;
  });
}

export function validatePrice(price: bigint, where: string): void {
  if (price <= 0n) violation(where, 'the price must be above zero');
  if (price >= PRICE_BOUND) {
    violation(where, 'the price must be below 2^64 in its unit of 10^-(16 - amountDecimals)');
  }
}

/** A portfolio model may ask for more than the value of collateral whose price nobody is sure of. */
const leastFactor = ({ model }: Snapshot): bigint => (model.family === 'portfolio' ? 1n - FACTOR_BOUND : 0n);

function validateAsset(asset: AssetParameters, least: bigint, where: string): void {
  validatePrice(asset.price, where);
  const steps = completeLadder(asset.ladder).length;
  if (steps > MAX_TIERS) {
    violation(
      where,
      `it may have at most ${MAX_TIERS} haircut steps, a last one of factor 0 beyond a finite cap included`,
    );
  }
  validateCaps(
    asset.ladder.map(({ valueCap }) => valueCap),
    where,
  );
  for (const [step, { factor }] of asset.ladder.entries()) {
    const here = `${where} tier ${step}`;
    if (factor < least || factor > RATE_SCALE) {
      violation(here, `the factor must be between ${least === 0n ? '0' : '-2^24 parts per million'} and 1`);
    }
    // a rising factor would count more for more collateral, which no haircut does, and make additions negative
    if (factor > (asset.ladder[step - 1]?.factor ?? RATE_SCALE)) {
      violation(here, 'the factor must not be above that of the tier below');
    }
  }
}

/** Tiers cover [0, last cap] without gap or overlap exactly when their caps rise. */
export function validateCaps(caps: readonly (bigint | null)[], where: string): void {
  let previous = 0n;
  for (const [index, cap] of caps.entries()) {
    if (cap === null) {
      if (index !== caps.length - 1) violation(`${where} tier ${index}`, 'only the last tier may have no cap');
      return;
    }
    if (cap <= previous) violation(`${where} tier ${index}`, 'caps must be above zero and rise from tier to tier');
    previous = cap;
  }
}
