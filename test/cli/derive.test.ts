import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ARTIFACTS } from '../support/artifacts.js';
import { zkSolvency } from './command.js';

const BINANCE = resolve(import.meta.dirname, '../../examples/binance');
const HYPERLIQUID = resolve(import.meta.dirname, '../../examples/hyperliquid');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zk-solvency-derive-'));
});
afterAll(() => rm(folder, { recursive: true }));

const json = (text: string) => JSON.parse(text) as Record<string, unknown>;
const derive = (snapshot: string, ...more: readonly string[]) =>
  zkSolvency(['snapshot', 'derive', '--snapshot', snapshot, ...more]);

describe('a derived claim, from the base snapshot to a verifier who never saw the derived one', () => {
  it('derives, evaluates, proves, and verifies with the base', async () => {
    const base = join(folder, 'maintenance.json');
    const venue = ['--binance-brackets', `${BINANCE}/brackets.json`, '--binance-haircuts', `${BINANCE}/haircuts.csv`];
    await zkSolvency(['snapshot', 'build', ...venue, '--prices', `${BINANCE}/prices.json`, '--out', base]);
    const [out, proof] = [join(folder, 'leverage.json'), join(folder, 'proof.json')];
    const made = await derive(base, '--leverage', '25', '--shock', '+2.5%', '--only', 'ETH/USDT:USDT', '--out', out);
    expect(made, made.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toContain('claim "leverage at most 25 after +2.5% on ETH/USDT:USDT"');
    const [, baseRoot, derivedRoot] = /base root (\d+)\nderived root (\d+)\n$/.exec(made.stdout) as RegExpExecArray;

    const account = ['--account', `${BINANCE}/account-package.json`];
    const proven = await zkSolvency([
      ...['prove', ...account, '--identity', `${BINANCE}/identity.json`, '--snapshot', out],
      ...['--artifacts', ARTIFACTS, '--out', proof, '--json'],
    ]);
    expect(proven.code, proven.stderr).toBe(0);
    expect(json(proven.stdout)).toMatchObject({ circuit: 'tiered-8', publicSignals: { riskRoot: derivedRoot } });

    const { accountRoot } = json(await readFile(`${BINANCE}/account-package.json`, 'utf8')) as { accountRoot: string };
    const verify = (...more: readonly string[]) =>
      zkSolvency(['verify', '--proof', proof, '--artifacts', ARTIFACTS, '--account-root', accountRoot, ...more]);
    const shock = ['--shock', '+2.5%', '--only', 'ETH/USDT:USDT'];
    const verified = await verify('--snapshot', base, '--leverage', '25', ...shock);
    expect(verified, verified.stderr).toMatchObject({ code: 0 });
    expect(verified.stdout).toContain(
      "Valid: the account's leverage is at most 25 after a price change of +2.5% on ETH/USDT:USDT.",
    );
    expect(verified.stdout).toContain(`base root ${baseRoot}\nderived root ${derivedRoot}\n`);

    // another derivation, and none
    for (const other of [['--leverage', '24', ...shock], ['--leverage', '25', '--shock', '+2.5%'], []]) {
      const { code, stdout } = await verify('--snapshot', base, ...other, '--json');
      expect(code, other.join(' ')).toBe(1);
      expect(json(stdout)['error']).toMatchObject({
        code: 'EXPECTATION_NOT_MET',
        details: { expectation: 'snapshot' },
      });
    }
    // the prover's own file
    const refused = await verify('--snapshot', out);
    expect(refused).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/INVALID_INPUT: .*Give the base snapshot that you trust, and the derivation/),
    });
  });
});

describe('a bad derivation is refused by name', () => {
  const base = `${HYPERLIQUID}/snapshot-maintenance.json`;

  it.each<[readonly string[], string]>([
    [[], 'INVALID_INPUT'],
    [['--shock', '-100%'], 'INVALID_INPUT'],
    [['--shock', '-250%'], 'INVALID_INPUT'],
    [['--shock', '-20'], 'INVALID_INPUT'],
    [['--shock', '+-20%'], 'INVALID_INPUT'],
    [['--shock', '1e1%'], 'INVALID_INPUT'],
    [['--shock', `-0.${'1'.repeat(200)}%`], 'INVALID_INPUT'],
    [['--shock', '-20%', '--only', 'BTC,NONE'], 'UNKNOWN_INSTRUMENT'],
    [['--shock', '-20%', '--only', ''], 'UNKNOWN_INSTRUMENT'],
    [['--shock', '-20%', '--only', 'USDC'], 'INVALID_INPUT'],
    [['--only', 'BTC'], 'INVALID_INPUT'],
    [['--leverage', '0'], 'INVALID_INPUT'],
    [['--leverage', '-5'], 'INVALID_INPUT'],
    [['--leverage', '5x'], 'INVALID_INPUT'],
    [['--leverage', '1/0'], 'INVALID_INPUT'],
    [['--leverage', '0.01'], 'INVALID_SNAPSHOT'],
    [['--scale', '0'], 'INVALID_INPUT'],
    [['--scale', '1000000'], 'INVALID_SNAPSHOT'],
  ])('%o', async (given, code) => {
    const {
      code: status,
      stdout,
      stderr,
    } = await derive(base, ...given, '--out', join(folder, 'refused.json'), '--json');
    expect(status, stdout + stderr).toBe(2);
    expect(json(stdout)['error']).toMatchObject({ code });
    expect(await readdir(folder)).not.toContain('refused.json');
  });
});
