// The commands of a ceremony on a tiny circuit, from a phase 1 to a proof under the key that came out; and
// what every other command says of keys. A development key has been taken for a ceremony's before, where a tool did not say
// which it used. What stops it here: the manifest says it, each output repeats it, and a public chain refuses.
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Wallet } from 'ethers';
import { wtns } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Ceremony } from '../../src/ceremony/transcript.js';
import { checkGroth16 } from '../../src/proof/groth16.js';
import { snarkjsProver } from '../../src/proof/prover.js';
import { buildArtifacts, loadArtifacts } from '../../src/setup/artifacts.js';
import { CIRCUITS, type CircuitInstance } from '../../src/setup/circuits.js';
import type { Manifest } from '../../src/setup/manifest.js';
import { phaseOne } from '../ceremony/phaseOne.js';
import { POWER, tinyInstance } from '../ceremony/tinyCeremony.js';
import { TINY_INPUT } from '../setup/tiny.js';
import { releaseSnarkjs } from '../support/freeSignals.js';
import { runHere } from './command.js';

const CIRCUIT = 'tiny';
const BEACON = '5a'.repeat(32);

let root: string;
let phase: readonly string[];
let tiny: CircuitInstance;
const at = (name: string): string => join(root, name);
const json = (text: string) => JSON.parse(text) as Record<string, unknown>;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'zk-solvency-cli-'));
  const { ptau, ptauHash } = await phaseOne(POWER);
  await releaseSnarkjs();
  // one more instance in this process's list: the smallest of circuits.json takes a minute and more
  tiny = { ...(CIRCUITS[0] as CircuitInstance), ...(await tinyInstance(at('compiled'))) };
  (CIRCUITS as CircuitInstance[]).push(tiny);
  phase = ['--ptau', ptau, '--ptau-hash', ptauHash];
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('the commands of a ceremony', () => {
  it('lead from a phase 1 to a proof under a key of two contributors and a beacon', async () => {
    const folder = at('ceremony');
    const started = await runHere(['ceremony', 'start', CIRCUIT, ...phase, '--out', folder]);
    expect(started.code, started.stderr).toBe(0);
    expect(started.stdout).toContain('OF ITS OWN, up to 2^4');
    expect(started.stdout).toContain('Anybody can forge proofs under its key until somebody contributes');

    await writeFile(at('dice.txt'), '3 1 6 6 2 5 4\n');
    const alice = await runHere(['ceremony', 'contribute', folder, '--name', 'Alice', '--words', at('dice.txt')]);
    expect(alice.code, alice.stderr).toBe(0);
    expect(alice.stdout).toContain(`Contribution 1 to the ceremony of ${CIRCUIT}. Publish its hash`);
    expect(alice.stdout + alice.stderr).not.toContain('3 1 6');
    const bob = json((await runHere(['ceremony', 'contribute', folder, '--name', 'Bob', '--json'])).stdout);
    expect(bob).toMatchObject({ ok: true, index: 2, name: 'Bob', hash: expect.stringMatching(/^[0-9a-f]{128}$/) });

    const beacon = ['--source', 'block 22000000 of a test', '--value', BEACON];
    const ended = await runHere(['ceremony', 'beacon', folder, ...beacon]);
    expect(ended.code, ended.stderr).toBe(0);
    const verified = await runHere(['ceremony', 'verify', folder, ...phase]);
    expect(verified.code, verified.stderr).toBe(0);
    const ceremony = json(await readFile(join(folder, 'ceremony.json'), 'utf8')) as unknown as Ceremony;
    for (const shown of [
      `Verified: the key of ${CIRCUIT} follows from its sources`,
      tiny.r1cs.sha256,
      ...['contribution 1  Alice', 'contribution 2  Bob', bob['hash'] as string].map((text) => text.slice(0, 64)),
      'block 22000000 of a test, hashed 2^10 times',
      `key hash        ${ceremony.beacon?.keyHash}`,
    ]) {
      expect(verified.stdout).toContain(shown);
    }

    const artifacts = ['--artifacts', at('artifacts')];
    const finished = await runHere(['ceremony', 'finish', folder, ...phase, ...artifacts, '--json']);
    expect(json(finished.stdout)).toMatchObject({ ok: true, setup: 'ceremony', keyHash: ceremony.beacon?.keyHash });
    const { setup: kind, keyHash, verificationKey, zkey, wasm } = await loadArtifacts(at('artifacts'), CIRCUIT);
    expect({ kind, keyHash }).toEqual({ kind: 'ceremony', keyHash: ceremony.beacon?.keyHash });
    const witness: { type: 'mem'; data?: Uint8Array } = { type: 'mem' };
    await wtns.calculate(TINY_INPUT, wasm, witness);
    const proof = await snarkjsProver.prove(zkey, witness.data as Uint8Array);
    await checkGroth16(verificationKey, proof, [TINY_INPUT.left, TINY_INPUT.right]);
    await expect(checkGroth16(verificationKey, proof, [TINY_INPUT.left, 14n])).rejects.toMatchObject({
      code: 'PROOF_INVALID',
    });

    const words = 'ceremony of 2 contributions and a beacon (block 22000000 of a test), on a phase 1 of its own';
    expect((await runHere(['circuits', ...artifacts])).stdout).toContain(`  keys: ${words}`);
    const listed = json((await runHere(['circuits', ...artifacts, '--json'])).stdout)['circuits'] as {
      setup: string;
    }[];
    expect(listed.map(({ setup }) => setup).filter((setup) => setup !== 'not set up')).toEqual(['ceremony']);
    const setup = await runHere(['setup', CIRCUIT, ...artifacts]);
    expect(setup.stdout).toContain(words);
    expect(setup.stdout).not.toContain('insecure');
    // the library's threads would keep the command from ending
    expect((globalThis as { curve_bn128?: unknown }).curve_bn128 ?? null).toBeNull();
  });

  it.each([
    ['a circuit that is not there', ['start', 'none', '--ptau', 'x', '--out', 'y'], 'UNKNOWN_CIRCUIT'],
    ['a folder that is not there', ['contribute', 'nowhere', '--name', 'Alice'], 'UNWRITABLE'],
    ['words that are not there', ['contribute', 'nowhere', '--name', 'Alice', '--words', 'nowhere'], 'UNREADABLE'],
    [
      'a number that is none',
      ['beacon', 'nowhere', '--source', 's', '--value', BEACON, '--iterations', 'x'],
      'INVALID_INPUT',
    ],
    ['no ceremony', ['verify', 'nowhere', '--ptau', 'x'], 'UNREADABLE'],
  ])('say what is wrong with %s', async (_what, args, code) => {
    const refused = await runHere(['ceremony', ...args, '--json']);
    expect(refused.code).toBe(2);
    expect(json(refused.stdout)).toMatchObject({ ok: false, error: { code } });
  });

  it('take no secret and no malformed hash as an argument', async () => {
    const hash = await runHere(['ceremony', 'verify', 'x', '--ptau', 'x', '--ptau-hash', 'abc']);
    expect(hash).toMatchObject({ code: 2, stderr: expect.stringContaining('128 hexadecimal digits') });
    const entropy = await runHere(['ceremony', 'contribute', 'x', '--name', 'Alice', '--entropy', 'secret']);
    expect(entropy).toMatchObject({ code: 2, stderr: expect.stringContaining('unknown option') });
  });
});

