import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as ffjavascript from 'ffjavascript';
import { groth16, powersOfTau, wtns, zKey } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { type CompiledCircuit, compileCircuit } from '../../src/setup/compileCircuit.js';
import { type DevelopmentSecrets, writeDevelopmentKey } from '../../src/setup/developmentKey.js';
import { exportVerificationKey } from '../../src/setup/verificationKey.js';
import { releaseSnarkjs } from '../support/freeSignals.js';
import { compileTiny, remove, SECRETS, TINY, TINY_INPUT } from './tiny.js';

let folder: string;
let compiled: CompiledCircuit;

beforeAll(async () => {
  ({ folder, compiled } = await compileTiny());
});
afterAll(async () => {
  await remove(folder);
  await releaseSnarkjs();
});

const at = (name: string): string => join(folder, name);

describe('the development key', () => {
  it('is byte for byte the key of the library for the same secrets, but for the contributions', async () => {
    const { secrets, zkey } = await libraryKey();
    await writeDevelopmentKey(compiled.r1cs, at('ours.zkey'), { secrets });
    const ours = await sections(at('ours.zkey'));
    const theirs = await sections(zkey);
    expect([...ours.keys()].sort()).toEqual([...theirs.keys()].sort());
    for (const [id, contents] of theirs) {
      if (id !== CONTRIBUTIONS) expect(ours.get(id)?.equals(contents), `section ${id}`).toBe(true);
    }
  });

  it('proves, and its verification key accepts that and nothing else', async () => {
    await writeDevelopmentKey(compiled.r1cs, at('random.zkey'));
    const key = await exportVerificationKey(at('random.zkey'));
    const witness = { type: 'mem' as const };
    await wtns.calculate(TINY_INPUT, compiled.wasm, witness);
    const { proof, publicSignals } = await groth16.prove(at('random.zkey'), witness);
    expect(await groth16.verify(key, publicSignals, proof)).toBe(true);
    expect(await groth16.verify(key, ['1', ...publicSignals.slice(1)], proof)).toBe(false);

    await writeDevelopmentKey(compiled.r1cs, at('other.zkey'));
    expect(await groth16.verify(await exportVerificationKey(at('other.zkey')), publicSignals, proof)).toBe(false);
  });

  it('proves at a size whose points are made in many tasks', async () => {
    const large = await compileCircuit({ ...TINY, parameters: [5000] }, at('large'));
    await writeDevelopmentKey(large.r1cs, at('large.zkey'));
    const witness = { type: 'mem' as const };
    await wtns.calculate(TINY_INPUT, large.wasm, witness);
    const { proof, publicSignals } = await groth16.prove(at('large.zkey'), witness);
    expect(await groth16.verify(await exportVerificationKey(at('large.zkey')), publicSignals, proof)).toBe(true);
  });

  it('reports progress up to 1', async () => {
    const fractions: number[] = [];
    await writeDevelopmentKey(compiled.r1cs, at('progress.zkey'), {
      onProgress: (fraction) => fractions.push(fraction),
    });
    expect(fractions).toEqual([...fractions].sort((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
  });

  it.each([
    ['delta of 1, with which anyone can forge', { delta: 1n }, 'INSECURE_KEY'],
    ['delta of 1 modulo r', { delta: FIELD_ORDER + 1n }, 'INSECURE_KEY'],
    ['delta of 0', { delta: 0n }, 'INVALID_INPUT'],
    ['alpha of 0 modulo r', { alpha: FIELD_ORDER }, 'INVALID_INPUT'],
    ['tau in the domain', { tau: 1n }, 'INVALID_INPUT'],
    ['tau in the domain of double size', { tau: FIELD_ORDER - 1n }, 'INVALID_INPUT'],
  ])('refuses %s', async (_what, change: Partial<DevelopmentSecrets>, code) => {
    const secrets = { ...SECRETS, ...change };
    await expect(writeDevelopmentKey(compiled.r1cs, at('refused.zkey'), { secrets })).rejects.toMatchObject({ code });
    expect(await leftovers('refused.zkey')).toEqual([]);
  });

  it.each([
    ['that is none', () => Buffer.from('no circuit at all')],
    ['of another field', (r1cs: Buffer) => patched(r1cs, r1csHeader(r1cs) + 4)],
    ['that was cut off', (r1cs: Buffer) => r1cs.subarray(0, r1csHeader(r1cs) + 10)],
    ['with a wire that does not exist', (r1cs: Buffer) => patched(r1cs, r1csHeader(r1cs) + 36, 1)],
  ])('refuses a circuit file %s', async (_what, damage) => {
    await writeFile(at('damaged.r1cs'), damage(await readFile(compiled.r1cs)));
    await expect(writeDevelopmentKey(at('damaged.r1cs'), at('refused.zkey'))).rejects.toMatchObject({
      code: 'UNREADABLE',
    });
    expect(await leftovers('refused.zkey')).toEqual([]);
  });

  it('refuses a circuit file that is missing', async () => {
    await expect(writeDevelopmentKey(at('no.r1cs'), at('refused.zkey'))).rejects.toMatchObject({ code: 'UNREADABLE' });
  });

  it('leaves no thread behind that keeps the process alive', async () => {
    const module = new URL('../../src/setup/developmentKey.ts', import.meta.url).href;
    const script = `import { writeDevelopmentKey } from ${JSON.stringify(module)};
      await writeDevelopmentKey(...${JSON.stringify([compiled.r1cs, at('process.zkey')])});
      console.log('made');`;
    const run = promisify(execFile)(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
      timeout: 120_000,
    });
    expect((await run).stdout).toBe('made\n');
  });

  it('leaves nothing behind when it is cancelled, before it begins or on the way', async () => {
    const before = AbortSignal.abort();
    await expect(writeDevelopmentKey(compiled.r1cs, at('cancelled.zkey'), { signal: before })).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    const controller = new AbortController();
    const onProgress = (): void => controller.abort();
    await expect(
      writeDevelopmentKey(compiled.r1cs, at('cancelled.zkey'), { signal: controller.signal, onProgress }),
    ).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await leftovers('cancelled.zkey')).toEqual([]);
  });
});

const CONTRIBUTIONS = 10;

const leftovers = async (name: string): Promise<readonly string[]> =>
  (await readdir(folder)).filter((file) => file.startsWith(name));

/** The contents of a .zkey file by section. */
async function sections(path: string): Promise<ReadonlyMap<number, Buffer>> {
  const file = await readFile(path);
  const found = new Map<number, Buffer>();
  for (let at = 12; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at + 4));
    found.set(file.readUInt32LE(at), file.subarray(at + 12, at + 12 + length));
    at += 12 + length;
  }
  return found;
}

