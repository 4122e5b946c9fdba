import { concat, keccak256, toBeHex } from 'ethers';
import { z } from 'zod';
import { SolvencyError } from '../errors.js';
import { coordinate, wholeNumber } from '../formats/fields.js';
import { fileSchema, readFormat, writeFormat } from '../formats/readFormat.js';
import { FIELD_ORDER } from '../protocol/constants.js';
import { BASE_FIELD_ORDER } from './bn254Field.js';
import { curve } from './curve.js';
import { damaged, readAt, withSectionFile } from './sectionFile.js';
import { HEADER, POINT_BYTES, SECTION } from './zkeyFormat.js';

type PointG1Text = readonly string[];
type PointG2Text = readonly (readonly string[])[];

/**
 * A Groth16 verification key over BN254 in the form of snarkjs: points with a third coordinate of 1, numbers as decimal
 * strings, and x0 + x1 u of G2 as [x0, x1].
 */
export interface VerificationKey {
  readonly protocol: string;
  readonly curve: string;
  /** how many public signals there are */
  readonly nPublic: number;
  readonly vk_alpha_1: PointG1Text;
  readonly vk_beta_2: PointG2Text;
  readonly vk_gamma_2: PointG2Text;
  readonly vk_delta_2: PointG2Text;
  /** a point for the constant, then one for each public signal */
  readonly IC: readonly PointG1Text[];
}

const FORMAT = 'verification-key';
const pointG1 = z.tuple([coordinate, coordinate, z.literal('1')]);
const pointG2 = z.tuple([
  z.tuple([coordinate, coordinate]),
  z.tuple([coordinate, coordinate]),
  z.tuple([z.literal('1'), z.literal('0')]),
]);

const MAX_PUBLIC_SIGNALS = 1024;

/** The library's verification key, and which format and version it is; the library reads it too. */
export const verificationKeySchema = fileSchema(FORMAT, {
  protocol: z.literal('groth16'),
  curve: z.literal('bn128'),
  nPublic: wholeNumber(0, MAX_PUBLIC_SIGNALS),
  vk_alpha_1: pointG1,
  vk_beta_2: pointG2,
  vk_gamma_2: pointG2,
  vk_delta_2: pointG2,
  IC: z.array(pointG1).max(MAX_PUBLIC_SIGNALS + 1),
});

/** Reads `zk-solvency/verification-key` and refuses a key that proves nothing. Errors: readFormat's, INSECURE_KEY. */
export function parseVerificationKey(text: string, where: string): VerificationKey {
  const {
    format: _format,
    version: _version,
    ...key
  } = readFormat(verificationKeySchema, text, { name: FORMAT, where });
  assertUsableKey(key);
  return key;
}

export const serializeVerificationKey = ({
  protocol,
  curve: curveName,
  nPublic,
  vk_alpha_1,
  vk_beta_2,
  vk_gamma_2,
  vk_delta_2,
  IC,
}: VerificationKey): string =>
  writeFormat(FORMAT, { protocol, curve: curveName, nPublic, vk_alpha_1, vk_beta_2, vk_gamma_2, vk_delta_2, IC });

/**
 * The verification key inside a .zkey file: what the library's own export gives, without starting its threads. UNREADABLE
 * when it is no such file.
 */
export const exportVerificationKey = (zkeyPath: string): Promise<VerificationKey> =>
  withSectionFile(zkeyPath, 'zkey', async ({ file, section }) => {
    const header = await readAt(file, 'zkey', section(SECTION.header));
    const inputs = await readAt(file, 'zkey', section(SECTION.publics));
    if (header.length !== HEADER.length) throw damaged('zkey', 'it is no Groth16 key over BN254');
    const nPublic = header.readUInt32LE(HEADER.publics);
    if (inputs.length !== (nPublic + 1) * POINT_BYTES.G1) throw damaged('zkey', 'it lacks points');
    return {
      protocol: 'groth16',
      curve: 'bn128',
      nPublic,
      vk_alpha_1: pointText1(header, HEADER.alpha1),
      vk_beta_2: pointText2(header, HEADER.beta2),
      vk_gamma_2: pointText2(header, HEADER.gamma2),
      vk_delta_2: pointText2(header, HEADER.delta2),
      IC: Array.from({ length: nPublic + 1 }, (_, i) => pointText1(inputs, i * POINT_BYTES.G1)),
    };
  });

const pointText1 = (bytes: Uint8Array, at: number): PointG1Text =>
  (curve.G1.toObject(bytes.slice(at, at + POINT_BYTES.G1)) as bigint[]).map(String);

