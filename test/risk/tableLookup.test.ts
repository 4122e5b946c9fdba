import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildRiskTable, openRow } from '../../src/risk/riskTable.js';
import { type RowOpening, tableLookup } from '../../src/risk/tableLookup.js';
import { rowElements, rowKey, type TableRowFields, tableRowHash } from '../../src/risk/tableRow.js';
import { tableTop } from '../../src/risk/tableTop.js';
import { brokenBy, compileTextForTest, expectAccepted, expectRejected, type TestCircuit } from '../support/circuit.js';
import { inverse, reduce } from '../support/field.js';
import { snapshot, table } from '../support/market.js';
import { expectTwin } from '../support/twin.js';

/** A look-up of an instrument row with the table's top, the row given as its eight elements. */
const LOOKUP = `
pragma circom 2.2.2;
include "circuits/constants.circom";
include "circuits/risk/tableLookup.circom";
include "circuits/risk/tableRow.circom";
include "circuits/risk/tableTop.circom";
template Test() {
    signal input used;
    signal input id;
    signal input row[8];
    signal input index;
    signal input children[2][8];
    signal input nodes[64];
    signal output root;
    TableRow() tableRow;
    tableRow.key <== row[0];
    tableRow.tier <== row[1];
    tableRow.price <== row[2];
    tableRow.sizeFloor <== row[3];
    tableRow.sizeCap <== row[4];
    tableRow.rate <== row[5];
    tableRow.offset <== row[6];
    tableRow.extension <== row[7];
    component lookup = TableLookup(ROW_KIND_INSTRUMENT());
    lookup.used <== used;
    lookup.id <== id;
    component hash = TableRowHash();
    hash.row <== tableRow;
    lookup.key <== tableRow.key;
    lookup.hash <== hash.out;
    lookup.place.index <== index;
    lookup.place.children <== children;
    lookup.nodes <== nodes;
    component top = TableTop();
    top.nodes <== nodes;
    root <== top.out;
}`;

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileTextForTest(LOOKUP);
});

const inputs = (used: bigint, id: bigint, opening: RowOpening<TableRowFields>, nodes = table.nodes) => ({
  used,
  id,
  row: rowElements(opening.row),
  index: opening.place.index,
  children: opening.place.children,
  nodes,
});

const instruments = table.rows.flatMap((row, index) => (row.kind === 'instrument' ? [{ row, index }] : []));

