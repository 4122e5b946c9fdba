import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groth16, wtns } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Artifacts,
  artifactsFromMemory,
  buildArtifacts,
  loadArtifacts,
  loadVerificationKey,
  setupOf,
} from '../../src/setup/artifacts.js';
import type { Manifest } from '../../src/setup/manifest.js';
import { keyHash } from '../../src/setup/verificationKey.js';
import { releaseSnarkjs } from '../support/freeSignals.js';
import { remove, TINY, TINY_INPUT } from './tiny.js';

const CIRCUIT = { ...TINY, name: 'tiny-2', template: 'TinyInputs' };

let folder: string;
let manifest: Manifest;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'zk-solvency-test-'));
  manifest = await buildArtifacts(CIRCUIT, folder);
});
afterAll(async () => {
  await remove(folder);
  await releaseSnarkjs();
});

const at = (name: string): string => join(folder, CIRCUIT.name, name);
const code = (expected: string) => expect.objectContaining({ code: expected });

async function copyOfArtifacts(): Promise<string> {
  const place = await mkdtemp(join(tmpdir(), 'zk-solvency-test-'));
  await cp(folder, place, { recursive: true });
  return place;
}

/** Runs with a changed file, then puts the file back. */
async function withChanged(name: string, change: (data: Buffer) => Buffer, use: () => Promise<void>): Promise<void> {
  const data = await readFile(at(name));
  try {
    await writeFile(at(name), change(data));
    await use();
  } finally {
    await writeFile(at(name), data);
  }
}

const flipLast = (data: Buffer): Buffer =>
  Buffer.concat([data.subarray(0, -1), Buffer.from([(data.at(-1) as number) ^ 1])]);
const withManifest = (change: (manifest: Manifest) => unknown) => (data: Buffer) =>
  Buffer.from(JSON.stringify(change(JSON.parse(data.toString()))));

