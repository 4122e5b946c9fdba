import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { BITS } from '../../src/protocol/constants.js';
import { compileForTest, type TestCircuit } from '../support/circuit.js';
import { ATTACKED, LADDERED, rich, statementOf } from './support/attackedFamilies.js';
import {
  committed,
  expectRefusedOnlyAt,
  field,
  openingOf,
  type Signals,
  signalsOf,
  unvalidated,
  withBalance,
  withPosition,
  withRowFrom,
} from './support/lies.js';

// A tier chosen with one bound only, a haircut step saturated early (one unit of collateral once counted as a full tier in
// a large exchange's circuit), a last id that nothing ranged. Here a size is compared with both bounds of its row, and the
// last id of each list is ranged, so that no id reaches into the keys of another kind of row.

type Position = Holdings['positions'][number];
const ID_END = 1n << BigInt(BITS.id);
/** Place of the key in a row of every family. */
const KEY = 0;
const WITH_TIERS = ['tiered', 'greeks', 'parametric', 'tail', 'hybrid'];

describe.each(ATTACKED)('$family', (family) => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest(family.source);
  });
  const [first, second] = family.positions as readonly [Position, Position];
  const rowsOf = (kind: 'asset' | 'instrument', id: number) =>
    family.table.rows.filter((row) => row.kind === kind && row.id === id);
  const steps = rowsOf('asset', LADDERED);
  const tiers = rowsOf('instrument', second.instrumentId);
  const hasTiers = WITH_TIERS.includes(family.family);

  /** The account with so much LADDERED and, where positions have tiers, a second position of this size. */
  const of = (laddered: bigint, size: bigint): Signals =>
    signalsOf(
      family,
      statementOf(family, {
        ...rich(family, laddered),
        positions: [first, hasTiers ? { ...second, size } : second],
      }),
    );
  const withRowsOf = (held: Signals, other: Signals): Signals => {
    const told = withRowFrom(family, held, 'balance', 1, other, 1);
    return hasTiers ? withRowFrom(family, told, 'position', 1, other, 1) : told;
  };
  const refusals = (bound: 'above' | 'below'): readonly RegExp[] => [
    new RegExp(`collateral\\.balance\\[1\\]\\.step\\.${bound}`),
    ...(hasTiers ? [new RegExp(`(positionMargin|charge)\\[1\\]\\.tier\\.${bound}`)] : []),
  ];
  const firstCap = (rows: typeof steps): bigint => rows[0]?.sizeCap as bigint;
  const lastFloor = (rows: typeof steps): bigint => rows.at(-1)?.sizeFloor as bigint;
  const largest = (): Signals => of(lastFloor(steps), lastFloor(tiers));

  it('a step saturated by one unit of collateral, the last tier one unit of size too early', async () => {
    expect(steps).toHaveLength(4);
    if (hasTiers) expect(tiers.length).toBeGreaterThan(1);
    const told = withRowsOf(of(1n, lastFloor(tiers) - 1n), largest());
    expectRefusedOnlyAt(circuit, await circuit.witness(told), refusals('above'));
  });

  it('the first step and the first tier, whose rate is least, one unit beyond their ends', async () => {
    const told = withRowsOf(of(firstCap(steps) + 1n, firstCap(tiers) + 1n), of(1n, 1n));
    expectRefusedOnlyAt(circuit, await circuit.witness(told), refusals('below'));
  });

  it('a last id of 2^32 and more, with a row of such a key in the table', async () => {
    const statement = statementOf(family, rich(family));
    const opening = openingOf(family, statement);
    const reaching = withBalance(
      withPosition(opening, 1, () => ({ gap: ID_END - 1n })),
      1,
      () => ({ gap: ID_END - 1n }),
    );
    const { accountRoot } = committed(reaching, statement).signals;
    expect(accountRoot).not.toBe(opening.signals.accountRoot);
    const beyond = (id: number) => ID_END + BigInt(id);
    const told = unvalidated(family, signalsOf(family, statement, committed(reaching, statement)), [
      {
        kind: 'position',
        slot: 1,
        change: field(KEY, (key) => key - BigInt(second.instrumentId) + beyond(first.instrumentId)),
      },
      { kind: 'balance', slot: 1, change: field(KEY, (key) => key - BigInt(LADDERED) + beyond(1)) },
    ]);
    expectRefusedOnlyAt(circuit, await circuit.witness(told), [
      /owned\.positions\..*lastId|positions\.EntryIds.*lastId/,
      /owned\.collateral\..*lastId|collateral\.EntryIds.*lastId/,
    ]);
  });
});
