import type { DenseSums } from '../../../src/liabilities/batchTranscripts.js';
import type { BatchAccount, LiabilitiesBatchInput } from '../../../src/liabilities/liabilitiesBatch.js';
import { statementHash } from '../../../src/liabilities/liabilitiesStatement.js';
import { inverse, reduce } from '../../support/field.js';
import type { Challenges } from './lab.js';

// The identities of a batch, written down once more from what they say, as linear equations in the dense sums: what a
// prover solves who knows the challenges before the sums are hashed.

/** One dense sum: kind and row. */
export type Unknown = `${keyof DenseSums}[${number}]`;

interface Equation {
  readonly name: string;
  readonly coefficients: ReadonlyMap<Unknown, bigint>;
  readonly right: bigint;
}

const RATE = 10n ** 6n;
const COST = 10n ** 8n;

/** One entry of an account, as the circuit reads it from its slots. */
interface Entry {
  readonly u: number;
  readonly id: bigint;
  readonly positive: bigint;
  readonly negative: bigint;
  readonly cost: bigint;
  readonly key: bigint;
  /** whether it has a step or tier */
  readonly counts: bigint;
}

function entriesOf(
  accounts: readonly BatchAccount[],
  kind: 'balances' | 'positions',
  steps: boolean,
): readonly Entry[] {
  return accounts.flatMap(({ slot, distances }, u) => {
    let id = 0n;
    const used = kind === 'balances' ? slot.balanceCount : slot.positionCount;
    const slots = slot[kind].map((entry) =>
      'magnitude' in entry
        ? { gap: entry.gap, sign: entry.sign, amount: entry.magnitude, cost: 0n }
        : { gap: entry.gap, sign: entry.sizeSign, amount: entry.size, cost: (1n - 2n * entry.costSign) * entry.cost },
    );
    return slots.map(({ gap, sign, amount, cost }, k) => {
      const isUsed = BigInt(k) < used ? 1n : 0n;
      id += gap + isUsed;
      const [positive, negative] = [(1n - sign) * amount, sign * amount];
      const at = kind === 'balances' ? k : (steps ? slot.balances.length : 0) + k;
      const { floor, cap } = distances[at] ?? { floor: 0n, cap: 0n };
      const size = kind === 'balances' ? positive : amount;
      const key = id + ((size - floor) << 32n) + ((size + cap) << 96n);
      return { u, id, positive, negative, cost, key, counts: kind === 'balances' ? isUsed - sign : isUsed };
    });
  });
}

