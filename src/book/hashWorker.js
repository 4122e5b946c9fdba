// @ts-check
// Poseidon of many inputs, in a thread of its own: the library's WebAssembly without the library, which does not load in a
// thread. Plain JavaScript, so that it runs from the sources and from the built package alike.
import { parentPort, workerData } from 'node:worker_threads';
import { instantiateCurve } from '../setup/wasmCurve.js';

/**
 * What the library's module has beyond the curve's functions; arguments are addresses and counts.
 * @typedef {object} PoseidonFunctions
 * @property {(from: number, to: number) => void} frm_toMontgomery
 * @property {(from: number, count: number, to: number) => void} frm_batchToMontgomery
 * @property {(from: number, count: number, to: number) => void} frm_batchFromMontgomery
 * @property {(state: number, inputs: number, count: number, out: number, outputs: number) => void} poseidon
 */

const ELEMENT_BYTES = 32;
const module = await instantiateCurve(workerData.code);
const functions = /** @type {PoseidonFunctions} */ (/** @type {unknown} */ (module.field));
const most = workerData.mostElements;
const inputAddress = module.allocate(most * ELEMENT_BYTES);
const hashAddress = module.allocate(most * ELEMENT_BYTES);
const tagAddress = module.allocate(ELEMENT_BYTES);

parentPort?.on(
  'message',
  (/** @type {{ tag: Uint8Array, arity: number, inputs: Uint8Array }} */ { tag, arity, inputs }) => {
    const elements = inputs.length / ELEMENT_BYTES;
    const count = elements / arity;
    module.bytes(tagAddress, ELEMENT_BYTES).set(tag);
    functions.frm_toMontgomery(tagAddress, tagAddress);
    module.bytes(inputAddress, inputs.length).set(inputs);
    functions.frm_batchToMontgomery(inputAddress, elements, inputAddress);
    for (let i = 0; i < count; i++) {
      const at = inputAddress + i * arity * ELEMENT_BYTES;
      functions.poseidon(tagAddress, at, arity, hashAddress + i * ELEMENT_BYTES, 1);
    }
    functions.frm_batchFromMontgomery(hashAddress, count, hashAddress);
    const hashes = module.bytes(hashAddress, count * ELEMENT_BYTES).slice();
    parentPort?.postMessage(hashes, [/** @type {ArrayBuffer} */ (hashes.buffer)]);
  },
);
