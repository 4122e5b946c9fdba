import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { writeFileAtomic } from '../src/files.js';
import { batchClasses } from '../src/liabilities/batchClasses.js';
import { accountsPerBatch } from '../src/liabilities/batchInput.js';
import type { BatchShape } from '../src/liabilities/batchTranscripts.js';
import { FIELD_ORDER, LIABILITIES_SIGNALS } from '../src/protocol/constants.js';
import { type CircuitSource, compileCircuit } from '../src/setup/compileCircuit.js';
import { markdownTable, replaceSection } from './markdown.js';

// `npx tsx bench/liabilities.ts`: what the constraints of a book's batches are spent on; with --write it puts that into
// docs/liabilities.md and circuits.json. Costs are differences of compiled circuits, so that what these share cancels out.

const BASE: BatchShape = {
  balances: 2,
  positions: 4,
  height: 1,
  run: 2,
  assets: 8,
  steps: 8,
  instruments: 8,
  tiers: 8,
  settles: 1,
};
/** Balances alone: no positions, so nothing is settled. */
const SPOT = { positions: 0, instruments: 0, tiers: 0, settles: 0 };
const FLAT = { ...SPOT, steps: 0 };

const counted = new Map<string, number>();

async function compiled(source: CircuitSource): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'zk-solvency-bench-'));
  try {
    return (await compileCircuit(source, folder)).constraints;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const template = (file: string, name: string, ...parameters: number[]): Promise<number> =>
  compiled({ file: `${file}.circom`, template: name, parameters, publicSignals: [] });

async function count(change: Partial<BatchShape>): Promise<number> {
  const shape = { ...BASE, ...change };
  const { balances, positions, height, run, assets, steps, instruments, tiers, settles } = shape;
  const parameters = [balances, positions, height, run, assets, steps, instruments, tiers, settles];
  const known = counted.get(parameters.join());
  if (known !== undefined) return known;
  const constraints = await compiled({
    file: 'liabilities/liabilitiesBatch.circom',
    template: 'LiabilitiesBatch',
    parameters,
    publicSignals: LIABILITIES_SIGNALS.batch,
  });
  counted.set(parameters.join(), constraints);
  return constraints;
}

/** Constraints of one account, its share of the tree included: between batches of 16 and of 32. */
const perAccount = async (change: Partial<BatchShape>): Promise<number> =>
  ((await count({ ...change, run: 4 })) - (await count({ ...change, run: 2 }))) / 16;

/** Of one row of a table: between 8 rows and 24. */
const perRow = async (list: 'assets' | 'steps' | 'instruments' | 'tiers', change: Partial<BatchShape> = {}) =>
  ((await count({ ...change, [list]: 24 })) - (await count({ ...change, [list]: 8 }))) / 16;

const rows: [string, number, string][] = [];
const marginal: Record<string, number> = {};
const add = (name: string, what: string, constraints: number, bound = ''): void => {
  rows.push([what, constraints, bound]);
  marginal[name] = Math.round(constraints);
};

const flat8 = await perAccount({ ...FLAT, balances: 8 });
const ladder8 = await perAccount({ ...SPOT, balances: 8 });
const flat24 = await perAccount({ ...FLAT, balances: 24 });
const ladder24 = await perAccount({ ...SPOT, balances: 24 });
const four = await perAccount({});
add('account8Flat', 'an account of 8 balances, flat haircuts', flat8, '1,900');
// a list is hashed in blocks of 16 balances after the first 8, so a block is what is averaged over
add('balanceFlat', 'a further balance, flat: (24 balances - 8) / 16', (flat24 - flat8) / 16, '135');
add('account8', 'an account of 8 balances, haircut ladders', ladder8, '3,400');
add('balance', 'a further balance, ladders: (24 - 8) / 16', (ladder24 - ladder8) / 16, '320');
add(
  'position',
  'a further position with its tier: (12 positions - 4) / 8',
  ((await perAccount({ positions: 12 })) - four) / 8,
  '400',
);
add('account2and4', 'an account of 2 balances and 4 positions, one settle asset', four);
add('settleAsset', 'a further settle asset', (await perAccount({ settles: 2 })) - four);
add('assetRow', 'a row of an asset', await perRow('assets'));
add('stepRow', 'a row of a haircut step', await perRow('steps'));
add('instrumentRow', 'a row of an instrument', await perRow('instruments'));
add('tierRow', 'a row of a margin tier', await perRow('tiers'));

const costs = markdownTable(
  ['what', 'constraints', 'bound'],
  rows.map(([what, constraints, bound]) => [what, Math.round(constraints).toLocaleString('en'), bound]),
);

/** What an account of 8 balances under flat haircuts is made of; sums of rho^u and identities are what is left. */
const parts: [string, number][] = [
  ['hash of the leaf', await template('account/accountLeaf', 'AccountLeaf')],
  ['its list of balances: ranges, packing, hash', await template('liabilities/balanceEntries', 'BalanceEntries', 8)],
  ['its claims: ranges of equity and surplus', await template('liabilities/accountStanding', 'AccountStanding', 0)],
  ['its share of the tree: (64 leaves) / 64', (await template('liabilities/subtreeRoot', 'SubtreeRoot', 2)) / 64],
];
parts.push(['transcript, identities, values', flat8 - parts.reduce((sum, [, constraints]) => sum + constraints, 0)]);
const spent = markdownTable(
  ['part of an account of 8 balances, flat', 'constraints'],
  parts.map(([part, constraints]) => [part, Math.round(constraints).toLocaleString('en')]),
);

const elements = (count: number): Promise<number> => template('liabilities/transcript', 'Transcript', 7, count);
const element = ((await elements(33)) - (await elements(17))) / 16;
const others: [string, number][] = [
  ['a level of the tree above a batch', await template('liabilities/nodeReplacement', 'NodeReplacement', 1)],
  ['an element of a transcript: (33 elements - 17) / 16', element],
  // three totals a side, in the state before and in the state after
  ['the totals of an asset or instrument, if states held them: 12 elements', 12 * element],
];
const beside = markdownTable(
  ['beside accounts and rows', 'constraints'],
  others.map(([what, constraints]) => [what, Math.round(constraints).toLocaleString('en')]),
);

/** Bits of the chance of a false batch at one query of its transcript: [(U-1)(J + E) + 3(E + A) + 12] / r. */
function errorBits({ balances, positions, assets, steps, instruments, tiers, settles }: BatchShape, accounts: number) {
  // an entry has a pole for its asset or instrument and one for its step or tier
  const poles = 2 * accounts * (balances + positions);
  const rowsOfTable = assets + steps + instruments + tiers;
  const numerator = (accounts - 1) * (3 + settles + poles) + 3 * (poles + rowsOfTable) + 12;
  return Math.log2(numerator) - Math.log2(Number(FIELD_ORDER));
}

const large = batchClasses('large').map(({ circuit, shape }) => {
  const accounts = accountsPerBatch(shape);
  const { constraints } = circuit.r1cs;
  const { assets, steps, instruments, tiers } = shape;
  return [
    circuit.name,
    `${shape.balances} + ${shape.positions}`,
    accounts.toString(),
    `${assets} / ${steps} / ${instruments} / ${tiers}`,
    constraints.toLocaleString('en'),
    Math.round(constraints / accounts).toLocaleString('en'),
    `2^${errorBits(shape, accounts).toFixed(1)}`,
  ];
});
const instances = markdownTable(
  [
    'circuit',
    'balances + positions',
    'accounts in 2^19',
    'table: assets / steps / instruments / tiers',
    'constraints',
    'amortised an account',
    'error of a query',
  ],
  large,
);
const text = `${costs}\n\n${spent}\n\n${beside}\n\n${instances}`;
console.log(text);

if (process.argv.includes('--write')) {
  const root = resolve(import.meta.dirname, '..');
  const document = join(root, 'docs/liabilities.md');
  await writeFileAtomic(document, replaceSection(await readFile(document, 'utf8'), 'liabilities', text));
  const list = join(root, 'circuits.json');
  const { format, version, circuits } = JSON.parse(await readFile(list, 'utf8')) as Record<string, unknown>;
  await writeFileAtomic(list, `${JSON.stringify({ format, version, marginal, circuits }, null, 2)}\n`);
}
