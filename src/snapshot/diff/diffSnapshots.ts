import { SolvencyError } from '../../errors.js';
import { divide, type Rational, rational, subtract } from '../../numbers/rational.js';
import type { RiskTable } from '../../risk/riskTable.js';
import { type Figure, figureValue, isQuantity } from '../explain/figure.js';
import type { Subject, SubjectKind } from '../explain/subject.js';
import { subjectsOf } from '../explain/subjects.js';
import type { Registry, RegistryEntry } from '../registry.js';

/** One figure that is another after; text in its unit, null where there is no such figure. */
export interface FigureChange {
  readonly kind: SubjectKind;
  /** the symbol of an asset or instrument */
  readonly of: string;
  readonly figure: string;
  readonly unit: string;
  readonly before: string | null;
  readonly after: string | null;
  /** (after - before) / |before|; null where that means nothing: no number, or nothing before */
  readonly relative: Rational | null;
}

export interface RegistryChange {
  readonly added: readonly RegistryEntry[];
  /** a registry only grows: these say that one of the two files is not this venue's */
  readonly broken: readonly RegistryEntry[];
  readonly versions: readonly [before: number, after: number];
}

/** What is another under the later root. */
export interface SnapshotDiff {
  readonly same: boolean;
  /** which of the hashes in the root are others */
  readonly hashes: readonly ('registryHash' | 'modelHash' | 'tableRoot' | 'time')[];
  readonly seconds: number;
  readonly registry: RegistryChange;
  readonly added: readonly Pick<Subject, 'kind' | 'name'>[];
  readonly removed: readonly Pick<Subject, 'kind' | 'name'>[];
  /** of the model first, then the largest relative ones */
  readonly changes: readonly FigureChange[];
  readonly rows: readonly [before: number, after: number];
}

/**
 * What changed between two validated snapshots of one venue. Equal roots bind equal figures, so nothing is compared then.
 * Error: MISMATCH for snapshots of two venues, or counted in two units.
 */
export function diffSnapshots(before: RiskTable, after: RiskTable): SnapshotDiff {
  const [from, to] = [before.snapshot, after.snapshot];
  if (from.registry.venue !== to.registry.venue || from.registry.quote !== to.registry.quote) {
    throw new SolvencyError(
      'MISMATCH',
      `The snapshots are of ${from.registry.venue} in ${from.registry.quote} and of ${to.registry.venue} in ${to.registry.quote}. Compare two of one venue, counted in one unit.`,
    );
  }
  const same = before.riskRoot === after.riskRoot;
  const subjects = same ? ([[], []] as const) : ([subjectsOf(from), subjectsOf(to)] as const);
  const [former, later] = [byName(subjects[0]), byName(subjects[1])];
  const isNew = ([key]: readonly [string, Subject]) => !former.has(key);
  const isGone = ([key]: readonly [string, Subject]) => !later.has(key);
  const parts = ['registryHash', 'modelHash', 'tableRoot', 'time'] as const;
  return {
    same,
    hashes: parts.filter((part) => before.opening[part] !== after.opening[part]),
    seconds: to.time - from.time,
    registry: registryChange(from.registry, to.registry),
    added: [...later].filter(isNew).map(([, { kind, name }]) => ({ kind, name })),
    removed: [...former].filter(isGone).map(([, { kind, name }]) => ({ kind, name })),
    changes: [...later]
      .flatMap(([key, subject]) => {
        const old = former.get(key);
        return old === undefined ? [] : figureChanges(old, subject);
      })
      .sort(largestFirst),
    rows: [before.rows.length, after.rows.length],
  };
}

/** A snapshot has one model: it is compared with the other's whatever its family. */
const byName = (subjects: readonly Subject[]): ReadonlyMap<string, Subject> =>
  new Map(subjects.map((subject) => [subject.kind === 'model' ? 'model' : `${subject.kind} ${subject.name}`, subject]));

function registryChange(before: Registry, after: Registry): RegistryChange {
  const known = new Map(before.entries.map((entry) => [entry.id, entry]));
  const kept = new Map(after.entries.map((entry) => [entry.id, entry]));
  const equal = (a: RegistryEntry, b: RegistryEntry | undefined): boolean =>
    b !== undefined &&
    a.symbol === b.symbol &&
    a.kind === b.kind &&
    a.settleAsset === b.settleAsset &&
    a.amountDecimals === b.amountDecimals;
  return {
    added: after.entries.filter(({ id }) => !known.has(id)),
    broken: before.entries.filter((entry) => !equal(entry, kept.get(entry.id))),
    versions: [before.version, after.version],
  };
}

function figureChanges(before: Subject, after: Subject): readonly FigureChange[] {
  const former = new Map(before.figures.map((figure) => [figure.name, figure]));
  const later = new Map(after.figures.map((figure) => [figure.name, figure]));
  return [...new Set([...former.keys(), ...later.keys()])].flatMap((name) => {
    const [old, now] = [former.get(name), later.get(name)];
    const change = {
      kind: after.kind,
      of: after.name,
      figure: name,
      unit: unitOf(now ?? old),
      before: old === undefined ? null : figureValue(old),
      after: now === undefined ? null : figureValue(now),
      relative: relativeChange(old, now),
    };
    return change.before === change.after ? [] : [change];
  });
}

const unitOf = (figure: Figure | undefined): string => (figure !== undefined && isQuantity(figure) ? figure.unit : '');

function relativeChange(before: Figure | undefined, after: Figure | undefined): Rational | null {
  if (before === undefined || after === undefined || !isQuantity(before) || !isQuantity(after)) return null;
  if (before.amount === 0n) return null;
  const [old, now] = [before, after].map(({ amount, decimals }) => rational(amount, 10n ** BigInt(decimals)));
  const magnitude = before.amount < 0n ? -before.amount : before.amount;
  return divide(subtract(now as Rational, old as Rational), rational(magnitude, 10n ** BigInt(before.decimals)));
}

/** The model, then what has no relative change (a figure that is new, gone, or was zero), then by size; else as listed. */
function largestFirst(a: FigureChange, b: FigureChange): number {
  if (a.kind === 'model' || b.kind === 'model') return Number(b.kind === 'model') - Number(a.kind === 'model');
  if (a.relative === null || b.relative === null) return Number(b.relative === null) - Number(a.relative === null);
  const [left, right] = [a.relative, b.relative].map(({ num, den }) => ({ num: num < 0n ? -num : num, den }));
  const difference =
    (right as Rational).num * (left as Rational).den - (left as Rational).num * (right as Rational).den;
  return difference > 0n ? 1 : difference < 0n ? -1 : 0;
}
