// @ts-check
// Runs the library's prover in a process of its own: the library starts its threads only from a main thread, and ending
// the process ends them all and gives its memory back. Plain JavaScript, so that the same file runs from the sources and
// from the built package.
import process from 'node:process';
import { groth16 } from 'snarkjs';

process.once('message', async (/** @type {{ zkey: Uint8Array, witness: Uint8Array }} */ { zkey, witness }) => {
  const { proof } = await groth16.prove(zkey, witness);
  process.send?.(proof);
});
// the caller is gone: nobody waits for the proof
process.once('disconnect', () => process.exit());