/** All identities of steps 7 to 9 at these challenges. */
export function identities(input: LiabilitiesBatchInput, { rho, gamma, lambda }: Challenges): readonly Equation[] {
  const { shape, table, accounts, compressed } = input;
  const { challenge } = statementHash(input.claimed);
  const powers = accounts.map((_, u) => powerOf(rho, u));
  const balances = entriesOf(accounts, 'balances', shape.steps > 0);
  const positions = entriesOf(accounts, 'positions', shape.steps > 0);
  const standing = accounts.map(({ claims }) => claims.surplus >= 0n);
  const good = (u: number): boolean => shape.settles > 0 && (standing[u] as boolean);

  const equation = (
    name: string,
    right: bigint,
    ...columns: readonly (readonly [keyof DenseSums, (row: number) => bigint])[]
  ): Equation => ({
    name,
    coefficients: new Map(
      columns.flatMap(([kind, coefficient]) =>
        input.dense[kind].map((_, row): [Unknown, bigint] => [`${kind}[${row}]`, reduce(coefficient(row))]),
      ),
    ),
    right: reduce(right),
  });
  const over = (identifiers: readonly bigint[], factor: bigint) => (row: number) =>
    factor * inverse(gamma - (identifiers[row] as bigint));
  const entrySum = (entries: readonly Entry[], by: 'id' | 'key', numerator: (entry: Entry, power: bigint) => bigint) =>
    sum(entries.map((entry) => numerator(entry, powers[entry.u] as bigint) * inverse(gamma - entry[by])));
  const atRho = (value: (account: BatchAccount) => bigint): bigint =>
    sum(accounts.map((account, u) => value(account) * (powers[u] as bigint)));
  const price = (row: number): bigint => table.assetPrice[row] as bigint;
  const instrumentPrice = (row: number): bigint => table.instrumentPrice[row] as bigint;
  const flags = Math.max(0, shape.settles - 1);
  const settlesIn = (row: number, j: number): bigint => {
    const flag = (f: number) => table.settlesIn[row * flags + f] as bigint;
    return j < flags ? flag(j) : 1n - sum(Array.from({ length: flags }, (_, f) => flag(f)));
  };
  const square = lambda * lambda;

  const settledSums = (j: number): bigint =>
    sum(
      accounts.map(({ claims }, u) => {
        const value = claims.settled[j] as bigint;
        return value >= 0n ? value : -value * (standing[u] ? rho : rho * rho);
      }),
    );
  const [positive, goodNegative, otherNegative, long, short, cost] = compressed as [
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
    bigint,
  ];
  return [
    equation(
      'byAsset',
      entrySum(
        balances,
        'id',
        ({ u, positive: owned, negative: owed }, power) =>
          owned * (power + square) + owed * (lambda * power + square * rho * (good(u) ? 1n : rho)),
      ),
      ['owned', over(table.assetId, 1n)],
      ['owing', over(table.assetId, lambda)],
      ['assetTotals', over(table.assetId, square)],
    ),
    equation(
      'byStep',
      shape.steps === 0
        ? 0n
        : entrySum(balances, 'key', ({ positive: owned, counts }, power) => power * (owned + lambda * counts)),
      ['stepOwned', over(table.stepKey, 1n)],
      ['stepEntries', over(table.stepKey, lambda)],
    ),
    equation(
      'byInstrument',
      entrySum(
        positions,
        'id',
        ({ positive: longs, negative: shorts, cost: paid }, power) =>
          power * (longs - shorts + lambda * paid) + square * (longs + rho * shorts + rho * rho * paid),
      ),
      ['held', over(table.instrumentId, 1n)],
      ['paid', over(table.instrumentId, lambda)],
      ['instrumentTotals', over(table.instrumentId, square)],
    ),
    equation(
      'byTier',
      entrySum(positions, 'key', (entry, power) => power * (entry.positive + entry.negative + lambda * entry.counts)),
      ['tierSize', over(table.tierKey, 1n)],
      ['tierEntries', over(table.tierKey, lambda)],
    ),
    equation(
      'equity',
      atRho(({ claims }) => claims.equity),
      ['owned', price],
      ['owing', (a) => -price(a)],
      ['held', instrumentPrice],
      ['paid', () => -COST],
    ),
    equation(
      'surplus',
      atRho(({ claims }) => claims.surplus),
      ['owned', (a) => (shape.steps === 0 ? (table.assetWeight[a] as bigint) : 0n)],
      ['owing', (a) => -RATE * price(a)],
      ['stepOwned', (r) => table.stepWeight[r] as bigint],
      ['stepEntries', (r) => table.stepAddition[r] as bigint],
      ['held', (i) => RATE * instrumentPrice(i)],
      ['paid', () => -RATE * COST],
      ['tierSize', (t) => -(table.tierWeight[t] as bigint)],
      ['tierEntries', (t) => table.tierDeduction[t] as bigint],
    ),
    ...(shape.settles === 0
      ? []
      : [
          equation(
            'debt',
            atRho(({ claims }) => claims.debt),
            ['owing', (a) => (a < shape.settles ? 0n : price(a))],
          ),
        ]),
    ...Array.from({ length: shape.settles }, (_, j) =>
      equation(
        `settled[${j}]`,
        atRho(({ claims }) => claims.settled[j] as bigint),
        ['owned', (a) => (a === j ? price(a) : 0n)],
        ['owing', (a) => (a === j ? -price(a) : 0n)],
        ['held', (i) => instrumentPrice(i) * settlesIn(i, j)],
        ['paid', (i) => -COST * settlesIn(i, j)],
      ),
    ),
    equation(
      'assets at the challenge',
      positive +
        rho * goodNegative +
        rho * rho * otherNegative -
        sum(
          Array.from(
            { length: shape.settles },
            (_, j) => settledSums(j) * inverse(challenge - (table.assetId[j] as bigint)),
          ),
        ),
      ['assetTotals', (a) => (a < shape.settles ? 0n : price(a) * inverse(challenge - (table.assetId[a] as bigint)))],
    ),
    equation('instruments at the challenge', long + rho * short + rho * rho * cost, [
      'instrumentTotals',
      (i) => inverse(challenge - (table.instrumentId[i] as bigint)),
    ]),
  ];
}

