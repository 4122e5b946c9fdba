// @ts-check
// Runs the library's prover in a thread of its own: stopping the thread stops the proof and frees its memory.
// Plain JavaScript, so that the same file loads from the sources and from the built package.
import { parentPort, workerData } from 'node:worker_threads';
import { groth16 } from 'snarkjs';

const { proof, publicSignals } = await groth16.prove(workerData.zkey, workerData.witness);
parentPort?.postMessage({ proof, publicSignals });
