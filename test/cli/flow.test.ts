import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARTIFACTS } from '../support/artifacts.js';
import { runHere, zkSolvency } from './command.js';

const EXAMPLE = resolve(import.meta.dirname, '../../examples/binance');
const account = ['--account', `${EXAMPLE}/account-package.json`];

let folder: string;
let snapshot: string;
let accountRoot: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zk-solvency-cli-'));
  snapshot = join(folder, 'maintenance.json');
  accountRoot = (JSON.parse(await readFile(`${EXAMPLE}/account-package.json`, 'utf8')) as { accountRoot: string })
    .accountRoot;
});
afterAll(() => rm(folder, { recursive: true }));

const json = (text: string) => JSON.parse(text) as Record<string, unknown>;
const build = (claim: string, out: string, prices = 'prices.json') =>
  runHere([
    ...[
      'snapshot',
      'build',
      '--binance-brackets',
      `${EXAMPLE}/brackets.json`,
      '--binance-haircuts',
      `${EXAMPLE}/haircuts.csv`,
    ],
    ...['--prices', `${EXAMPLE}/${prices}`, '--claim', claim, '--out', out, '--json'],
  ]);

describe('the command, from parameters to a verified proof', () => {
  it('builds and checks snapshots of both claims, with different risk roots', async () => {
    const maintenance = await build('maintenance', snapshot);
    expect(maintenance).toMatchObject({ code: 0, stderr: '' });
    expect(json(maintenance.stdout)).toMatchObject({ ok: true, claim: 'maintenance', assets: 483, instruments: 349 });
    const initial = await build('initial', join(folder, 'initial.json'));
    expect(json(initial.stdout)['riskRoot']).not.toBe(json(maintenance.stdout)['riskRoot']);
    const checked = await zkSolvency(['snapshot', 'check', '--snapshot', snapshot, '--json']);
    expect(json(checked.stdout)['riskRoot']).toBe(json(maintenance.stdout)['riskRoot']);
  });

  it('evaluates in plain figures', async () => {
    const { code, stdout } = await zkSolvency([
      'evaluate',
      ...account,
      '--snapshot',
      snapshot,
      join(folder, 'initial.json'),
    ]);
    expect(code).toBe(0);
    for (const word of [
      'equity',
      'leverage',
      'maintenance margin',
      'initial margin',
      'margin ratio',
      'liquidation price',
    ]) {
      expect(stdout).toContain(word);
    }
    const plain = await runHere([
      'evaluate',
      '--account',
      `${EXAMPLE}/account.json`,
      '--snapshot',
      snapshot,
      join(folder, 'initial.json'),
    ]);
    expect(plain.stdout).toBe(stdout);
  });

  it('proves and verifies, and a proof of less than expected fails with exit code 1', async () => {
    const proof = join(folder, 'proof.json');
    const prove = [
      'prove',
      ...account,
      '--identity',
      `${EXAMPLE}/identity.json`,
      '--snapshot',
      snapshot,
      '--artifacts',
      ARTIFACTS,
    ];
    const made = await zkSolvency([
      ...prove,
      '--threshold',
      '15000',
      '--floor',
      '1000',
      '--scope',
      '3',
      '--context',
      '0x4',
      '--out',
      proof,
      '--json',
    ]);
    expect(made.code, made.stderr).toBe(0);
    expect(json(made.stdout)).toMatchObject({ ok: true, circuit: 'tiered-8', setup: 'development' });

    const verify = [
      'verify',
      '--proof',
      proof,
      '--snapshot',
      snapshot,
      '--artifacts',
      ARTIFACTS,
      '--account-root',
      accountRoot,
    ];
    const met = ['--threshold', '15000', '--floor', '1000', '--scope', '3', '--context', '4'];
    expect(await zkSolvency([...verify, ...met])).toMatchObject({ code: 0, stdout: expect.stringContaining('Valid') });
    for (const change of [
      ['--threshold', '15001'],
      ['--account-root', '1'],
      ['--max-age', '60'],
      ['--snapshot', join(folder, 'initial.json')],
    ]) {
      const { code, stdout } = await runHere([...verify, ...met, ...change, '--json']);
      expect(code, change.join(' ')).toBe(1);
      expect(json(stdout)['error']).toMatchObject({ code: 'EXPECTATION_NOT_MET' });
    }
    const changed = join(folder, 'changed.json');
    const text = await readFile(proof, 'utf8');
    await writeFile(changed, text.replace(/"thresholdBps": "15000"/, '"thresholdBps": "16000"'));
    expect(await zkSolvency([...verify, ...met, '--proof', changed])).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('PROOF_INVALID'),
    });
  });

  it('refuses an insolvent account before proving, and tells the shortfall to no log', async () => {
    const lower = join(folder, 'lower.json');
    await build('maintenance', lower, 'prices-lower.json');
    const prove = [
      'prove',
      ...account,
      '--identity',
      `${EXAMPLE}/identity.json`,
      '--snapshot',
      lower,
      '--artifacts',
      ARTIFACTS,
    ];
    const out = join(folder, 'never.json');
    const shown = await zkSolvency([...prove, '--out', out]);
    expect(shown.code).toBe(1);
    expect(shown.stderr).toMatch(/INSOLVENT: .*\n$/);
    expect(shown.stderr).not.toContain('shortfall');
    const asJson = await runHere([...prove, '--out', out, '--json']);
    expect(asJson.stdout).not.toContain('shortfall');
    expect(await readdir(folder)).not.toContain('never.json');
  });

  it('makes an identity with a backup, readable by its owner alone, and never overwrites one', async () => {
    const [out, backup] = [join(folder, 'me.json'), join(folder, 'me.bak.json')];
    const made = await zkSolvency(['identity', 'new', '--out', out, '--backup', backup, '--json']);
    expect(made.code).toBe(0);
    const secret = (JSON.parse(await readFile(out, 'utf8')) as { ownerSecret: string }).ownerSecret;
    expect(await readFile(backup, 'utf8')).toBe(await readFile(out, 'utf8'));
    expect(made.stdout).not.toContain(secret);
    expect((await stat(out)).mode & 0o777).toBe(0o600);
    expect((await stat(backup)).mode & 0o777).toBe(0o600);
    const again = await runHere(['identity', 'new', '--out', out, '--backup', join(folder, 'x.json')]);
    expect(again.code).toBe(2);
  });

  it('lists circuits with constraints, public signals and setup kind', async () => {
    const { stdout } = await runHere(['circuits', '--artifacts', ARTIFACTS, '--json']);
    const [first, second] = json(stdout)['circuits'] as { readonly publicSignals: readonly string[] }[];
    expect(first).toMatchObject({ name: 'tiered-8', setup: expect.stringContaining('development') });
    expect(first?.publicSignals[0]).toBe('accountRoot');
    expect(second).toMatchObject({ name: 'tiered-32' });
  });
});
