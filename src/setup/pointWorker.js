// @ts-check
// Multiples of a group's generator by many scalars, in a thread of its own. The scalar is cut into signed digits of
// `width` bits, and the multiples of every power 2^(width i) by every digit are looked up in a table, so that a point
// costs one addition a digit.
import { parentPort, workerData } from 'node:worker_threads';
import { instantiateCurve } from './wasmCurve.js';

/** @typedef {{ readonly prefix: 'g1m' | 'g2m', readonly generator: Uint8Array, readonly width: number }} GroupSetting */

const SCALAR_BYTES = 32;
// one bit more than a scalar has, for the carry of the highest digit
const SCALAR_BITS = 255;
/** The most scalars in one task. */
const TASK = workerData.taskSize;

const curve = await instantiateCurve(workerData.code);

/** @param {GroupSetting} setting */
function multiplier({ prefix, generator, width }) {
  const { zero, addMixed, subMixed, doubleAffine, toJacobian, batchToAffine } = curve.group(prefix);
  const affine = generator.length;
  const coordinate = affine / 2;
  const projective = coordinate * 3;
  const digits = Math.ceil(SCALAR_BITS / width);
  const half = 2 ** (width - 1);

  const table = curve.allocate(digits * half * affine);
  const base = curve.allocate(affine);
  const batch = Math.max(half, TASK);
  const points = curve.allocate(batch * projective);
  const results = curve.allocate(TASK * affine);
  /** @param {number} count @param {number} out */
  const toAffine = (count, out) => {
    // two vectors of coordinates
    curve.reserve((2 * count + 2) * coordinate);
    batchToAffine(points, count, out);
  };

  // row i holds 1 to 2^(width - 1) times 2^(width i) times the generator
  curve.bytes(base, affine).set(generator);
  for (let digit = 0; digit < digits; digit++) {
    const row = table + digit * half * affine;
    toJacobian(base, points);
    for (let k = 1; k < half; k++) addMixed(points + (k - 1) * projective, base, points + k * projective);
    toAffine(half, row);
    doubleAffine(row + (half - 1) * affine, points);
    toAffine(1, base);
  }

  /** @param {Uint8Array} scalars plain, little-endian, below the group's order */
  return (scalars) => {
    const count = scalars.length / SCALAR_BYTES;
    // zeros after the scalar, where the highest digit reads beyond it
    const scalar = new Uint8Array(SCALAR_BYTES + 4);
    for (let i = 0; i < count; i++) {
      const sum = points + i * projective;
      zero(sum);
      scalar.set(scalars.subarray(i * SCALAR_BYTES, (i + 1) * SCALAR_BYTES));
      let carry = 0;
      for (let digit = 0; digit < digits; digit++) {
        const bit = digit * width;
        const at = bit >> 3;
        const window =
          /** @type {number} */ (scalar[at]) | (Number(scalar[at + 1]) << 8) | (Number(scalar[at + 2]) << 16);
        let value = ((window >> (bit & 7)) & (2 * half - 1)) + carry;
        carry = value > half ? 1 : 0;
        value -= carry * 2 * half;
        const row = table + digit * half * affine;
        if (value > 0) addMixed(sum, row + (value - 1) * affine, sum);
        else if (value < 0) subMixed(sum, row + (-value - 1) * affine, sum);
      }
    }
    toAffine(count, results);
    return curve.bytes(results, count * affine).slice();
  };
}

/** @type {Map<string, (scalars: Uint8Array) => Uint8Array>} */
const multipliers = new Map();

parentPort?.on('message', (/** @type {{ group: 'G1' | 'G2', scalars: Uint8Array }} */ { group, scalars }) => {
  // made when first used: a thread may get no task of a group
  const multiply = multipliers.get(group) ?? multiplier(workerData.groups[group]);
  multipliers.set(group, multiply);
  const points = multiply(scalars);
  parentPort?.postMessage(points, [/** @type {ArrayBuffer} */ (points.buffer)]);
});
