import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SolvencyError } from '../errors.js';
import type { PointG1, ProofPoints } from './marginProof.js';

/** Key and witness in, proof out. Every proof of any prover is verified before it is used. */
export interface Prover {
  readonly name: string;
  /**
   * Throws CANCELLED when the signal aborts; nothing keeps running then. The witness holds the account and the owner's
   * secret: it is overwritten once the promise settles.
   */
  prove(zkey: Uint8Array, witness: Uint8Array, signal?: AbortSignal): Promise<ProofPoints>;
}

/** A proof in the form of the library: projective triples of decimal strings. */
export interface SnarkjsProof {
  readonly pi_a: string[];
  readonly pi_b: string[][];
  readonly pi_c: string[];
}

/**
 * The prover of snarkjs, in a process of its own. The witness goes to it through a pipe, never through a file, and the
 * process ends with the proof, so that what it held of the witness goes back to the system.
 */
export const snarkjsProver: Prover = {
  name: 'snarkjs',
  async prove(zkey, witness, signal) {
    const cancelled = () => new SolvencyError('CANCELLED', 'Proving was cancelled.');
    if (signal?.aborted) throw cancelled();
    const child = fork(fileURLToPath(new URL('./proverProcess.js', import.meta.url)), {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let complaint = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaint += text;
    });
    let onAbort: (() => void) | undefined;
    try {
      const proof = await new Promise<SnarkjsProof>((resolve, reject) => {
        const failed = () =>
          reject(
            new SolvencyError('INTERNAL', 'The prover failed. Run it again; if it fails again, report it.', {
              cause: complaint,
            }),
          );
        onAbort = () => reject(cancelled());
        signal?.addEventListener('abort', onAbort);
        child.once('message', (message) => resolve(message as SnarkjsProof));
        child.once('error', failed);
        child.once('exit', failed);
        child.send({ zkey, witness });
      });
      return proofFromSnarkjs(proof);
    } finally {
      if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
      child.kill('SIGKILL');
    }
  },
};

/** The library's projective triples as affine pairs. */
export function proofFromSnarkjs(proof: SnarkjsProof): ProofPoints {
  const pair = ([x, y]: readonly string[]): PointG1 => [BigInt(x as string), BigInt(y as string)];
  const [b0, b1] = proof.pi_b;
  return { a: pair(proof.pi_a), b: [pair(b0 as string[]), pair(b1 as string[])], c: pair(proof.pi_c) };
}
