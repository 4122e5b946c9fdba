import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { batchClasses } from '../src/liabilities/batchClasses.js';
import { accountsPerBatch } from '../src/liabilities/batchInput.js';
import type { BatchShape } from '../src/liabilities/batchTranscripts.js';
import { LIABILITIES_SIGNALS } from '../src/protocol/constants.js';
import { compileCircuit } from '../src/setup/compileCircuit.js';
import { markdownTable } from './markdown.js';

// `npx tsx bench/liabilities.ts`: what the constraints of a book's batches are spent on. Each figure is the difference of
// two compiled circuits, so that what they share cancels out.

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

async function count(change: Partial<BatchShape>): Promise<number> {
  const shape = { ...BASE, ...change };
  const { balances, positions, height, run, assets, steps, instruments, tiers, settles } = shape;
  const parameters = [balances, positions, height, run, assets, steps, instruments, tiers, settles];
  const known = counted.get(parameters.join());
  if (known !== undefined) return known;
  const folder = await mkdtemp(join(tmpdir(), 'zk-solvency-bench-'));
  try {
    const { constraints } = await compileCircuit(
      {
        file: 'liabilities/liabilitiesBatch.circom',
        template: 'LiabilitiesBatch',
        parameters,
        publicSignals: LIABILITIES_SIGNALS.batch,
      },
      folder,
    );
    counted.set(parameters.join(), constraints);
    return constraints;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Constraints of one account, its share of the tree included: between batches of 16 and of 32. */
const perAccount = async (change: Partial<BatchShape>): Promise<number> =>
  ((await count({ ...change, run: 4 })) - (await count({ ...change, run: 2 }))) / 16;

/** Of one row of a table: between 8 rows and 24. */
const perRow = async (list: 'assets' | 'steps' | 'instruments' | 'tiers', change: Partial<BatchShape> = {}) =>
  ((await count({ ...change, [list]: 24 })) - (await count({ ...change, [list]: 8 }))) / 16;

const rows: [string, number, string][] = [];
const add = (what: string, constraints: number, bound = ''): void => void rows.push([what, constraints, bound]);

const flat8 = await perAccount({ ...FLAT, balances: 8 });
const ladder8 = await perAccount({ ...SPOT, balances: 8 });
add('an account of 8 balances, flat haircuts', flat8, '1,900');
// a list is hashed in blocks of 16 balances after the first 8, so a block is what is averaged over
add(
  'a further balance, flat: (24 balances - 8) / 16',
  ((await perAccount({ ...FLAT, balances: 24 })) - flat8) / 16,
  '135',
);
add('an account of 8 balances, haircut ladders', ladder8, '3,400');
add('a further balance, ladders: (24 - 8) / 16', ((await perAccount({ ...SPOT, balances: 24 })) - ladder8) / 16, '320');
const four = await perAccount({});
add(
  'a further position with its tier: (12 positions - 4) / 8',
  ((await perAccount({ positions: 12 })) - four) / 8,
  '400',
);
add('an account of 2 balances and 4 positions, one settle asset', four);
add('a further settle asset', (await perAccount({ settles: 2 })) - four);
add('a row of an asset', await perRow('assets'));
add('a row of a haircut step', await perRow('steps'));
add('a row of an instrument', await perRow('instruments'));
add('a row of a margin tier', await perRow('tiers'));

console.log(
  markdownTable(
    ['what', 'constraints', 'bound'],
    rows.map(([what, constraints, bound]) => [what, Math.round(constraints).toLocaleString('en'), bound]),
  ),
);

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
  ];
});
console.log(
  `\n${markdownTable(
    [
      'circuit',
      'balances + positions',
      'accounts in 2^19',
      'table: assets / steps / instruments / tiers',
      'constraints',
      'amortised an account',
    ],
    large,
  )}`,
);
