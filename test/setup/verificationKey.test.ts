import { join } from 'node:path';
import { solidityPackedKeccak256 } from 'ethers';
import { groth16, zKey } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { curve } from '../../src/setup/curve.js';
import { writeDevelopmentKey } from '../../src/setup/developmentKey.js';
import {
  assertUsableKey,
  exportVerificationKey,
  keyHash,
  parseVerificationKey,
  serializeVerificationKey,
  type VerificationKey,
} from '../../src/setup/verificationKey.js';
import { proofArithmetic, Q } from '../support/bn254.js';
import { freeSignals, releaseSnarkjs } from '../support/freeSignals.js';
import { compileTiny, remove, SECRETS } from './tiny.js';

const { G1, G2 } = curve;

let folder: string;
let zkey: string;
let key: VerificationKey;
/** of the library's setup before its first contribution */
let uncontributed: VerificationKey;

beforeAll(async () => {
  const tiny = await compileTiny();
  folder = tiny.folder;
  zkey = join(folder, 'tiny.zkey');
  await writeDevelopmentKey(tiny.compiled.r1cs, zkey, { secrets: SECRETS });
  key = await exportVerificationKey(zkey);
  uncontributed = (await freeSignals(7)).uncontributedKey;
});
afterAll(async () => {
  await remove(folder);
  await releaseSnarkjs();
});

const text1 = (point: Uint8Array): string[] => (G1.toObject(G1.toAffine(point)) as bigint[]).map(String);
const text2 = (point: Uint8Array): string[][] =>
  (G2.toObject(G2.toAffine(point)) as bigint[][]).map((pair) => pair.map(String));
const point1 = (text: readonly string[]): Uint8Array => G1.fromObject(text.map(BigInt));
const point2 = (text: readonly (readonly string[])[]): Uint8Array =>
  G2.fromObject(text.map((pair) => pair.map(BigInt)));

/** IC0 + sum of signal_i IC_i */
const inputs = ({ IC }: VerificationKey, signals: readonly bigint[]): Uint8Array =>
  signals.reduce(
    (sum, signal, i) => G1.add(sum, G1.timesScalar(point1(IC[i + 1] as readonly string[]), signal)),
    point1(IC[0] as readonly string[]),
  );

const snarkjsProof = (a: Uint8Array, b: Uint8Array, c: Uint8Array) => ({
  pi_a: text1(a),
  pi_b: text2(b),
  pi_c: text1(c),
  protocol: 'groth16',
  curve: 'bn128',
});

describe('exportVerificationKey', () => {
  it("gives what the library's own export gives", async () => {
    const { vk_alphabeta_12: _, ...theirs } = (await zKey.exportVerificationKey(zkey)) as Record<string, unknown>;
    expect(key).toEqual(theirs);
  });

  it('refuses a file that is no key', async () => {
    await expect(exportVerificationKey(join(folder, 'circuit.r1cs'))).rejects.toMatchObject({ code: 'UNREADABLE' });
    await expect(exportVerificationKey(join(folder, 'none.zkey'))).rejects.toMatchObject({ code: 'UNREADABLE' });
  });
});

describe('attack: forging from a key that lacks a contribution', () => {
  const signals = [1n, 2n, 3n, 4n, 5n, 6n, 7n];
  const texts = signals.map(String);

  it('works when delta is gamma, and the key is refused', async () => {
    const { vk_alpha_1, vk_beta_2 } = uncontributed;
    const proof = snarkjsProof(point1(vk_alpha_1), point2(vk_beta_2), G1.neg(inputs(uncontributed, signals)));
    expect(await groth16.verify(uncontributed, texts, proof)).toBe(true);
    expect(() => assertUsableKey(uncontributed)).toThrow(/delta is gamma/);
    expect(() => assertUsableKey(uncontributed)).toThrow(expect.objectContaining({ code: 'INSECURE_KEY' }));
  });

  it('works when delta is the opposite of gamma, and the key is refused', async () => {
    const opposite = { ...uncontributed, vk_delta_2: text2(G2.neg(point2(uncontributed.vk_gamma_2))) };
    const { vk_alpha_1, vk_beta_2 } = opposite;
    const proof = snarkjsProof(point1(vk_alpha_1), point2(vk_beta_2), inputs(opposite, signals));
    expect(await groth16.verify(opposite, texts, proof)).toBe(true);
    expect(() => assertUsableKey(opposite)).toThrow(expect.objectContaining({ code: 'INSECURE_KEY' }));
  });

  it('works when delta is beta, and the key is refused', async () => {
    const same = { ...uncontributed, vk_delta_2: uncontributed.vk_beta_2 };
    const a = inputs(same, signals);
    const proof = snarkjsProof(a, point2(same.vk_gamma_2), G1.neg(point1(same.vk_alpha_1)));
    expect(await groth16.verify(same, texts, proof)).toBe(true);
    expect(() => assertUsableKey(same)).toThrow(expect.objectContaining({ code: 'INSECURE_KEY' }));
  });
});

