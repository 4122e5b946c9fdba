import { greeksRules } from '../greeks/greeksTable.js';
import { hybridRules } from '../hybrid/hybridTable.js';
import { measureRows } from '../measure/measureTable.js';
import { validateMeasured } from '../measure/validateMeasured.js';
import { parametricRules } from '../parametric/parametricTable.js';
import { portfolioRows, portfolioRules } from '../portfolio/portfolioTable.js';
import { validatePortfolio } from '../portfolio/validatePortfolio.js';
import { quantizedRows, quantizedRules } from '../quantized/quantizedTable.js';
import { validateQuantized } from '../quantized/validateQuantized.js';
import type { RiskRow } from '../risk/riskRow.js';
import { standardRows, standardRules } from '../standard/standardTable.js';
import { validateStandard } from '../standard/validateStandard.js';
import { tailModelRules } from '../tail/tailTable.js';
import { tieredRows, tieredRules } from '../tiered/tieredTable.js';
import { validateTiered } from '../tiered/validateTiered.js';
import { validateWeighted } from '../weighted/validateWeighted.js';
import { weightedRows, weightedRules } from '../weighted/weightedTable.js';
import type { RegistryEntry } from './registry.js';
import type { Snapshot } from './snapshot.js';

/** What a family of models makes of its snapshots. */
interface FamilyTable<Family extends Snapshot> {
  /** throws INVALID_SNAPSHOT; registry, model, assets and ids are checked before, `entries` are the instruments' */
  readonly validate: (snapshot: Family, entries: readonly RegistryEntry[]) => void;
  readonly rows: (snapshot: Family) => readonly RiskRow[];
  /** flags and parameters that its circuit opens with the model, in the order of its template */
  readonly rules: (model: Family['model']) => readonly bigint[];
  /** kinds of which a table holds at least one row, since no other row can stand in for it in an unused slot */
  readonly kinds: readonly RiskRow['kind'][];
}

type FamilyName = Snapshot['model']['family'];
type Of<Name extends FamilyName> = Extract<Snapshot, { readonly model: { readonly family: Name } }>;

const TABLES: { readonly [Name in FamilyName]: FamilyTable<Of<Name>> } = {
  tiered: { validate: validateTiered, rows: tieredRows, rules: tieredRules, kinds: [] },
  portfolio: {
    validate: validatePortfolio,
    rows: portfolioRows,
    rules: portfolioRules,
    kinds: ['asset', 'instrument', 'expiry'],
  },
  standard: { validate: validateStandard, rows: standardRows, rules: standardRules, kinds: ['asset', 'instrument'] },
  quantized: {
    validate: validateQuantized,
    rows: quantizedRows,
    rules: quantizedRules,
    kinds: ['asset', 'instrument'],
  },
  weighted: { validate: validateWeighted, rows: weightedRows, rules: weightedRules, kinds: ['asset', 'instrument'] },
  greeks: {
    validate: validateMeasured,
    rows: measureRows,
    rules: greeksRules,
    kinds: ['asset', 'instrument', 'underlying'],
  },
  parametric: {
    validate: validateMeasured,
    rows: measureRows,
    rules: parametricRules,
    kinds: ['asset', 'instrument', 'factors'],
  },
  tail: { validate: validateMeasured, rows: measureRows, rules: tailModelRules, kinds: ['asset', 'instrument'] },
  hybrid: {
    validate: validateMeasured,
    rows: measureRows,
    rules: hybridRules,
    kinds: ['asset', 'instrument', 'underlying', 'factors'],
  },
};

// the family of a snapshot says which of the functions it belongs to
const tableOf = (snapshot: Snapshot): FamilyTable<Snapshot> => TABLES[snapshot.model.family] as FamilyTable<Snapshot>;

/** Checks what the circuits of a snapshot's family take for granted. Throws INVALID_SNAPSHOT. */
export const validateFamily = (snapshot: Snapshot, entries: readonly RegistryEntry[]): void =>
  tableOf(snapshot).validate(snapshot, entries);

/** Rows are hashed as they are made, and a snapshot never changes: reading, checking and hashing it share them. */
const made = new WeakMap<Snapshot, readonly RiskRow[]>();

/** All rows of a valid snapshot's table in their order; a row's place in the table is its index here. */
export function snapshotRows(snapshot: Snapshot): readonly RiskRow[] {
  const rows = made.get(snapshot) ?? tableOf(snapshot).rows(snapshot);
  made.set(snapshot, rows);
  return rows;
}

export const modelRules = (snapshot: Snapshot): readonly bigint[] => tableOf(snapshot).rules(snapshot.model);

export const requiredKinds = (snapshot: Snapshot): readonly RiskRow['kind'][] => tableOf(snapshot).kinds;
