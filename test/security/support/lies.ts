import { expect } from 'vitest';
import { accountLeaf } from '../../../src/account/accountLeaf.js';
import { accountRoot } from '../../../src/account/accountRoot.js';
import { pathChildren } from '../../../src/account/accountTree.js';
import { accountTreeRoot } from '../../../src/account/accountTreeRoot.js';
import { COLLATERAL_ENTRY_BITS, type CollateralSlot } from '../../../src/account/collateralEntry.js';
import { listHash } from '../../../src/account/listHash.js';
import type { PositionSlot } from '../../../src/account/positionEntry.js';
import { taggedHash } from '../../../src/hash/taggedHash.js';
import { circuitInput } from '../../../src/margin/families.js';
import { type MarginOpening, marginOpening, openingSignals, type Statement } from '../../../src/margin/opening.js';
import { COLLATERAL_PER_ELEMENT, TABLE_DEPTH, TAGS } from '../../../src/protocol/constants.js';
import type { Witness } from '../../../src/r1cs/evaluateR1cs.js';
import { riskRoot } from '../../../src/risk/riskRoot.js';
import { buildTree, childrenAbove, layerNodes } from '../../../src/tree/tree.js';
import { brokenIn } from '../../measure/forger.js';
import type { TestCircuit } from '../../support/circuit.js';
import { reduce } from '../../support/field.js';
import type { AttackedFamily } from './attackedFamilies.js';

// Lies that are the same for every family of margin circuits: about the account, about the row of a slot, and about a
// table that nobody validated. What is told is consistent but for the lie, so that only one component can refuse it.

export type Signals = Readonly<Record<string, bigint | readonly bigint[]>>;

/** A worst stress loss that none exceeds whatever is told, 1e-12 quote: a prover may take any. */
const WORST = 1n << 66n;

/** What the family's circuit takes for a statement, or for another opening of it. */
export function signalsOf({ capacity }: AttackedFamily, statement: Statement, told?: MarginOpening): Signals {
  const { signals } = circuitInput(statement, capacity);
  return {
    ...signals,
    ...openingSignals(told ?? marginOpening(statement, capacity)),
    ...('worst' in signals ? { worst: WORST } : {}),
  };
}

export const openingOf = ({ capacity }: AttackedFamily, statement: Statement): MarginOpening =>
  marginOpening(statement, capacity);

/** The opening with other fields of the account. */
export const withAccount = (opening: MarginOpening, change: Partial<MarginOpening['account']>): MarginOpening => ({
  ...opening,
  account: { ...opening.account, ...change },
});

const at = <T>(items: readonly T[], index: number, change: (item: T) => Partial<T>): readonly T[] =>
  items.map((item, k) => (k === index ? { ...item, ...change(item) } : item));

export const withPosition = (
  opening: MarginOpening,
  slot: number,
  change: (slot: PositionSlot) => Partial<PositionSlot>,
): MarginOpening => withAccount(opening, { positions: at(opening.account.positions, slot, change) });

export const withBalance = (
  opening: MarginOpening,
  slot: number,
  change: (slot: CollateralSlot) => Partial<CollateralSlot>,
): MarginOpening => withAccount(opening, { collateral: at(opening.account.collateral, slot, change) });

/** Field elements that the entries are packed to, whatever their parts are: a venue can put any element into a leaf. */
const packedBalance = ({ gap, sign, magnitude }: CollateralSlot): bigint => gap + (sign << 32n) + (magnitude << 33n);
const packedPosition = ({ gap, sizeSign, size, costSign, cost }: PositionSlot): bigint =>
  reduce(gap + (sizeSign << 32n) + (size << 33n) + (costSign << 97n) + (cost << 98n));

/** The statement's tree with a leaf in it that holds just what is told: the venue takes part in the lie. */
export function committed(opening: MarginOpening, { account: { account, path, root } }: Statement): MarginOpening {
  const told = opening.account;
  const flags = (count: bigint, slots: number, share: number): readonly bigint[] =>
    Array.from({ length: Math.ceil(slots / share) }, (_, i) => (BigInt(i * share) < count ? 1n : 0n));
  const elements = Array.from({ length: Math.ceil(told.collateral.length / COLLATERAL_PER_ELEMENT) }, (_, i) =>
    reduce(
      told.collateral
        .slice(i * COLLATERAL_PER_ELEMENT, (i + 1) * COLLATERAL_PER_ELEMENT)
        .reduce((sum, slot, j) => sum + (packedBalance(slot) << (BigInt(j) * COLLATERAL_ENTRY_BITS)), 0n),
    ),
  );
  const used = flags(told.collateralCount, told.collateral.length, COLLATERAL_PER_ELEMENT);
  const leaf = accountLeaf({
    ...account,
    collateralHash: listHash(TAGS.collateralHead, told.collateralCount, elements, used),
    positionsHash: listHash(
      TAGS.positionsHead,
      told.positionCount,
      told.positions.map(packedPosition),
      flags(told.positionCount, told.positions.length, 1),
    ),
  });
  const treeChildren = pathChildren(leaf, path);
  const treeRoot = accountTreeRoot(leaf, BigInt(path.index), treeChildren);
  return {
    ...withAccount(opening, { treeChildren }),
    signals: { ...opening.signals, accountRoot: accountRoot({ ...root, treeRoot }) },
  };
}

/** What is told of a slot beside the account: the row, its place, and what its row holds hashes of. */
const OF_POSITIONS = ['positionRow', 'positionPlace', 'positionValues', 'lanes', 'exposures'] as const;
const OF_BALANCES = ['collateralRow', 'collateralPlace'] as const;

