import { Worker } from 'node:worker_threads';
import { SolvencyError } from '../errors.js';
import type { PointG1, ProofPoints } from './marginProof.js';

/** Key and witness in, proof out. Every proof of any prover is verified before it is used. */
export interface Prover {
  readonly name: string;
  /** Throws CANCELLED when the signal aborts; nothing keeps running then. */
  prove(
    zkey: Uint8Array,
    witness: Uint8Array,
    signal?: AbortSignal,
  ): Promise<{ readonly proof: ProofPoints; readonly publicSignals: readonly bigint[] }>;
}

interface WorkerResult {
  readonly proof: { readonly pi_a: string[]; readonly pi_b: string[][]; readonly pi_c: string[] };
  readonly publicSignals: readonly string[];
}

/** The prover of snarkjs, in a worker thread. */
export const snarkjsProver: Prover = {
  name: 'snarkjs',
  async prove(zkey, witness, signal) {
    const worker = new Worker(new URL('./proverWorker.js', import.meta.url), { workerData: { zkey, witness } });
    const cancelled = () => new SolvencyError('CANCELLED', 'Proving was cancelled.');
    let onAbort: (() => void) | undefined;
    try {
      const result = await new Promise<WorkerResult>((resolve, reject) => {
        onAbort = () => reject(cancelled());
        if (signal?.aborted) reject(cancelled());
        signal?.addEventListener('abort', onAbort);
        worker.once('message', resolve);
        worker.once('error', (cause) =>
          reject(
            new SolvencyError('INTERNAL', 'The prover failed. Run it again; if it fails again, report it.', { cause }),
          ),
        );
        worker.once('exit', () => reject(new SolvencyError('INTERNAL', 'The prover stopped without a proof.')));
      });
      return { proof: proofFromSnarkjs(result.proof), publicSignals: result.publicSignals.map(BigInt) };
    } finally {
      if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
      await worker.terminate();
    }
  },
};

/** The library's projective triples as affine pairs. */
export function proofFromSnarkjs(proof: WorkerResult['proof']): ProofPoints {
  const pair = ([x, y]: readonly string[]): PointG1 => [BigInt(x as string), BigInt(y as string)];
  const [b0, b1] = proof.pi_b;
  return { a: pair(proof.pi_a), b: [pair(b0 as string[]), pair(b1 as string[])], c: pair(proof.pi_c) };
}
