import type { PointG1, PointG2, ProofPoints } from '../../../src/proof/marginProof.js';
import { curve } from '../../../src/setup/curve.js';
import type { VerificationKey } from '../../../src/setup/verificationKey.js';
import { inverse, reduce } from '../../support/field.js';

const { G1, G2 } = curve;

type Group2 = 'beta' | 'gamma' | 'delta';

export const pointOf1 = (text: readonly string[]): Uint8Array => G1.fromObject(text.map(BigInt));
export const pointOf2 = (text: readonly (readonly string[])[]): Uint8Array =>
  G2.fromObject(text.map((pair) => pair.map(BigInt)));
export const textOf1 = (point: Uint8Array): string[] => (G1.toObject(G1.toAffine(point)) as bigint[]).map(String);
export const textOf2 = (point: Uint8Array): string[][] =>
  (G2.toObject(G2.toAffine(point)) as bigint[][]).map((pair) => pair.map(String));

export const of2 = (key: VerificationKey, name: Group2): Uint8Array => pointOf2(key[`vk_${name}_2`]);
export const with2 = (key: VerificationKey, name: Group2, point: Uint8Array): VerificationKey => ({
  ...key,
  [`vk_${name}_2`]: textOf2(point),
});

/** I = IC0 + sum of signal_i IC_i. */
const inputsOf = ({ IC }: VerificationKey, signals: readonly bigint[]): Uint8Array =>
  signals.reduce(
    (sum, signal, i) => G1.add(sum, G1.timesScalar(pointOf1(IC[i + 1] as readonly string[]), signal)),
    pointOf1(IC[0] as readonly string[]),
  );

function proofOf(a: Uint8Array, b: Uint8Array, c: Uint8Array): ProofPoints {
  const pair = (point: Uint8Array): PointG1 => textOf1(point).slice(0, 2).map(BigInt) as unknown as PointG1;
  const pairs = (point: Uint8Array): PointG2 =>
    textOf2(point)
      .slice(0, 2)
      .map((x) => x.map(BigInt)) as unknown as PointG2;
  return { a: pair(a), b: pairs(b), c: pair(c) };
}

/**
 * A proof of any signals, from the key alone, where delta is `factor` times gamma: A = alpha, B = beta, C = -I / factor. Then
 * e(A, B) = e(alpha, beta), and the other two terms cancel. A key without a contribution has the factor 1.
 */
export const forgedWithDelta = (key: VerificationKey, signals: readonly bigint[], factor: bigint): ProofPoints =>
  proofOf(pointOf1(key.vk_alpha_1), of2(key, 'beta'), G1.timesScalar(inputsOf(key, signals), inverse(-factor)));

/** The same where delta is `sign` times beta: with C = -sign alpha, e(alpha, beta) cancels, and A = I, B = gamma is left. */
const forgedWithBeta = (key: VerificationKey, signals: readonly bigint[], sign: bigint): ProofPoints =>
  proofOf(inputsOf(key, signals), of2(key, 'gamma'), G1.timesScalar(pointOf1(key.vk_alpha_1), reduce(-sign)));

/** The same where gamma is `sign` times beta: A = C = alpha + sign I and B = beta + delta. */
function forgedWithGamma(key: VerificationKey, signals: readonly bigint[], sign: bigint): ProofPoints {
  const inputs = inputsOf(key, signals);
  const a = G1.add(pointOf1(key.vk_alpha_1), sign === 1n ? inputs : G1.neg(inputs));
  return proofOf(a, G2.add(of2(key, 'beta'), of2(key, 'delta')), a);
}

type Change = (key: VerificationKey) => VerificationKey;
type Forge = (key: VerificationKey, signals: readonly bigint[]) => ProofPoints;

/** Every pair of beta, gamma and delta that is equal or opposite, and the proof of any statement that it allows. */
export const RELATED: readonly (readonly [string, Change, Forge])[] = (
  [
    ['delta', 'gamma', forgedWithDelta],
    ['delta', 'beta', forgedWithBeta],
    ['gamma', 'beta', forgedWithGamma],
  ] as const
).flatMap(([name, other, forge]) => [
  [`${name} is ${other}`, (key) => with2(key, name, of2(key, other)), (key, signals) => forge(key, signals, 1n)],
  [
    `${name} is the opposite of ${other}`,
    (key) => with2(key, name, G2.neg(of2(key, other))),
    (key, signals) => forge(key, signals, -1n),
  ],
]);

/** Infinity as the library writes its coordinates; the pairing precompile takes (0, 0) for it too. */
const INFINITY_1 = ['0', '0', '1'];
const INFINITY_2 = [
  ['0', '0'],
  ['0', '0'],
  ['1', '0'],
];

/** With alpha at infinity e(alpha, beta) is one, and A = C = I, B = gamma + delta proves any statement. */
export function forgedWithoutAlpha(key: VerificationKey, signals: readonly bigint[]): ProofPoints {
  const inputs = inputsOf(key, signals);
  return proofOf(inputs, G2.add(of2(key, 'gamma'), of2(key, 'delta')), inputs);
}

/** The same with A = I, B = gamma, and C at infinity. */
export const forgedWithoutC = (key: VerificationKey, signals: readonly bigint[]): ProofPoints => ({
  ...proofOf(inputsOf(key, signals), of2(key, 'gamma'), pointOf1(key.IC[0] as readonly string[])),
  c: [0n, 0n],
});

export const withAlphaAtInfinity: Change = (key) => ({ ...key, vk_alpha_1: INFINITY_1 });
export const withInputAtInfinity = (key: VerificationKey, input: number): VerificationKey => ({
  ...key,
  IC: key.IC.with(input, INFINITY_1),
});

/** Every point of a key at infinity, by its name. */
export const AT_INFINITY: readonly (readonly [string, Change])[] = [
  ['alpha', withAlphaAtInfinity],
  ...(['beta', 'gamma', 'delta'] as const).map(
    (name) => [name, (key: VerificationKey) => ({ ...key, [`vk_${name}_2`]: INFINITY_2 })] as const,
  ),
  ['the constant input point', (key) => withInputAtInfinity(key, 0)],
  ['the input point of a signal', (key) => withInputAtInfinity(key, 1)],
];