describe('buildArtifacts and loadArtifacts', () => {
  it('make what the library proves and verifies with', async () => {
    const artifacts: Artifacts = await loadArtifacts(folder, CIRCUIT.name);
    expect(artifacts).toMatchObject({ circuit: 'tiny-2', setup: 'development', manifest });
    expect(artifacts.keyHash).toBe(keyHash(artifacts.verificationKey));
    const witness = { type: 'mem' as const };
    await wtns.calculate(TINY_INPUT, artifacts.wasm, witness);
    const { proof, publicSignals } = await groth16.prove(artifacts.zkey, witness);
    expect(publicSignals).toEqual(['11', '13']);
    expect(await groth16.verify(artifacts.verificationKey, publicSignals, proof)).toBe(true);
    expect(await groth16.verify(artifacts.verificationKey, ['11', '14'], proof)).toBe(false);
  });

  it('write a manifest that pins every file that is used and says that the setup is insecure', async () => {
    expect(manifest).toMatchObject({
      format: 'zk-solvency/manifest',
      version: 1,
      circuit: 'tiny-2',
      setup: 'development, insecure',
      publicSignals: ['left', 'right'],
    });
    const pinned = Object.values(manifest.files);
    expect((await readdir(join(folder, CIRCUIT.name))).sort()).toEqual(
      // what the compiler warned of is for people, and nothing reads it
      ['manifest.json', 'warnings.json', ...pinned.map(({ file }) => file)].sort(),
    );
    for (const { file, sha256 } of pinned) {
      expect(
        createHash('sha256')
          .update(await readFile(at(file)))
          .digest('hex'),
      ).toBe(sha256);
    }
  });

  it('leave alone what is up to date', async () => {
    const before = await stat(at(manifest.files.zkey.file));
    const steps: string[] = [];
    expect(await buildArtifacts(CIRCUIT, folder, { onProgress: (step) => steps.push(step) })).toEqual(manifest);
    expect((await stat(at(manifest.files.zkey.file))).mtimeMs).toBe(before.mtimeMs);
    expect(steps).toEqual([]);
  });

  it.each([
    ['other parameters', { parameters: [3] }],
    ['other public signals', { publicSignals: ['left'] }],
    ['another template', { template: 'TinySquared' }],
    ['another text of the same template', { file: 'changed.circom' }],
  ])('make anew what was made with %s', async (_what, change: object) => {
    const place = await copyOfArtifacts();
    try {
      const text = await readFile(CIRCUIT.file, 'utf8');
      const file = join(place, 'changed.circom');
      await writeFile(file, text.replace('+ 7', '+ 8'));
      const circuit = { ...CIRCUIT, ...change };
      const other = await buildArtifacts({ ...circuit, file: 'file' in change ? file : CIRCUIT.file }, place);
      expect(other.sourceHash).not.toBe(manifest.sourceHash);
      expect(await loadArtifacts(place, 'tiny-2')).toMatchObject({ manifest: other });
      expect((await readdir(place)).sort()).toEqual(['changed.circom', 'tiny-2']);
    } finally {
      await remove(place);
    }
  });

  it('make anew what was altered', async () => {
    const place = await copyOfArtifacts();
    try {
      const zkey = join(place, 'tiny-2', manifest.files.zkey.file);
      await writeFile(zkey, flipLast(await readFile(zkey)));
      await expect(loadArtifacts(place, 'tiny-2')).rejects.toMatchObject({ code: 'ARTIFACT_ALTERED' });
      await buildArtifacts(CIRCUIT, place);
      await expect(loadArtifacts(place, 'tiny-2')).resolves.toMatchObject({ circuit: 'tiny-2' });
      expect(await readdir(place)).toEqual(['tiny-2']);
    } finally {
      await remove(place);
    }
  });

  it('leave the old and nothing half-written when cancelled, failed or run at once', async () => {
    const place = await mkdtemp(join(tmpdir(), 'zk-solvency-test-'));
    try {
      const controller = new AbortController();
      const onProgress = (step: string): void => void (step === 'making the key' && controller.abort());
      await expect(buildArtifacts(CIRCUIT, place, { signal: controller.signal, onProgress })).rejects.toMatchObject({
        code: 'CANCELLED',
      });
      await expect(buildArtifacts(CIRCUIT, place, { signal: AbortSignal.abort() })).rejects.toMatchObject({
        code: 'CANCELLED',
      });
      await expect(buildArtifacts({ ...CIRCUIT, template: 'Absent' }, place)).rejects.toMatchObject({
        code: 'COMPILE_FAILED',
      });
      expect(await readdir(place)).toEqual([]);

      const [first, second] = await Promise.all([buildArtifacts(CIRCUIT, place), buildArtifacts(CIRCUIT, place)]);
      const loaded = await loadArtifacts(place, 'tiny-2');
      expect([first.keyHash, second.keyHash]).toContain(loaded.keyHash);
      expect(await readdir(place)).toEqual(['tiny-2']);
    } finally {
      await remove(place);
    }
  });
});

