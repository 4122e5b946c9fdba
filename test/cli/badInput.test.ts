import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARTIFACTS } from '../support/artifacts.js';
import { runHere, zkSolvency } from './command.js';

const EXAMPLE = resolve(import.meta.dirname, '../../examples/hyperliquid');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zk-solvency-bad-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Json = Record<string, unknown>;

/** An example file with one thing changed, written to the folder. */
async function changed(name: string, change: (file: never) => unknown): Promise<string> {
  const file = JSON.parse(await readFile(join(EXAMPLE, name), 'utf8')) as never;
  const result = change(file);
  const path = join(folder, `changed-${name}`);
  await writeFile(path, typeof result === 'string' ? result : JSON.stringify(file));
  return path;
}

async function expectRefused(args: readonly string[], code: string, run = runHere): Promise<void> {
  const before = await readdir(folder);
  const { code: status, stdout, stderr } = await run([...args, '--json']);
  expect(status, stdout + stderr).toBe(2);
  expect((JSON.parse(stdout) as { error: Json }).error['code']).toBe(code);
  expect(stderr + stdout).not.toMatch(/\n\s+at .*:\d+:\d+/);
  expect(await readdir(folder)).toEqual(before);
}

const evaluate = (account: string, snapshot = join(EXAMPLE, 'snapshot-maintenance.json')) => [
  ...['evaluate', '--account', account, '--snapshot', snapshot],
];
const packageFile = 'account-package.json';

describe('a bad account file is refused with exit code 2 and a typed error', () => {
  it.each<[string, (file: never) => unknown, string]>([
    ['malformed JSON', () => '{"format": "zk-solvency/account-package", ', 'INVALID_INPUT'],
    ['an empty file', () => '', 'INVALID_INPUT'],
    ['a list', () => '[]', 'INVALID_INPUT'],
    ['a missing field', (file: Json) => void delete file['salt'], 'INVALID_INPUT'],
    ['an unknown field', (file: Json) => Object.assign(file, { extra: 1 }), 'INVALID_INPUT'],
    ['a newer version', (file: Json) => Object.assign(file, { version: 2 }), 'UNSUPPORTED_VERSION'],
    [
      'a JSON number for an amount',
      (file: { collateral: Json[] }) => Object.assign(file.collateral[0] as Json, { amount: 1.5 }),
      'INVALID_INPUT',
    ],
    [
      'an exponent',
      (file: { collateral: Json[] }) => Object.assign(file.collateral[0] as Json, { amount: '1e5' }),
      'INVALID_INPUT',
    ],
    [
      'too many decimals',
      (file: { collateral: Json[] }) => Object.assign(file.collateral[0] as Json, { amount: '0.00000000000000001' }),
      'NOT_REPRESENTABLE',
    ],
    [
      'an amount a bit over 64 bits',
      (file: { collateral: Json[] }) => Object.assign(file.collateral[0] as Json, { amount: '184467440737.09551616' }),
      'OUT_OF_RANGE',
    ],
    [
      'a salt of r',
      (file: Json) =>
        Object.assign(file, { salt: '21888242871839275222246405745257275088548364400416034343698204186575808495617' }),
      'INVALID_INPUT',
    ],
    [
      'an unknown symbol',
      (file: { positions: Json[] }) => Object.assign(file.positions[0] as Json, { instrument: 'NOPE' }),
      'UNKNOWN_INSTRUMENT',
    ],
    [
      'an id that is not the symbol’s',
      (file: { positions: Json[] }) => Object.assign(file.positions[0] as Json, { id: 9 }),
      'MISMATCH',
    ],
    [
      'a duplicated position',
      (file: { positions: Json[] }) => void file.positions.splice(1, 0, { ...(file.positions[0] as Json) }),
      'DUPLICATE',
    ],
    ['positions out of order', (file: { positions: Json[] }) => void file.positions.reverse(), 'INVALID_INPUT'],
    [
      'a path of another depth',
      (file: { path: { siblings: unknown[] } }) => void file.path.siblings.pop(),
      'INVALID_INPUT',
    ],
    [
      'an index beyond the tree',
      (file: { path: Json }) => Object.assign(file.path, { index: 2 ** 27 }),
      'INVALID_INPUT',
    ],
    ['another account root', (file: Json) => Object.assign(file, { accountRoot: '1' }), 'MISMATCH'],
  ])('%s', async (_, change, code) => {
    await expectRefused(evaluate(await changed(packageFile, change)), code);
  });

  it('a file that is not there', () => expectRefused(evaluate(join(folder, 'nothing.json')), 'UNREADABLE', zkSolvency));
  it('a snapshot in its place', () => expectRefused(evaluate(join(EXAMPLE, 'snapshot-initial.json')), 'INVALID_INPUT'));
});

