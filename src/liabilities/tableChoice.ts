import { SolvencyError } from '../errors.js';
import { padded } from '../numbers/padded.js';
import type { BookParameters, BookRow, BookThing } from './bookParameters.js';
import { type LiabilitiesTable, rowMatch, type TableShape } from './liabilitiesTable.js';

/**
 * Which rows of a snapshot a batch uses. Assets begin with the settle assets of the circuit, see settlesOf; a haircut step
 * and a margin tier are named by id and tier.
 */
export interface TableChoice {
  readonly assets: readonly number[];
  readonly steps: readonly (readonly [id: number, tier: number])[];
  readonly instruments: readonly number[];
  readonly tiers: readonly (readonly [id: number, tier: number])[];
}

/**
 * The settle assets of a circuit under a snapshot: those that most instruments settle in, filled up with other assets where
 * the circuit has room for more. OUT_OF_RANGE when the snapshot has fewer assets than that.
 */
export function settlesOf({ settles }: TableShape, { settleOrder }: BookParameters): readonly number[] {
  if (settleOrder.length >= settles) return settleOrder.slice(0, settles);
  throw new SolvencyError('OUT_OF_RANGE', `The circuit takes ${settles} assets, and the snapshot has fewer.`);
}

/**
 * The table that a circuit of this shape uses, from a snapshot and a public choice of its rows: what a verifier makes anew.
 * INVALID_INPUT names what is wrong with a choice: a row that the snapshot does not have, one named twice, more than the
 * circuit has room for, other settle assets, an instrument that settles elsewhere, a ladder whose asset is missing.
 */
export function liabilitiesTable(choice: TableChoice, shape: TableShape, parameters: BookParameters): LiabilitiesTable {
  const settles = settlesOf(shape, parameters);
  if (settles.some((id, j) => choice.assets[j] !== id))
    throw invalid('assets', 'does not begin with the settle assets');
  requireRoom('assets', choice.assets.map(String), shape.assets);
  requireRoom('steps', choice.steps.map(String), shape.steps);
  requireRoom('instruments', choice.instruments.map(String), shape.instruments);
  requireRoom('tiers', choice.tiers.map(String), shape.tiers);

  const assets = choice.assets.map((id) => known(parameters.assets, id, 'assets'));
  const instruments = choice.instruments.map((id) => known(parameters.instruments, id, 'instruments'));
  const steps = choice.steps.map(([id, tier]) => rowNamed(parameters.assets, choice.assets, id, tier, 'steps'));
  const tiers = choice.tiers.map(([id, tier]) =>
    rowNamed(parameters.instruments, choice.instruments, id, tier, 'tiers'),
  );
  const elsewhere = instruments.find(({ settleAsset }) => !settles.includes(settleAsset));
  if (elsewhere !== undefined) throw invalid('instruments', `holds ${elsewhere.id}, which settles in another asset`);

  const fill = (values: readonly bigint[], rows: number): readonly bigint[] => padded(values, 0n, rows);
  const flags = Math.max(0, shape.settles - 1);
  return {
    shape,
    assetId: fill(choice.assets.map(BigInt), shape.assets),
    assetPrice: fill(
      assets.map(({ price }) => price),
      shape.assets,
    ),
    assetWeight: shape.steps > 0 ? [] : fill(assets.map(flatWeight), shape.assets),
    stepKey: fill(steps.map(keyOf), shape.steps),
    stepWeight: fill(
      steps.map(({ rate, price }) => rate * price),
      shape.steps,
    ),
    stepAddition: fill(
      steps.map(({ offset }) => offset),
      shape.steps,
    ),
    instrumentId: fill(choice.instruments.map(BigInt), shape.instruments),
    instrumentPrice: fill(
      instruments.map(({ price }) => price),
      shape.instruments,
    ),
    settlesIn: fill(
      instruments.flatMap(({ settleAsset }) =>
        Array.from({ length: flags }, (_, j) => (settles[j] === settleAsset ? 1n : 0n)),
      ),
      shape.instruments * flags,
    ),
    tierKey: fill(tiers.map(keyOf), shape.tiers),
    tierWeight: fill(
      tiers.map(({ rate, price }) => rate * price),
      shape.tiers,
    ),
    tierDeduction: fill(
      tiers.map(({ offset }) => offset),
      shape.tiers,
    ),
  };
}

const keyOf = ({ id, sizeFloor, sizeCap }: BookRow): bigint => rowMatch(BigInt(id), sizeFloor, sizeCap);

/** One factor for any amount: only an asset with a single haircut step has it. */
function flatWeight({ id, price, rows }: BookThing): bigint {
  const [row, more] = rows;
  if (row === undefined || more !== undefined) throw invalid('assets', `holds ${id}, whose haircut is not flat`);
  return row.rate * price;
}

function requireRoom(list: keyof TableChoice, names: readonly string[], room: number): void {
  if (names.length > room) throw invalid(list, `holds ${names.length} rows, and the circuit has room for ${room}`);
  if (new Set(names).size !== names.length) throw invalid(list, 'names a row twice');
}

function known<Thing>(things: ReadonlyMap<number, Thing>, id: number, list: keyof TableChoice): Thing {
  const thing = things.get(id);
  if (thing === undefined) throw invalid(list, `holds ${id}, which the snapshot has no parameters for`);
  return thing;
}

function rowNamed(
  things: ReadonlyMap<number, BookThing>,
  chosen: readonly number[],
  id: number,
  tier: number,
  list: keyof TableChoice,
): BookRow {
  const row = known(things, id, list).rows.find((candidate) => candidate.tier === tier);
  if (row === undefined) throw invalid(list, `names step ${tier} of ${id}, which the snapshot does not have`);
  if (!chosen.includes(id)) throw invalid(list, `names a row of ${id}, which is not among those chosen`);
  return row;
}

const invalid = (list: keyof TableChoice, what: string): SolvencyError =>
  new SolvencyError('INVALID_INPUT', `A table's list of ${list} ${what}.`, { details: { list } });
