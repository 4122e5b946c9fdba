import { SolvencyError } from '../../errors.js';
import type { RiskTable } from '../../risk/riskTable.js';
import type { RegistryEntry } from '../registry.js';
import type { Provenance, Rounding } from '../snapshot.js';
import { roundingReason } from './roundingReason.js';
import type { Subject } from './subject.js';
import { requirementRule, subjectsOf } from './subjects.js';

/** What a hash of a snapshot binds, so that a change of any of it changes the risk root. */
export interface ExplainedHash {
  readonly name: 'riskRoot' | 'registryHash' | 'modelHash' | 'tableRoot';
  readonly value: bigint;
  readonly binds: string;
}

/** A row of the table: where it stands and for which sizes it holds, in the smallest unit. */
export interface ExplainedRow {
  readonly place: number;
  readonly tier: number;
  readonly sizeFloor: bigint;
  readonly sizeCap: bigint;
  readonly hash: bigint;
}

export interface ExplainedRounding extends Rounding {
  readonly reason: string;
}

export interface ExplainedSubject extends Subject {
  /** of an asset or instrument */
  readonly entry: RegistryEntry | undefined;
  readonly rows: readonly ExplainedRow[];
}

/** A snapshot in words. */
export interface Explanation {
  /** sentences: how the requirement follows from the figures */
  readonly rule: readonly string[];
  readonly hashes: readonly ExplainedHash[];
  readonly subjects: readonly ExplainedSubject[];
  readonly roundings: readonly ExplainedRounding[];
  readonly provenance: readonly Provenance[];
}

/** Says what every figure of a validated snapshot is, where its rows stand, what was rounded, and what the root binds. */
export function explainSnapshot(table: RiskTable): Explanation {
  const { snapshot } = table;
  const entries = new Map(snapshot.registry.entries.map((entry) => [entry.id, entry]));
  const rows = rowsByThing(table);
  const roundings = snapshot.roundings.map((rounding) => ({ ...rounding, reason: roundingReason(rounding) }));
  const subjects = subjectsOf(snapshot).map((subject): ExplainedSubject => {
    const listed = subject.kind === 'asset' || subject.kind === 'instrument';
    return {
      ...subject,
      entry: listed && subject.id !== null ? entries.get(subject.id) : undefined,
      rows: rows.get(`${subject.kind} ${subject.id}`) ?? [],
    };
  });
  const provenance = snapshot.provenance ?? [];
  return { rule: requirementRule(snapshot), hashes: hashesOf(table), subjects, roundings, provenance };
}

/**
 * The parts of an explanation about one asset or instrument: the model, the thing itself, and the expiry and underlying
 * whose figures hold for it. Errors: UNKNOWN_ASSET, UNKNOWN_INSTRUMENT when the snapshot has no figures of that symbol.
 */
export function explainOnly(explanation: Explanation, kind: 'asset' | 'instrument', symbol: string): Explanation {
  const named = explanation.subjects.find((subject) => subject.kind === kind && subject.name === symbol);
  if (named === undefined) {
    throw new SolvencyError(
      kind === 'asset' ? 'UNKNOWN_ASSET' : 'UNKNOWN_INSTRUMENT',
      `The snapshot has no figures of an ${kind} "${symbol}". Symbols are told apart by case.`,
      { details: { symbol } },
    );
  }
  const holds = (subject: ExplainedSubject): boolean =>
    subject === named ||
    subject.kind === 'model' ||
    named.within.some(({ kind: group, name }) => subject.kind === group && subject.name === name);
  const subjects = explanation.subjects.filter(holds);
  const names = subjects.flatMap(namesOf);
  const concerns = ({ where }: { readonly where: string }): boolean =>
    names.some((each) => ` ${where} `.includes(` ${each} `));
  return {
    ...explanation,
    subjects,
    roundings: explanation.roundings.filter(concerns),
    provenance: explanation.provenance.filter(concerns),
  };
}

/** What the place of a rounding or of a provenance calls a subject, as whole words: its symbol or its id. */
function namesOf({ kind, name, id }: Subject): readonly string[] {
  if (kind === 'model') return ['model', 'scenario'];
  return kind === 'asset' || kind === 'instrument' ? [name, `id ${id}`, `${kind} ${id}`] : [name];
}

function rowsByThing({ rows }: RiskTable): ReadonlyMap<string, readonly ExplainedRow[]> {
  const things = new Map<string, ExplainedRow[]>();
  for (const [place, { kind, id, tier, sizeFloor, sizeCap, hash }] of rows.entries()) {
    const key = `${kind} ${id}`;
    const of = things.get(key) ?? [];
    of.push({ place, tier, sizeFloor, sizeCap, hash });
    things.set(key, of);
  }
  return things;
}

const hashesOf = ({ riskRoot, opening }: RiskTable): readonly ExplainedHash[] => [
  {
    name: 'riskRoot',
    value: riskRoot,
    binds:
      'H(registryHash, modelHash, tableRoot, time): a proof names it, and a verifier recomputes it from this file; roundings and provenance are for people and not in it',
  },
  {
    name: 'registryHash',
    value: opening.registryHash,
    binds:
      'venue, version, quote, and of every entry in order id, symbol, kind, settle asset and decimals: accounts are committed under the same one, so an id means one thing in both',
  },
  {
    name: 'modelHash',
    value: opening.modelHash,
    binds:
      'family, version, claim and every rule of the model, of a tail its level and counts: no circuit of another family, and no other claim, can be shown under this root',
  },
  {
    name: 'tableRoot',
    value: opening.tableRoot,
    binds:
      'every row at its place: prices, haircuts, a factor matrix, and all figures of instruments, expiries and underlyings',
  },
];