/** The identities that dense sums do not satisfy, by name. */
export const unsatisfied = (input: LiabilitiesBatchInput, challenges: Challenges): readonly string[] =>
  identities(input, challenges)
    .filter((equation) => missing(equation, input.dense) !== 0n)
    .map(({ name }) => name);

/**
 * Dense sums with which every identity holds at these challenges, whatever the claims: the given ones with as few changed
 * as Gauss's elimination needs. Sums in `kept` stay as they are. Throws when there are none.
 */
export function solvedSums(
  input: LiabilitiesBatchInput,
  challenges: Challenges,
  kept: readonly Unknown[] = [],
): DenseSums {
  const rows = identities(input, challenges).map((equation) => ({
    coefficients: new Map(
      [...equation.coefficients].filter(([unknown, value]) => value !== 0n && !kept.includes(unknown)),
    ),
    right: missing(equation, input.dense),
  }));
  const pivots: (readonly [Unknown, (typeof rows)[number]])[] = [];
  for (const row of rows) {
    for (const [unknown, pivot] of pivots) clear(row, pivot, unknown);
    const [found] = row.coefficients;
    if (found === undefined) {
      if (row.right !== 0n) throw new RangeError('no dense sums satisfy the identities');
      continue;
    }
    const scale = inverse(found[1]);
    for (const [unknown, value] of row.coefficients) row.coefficients.set(unknown, reduce(value * scale));
    row.right = reduce(row.right * scale);
    for (const [, pivot] of pivots) clear(pivot, row, found[0]);
    pivots.push([found[0], row]);
  }
  const changes = new Map(pivots.map(([unknown, { right }]) => [unknown, right]));
  return mapSums(input.dense, (unknown, value) => reduce(value + (changes.get(unknown) ?? 0n)));
}

interface Row {
  readonly coefficients: Map<Unknown, bigint>;
  right: bigint;
}

function clear(row: Row, pivot: Row, unknown: Unknown): void {
  const factor = row.coefficients.get(unknown) ?? 0n;
  if (factor === 0n) return;
  for (const [other, value] of pivot.coefficients) {
    const difference = reduce((row.coefficients.get(other) ?? 0n) - factor * value);
    if (difference === 0n) row.coefficients.delete(other);
    else row.coefficients.set(other, difference);
  }
  row.right = reduce(row.right - factor * pivot.right);
}

/** Dense sums, each changed. */
export const mapSums = (dense: DenseSums, change: (unknown: Unknown, value: bigint) => bigint): DenseSums =>
  Object.fromEntries(
    (Object.keys(dense) as (keyof DenseSums)[]).map((kind) => [
      kind,
      dense[kind].map((value, row) => change(`${kind}[${row}]`, value)),
    ]),
  ) as unknown as DenseSums;

function missing({ coefficients, right }: Equation, dense: DenseSums): bigint {
  const left = [...coefficients].reduce((total, [unknown, coefficient]) => {
    const [kind, row] = unknown.slice(0, -1).split('[') as [keyof DenseSums, string];
    return total + coefficient * (dense[kind][Number(row)] as bigint);
  }, 0n);
  return reduce(right - left);
}

const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

const powerOf = (base: bigint, exponent: number): bigint =>
  exponent === 0 ? 1n : reduce(base * powerOf(base, exponent - 1));
