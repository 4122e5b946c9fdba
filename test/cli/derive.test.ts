import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountRoot } from '../../src/account/accountRoot.js';
import { ownerCommitment } from '../../src/account/ownerCommitment.js';
import { derivationsOf } from '../../src/cli/derivations.js';
import { serializeAccountPackage } from '../../src/formats/accountPackage.js';
import { serializeIdentity } from '../../src/formats/identity.js';
import { serializeSnapshot } from '../../src/formats/snapshot.js';
import { rational } from '../../src/numbers/rational.js';
import { ARTIFACTS } from '../support/artifacts.js';
import { OWNER_SECRET, packageOf, registry, snapshot, usd } from '../support/market.js';
import { runHere, zkSolvency } from './command.js';

const ACCOUNT = packageOf({
  collateral: [usd(500n)],
  positions: [{ instrumentId: 100, size: 300n, cost: 900n * 10n ** 8n }],
});

let folder: string;
let base: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zk-solvency-derive-'));
  base = join(folder, 'maintenance.json');
  await writeFile(base, serializeSnapshot(snapshot));
  await writeFile(join(folder, 'account.json'), serializeAccountPackage(ACCOUNT, registry));
  await writeFile(
    join(folder, 'identity.json'),
    serializeIdentity({ ownerSecret: OWNER_SECRET, ownerCommitment: ownerCommitment(OWNER_SECRET) }),
  );
});
afterAll(() => rm(folder, { recursive: true }));

const json = (text: string) => JSON.parse(text) as Record<string, unknown>;
const derive = (out: string, ...more: readonly string[]) =>
  runHere(['snapshot', 'derive', '--snapshot', base, '--out', join(folder, out), ...more]);

describe('a derived claim, from the base snapshot to a verifier who never saw the derived one', () => {
  it('derives, proves, and verifies with the base', async () => {
    const made = await derive('derived.json', '--leverage', '5', '--shock', '-20%', '--only', 'PERP-0');
    expect(made, made.stderr).toMatchObject({ code: 0, stderr: '' });
    expect(made.stdout).toContain('claim "leverage at most 5 after -20% on PERP-0"');
    const [, baseRoot, derivedRoot] = /base root (\d+)\nderived root (\d+)\n$/.exec(made.stdout) as RegExpExecArray;

    const [derived, proof] = [join(folder, 'derived.json'), join(folder, 'proof.json')];
    const proven = await zkSolvency([
      ...['prove', '--account', join(folder, 'account.json'), '--identity', join(folder, 'identity.json')],
      ...['--snapshot', derived, '--artifacts', ARTIFACTS, '--out', proof, '--json'],
    ]);
    expect(proven.code, proven.stderr + proven.stdout).toBe(0);
    expect(json(proven.stdout)).toMatchObject({ circuit: 'tiered-8', publicSignals: { riskRoot: derivedRoot } });

    const verify = (...more: readonly string[]) =>
      runHere([
        ...['verify', '--proof', proof, '--artifacts', ARTIFACTS],
        ...['--account-root', accountRoot(ACCOUNT.root).toString(), ...more],
      ]);
    const shock = ['--shock', '-20%', '--only', 'PERP-0'];
    const verified = await verify('--snapshot', base, '--leverage', '5', ...shock);
    expect(verified, verified.stderr).toMatchObject({ code: 0 });
    expect(verified.stdout).toContain(
      "Valid: the account's leverage is at most 5 after a price change of -20% on PERP-0.",
    );
    expect(verified.stdout).toContain(`base root ${baseRoot}\nderived root ${derivedRoot}\n`);

    // another derivation, and none
    for (const other of [['--leverage', '4', ...shock], ['--leverage', '5', '--shock', '-20%'], []]) {
      const { code, stdout } = await verify('--snapshot', base, ...other, '--json');
      expect(code, other.join(' ')).toBe(1);
      expect(json(stdout)['error']).toMatchObject({
        code: 'EXPECTATION_NOT_MET',
        details: { expectation: 'snapshot' },
      });
    }
    // the prover's own file
    expect(await verify('--snapshot', derived)).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/INVALID_INPUT: .*Give the base snapshot that you trust, and the derivation/),
    });
  });
});

describe('a bad derivation is refused by name', () => {
  it.each<[readonly string[], string]>([
    [[], 'INVALID_INPUT'],
    [['--shock', '-100%'], 'INVALID_INPUT'],
    [['--shock', '-20%', '--only', 'PERP-0,NONE'], 'UNKNOWN_INSTRUMENT'],
    [['--leverage', '0'], 'INVALID_INPUT'],
    [['--scale', '1000'], 'INVALID_SNAPSHOT'],
  ])('%o, and writes no file', async (given, code) => {
    const { code: status, stdout, stderr } = await derive('refused.json', ...given, '--json');
    expect(status, stdout + stderr).toBe(2);
    expect(json(stdout)['error']).toMatchObject({ code });
    expect(await readdir(folder)).not.toContain('refused.json');
  });

  it.each([
    { shock: '-20' },
    { shock: '20 %' },
    { shock: '+-20%' },
    { shock: '1e1%' },
    { shock: '-1/3%' },
    { shock: `-0.${'1'.repeat(200)}%` },
    { only: 'BTC' },
    { leverage: '' },
    { leverage: '5x' },
    { leverage: '1/0' },
    { leverage: '1'.repeat(200) },
    { scale: 'NaN' },
  ])('%o is no derivation', (given) =>
    expect(() => derivationsOf(given)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' })),
  );

  it('options become derivations in their order', () => {
    expect(derivationsOf({})).toEqual([]);
    expect(derivationsOf({ shock: '+12.5%', only: 'A,B', scale: '4/3', leverage: '2.5' })).toEqual([
      { kind: 'leverage', most: rational(5n, 2n) },
      { kind: 'scale', factor: rational(4n, 3n) },
      { kind: 'shock', change: rational(1n, 8n), only: ['A', 'B'] },
    ]);
  });
});
