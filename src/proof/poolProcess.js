// @ts-check
// A process of a prover pool: it keeps a circuit's witness calculator and proving key between proofs, and proves on one
// thread, since one process runs on each core. Plain JavaScript, so that the same file runs from the sources and from the
// built package.
import { readFile } from 'node:fs/promises';
import process from 'node:process';
import { WitnessCalculatorBuilder } from 'circom_runtime';
import { groth16 } from 'snarkjs';

/**
 * @typedef {{ wasm: string, zkey: string }} CircuitPaths
 * @typedef {{ paths: CircuitPaths, calculator: import('circom_runtime').WitnessCalculator, zkey: Uint8Array }} Loaded
 */

/** @type {Loaded | undefined} */
let loaded;

/**
 * @param {CircuitPaths} paths
 * @returns {Promise<Loaded>}
 */
async function load(paths) {
  if (loaded?.paths.zkey === paths.zkey) return loaded;
  // one at a time: a large key takes hundreds of megabytes
  loaded = undefined;
  const calculator = await WitnessCalculatorBuilder(await readFile(paths.wasm));
  loaded = { paths, calculator, zkey: await readFile(paths.zkey) };
  return loaded;
}

process.on(
  'message',
  async (/** @type {{ paths: CircuitPaths, inputs: Record<string, unknown> }} */ { paths, inputs }) => {
    try {
      const { calculator, zkey } = await load(paths);
      const started = performance.now();
      const witness = await calculator.calculateWTNSBin(inputs, true);
      const calculated = performance.now();
      // @ts-expect-error the library's types do not know its options
      const { proof } = await groth16.prove(zkey, witness, undefined, { singleThread: true }).finally(() => {
        // accounts of others: what outlives a proof here is only the library's own memory, until the pool is closed
        witness.fill(0);
      });
      process.send?.({ proof, witnessMs: calculated - started, proveMs: performance.now() - calculated });
    } catch (error) {
      process.send?.({ failure: String(error) });
    }
  },
);
// the caller is gone: nobody waits for the proof
process.once('disconnect', () => process.exit());