describe('a bad snapshot is refused by name', () => {
  type SnapshotFile = { instruments: { price: string; tiers: Json[] }[]; assets: Json[] };
  it.each<[string, (file: never) => unknown, string]>([
    [
      'tiers with a gap, which a deduction that does not continue is',
      (file: SnapshotFile) => {
        const tiers = file.instruments[0]?.tiers as Json[];
        tiers.splice(
          0,
          tiers.length,
          { notionalCap: '100', rate: '0.01', deduction: '0' },
          { notionalCap: null, rate: '0.02', deduction: '2' },
        );
      },
      'INVALID_SNAPSHOT',
    ],
    [
      'rates that decrease',
      (file: SnapshotFile) => {
        const tiers = file.instruments[0]?.tiers as Json[];
        tiers.splice(
          0,
          tiers.length,
          { notionalCap: '100', rate: '0.02', deduction: '0' },
          { notionalCap: null, rate: '0.01', deduction: '-1' },
        );
      },
      'INVALID_INPUT',
    ],
    [
      'a price of zero',
      (file: SnapshotFile) => Object.assign(file.instruments[0] as object, { price: '0' }),
      'INVALID_INPUT',
    ],
    [
      'the same instrument twice',
      (file: SnapshotFile) => void file.instruments.splice(1, 0, file.instruments[0] as never),
      'INVALID_SNAPSHOT',
    ],
    ['a newer version', (file: Json) => Object.assign(file, { version: 7 }), 'UNSUPPORTED_VERSION'],
  ])('%s', async (_, change, code) => {
    const snapshot = await changed('snapshot-maintenance.json', change);
    await expectRefused(evaluate(join(EXAMPLE, packageFile), snapshot), code);
    await expectRefused(['snapshot', 'check', '--snapshot', snapshot], code);
  });
});

describe('bad options and keys', () => {
  const prove = (...more: string[]) => [
    ...['prove', '--account', join(EXAMPLE, packageFile), '--identity', join(EXAMPLE, 'identity.json')],
    ...['--snapshot', join(EXAMPLE, 'snapshot-maintenance.json'), '--out', join(folder, 'proof.json'), ...more],
  ];

  it('a place that cannot be written is refused before the work', async () => {
    const nowhere = join(folder, 'no-such-folder', 'file.json');
    await expectRefused(['identity', 'new', '--out', nowhere], 'UNWRITABLE');
    await expectRefused(prove('--artifacts', ARTIFACTS, '--out', nowhere), 'UNWRITABLE');
  });

  it('an unknown word or option ends with exit code 2', async () => {
    expect((await zkSolvency(['prove-it'])).code).toBe(2);
    for (const args of [['prove-it'], ['circuits', '--nonsense'], ['prove']]) {
      expect((await runHere(args)).code).toBe(2);
    }
  });

  it('a circuit that is too small, unknown, or not set up', async () => {
    await expectRefused(prove('--artifacts', ARTIFACTS, '--circuit', 'tiered-8'), 'TOO_MANY_POSITIONS');
    await expectRefused(prove('--circuit', 'tiered-9'), 'UNKNOWN_CIRCUIT');
    await expectRefused(prove('--artifacts', join(folder, 'none')), 'ARTIFACT_MISSING');
  });

  it('a threshold that is no number or out of range, a stale snapshot', async () => {
    await expectRefused(
      prove('--artifacts', ARTIFACTS, '--circuit', 'tiered-8', '--threshold', '1.5'),
      'INVALID_INPUT',
    );
    await expectRefused(prove('--artifacts', ARTIFACTS, '--circuit', 'tiered-8', '--max-age', '60'), 'STALE_SNAPSHOT');
    await expectRefused(
      prove('--scope', '21888242871839275222246405745257275088548364400416034343698204186575808495617'),
      'OUT_OF_RANGE',
    );
  });

  it('one byte of a key, a wasm or a verification key flipped is refused before proving', async () => {
    for (const file of ['circuit.zkey', 'circuit.wasm', 'verificationKey.json']) {
      const artifacts = await mkdtemp(join(tmpdir(), 'zk-solvency-altered-'));
      try {
        await cp(join(ARTIFACTS, 'tiered-8'), join(artifacts, 'tiered-8'), { recursive: true });
        const path = join(artifacts, 'tiered-8', file);
        const bytes = await readFile(path);
        const middle = bytes.length >> 1;
        bytes[middle] = (bytes[middle] ?? 0) ^ 1;
        await writeFile(path, bytes);
        await expectRefused(prove('--artifacts', artifacts, '--circuit', 'tiered-8'), 'ARTIFACT_ALTERED');
      } finally {
        await rm(artifacts, { recursive: true });
      }
    }
  });
});
