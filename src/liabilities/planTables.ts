import type { Holdings } from '../account/account.js';
import { SolvencyError } from '../errors.js';
import { type BatchClass, holds } from './batchClasses.js';
import type { BookParameters } from './bookParameters.js';
import { chosenRows, neededRows, type RowName } from './neededRows.js';
import { settlesOf, type TableChoice } from './tableChoice.js';

/** Tables of one class before its leftover accounts go to the next larger one. The largest class takes as many as it needs. */
const TABLES_PER_CLASS = 4;

/** A table of a class, with its rows by name. */
export interface PlannedTable {
  readonly batchClass: BatchClass;
  readonly choice: TableChoice;
  readonly rows: ReadonlySet<RowName>;
}

interface Leftover {
  accounts: number;
  /** how many accounts need a row */
  readonly usage: Map<RowName, number>;
  /** rows of the first account, so that each new table takes at least one */
  first: readonly RowName[];
}

/**
 * Chooses which rows of the snapshot each class's tables hold, so that every account finds all of its own in one table.
 * A table has room for a part of a large snapshot only; small accounts need its first tiers and its common assets, and those
 * that need more go to a further table. Passes over the accounts until none is left over, and keeps counts of rows only.
 * Tables say nothing of an account but that its rows are among theirs: they are filled up with the commonest rows.
 * Errors: neededRows's; TOO_MANY_ASSETS, TOO_MANY_POSITIONS for an account that the largest class does not hold.
 */
export async function planTables(
  accounts: () => AsyncIterable<Holdings>,
  classes: readonly BatchClass[],
  parameters: BookParameters,
): Promise<readonly PlannedTable[]> {
  const tables: PlannedTable[] = [];
  for (;;) {
    const leftovers = new Map<BatchClass, Leftover>();
    for await (const holdings of accounts()) {
      const needed = neededRows(holdings, parameters);
      if (findTable(tables, holdings, needed) !== undefined) continue;
      const batchClass = wantedClass(classes, tables, holdings, needed, parameters);
      const leftover = leftovers.get(batchClass) ?? { accounts: 0, usage: new Map(), first: needed };
      leftovers.set(batchClass, leftover);
      leftover.accounts += 1;
      for (const row of needed) leftover.usage.set(row, (leftover.usage.get(row) ?? 0) + 1);
    }
    if (leftovers.size === 0) return inOrder(classes, tables);
    for (const [batchClass, leftover] of leftovers) tables.push(tableFor(batchClass, leftover, parameters));
  }
}

/** The first table, of the smallest class, that holds an account; undefined when none does. */
export const findTable = (
  tables: readonly PlannedTable[],
  holdings: Holdings,
  needed: readonly RowName[],
): PlannedTable | undefined =>
  tables.find(({ batchClass, rows }) => holds(batchClass, holdings) && needed.every((row) => rows.has(row)));

const inOrder = (classes: readonly BatchClass[], tables: readonly PlannedTable[]): readonly PlannedTable[] =>
  classes.flatMap((batchClass) => tables.filter((table) => table.batchClass === batchClass));

/** The class that gets a further table for an account which no table holds yet. */
function wantedClass(
  classes: readonly BatchClass[],
  tables: readonly PlannedTable[],
  holdings: Holdings,
  needed: readonly RowName[],
  parameters: BookParameters,
): BatchClass {
  const largest = classes.at(-1) as BatchClass;
  const wanted = classes.find(
    (batchClass) =>
      holds(batchClass, holdings) &&
      settlesHere(batchClass, needed, parameters) &&
      (batchClass === largest || tables.filter((table) => table.batchClass === batchClass).length < TABLES_PER_CLASS),
  );
  if (wanted !== undefined) return wanted;
  const { balances, positions } = largest.shape;
  if (holdings.collateral.length > balances) throw tooMany('TOO_MANY_ASSETS', 'balances', balances);
  if (holdings.positions.length > positions) throw tooMany('TOO_MANY_POSITIONS', 'positions', positions);
  throw new SolvencyError(
    'OUT_OF_RANGE',
    `An account holds positions that settle in more than the ${largest.shape.settles} assets that the largest circuit takes.`,
  );
}

const tooMany = (code: 'TOO_MANY_ASSETS' | 'TOO_MANY_POSITIONS', what: string, room: number): SolvencyError =>
  new SolvencyError(code, `An account has more than the ${room} ${what} that the largest circuit of a book holds.`, {
    details: { capacity: room },
  });

function settlesHere({ shape }: BatchClass, needed: readonly RowName[], parameters: BookParameters): boolean {
  const settles = settlesOf(shape, parameters);
  return needed.every((name) => {
    const { kind, id } = parse(name);
    const settleAsset = kind === 'instrument' ? parameters.instruments.get(id)?.settleAsset : undefined;
    return settleAsset === undefined || settles.includes(settleAsset);
  });
}

function parse(name: RowName): { readonly kind: string; readonly id: number; readonly tier: number } {
  const [kind, id, tier] = name.split(':') as [string, string, string | undefined];
  return { kind, id: Number(id), tier: Number(tier ?? 0) };
}

/** A table with the rows of one account, then those that most accounts need, as far as there is room. */
function tableFor(batchClass: BatchClass, { usage, first }: Leftover, parameters: BookParameters): PlannedTable {
  const { shape } = batchClass;
  const assets = new Set<number>(settlesOf(shape, parameters));
  const steps = new Map<string, readonly [number, number]>();
  const instruments = new Set<number>();
  const tiers = new Map<string, readonly [number, number]>();
  const add = (name: RowName): void => {
    const { kind, id, tier } = parse(name);
    const isAsset = kind === 'asset' || kind === 'step';
    const things = isAsset ? assets : instruments;
    if (!isAsset && !settlesOf(shape, parameters).includes(parameters.instruments.get(id)?.settleAsset as number))
      return;
    if (!things.has(id) && things.size >= (isAsset ? shape.assets : shape.instruments)) return;
    things.add(id);
    if (kind === 'step' && steps.size < shape.steps) steps.set(name, [id, tier]);
    if (kind === 'tier' && tiers.size < shape.tiers) tiers.set(name, [id, tier]);
  };
  first.forEach(add);
  const byUsage = [...usage].sort(([a, timesA], [b, timesB]) => timesB - timesA || (a < b ? -1 : 1));
  for (const [name] of byUsage) add(name);
  // rows that nobody of this class has needed so far take what room is left, so that a table tells less
  for (const { id, rows } of [...parameters.assets.values(), ...parameters.instruments.values()]) {
    const kind = parameters.assets.has(id) ? 'step' : 'tier';
    for (const { tier } of rows) add(`${kind}:${id}:${tier}`);
  }
  const choice = {
    assets: [...assets],
    steps: sorted(steps),
    instruments: [...instruments].sort((a, b) => a - b),
    tiers: sorted(tiers),
  };
  return { batchClass, choice, rows: chosenRows(choice) };
}

const sorted = (rows: ReadonlyMap<string, readonly [number, number]>): readonly (readonly [number, number])[] =>
  [...rows.values()].sort(([a, tierA], [b, tierB]) => a - b || tierA - tierB);