describe('attack: a development key passed off as a ceremony, on its way to a public chain', () => {
  const deploy = (artifacts: string) =>
    runHere([
      ...['deploy', '--rpc', 'http://127.0.0.1:9', '--key', at('owner.key'), '--config', at('deploy.json')],
      ...['--artifacts', artifacts, '--out', at('deployment.json'), '--json'],
    ]);
  const error = async (artifacts: string) => json((await deploy(artifacts)).stdout)['error'];

  it('is looked up in the key itself, before a chain is asked', async () => {
    const owner = Wallet.createRandom();
    await writeFile(at('owner.key'), owner.privateKey, { mode: 0o600 });
    await writeFile(at('deploy.json'), JSON.stringify(deploymentConfig(owner.address)));
    // the control: the ceremony's own key gets as far as the node, which is not there
    expect(await error(at('artifacts'))).toMatchObject({ code: 'CHAIN' });

    const place = join(at('forged'), CIRCUIT);
    await buildArtifacts(tiny, at('forged'));
    const read = async (path: string) => json(await readFile(path, 'utf8'));
    const [own, real] = await Promise.all([
      read(join(place, 'manifest.json')),
      read(join(at('artifacts'), CIRCUIT, 'manifest.json')),
    ]);
    const { files, keyHash } = own as Manifest;
    const { beacon, ...rest } = (await read(join(at('ceremony'), 'ceremony.json'))) as unknown as Ceremony;
    const transcript = JSON.stringify({ ...rest, beacon: { ...beacon, after: files.zkey.sha256, keyHash } });
    await writeFile(join(place, 'ceremony.json'), transcript);
    const pinned = { file: 'ceremony.json', sha256: createHash('sha256').update(transcript).digest('hex') };
    const forged = { ...own, setup: 'ceremony', ceremony: real['ceremony'], files: { ...files, transcript: pinned } };
    await writeFile(join(place, 'manifest.json'), JSON.stringify(forged));
    expect(await error(at('forged'))).toMatchObject({ code: 'INSECURE_KEY' });
    await expect(loadArtifacts(at('forged'), CIRCUIT)).rejects.toMatchObject({ code: 'INSECURE_KEY' });
  });
});

describe('development keys', () => {
  it('are called so by setup and circuits, in text and in JSON', async () => {
    const artifacts = ['--artifacts', at('development')];
    const words = 'development, insecure: whoever made them can forge proofs';
    expect((await runHere(['setup', CIRCUIT, ...artifacts])).stdout).toContain('are for development and insecure');
    const setup = json((await runHere(['setup', CIRCUIT, ...artifacts, '--json'])).stdout);
    expect(setup['circuits']).toMatchObject([{ setup: 'development, insecure', keys: words }]);
    expect((await runHere(['circuits', ...artifacts])).stdout).toContain(`keys: ${words}`);
  });
});

const deploymentConfig = (owner: string) => ({
  format: 'zk-solvency/deployment-config',
  version: 1,
  owner,
  scope: '9',
  policy: {
    minThresholdBps: 10_000,
    minEquityFloor: '0',
    maxAge: 7200,
    maxRootGap: 600,
    riskGrace: 60,
    callPeriod: 1800,
  },
  oracle: {
    maxAge: 3600,
    maxJumpBps: 1_000,
    guardian: owner,
    signers: [owner],
    threshold: 1,
    reviewers: [`0x${'11'.repeat(20)}`],
    reviewThreshold: 1,
  },
  circuits: [CIRCUIT],
});
