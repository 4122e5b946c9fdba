// @ts-check
// An instance of the BN254 module that ffjavascript ships, with its memory. Field elements are 32 bytes little-endian, in
// Montgomery form unless said otherwise; points are their coordinates one after another (z too when projective).
// Plain JavaScript, so that worker threads load the same file from the sources and from the built package.

/**
 * The functions used here; arguments are addresses, the result's last.
 * @typedef {object} CurveFunctions
 * @property {(a: number, b: number, out: number) => void} frm_add
 * @property {(a: number, b: number, out: number) => void} frm_sub
 * @property {(a: number, b: number, out: number) => void} frm_mul
 * @property {(from: number, to: number) => void} frm_fromMontgomery
 * @property {(from: number, fromStep: number, count: number, to: number, toStep: number) => void} frm_batchInverse
 */

/**
 * The functions of one group, without their prefix.
 * @typedef {object} GroupFunctions
 * @property {(out: number) => void} zero
 * @property {(point: number, affine: number, out: number) => void} addMixed
 * @property {(point: number, affine: number, out: number) => void} subMixed
 * @property {(affine: number, out: number) => void} doubleAffine
 * @property {(affine: number, out: number) => void} toJacobian
 * @property {(points: number, count: number, out: number) => void} batchToAffine
 */

/**
 * @typedef {object} WasmCurve
 * @property {CurveFunctions} field
 * @property {(prefix: 'g1m' | 'g2m') => GroupFunctions} group
 * @property {(bytes: number) => number} allocate address of zeroed memory that is never given back
 * @property {(bytes: number) => void} reserve room for the scratch space that batch functions take after what is allocated
 * @property {(address: number, length: number) => Uint8Array} bytes a view that the next allocate or reserve invalidates
 */

const PAGE = 65536;

/**
 * @param {Uint8Array} code
 * @returns {Promise<WasmCurve>}
 */
export async function instantiateCurve(code) {
  // without the types of browsers there are none for WebAssembly
  const { Memory, compile, instantiate } = /** @type {any} */ (globalThis).WebAssembly;
  const memory = new Memory({ initial: 32 });
  const { exports } = await instantiate(await compile(code), { env: { memory } });

  // the module keeps the address of its first free byte at address 0
  const free = () => new DataView(memory.buffer).getUint32(0, true);
  /** @param {number} end */
  const growTo = (end) => {
    const missing = Math.ceil((end - memory.buffer.byteLength) / PAGE);
    if (missing > 0) memory.grow(missing);
  };

  return {
    field: exports,
    group: (prefix) => {
      /** @param {string} name */
      const named = (name) => exports[`${prefix}_${name}`];
      return {
        zero: named('zero'),
        addMixed: named('addMixed'),
        subMixed: named('subMixed'),
        doubleAffine: named('doubleAffine'),
        toJacobian: named('toJacobian'),
        batchToAffine: named('batchToAffine'),
      };
    },
    allocate(bytes) {
      const address = Math.ceil(free() / 8) * 8;
      growTo(address + bytes);
      new DataView(memory.buffer).setUint32(0, address + bytes, true);
      new Uint8Array(memory.buffer, address, bytes).fill(0);
      return address;
    },
    reserve: (bytes) => growTo(free() + bytes),
    bytes: (address, length) => new Uint8Array(memory.buffer, address, length),
  };
}
