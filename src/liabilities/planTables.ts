import type { Holdings } from '../account/account.js';
import { SolvencyError } from '../errors.js';
import { type BatchClass, holds } from './batchClasses.js';
import type { BookParameters } from './bookParameters.js';
import { chosenRows, neededRows, type RowName } from './neededRows.js';
import { settlesOf, type TableChoice } from './tableChoice.js';

/** Tables of one class before its leftover accounts go to the next larger one. The largest class takes as many as it needs. */
const TABLES_PER_CLASS = 256;

/** A table of a class, with its rows by name. */
export interface PlannedTable {
  readonly batchClass: BatchClass;
  readonly choice: TableChoice;
  readonly rows: ReadonlySet<RowName>;
}

/** A row by name, and what the name says: it is taken apart once an account, not once a table. */
interface NamedRow {
  readonly name: RowName;
  readonly kind: string;
  readonly id: number;
  readonly tier: number;
}

/**
 * Chooses which rows of the snapshot each class's tables hold, so that every account finds all of its own in one table.
 * A table has room for a part of a large snapshot only. The first of each class holds the rows that most of its accounts
 * need; an account that needs others goes to the first further table that has room for what it lacks. Two passes over the
 * accounts, with counts of rows in memory and nothing of an account. Tables are filled up with common rows, so that they
 * say little of their accounts. Errors: neededRows's; TOO_MANY_ASSETS, TOO_MANY_POSITIONS, OUT_OF_RANGE for an account that
 * the largest class does not hold.
 */