describe('attack: altered artifacts', () => {
  it.each(['r1cs', 'wasm', 'sym', 'zkey', 'verificationKey'] as const)('one bit of the %s', async (name) => {
    const { file } = manifest.files[name];
    await withChanged(file, flipLast, async () => {
      await expect(loadArtifacts(folder, CIRCUIT.name)).rejects.toMatchObject({
        code: 'ARTIFACT_ALTERED',
        details: { file },
      });
    });
  });

  it('one bit of the verification key, loaded alone', async () => {
    await withChanged(manifest.files.verificationKey.file, flipLast, async () => {
      await expect(loadVerificationKey(folder, CIRCUIT.name)).rejects.toMatchObject({ code: 'ARTIFACT_ALTERED' });
    });
  });

  it.each(['r1cs', 'wasm', 'sym', 'zkey', 'verificationKey'] as const)('a missing %s', async (name) => {
    const { file } = manifest.files[name];
    const data = await readFile(at(file));
    await rm(at(file));
    try {
      const refusal = await loadArtifacts(folder, CIRCUIT.name).catch((error: unknown) => error);
      expect(refusal).toMatchObject({ code: 'ARTIFACT_MISSING', details: { file } });
      expect((refusal as Error).message).toContain('zk-solvency setup tiny-2');
    } finally {
      await writeFile(at(file), data);
    }
  });

  it.each<[string, (m: Manifest) => unknown, string]>([
    ['another key hash', (m) => ({ ...m, keyHash: '0'.repeat(64) }), 'ARTIFACT_ALTERED'],
    ['fewer public signals than the key has', (m) => ({ ...m, publicSignals: ['left'] }), 'ARTIFACT_ALTERED'],
    ['another circuit', (m) => ({ ...m, circuit: 'other' }), 'ARTIFACT_ALTERED'],
    ['a newer version', (m) => ({ ...m, version: 2 }), 'UNSUPPORTED_VERSION'],
    [
      'a path out of its folder',
      (m) => ({ ...m, files: { ...m.files, wasm: { ...m.files.wasm, file: '../circuit.wasm' } } }),
      'INVALID_INPUT',
    ],
    ['a setup that it was not', (m) => ({ ...m, setup: 'ceremony' }), 'INVALID_INPUT'],
  ])('a manifest with %s', async (_what, change, expected) => {
    await withChanged('manifest.json', withManifest(change), async () => {
      await expect(loadArtifacts(folder, CIRCUIT.name)).rejects.toMatchObject({ code: expected });
      await expect(loadVerificationKey(folder, CIRCUIT.name)).rejects.toMatchObject({ code: expected });
    });
  });

  it('a forgeable key with a manifest that pins it', async () => {
    const { file } = manifest.files.verificationKey;
    const key = JSON.parse(await readFile(at(file), 'utf8'));
    const forgeable = Buffer.from(JSON.stringify({ ...key, vk_delta_2: key.vk_gamma_2 }));
    const sha256 = createHash('sha256').update(forgeable).digest('hex');
    const pinned = withManifest((m) => ({ ...m, files: { ...m.files, verificationKey: { file, sha256 } } }));
    await withChanged(
      file,
      () => forgeable,
      () =>
        withChanged('manifest.json', pinned, async () => {
          await expect(loadArtifacts(folder, CIRCUIT.name)).rejects.toMatchObject({ code: 'INSECURE_KEY' });
          await expect(loadVerificationKey(folder, CIRCUIT.name)).rejects.toMatchObject({ code: 'INSECURE_KEY' });
        }),
    );
  });

  it('a name that leads out of the folder', async () => {
    await expect(loadVerificationKey(join(folder, 'tiny-2'), '../tiny-2')).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });
});

describe('artifactsFromMemory', () => {
  const files = async () => ({
    manifest: await readFile(at('manifest.json'), 'utf8'),
    wasm: await readFile(at(manifest.files.wasm.file)),
    zkey: await readFile(at(manifest.files.zkey.file)),
    verificationKey: await readFile(at(manifest.files.verificationKey.file)),
  });

  it('gives what is loaded from files', async () => {
    expect(artifactsFromMemory(await files())).toEqual(await loadArtifacts(folder, CIRCUIT.name));
  });

  it.each(['wasm', 'zkey', 'verificationKey'] as const)('refuses an altered %s', async (name) => {
    const given = await files();
    expect(() => artifactsFromMemory({ ...given, [name]: flipLast(given[name]) })).toThrow(code('ARTIFACT_ALTERED'));
  });
});

describe('loadVerificationKey and setupOf', () => {
  it('give the key and how it came about', async () => {
    const { verificationKey, keyHash: hash } = await loadVerificationKey(folder, CIRCUIT.name);
    expect(hash).toBe(keyHash(verificationKey));
    expect(hash).toBe(manifest.keyHash);
    expect(await setupOf(folder, CIRCUIT.name)).toBe('development, insecure');
  });

  it('say what is missing', async () => {
    expect(await setupOf(folder, 'other')).toBeUndefined();
    await expect(loadVerificationKey(folder, 'other')).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
    await expect(loadArtifacts(folder, 'other')).rejects.toMatchObject({ code: 'ARTIFACT_MISSING' });
  });
});
