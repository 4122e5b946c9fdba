import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PUBLIC_SIGNALS } from '../src/protocol/constants.js';
import { type CircuitSource, compileCircuit } from '../src/setup/compileCircuit.js';

const none = (file: string, template: string, ...parameters: number[]): CircuitSource => ({
  file,
  template,
  parameters,
  publicSignals: [],
});
const margin = (positions: number, assets: number): CircuitSource => ({
  file: 'tiered/tieredMargin.circom',
  template: 'TieredMargin',
  parameters: [positions, assets],
  publicSignals: PUBLIC_SIGNALS,
});

/** A wrapper for templates that take a row, which cannot be a main component. */
const LOOKUP = `
pragma circom 2.2.2;
include "circuits/risk/tableLookup.circom";
template Lookup() {
    signal input used; signal input id; signal input row[8]; signal input index; signal input children[2][8]; signal input nodes[64];
    TableRow() r;
    r.key <== row[0]; r.tier <== row[1]; r.price <== row[2]; r.sizeFloor <== row[3];
    r.sizeCap <== row[4]; r.rate <== row[5]; r.offset <== row[6]; r.extension <== row[7];
    component lookup = TableLookup(2);
    lookup.used <== used; lookup.id <== id; lookup.row <== r; lookup.index <== index; lookup.children <== children; lookup.nodes <== nodes;
}`;

async function count(source: CircuitSource): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'zk-solvency-bench-'));
  try {
    return (await compileCircuit(source, folder)).constraints;
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function countText(text: string, template: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'zk-solvency-bench-'));
  try {
    await writeFile(join(folder, 'text.circom'), text);
    return await count(none(join(folder, 'text.circom'), template));
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Constraints of the templates, and what one more slot of a margin circuit costs. */
export async function templateTable(): Promise<readonly (readonly [string, string])[]> {
  const rows: [string, string][] = [];
  const add = (name: string, constraints: number) => rows.push([name, constraints.toLocaleString('en')]);
  for (const inputs of [1, 2, 4, 5, 8, 9, 16]) {
    add(
      `hash of ${inputs} ${inputs === 1 ? 'element' : 'elements'}`,
      await count(none('hash/taggedHash.circom', 'TaggedHash', 1, inputs)),
    );
  }
  add('a level of the account tree (ParentNode)', await count(none('tree/parentNode.circom', 'ParentNode', 1)));
  add('the account tree, 9 levels', await count(none('account/accountTreeRoot.circom', 'AccountTreeRoot')));
  add('one look-up below the shared top (TableLookup)', await countText(LOOKUP, 'Lookup'));
  add('the shared top (TableTop)', await count(none('risk/tableTop.circom', 'TableTop')));
  add('one balance, ranged and packed', await count(none('account/collateralEntry.circom', 'CollateralEntry')));
  add('one position, ranged and packed', await count(none('account/positionEntry.circom', 'PositionEntry')));
  add('the claim (Solvency)', await count(none('margin/solvency.circom', 'Solvency')));
  const base = await count(margin(12, 4));
  add(
    'a further position, tail block shared by 8: (20 positions - 12) / 8',
    Math.round(((await count(margin(20, 4))) - base) / 8),
  );
  add('a further asset: (12 positions, 8 assets - 4) / 4', Math.round(((await count(margin(12, 8))) - base) / 4));
  return rows;
}
