import { getCurveFromName } from 'ffjavascript';
import type { ProofCalldata } from '../../src/chain/proofCalldata.js';

export const Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
export const R = 21888242871839275222246405745257275088548364400416034343698204186575808495617n;

/** Order of a small subgroup of the twist curve, whose group order is R * (2Q - R). */
export const SMALL_ORDER = 10_069n;

type Pair = readonly [bigint, bigint];

const mod = (value: bigint): bigint => ((value % Q) + Q) % Q;

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let b = mod(base), e = exponent; e > 0n; e >>= 1n, b = mod(b * b)) if (e & 1n) result = mod(result * b);
  return result;
}

/** A square root modulo Q, which is 3 modulo 4; undefined if there is none. */
function root(value: bigint): bigint | undefined {
  const candidate = power(value, (Q + 1n) / 4n);
  return mod(candidate * candidate - value) === 0n ? candidate : undefined;
}

/** A square root in Fq[u] / (u^2 + 1): of the norm first, then of its half sum with the real part. */
function pairRoot([real, imaginary]: Pair): Pair | undefined {
  const norm = root(mod(real * real + imaginary * imaginary));
  if (norm === undefined) return undefined;
  const half = power(2n, Q - 2n);
  const first = root(mod((real + norm) * half)) ?? root(mod((real - norm) * half));
  if (first === undefined || first === 0n) return undefined;
  return [first, mod(imaginary * power(2n * first, Q - 2n))];
}

const times = ([a0, a1]: Pair, [b0, b1]: Pair): Pair => [mod(a0 * b0 - a1 * b1), mod(a0 * b1 + a1 * b0)];

/** Some point of the twist curve, real parts first: one in the subgroup of order R is not to be expected. */
function twistPoint(): readonly [Pair, Pair] {
  const inverse = power(82n, Q - 2n); // 3 / (9 + u) = 3 (9 - u) / 82
  for (let real = 1n; ; real++) {
    const x: Pair = [real, 1n];
    const [c0, c1] = times(times(x, x), x);
    const y = pairRoot([mod(c0 + 27n * inverse), mod(c1 - 3n * inverse)]);
    if (y !== undefined) return [x, y];
  }
}

/** Arithmetic on proofs, by the library's curve. */
export async function proofArithmetic() {
  const { G1, G2 } = await getCurveFromName('bn128', true);
  const g1 = ([x, y]: Pair): Uint8Array => G1.fromObject([x, y, 1n]);
  const g2 = ([x, y]: readonly [Pair, Pair]): Uint8Array =>
    G2.fromObject([
      [x[1], x[0]],
      [y[1], y[0]],
      [1n, 0n],
    ]);
  const fromG1 = (point: Uint8Array): Pair => {
    const [x, y] = G1.toObject(G1.toAffine(point)) as [bigint, bigint];
    return [x, y];
  };
  const fromG2 = (point: Uint8Array): readonly [Pair, Pair] => {
    const [x, y] = G2.toObject(G2.toAffine(point)) as [[bigint, bigint], [bigint, bigint]];
    return [
      [x[1], x[0]],
      [y[1], y[0]],
    ];
  };
  const [x, y] = twistPoint();
  const onTwist = g2([
    [x[1], x[0]],
    [y[1], y[0]],
  ]);
  const small = G2.timesScalar(onTwist, (R * (2n * Q - R)) / SMALL_ORDER);
  return {
    /** (A / s, s B, C): another proof of the same signals */
    rerandomised: (proof: ProofCalldata, s: bigint): ProofCalldata => ({
      a: fromG1(G1.timesScalar(g1(proof.a), inverseModR(s))),
      b: fromG2(G2.timesScalar(g2(proof.b), s)),
      c: proof.c,
    }),
    /** B plus a point of order SMALL_ORDER, which a check that forgets the subgroup lets pass */
    withSmallOrderPoint: (proof: ProofCalldata): ProofCalldata => ({
      ...proof,
      b: fromG2(G2.add(g2(proof.b), small)),
    }),
    /** point + scalar * other, in G1; the scalar may be negative */
    plus: (point: Pair, scalar: bigint, other: Pair): Pair =>
      fromG1(G1.add(g1(point), G1.timesScalar(g1(other), ((scalar % R) + R) % R))),
    isSmallOrder: !G2.isZero(small) && G2.isZero(G2.timesScalar(small, SMALL_ORDER)),
    /** a point of the twist curve outside of the subgroup, as the contract takes it */
    outsideSubgroup: fromG2(onTwist),
  };
}

function inverseModR(value: bigint): bigint {
  let [r0, r1, t0, t1] = [R, value % R, 0n, 1n];
  while (r1 !== 0n) {
    const quotient = r0 / r1;
    [r0, r1, t0, t1] = [r1, r0 - quotient * r1, t1, t0 - quotient * t1];
  }
  return ((t0 % R) + R) % R;
}
