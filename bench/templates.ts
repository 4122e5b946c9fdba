import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PUBLIC_SIGNALS, WIDTHS } from '../src/protocol/constants.js';
import { type CircuitSource, compileCircuit } from '../src/setup/compileCircuit.js';

const none = (file: string, template: string, ...parameters: number[]): CircuitSource => ({
  file,
  template,
  parameters,
  publicSignals: [],
});
const margin = (file: string, template: string, ...parameters: number[]): CircuitSource => ({
  file,
  template,
  parameters,
  publicSignals: PUBLIC_SIGNALS,
});
const tiered = (...parameters: number[]) => margin('tiered/tieredMargin.circom', 'TieredMargin', ...parameters);

/** A wrapper for the look-up, which takes a bus. */
const LOOKUP = `
pragma circom 2.2.2;
include "circuits/risk/tableLookup.circom";
include "circuits/risk/tableRow.circom";
template Lookup() {
    signal input used; signal input id; input TableRow() row; input RowPlace() place; signal input nodes[64];
    component hash = TableRowHash();
    hash.row <== row;
    component lookup = TableLookup(ROW_KIND_INSTRUMENT());
    lookup.used <== used; lookup.id <== id; lookup.key <== row.key; lookup.hash <== hash.out;
    lookup.place <== place; lookup.nodes <== nodes;
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
  add(
    'the claim (Solvency)',
    await count(
      none('margin/solvency.circom', 'Solvency', 10 ** 6, WIDTHS.tiered.requirement, WIDTHS.tiered.comparison),
    ),
  );
  const base = await count(tiered(12, 4));
  add(
    'tiered: a further position, tail block shared by 8: (20 positions - 12) / 8',
    Math.round(((await count(tiered(20, 4))) - base) / 8),
  );
  add(
    'tiered: a further asset: (12 positions, 8 assets - 4) / 4',
    Math.round(((await count(tiered(12, 8))) - base) / 4),
  );
  await addFamilies(add);
  return rows;
}

/** The same for the other families; slots of expiries and underlyings are reported apart, their sign gadgets are dear. */
async function addFamilies(add: (name: string, constraints: number) => void): Promise<void> {
  const portfolio = (...parameters: number[]) =>
    count(margin('portfolio/portfolioMargin.circom', 'PortfolioMargin', ...parameters));
  const standard = (...parameters: number[]) =>
    count(margin('standard/standardMargin.circom', 'StandardMargin', ...parameters));
  const four = await portfolio(12, 4, 4, 1);
  const eight = await portfolio(12, 4, 8, 1);
  add(
    'portfolio, 32 scenarios: a further position with 4 expiry slots: (20 positions - 12) / 8',
    Math.round(((await portfolio(20, 4, 4, 1)) - four) / 8),
  );
  add(
    'portfolio, 32 scenarios: a further position with 8 expiry slots: (20 positions - 12) / 8',
    Math.round(((await portfolio(20, 4, 8, 1)) - eight) / 8),
  );
  add('portfolio: an expiry slot beside 12 positions: (8 slots - 4) / 4', Math.round((eight - four) / 4));
  add('portfolio: an underlying slot beside 4 expiries: 2 slots - 1', (await portfolio(12, 4, 4, 2)) - four);
  add(
    'standard: a further position, which the order of strikes counts with all others: (20 positions - 12) / 8',
    Math.round(((await standard(20, 4)) - (await standard(12, 4))) / 8),
  );
  const others: readonly (readonly [string, string, readonly number[]])[] = [
    ['quantized', 'quantized', []],
    ['weighted', 'weighted', []],
    ['greeks, 2 underlyings', 'greeks', [2]],
    ['parametric', 'parametric', []],
    ['tail, 45 scenarios', 'tail', [1]],
    ['tail, 270 scenarios', 'tail', [6]],
  ];
  for (const [name, family, more] of others) {
    const template = `${family.charAt(0).toUpperCase()}${family.slice(1)}Margin`;
    const of = (positions: number) =>
      count(margin(`${family}/${family}Margin.circom`, template, positions, 4, ...more));
    add(`${name}: a further position: (20 positions - 12) / 8`, Math.round(((await of(20)) - (await of(12))) / 8));
  }
}