export async function planTables(
  accounts: () => AsyncIterable<Holdings>,
  classes: readonly BatchClass[],
  parameters: BookParameters,
): Promise<readonly PlannedTable[]> {
  const usage = new Map<BatchClass, Map<RowName, number>>();
  for await (const holdings of accounts()) {
    const needed = neededRows(holdings, parameters).map(named);
    const [smallest] = classesFor(classes, holdings, needed, parameters);
    const counts = usage.get(smallest) ?? new Map<RowName, number>();
    usage.set(smallest, counts);
    for (const { name } of needed) counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const common = new Map(
    [...usage].map(([batchClass, counts]) => [
      batchClass,
      [...counts].sort(([a, timesA], [b, timesB]) => timesB - timesA || (a < b ? -1 : 1)).map(([row]) => named(row)),
    ]),
  );
  const tables = new Map<BatchClass, GrowingTable[]>(classes.map((batchClass) => [batchClass, []]));
  for (const [batchClass, rows] of common) {
    const first = new GrowingTable(batchClass.shape, parameters);
    for (const row of rows) first.add([row]);
    tables.get(batchClass)?.push(first);
  }
  for await (const holdings of accounts()) {
    const needed = neededRows(holdings, parameters).map(named);
    placeRows(tables, classesFor(classes, holdings, needed, parameters), needed, parameters);
  }
  const all = allRows(parameters);
  return classes.flatMap((batchClass) =>
    (tables.get(batchClass) as GrowingTable[]).map((table) => {
      for (const row of common.get(batchClass) ?? []) table.add([row]);
      for (const row of all) table.add([row]);
      const { choice } = table;
      return { batchClass, choice, rows: chosenRows(choice) };
    }),
  );
}

/** The first table, of the smallest class, that holds an account; undefined when none does. */
export const findTable = (
  tables: readonly PlannedTable[],
  holdings: Holdings,
  needed: readonly RowName[],
): PlannedTable | undefined =>
  tables.find(({ batchClass, rows }) => holds(batchClass, holdings) && needed.every((row) => rows.has(row)));

/** The classes that hold an account, smallest first; when none does, why. */
function classesFor(
  classes: readonly BatchClass[],
  holdings: Holdings,
  needed: readonly NamedRow[],
  parameters: BookParameters,
): readonly [BatchClass, ...BatchClass[]] {
  const [first, ...more] = classes.filter(
    (batchClass) => holds(batchClass, holdings) && settlesHere(batchClass, needed, parameters),
  );
  if (first !== undefined) return [first, ...more];
  const { balances, positions, settles } = (classes.at(-1) as BatchClass).shape;
  if (holdings.collateral.length > balances) throw tooMany('TOO_MANY_ASSETS', 'balances', balances);
  if (holdings.positions.length > positions) throw tooMany('TOO_MANY_POSITIONS', 'positions', positions);
  throw new SolvencyError(
    'OUT_OF_RANGE',
    `An account holds positions that settle in more than the ${settles} assets that the largest circuit takes.`,
  );
}

const tooMany = (code: 'TOO_MANY_ASSETS' | 'TOO_MANY_POSITIONS', what: string, room: number): SolvencyError =>
  new SolvencyError(code, `An account has more than the ${room} ${what} that the largest circuit of a book holds.`, {
    details: { capacity: room },
  });

function settlesHere({ shape }: BatchClass, needed: readonly NamedRow[], parameters: BookParameters): boolean {
  const settles = settlesOf(shape, parameters);
  return needed.every(({ kind, id }) => {
    const settleAsset = kind === 'instrument' ? parameters.instruments.get(id)?.settleAsset : undefined;
    return settleAsset === undefined || settles.includes(settleAsset);
  });
}

/** Puts an account's rows into the first table that has them or has room for those it lacks, or into a new one. */
function placeRows(
  tables: ReadonlyMap<BatchClass, GrowingTable[]>,
  classes: readonly BatchClass[],
  needed: readonly NamedRow[],
  parameters: BookParameters,
): void {
  const largest = classes.at(-1);
  for (const batchClass of classes) {
    const own = tables.get(batchClass) as GrowingTable[];
    if (own.some((table) => table.add(needed))) return;
    if (own.length >= TABLES_PER_CLASS && batchClass !== largest) continue;
    const table = new GrowingTable(batchClass.shape, parameters);
    own.push(table);
    // a class whose tables are too small for one of its accounts leaves it to the next
    if (table.add(needed)) return;
    own.pop();
  }
  throw new SolvencyError('OUT_OF_RANGE', 'An account needs more rows of the snapshot than any table has room for.');
}

function named(name: RowName): NamedRow {
  const [kind, id, tier] = name.split(':') as [string, string, string | undefined];
  return { name, kind, id: Number(id), tier: Number(tier ?? 0) };
}

/** Every row of a snapshot, first tiers first: they are what most accounts are in. */
function allRows({ assets, instruments }: BookParameters): readonly NamedRow[] {
  const rows = [
    ...[...assets.values()].flatMap(({ id, rows: own }) =>
      own.map(({ tier }) => ({ kind: 'step', id, tier }) as const),
    ),
    ...[...instruments.values()].flatMap(({ id, rows: own }) =>
      own.map(({ tier }) => ({ kind: 'tier', id, tier }) as const),
    ),
  ];
  return rows.sort((a, b) => a.tier - b.tier).map((row) => ({ name: `${row.kind}:${row.id}:${row.tier}`, ...row }));
}

/** A table that rows are added to as long as there is room. */
class GrowingTable {
  readonly #shape: BatchClass['shape'];
  readonly #parameters: BookParameters;
  readonly #settles: readonly number[];
  readonly #assets: Set<number>;
  readonly #instruments = new Set<number>();
  readonly #steps = new Set<RowName>();
  readonly #tiers = new Set<RowName>();

  constructor(shape: BatchClass['shape'], parameters: BookParameters) {
    this.#shape = shape;
    this.#parameters = parameters;
    this.#settles = settlesOf(shape, parameters);
    this.#assets = new Set(this.#settles);
  }

  /** Adds rows, with the assets and instruments that they are about: all of them, or none and false. */
  add(rows: readonly NamedRow[]): boolean {
    const lacks = {
      assets: new Set<number>(),
      instruments: new Set<number>(),
      steps: [] as RowName[],
      tiers: [] as RowName[],
    };
    for (const { name, kind, id } of rows) {
      const isAsset = kind === 'asset' || kind === 'step';
      if (!isAsset && !this.#settles.includes(this.#parameters.instruments.get(id)?.settleAsset as number))
        return false;
      if (isAsset ? !this.#assets.has(id) : !this.#instruments.has(id))
        lacks[isAsset ? 'assets' : 'instruments'].add(id);
      if (kind === 'step' && !this.#steps.has(name)) lacks.steps.push(name);
      if (kind === 'tier' && !this.#tiers.has(name)) lacks.tiers.push(name);
    }
    const { assets, steps, instruments, tiers } = this.#shape;
    const fits =
      this.#assets.size + lacks.assets.size <= assets &&
      this.#instruments.size + lacks.instruments.size <= instruments &&
      this.#steps.size + lacks.steps.length <= steps &&
      this.#tiers.size + lacks.tiers.length <= tiers;
    if (!fits) return false;
    for (const id of lacks.assets) this.#assets.add(id);
    for (const id of lacks.instruments) this.#instruments.add(id);
    for (const name of lacks.steps) this.#steps.add(name);
    for (const name of lacks.tiers) this.#tiers.add(name);
    return true;
  }

  get choice(): TableChoice {
    const inOrder = (rows: ReadonlySet<RowName>) =>
      [...rows]
        .map(named)
        .sort((a, b) => a.id - b.id || a.tier - b.tier)
        .map(({ id, tier }): readonly [number, number] => [id, tier]);
    return {
      assets: [...this.#assets],
      steps: inOrder(this.#steps),
      instruments: [...this.#instruments].sort((a, b) => a - b),
      tiers: inOrder(this.#tiers),
    };
  }
}
