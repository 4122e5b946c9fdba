import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { SolvencyError } from '../errors.js';
import type { ProofPoints } from './marginProof.js';
import { proofFromSnarkjs, type SnarkjsProof } from './prover.js';

/** Where a circuit's witness calculator and proving key are. */
export interface CircuitPaths {
  readonly wasm: string;
  readonly zkey: string;
}

/** A proof that nobody has verified yet, and what it took. */
export interface PooledProof {
  readonly proof: ProofPoints;
  readonly witnessMs: number;
  readonly proveMs: number;
}

/** Processes that prove, one a core, each keeping the key that it used last. */
export interface ProverPool {
  readonly size: number;
  /** Proves with the next free process. INTERNAL when the prover fails, CANCELLED after close. */
  prove(paths: CircuitPaths, inputs: Readonly<Record<string, unknown>>): Promise<PooledProof>;
  /** Ends all processes; what still runs is rejected. */
  close(): void;
}

type Answer =
  | { readonly proof: SnarkjsProof; readonly witnessMs: number; readonly proveMs: number }
  | { readonly failure: string };

/** Starts processes as they are needed, up to `size` (the cores of this machine unless told). */
export function startProverPool(size = availableParallelism()): ProverPool {
  const idle: ChildProcess[] = [];
  const all = new Set<ChildProcess>();
  const waiting: { readonly resolve: (child: ChildProcess) => void; readonly reject: (reason: unknown) => void }[] = [];
  let closed = false;

  const start = (): ChildProcess => {
    const child = fork(fileURLToPath(new URL('./poolProcess.js', import.meta.url)), {
      execArgv: [],
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    all.add(child);
    return child;
  };
  const acquire = (): Promise<ChildProcess> => {
    const child = idle.pop() ?? (all.size < size ? start() : undefined);
    if (child !== undefined) return Promise.resolve(child);
    return new Promise((resolve, reject) => waiting.push({ resolve, reject }));
  };
  const release = (child: ChildProcess): void => {
    const next = waiting.shift();
    if (next === undefined) idle.push(child);
    else next.resolve(child);
  };

  return {
    size,
    async prove(paths, inputs) {
      if (closed) throw cancelled();
      const child = await acquire();
      const answer = await new Promise<Answer>((resolve, reject) => {
        const ended = () => {
          all.delete(child);
          if (!closed) waiting.shift()?.resolve(start());
          reject(closed ? cancelled() : failed('a process of the prover ended'));
        };
        child.once('exit', ended);
        child.once('message', (message) => {
          child.off('exit', ended);
          resolve(message as Answer);
        });
        child.send({ paths, inputs });
      });
      release(child);
      if ('failure' in answer) throw failed(answer.failure);
      return { proof: proofFromSnarkjs(answer.proof), witnessMs: answer.witnessMs, proveMs: answer.proveMs };
    },
    close() {
      closed = true;
      for (const { reject } of waiting.splice(0)) reject(cancelled());
      for (const child of all) child.kill('SIGKILL');
    },
  };
}

const cancelled = () => new SolvencyError('CANCELLED', 'Proving was cancelled.');

// what a prover says of a failure may hold signals of the witness: it stays in `cause`
const failed = (cause: string) =>
  new SolvencyError('INTERNAL', 'The prover failed. Run it again; if it fails again, report it.', { cause });