describe('assertUsableKey', () => {
  it('accepts a development key', () => {
    expect(() => assertUsableKey(key)).not.toThrow();
  });

  const add = (text: string | undefined, amount: bigint): string => (BigInt(text as string) + amount).toString();
  const alpha = (change: (x: string) => string) => (k: VerificationKey) => ({
    ...k,
    vk_alpha_1: [change(k.vk_alpha_1[0] as string), ...k.vk_alpha_1.slice(1)],
  });

  it.each<[string, (k: VerificationKey) => VerificationKey]>([
    ['a G1 point off the curve', alpha((x) => add(x, 1n))],
    ['a coordinate that is not below the field order', alpha((x) => add(x, Q))],
    ['a negative coordinate', alpha((x) => `-${x}`)],
    ['a coordinate in another notation', alpha((x) => `0x${BigInt(x).toString(16)}`)],
    ['the point at infinity', (k) => ({ ...k, vk_alpha_1: ['0', '1', '0'] })],
    [
      'infinity in G2',
      (k) => ({
        ...k,
        vk_delta_2: [
          ['0', '0'],
          ['1', '0'],
          ['0', '0'],
        ],
      }),
    ],
    [
      'a G2 point off the curve',
      (k) => ({
        ...k,
        vk_delta_2: [[add(k.vk_delta_2[0]?.[0], 1n), k.vk_delta_2[0]?.[1] as string], ...k.vk_delta_2.slice(1)],
      }),
    ],
    ['one input point too few', (k) => ({ ...k, IC: k.IC.slice(1) })],
    ['one input point too many', (k) => ({ ...k, IC: [...k.IC, ...k.IC.slice(1, 2)] })],
    ['another count of public signals', (k) => ({ ...k, nPublic: k.nPublic - 1 })],
    ['an input point at infinity, whose signal is free', (k) => ({ ...k, IC: [...k.IC.slice(1), ['0', '1', '0']] })],
    ['another protocol', (k) => ({ ...k, protocol: 'plonk' })],
    ['another curve', (k) => ({ ...k, curve: 'bls12381' })],
  ])('refuses %s', (_what, change) => {
    expect(() => assertUsableKey(change(key))).toThrow(expect.objectContaining({ code: 'INSECURE_KEY' }));
  });

  it('refuses a G2 point on the curve but outside the subgroup', async () => {
    const [x, y] = (await proofArithmetic()).outsideSubgroup;
    const outside = [
      [x[1], x[0]],
      [y[1], y[0]],
      [1n, 0n],
    ].map((pair) => pair.map(String));
    expect(G2.isValid(point2(outside))).toBe(true);
    expect(() => assertUsableKey({ ...key, vk_delta_2: outside })).toThrow(/subgroup/);
  });
});

describe('keyHash', () => {
  it('hashes the words in the order of the EVM', () => {
    const g2 = ([x, y]: readonly (readonly string[])[]) => [x?.[1], x?.[0], y?.[1], y?.[0]];
    const words = [
      ...key.vk_alpha_1.slice(0, 2),
      ...g2(key.vk_beta_2),
      ...g2(key.vk_gamma_2),
      ...g2(key.vk_delta_2),
      ...key.IC.flatMap((point) => point.slice(0, 2)),
    ];
    expect(`0x${keyHash(key)}`).toBe(
      solidityPackedKeccak256(
        words.map(() => 'uint256'),
        words,
      ),
    );
  });

  it('is pinned for the fixed secrets', () => {
    expect(keyHash(key)).toBe('df2690e626da3aea1b901c4aeb662121996b68c4f9ecb58861aadc0029b24604');
  });

  it('changes with every point', () => {
    const other = text1(G1.timesScalar(G1.g, 5n));
    const other2 = text2(G2.timesScalar(G2.g, 5n));
    const changed: readonly VerificationKey[] = [
      { ...key, vk_alpha_1: other },
      { ...key, vk_beta_2: other2 },
      { ...key, vk_gamma_2: other2 },
      { ...key, vk_delta_2: other2 },
      ...key.IC.map((_, i) => ({ ...key, IC: key.IC.with(i, other) })),
    ];
    expect(new Set([key, ...changed].map(keyHash)).size).toBe(changed.length + 1);
  });
});

describe('a verification key file', () => {
  it("is read back as it was written, and holds the library's fields", async () => {
    const text = serializeVerificationKey(key);
    expect(parseVerificationKey(text, 'key.json')).toEqual(key);
    expect(JSON.parse(text)).toMatchObject({ format: 'zk-solvency/verification-key', version: 1, ...key });
  });

  it('is refused when it is insecure, damaged or newer', () => {
    const file = JSON.parse(serializeVerificationKey(key));
    const parse = (change: object) => () => parseVerificationKey(JSON.stringify({ ...file, ...change }), 'key.json');
    expect(parse({ vk_delta_2: key.vk_gamma_2 })).toThrow(expect.objectContaining({ code: 'INSECURE_KEY' }));
    expect(parse({ IC: [] })).toThrow(expect.objectContaining({ code: 'INSECURE_KEY' }));
    expect(parse({ vk_alpha_1: [FIELD_ORDER, '2', '1'].map(Number) })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
    expect(parse({ surplus: 1 })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    expect(parse({ version: 2 })).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_VERSION' }));
  });
});