/** Where the contents of an .r1cs file's header section begin. */
function r1csHeader(r1cs: Buffer): number {
  for (let at = 12; ; at += 12 + Number(r1cs.readBigUInt64LE(at + 4))) if (r1cs.readUInt32LE(at) === 1) return at + 12;
}

function patched(bytes: Buffer, at: number, value = (bytes[at] as number) ^ 1): Buffer {
  const copy = Buffer.from(bytes);
  copy[at] = value;
  return copy;
}

// The circuit has 4 constraints, 3 public signals and the constant: 2^3 rows. With a larger file the library's H has the
// power that the smallest file lacks; both prove the same.
const PTAU_POWER = 3;
const TAU_BEACON = '0102030405060708';
const DELTA_BEACON = '0807060504030201';
const BEACON_POWER = 10;

/** A key by the library's own setup whose every secret comes from a public beacon, and those secrets. */
async function libraryKey(): Promise<{ readonly secrets: DevelopmentSecrets; readonly zkey: string }> {
  const curve = await ffjavascript.getCurveFromName('bn128');
  await powersOfTau.newAccumulator(curve, PTAU_POWER, at('0.ptau'));
  await powersOfTau.beacon(at('0.ptau'), at('1.ptau'), 'test', TAU_BEACON, BEACON_POWER);
  await powersOfTau.preparePhase2(at('1.ptau'), at('final.ptau'));
  await zKey.newZKey(compiled.r1cs, at('final.ptau'), at('0.zkey'));
  await zKey.beacon(at('0.zkey'), at('theirs.zkey'), 'test', DELTA_BEACON, BEACON_POWER);
  const [tau, alpha, beta] = drawFromBeacon(TAU_BEACON, 3);
  const [delta] = drawFromBeacon(DELTA_BEACON, 1);
  return { secrets: { tau, alpha, beta, delta } as DevelopmentSecrets, zkey: at('theirs.zkey') };

  /** The library's derivation: SHA-256 iterated 2^BEACON_POWER times seeds ChaCha, which draws Montgomery forms. */
  function drawFromBeacon(beacon: string, count: number): readonly bigint[] {
    let hash = Buffer.from(beacon, 'hex');
    for (let i = 0; i < 2 ** BEACON_POWER; i++) hash = createHash('sha256').update(hash).digest();
    const seed = Array.from({ length: 8 }, (_, i) => hash.readUInt32BE(4 * i));
    const { ChaCha } = ffjavascript as unknown as { ChaCha: new (seed: readonly number[]) => object };
    const random = new ChaCha(seed);
    const { fromRng } = curve.Fr as unknown as { fromRng(random: object): Uint8Array };
    return Array.from({ length: count }, () => curve.Fr.toObject(fromRng.call(curve.Fr, random)));
  }
}