const list = (signals: Signals, name: string): readonly bigint[] => signals[name] as readonly bigint[];

/** The part of one slot in a list of equal parts. */
const partOf = (signals: Signals, name: string, slot: number, slots: number): readonly bigint[] => {
  const width = list(signals, name).length / slots;
  return list(signals, name).slice(slot * width, (slot + 1) * width);
};

const withPart = (signals: Signals, name: string, slot: number, part: readonly bigint[]): Signals => ({
  ...signals,
  [name]: list(signals, name).toSpliced(slot * part.length, part.length, ...part),
});

/** The signals with all that one slot says of its row taken from a slot of other signals. */
export function withRowFrom(
  { capacity }: AttackedFamily,
  signals: Signals,
  kind: 'position' | 'balance',
  slot: number,
  other: Signals,
  otherSlot: number,
): Signals {
  const [names, slots] = kind === 'position' ? [OF_POSITIONS, capacity.positions] : [OF_BALANCES, capacity.assets];
  return names
    .filter((name) => name in signals)
    .reduce((all, name) => withPart(all, name, slot, partOf(other, name, otherSlot, slots)), signals);
}

const ROW_TAGS = {
  tiered: TAGS.tableRow,
  portfolio: TAGS.portfolioRow,
  standard: TAGS.standardRow,
  quantized: TAGS.quantizedRow,
  weighted: TAGS.weightedRow,
  greeks: TAGS.measureRow,
  parametric: TAGS.measureRow,
  tail: TAGS.measureRow,
  hybrid: TAGS.measureRow,
} as const;

/** A place is the index of a row, then eight children on each of two levels. */
const PLACE_WIDTH = 1 + 8 * (TABLE_DEPTH - 2);

/** What a table says in a slot that no validated one would. */
export interface RowLie {
  readonly kind: 'position' | 'balance';
  readonly slot: number;
  readonly change: (row: readonly bigint[]) => readonly bigint[];
}

/**
 * The signals with other rows, of a table that holds them and that nobody validated: roots, nodes and all places are its
 * own. Says what a circuit refuses without trusting its table.
 */
export function unvalidated(
  { family, capacity, table }: AttackedFamily,
  signals: Signals,
  lies: readonly RowLie[],
): Signals {
  const hashes = table.rows.map((row) => row.hash);
  let told = signals;
  for (const { kind, slot, change } of lies) {
    const [row, place, slots, tag] =
      kind === 'position'
        ? (['positionRow', 'positionPlace', capacity.positions, ROW_TAGS[family]] as const)
        : (['collateralRow', 'collateralPlace', capacity.assets, TAGS.tableRow] as const);
    const fields = change(partOf(told, row, slot, slots)).map(reduce);
    const index = partOf(told, place, slot, slots)[0];
    hashes[Number(index)] = taggedHash(tag, fields);
    // slots of padding may look up the same row
    for (let each = 0; each < slots; each++) {
      if (partOf(told, place, each, slots)[0] === index) told = withPart(told, row, each, fields);
    }
  }
  const tree = buildTree(TAGS.tableNode, TABLE_DEPTH, hashes);
  const placed = (places: readonly bigint[]): readonly bigint[] =>
    Array.from({ length: places.length / PLACE_WIDTH }, (_, k) => {
      const own = places[k * PLACE_WIDTH] as bigint;
      return [own, ...childrenAbove(tree, Number(own), TABLE_DEPTH - 2).flat()];
    }).flat();
  const places = Object.keys(signals).filter((name) => name.endsWith('Place'));
  return {
    ...told,
    ...Object.fromEntries(places.map((name) => [name, placed(list(signals, name))])),
    tableNodes: layerNodes(tree, TABLE_DEPTH - 2),
    riskRoot: riskRoot({ ...table.opening, tableRoot: tree.root }),
  };
}

/** A row with one field changed. */
export const field =
  (index: number, change: (value: bigint) => bigint) =>
  (row: readonly bigint[]): readonly bigint[] =>
    row.map((value, k) => (k === index ? change(value) : value));

/** Enough of a signal list to recognise a constraint by. */
const SHOWN = 160;

/**
 * The constraints refuse each of the lies that a witness tells, at what `lies` names, and no constraint refuses anything
 * else: without those few the witness would pass.
 */
export function expectRefusedOnlyAt(circuit: TestCircuit, witness: Witness, lies: readonly RegExp[]): void {
  const broken = brokenIn(circuit, witness);
  expectEach(broken, lies);
  const others = broken.filter((signals) => !lies.some((lie) => lie.test(signals)));
  expect(
    others.map((signals) => signals.slice(0, SHOWN)),
    'the lie is inconsistent elsewhere',
  ).toEqual([]);
}

/** The same where lies have further consequences, but for the tree that the account is said to stand in. */
export function expectRefusedAt(circuit: TestCircuit, witness: Witness, lies: readonly RegExp[]): void {
  const broken = brokenIn(circuit, witness);
  expectEach(broken, lies);
  expect(broken.filter((signals) => /owned\.(root|tree)/.test(signals))).toEqual([]);
}

function expectEach(broken: readonly string[], lies: readonly RegExp[]): void {
  const accepted = lies.filter((lie) => !broken.some((signals) => lie.test(signals)));
  expect(accepted, 'the R1CS accepts a lie that it should refuse').toEqual([]);
}