describe('TableLookup', () => {
  it('agrees with its twin: the right row, the row of another id, a row of another kind, an unused slot', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...table.rows.keys()),
        fc.constantFrom(0n, 1n),
        fc.constantFrom(...instruments.map(({ row }) => BigInt(row.id))),
        async (index, used, id) => {
          const opening = openRow<TableRowFields>(table, index);
          await expectTwin(
            circuit,
            inputs(used, id, opening),
            () => {
              const { key } = opening.row;
              const hash = tableRowHash(opening.row);
              tableLookup('instrument', used, id, { key, hash }, opening.place, table.nodes);
              return [tableTop(table.nodes)];
            },
            ['root'],
          );
        },
      ),
      { seed: 20267, numRuns: 60 },
    );
  });

  it('another place, a place beyond the table and a changed sibling are refused', async () => {
    const { row, index } = instruments[17] as (typeof instruments)[number];
    const opening = openRow<TableRowFields>(table, index);
    const honest = inputs(1n, BigInt(row.id), opening);
    expectAccepted(circuit, await circuit.witness(honest));
    for (const at of [opening.place.index + 1n, opening.place.index ^ 64n, opening.place.index + 4096n]) {
      expectRejected(circuit, await circuit.witness({ ...honest, index: at }));
    }
    const [low = [], high = []] = opening.place.children;
    for (const children of [
      [low.map((child, k) => (k === (Number(opening.place.index) + 1) % 8 ? child + 1n : child)), high],
      [low, high.map((child) => child + 1n)],
    ]) {
      expectRejected(circuit, await circuit.witness({ ...honest, children }));
    }
  });

  it('a row of the prover’s own between two of the table, by a bit that is neither 0 nor 1', async () => {
    const { row, index } = instruments[5] as (typeof instruments)[number];
    const opening = openRow<TableRowFields>(table, index);
    const honest = inputs(1n, BigInt(row.id), opening);
    const forged = { ...opening.row, rate: 0n };
    const witness = await circuit.witness({ ...honest, row: rowElements(forged) });
    expectRejected(circuit, witness, /level\[0\]\.own/);
    // Select interpolates between neighbours, and the bit is where it finds the forged row
    const [children = []] = opening.place.children;
    const place = Number(opening.place.index);
    const pair = (place % 8) >> 1;
    const [left, right] = [children[2 * pair] as bigint, children[2 * pair + 1] as bigint];
    const bit = reduce((tableRowHash(forged) - left) * inverse(right - left));
    const layers: bigint[][] = [[...children]];
    for (const b of [bit, BigInt(pair & 1), BigInt(pair >> 1)]) {
      const last = layers.at(-1) as bigint[];
      layers.push(
        Array.from({ length: last.length / 2 }, (_, i) => {
          const [even, odd] = [last[2 * i] as bigint, last[2 * i + 1] as bigint];
          return reduce(even + b * (odd - even));
        }),
      );
    }
    expect(layers.at(-1)).toEqual([tableRowHash(forged)]);
    const told = Object.fromEntries([
      ['main.lookup.index.out[0]', bit],
      ['main.index', opening.place.index - BigInt(place % 2) + bit],
      ...layers
        .slice(1)
        .flatMap((layer, l) => layer.map((value, i) => [`main.lookup.level[0].own.layer[${l + 1}][${i}]`, value])),
    ]) as Readonly<Record<string, bigint>>;
    // some of them are expressions of the others
    const wires = Object.entries(told).filter(([name]) => (circuit.symbols.wireOf(name) ?? -1) >= 0);
    const lie = circuit.edit(witness, Object.fromEntries(wires));
    expectRejected(circuit, lie, /index/);
    expect(brokenBy(circuit, lie)).toHaveLength(1);
  });

  it('a row with any figure changed is not in the table', async () => {
    const { row, index } = instruments[5] as (typeof instruments)[number];
    const honest = inputs(1n, BigInt(row.id), openRow<TableRowFields>(table, index));
    for (let field = 1; field < 8; field++) {
      const changed = honest.row.map((value, k) => (k === field ? value + 1n : value));
      expectRejected(circuit, await circuit.witness({ ...honest, row: changed }));
    }
  });

  it('an empty place of the table, an inner node and a row of zeros are no rows', async () => {
    const empty = table.rows.length;
    const last = openRow<TableRowFields>(table, empty - 1);
    const nothing = { ...last, place: { ...last.place, index: BigInt(empty) } };
    expectRejected(circuit, await circuit.witness({ ...inputs(0n, 0n, nothing), row: Array(8).fill(0n) }));
    // the eight children of an inner node offered as the eight elements of a row: the domains differ
    const [children = []] = openRow<TableRowFields>(table, 0).place.children;
    expectRejected(
      circuit,
      await circuit.witness({ ...inputs(0n, 0n, openRow<TableRowFields>(table, 0)), row: children }),
    );
  });

  it('an id beyond 32 bits that would alias an asset’s key is not the asset', () => {
    // the circuit adds the id to the kind: only ids below 2^32, which EntryIds enforces, keep the kinds apart
    expect(rowKey('asset', 1n + 2n ** 32n)).toBe(rowKey('instrument', 1n));
  });
});

describe('the risk root', () => {
  it('changes with every part of the snapshot', () => {
    const variants = [
      { ...snapshot, time: snapshot.time + 1 },
      { ...snapshot, model: { ...snapshot.model, claim: 'initial' } },
      { ...snapshot, registry: { ...snapshot.registry, version: 2 } },
      {
        ...snapshot,
        assets: snapshot.assets.map((asset) => (asset.assetId === 2 ? { ...asset, price: asset.price + 1n } : asset)),
      },
    ];
    const roots = [table, ...variants.map(buildRiskTable)].map(({ riskRoot }) => riskRoot);
    expect(new Set(roots).size).toBe(roots.length);
  });
});