const pointText2 = (bytes: Uint8Array, at: number): PointG2Text =>
  (curve.G2.toObject(bytes.slice(at, at + POINT_BYTES.G2)) as bigint[][]).map((pair) => pair.map(String));

/**
 * The key's name: keccak256 of alpha, beta, gamma, delta and all of IC as 32-byte big-endian words in the order that the
 * EVM's pairing takes them (x, y in G1; x1, x0, y1, y0 in G2), so that a contract can compute it too. 64 hexadecimal
 * digits without a prefix.
 */
export function keyHash(key: VerificationKey): string {
  const words = [
    ...words1(key.vk_alpha_1),
    ...[key.vk_beta_2, key.vk_gamma_2, key.vk_delta_2].flatMap(words2),
    ...key.IC.flatMap(words1),
  ];
  return keccak256(concat(words.map((word) => toBeHex(word, 32)))).slice(2);
}

const words1 = ([x, y]: PointG1Text): readonly bigint[] => [x, y].map((text) => BigInt(text as string));

const words2 = ([x, y]: PointG2Text): readonly bigint[] =>
  [x, y].flatMap((pair) => [pair?.[1], pair?.[0]]).map((text) => BigInt(text as string));

/**
 * Refuses, with INSECURE_KEY, a key under which proofs of false statements are known to exist.
 *
 * A proof holds when e(A, B) = e(alpha, beta) e(I, gamma) e(C, delta), with I = IC0 + sum of signal_i IC_i. Before the
 * first contribution to a ceremony delta is gamma, and then A = alpha, B = beta, C = -I holds for every choice of public
 * signals, from the verification key alone. The like works when any two of beta, gamma and delta are equal or opposite,
 * because then two of the three terms share a base and C, or A, cancels what it must not.
 *
 * Points must be canonical, finite, on their curves and, in G2, in the subgroup of order r: outside it the pairing is
 * not bilinear. And there must be exactly one point of IC for each signal, or signals are not bound.
 */
export function assertUsableKey(key: VerificationKey): void {
  if (key.protocol !== 'groth16' || key.curve !== 'bn128') throw unusable('it is not a Groth16 key over BN254');
  if (key.IC.length !== key.nPublic + 1) {
    throw unusable(`it has ${key.IC.length} input points for ${key.nPublic} public signals`);
  }
  requireG1(key.vk_alpha_1, 'alpha');
  for (const [i, point] of key.IC.entries()) requireG1(point, `IC[${i}]`);
  const named = (['beta', 'gamma', 'delta'] as const).map(
    (name) => [name, requireG2(key[`vk_${name}_2`], name)] as const,
  );
  for (const [i, [name, point]] of named.entries()) {
    for (const [otherName, other] of named.slice(i + 1)) {
      if (curve.G2.eq(point, other) || curve.G2.eq(point, curve.G2.neg(other))) {
        throw unusable(
          `${otherName} is ${name} or its opposite, so that anyone can forge proofs. It needs a contribution`,
        );
      }
    }
  }
}

function requireG1(point: PointG1Text, name: string): void {
  const [x, y, last] = point;
  if (point.length !== 3 || last !== '1' || !isCanonical(x) || !isCanonical(y)) throw unusable(`${name} is no point`);
  const element = curve.G1.fromObject(point.map(BigInt));
  // the library takes (0, 0) for infinity, and infinity for a point of the curve; so does the pairing precompile. With
  // alpha at infinity a proof of any statement is made from the key alone; with IC_i, signal i is bound to nothing
  if (curve.G1.isZero(element)) throw unusable(`${name} is at infinity`);
  if (!curve.G1.isValid(element)) throw unusable(`${name} is not on the curve`);
}

function requireG2(point: PointG2Text, name: string): Uint8Array {
  const [x, y, last] = point;
  const canonical = [x, y].every((pair) => pair?.length === 2 && pair.every(isCanonical));
  if (point.length !== 3 || last?.join() !== '1,0' || !canonical) throw unusable(`${name} is no point`);
  const element = curve.G2.fromObject(point.map((pair) => pair.map(BigInt)));
  if (!curve.G2.isValid(element)) throw unusable(`${name} is not on the curve`);
  if (!curve.G2.isZero(curve.G2.timesScalar(element, FIELD_ORDER))) throw unusable(`${name} is outside the subgroup`);
  return element;
}

const isCanonical = (text: string | undefined): boolean =>
  text !== undefined && /^(0|[1-9][0-9]{0,76})$/.test(text) && BigInt(text) < BASE_FIELD_ORDER;

const unusable = (why: string): SolvencyError =>
  new SolvencyError('INSECURE_KEY', `The verification key cannot be used: ${why}. Take a key from a sound setup.`);
