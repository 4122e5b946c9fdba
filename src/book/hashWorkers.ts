import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { buildPoseidon } from 'circomlibjs';
import { SolvencyError } from '../errors.js';
import { ELEMENT_BYTES } from '../setup/bn254Field.js';
import { fieldBytes } from './fieldBytes.js';

/** taggedHash of many inputs at once, in threads. Elements are 32 bytes, little-endian, one after another. */
export interface HashWorkers {
  /** The hash of each `arity` elements of the inputs, at most MOST_ELEMENTS of them; all are below r. */
  hash(tag: bigint, arity: number, inputs: Uint8Array): Promise<Buffer>;
  /** Ends the threads; what still runs is rejected. */
  close(): Promise<void>;
}

/** The most elements that one task holds. */
export const MOST_ELEMENTS = 4096;

interface Task {
  readonly message: { readonly tag: Uint8Array; readonly arity: number; readonly inputs: Uint8Array };
  readonly resolve: (hashes: Buffer) => void;
  readonly reject: (reason: unknown) => void;
}

/** Threads for that many tasks, at most one per processor. */
export async function startHashWorkers(tasks: number): Promise<HashWorkers> {
  const { F } = await buildPoseidon();
  const { code } = (F as unknown as { readonly tm: { readonly code: Uint8Array } }).tm;
  const queue: Task[] = [];
  const running = new Map<Worker, Task | undefined>();
  let failure: unknown;

  const startNext = (worker: Worker): void => {
    const task = queue.shift();
    running.set(worker, task);
    if (task !== undefined) worker.postMessage(task.message);
  };
  const end = async (reason: unknown): Promise<void> => {
    failure ??= reason;
    const workers = [...running.keys()];
    const unfinished = [...running.values(), ...queue.splice(0)];
    running.clear();
    for (const task of unfinished) task?.reject(reason);
    await Promise.all(workers.map((worker) => worker.terminate()));
  };

  for (let i = 0; i < Math.max(1, Math.min(availableParallelism(), tasks)); i++) {
    // without the options of the process: with some of them a thread refuses its file
    const worker = new Worker(new URL('./hashWorker.js', import.meta.url), {
      workerData: { code, mostElements: MOST_ELEMENTS },
      execArgv: [],
    });
    running.set(worker, undefined);
    worker.on('message', (hashes: Uint8Array) => {
      running.get(worker)?.resolve(Buffer.from(hashes.buffer));
      if (running.has(worker)) startNext(worker);
    });
    worker.on('error', (cause) => {
      end(new SolvencyError('INTERNAL', 'A thread that hashes accounts failed. Run it again.', { cause }));
    });
  }

  return {
    hash: (tag, arity, inputs) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) return reject(failure);
        if (inputs.length > MOST_ELEMENTS * ELEMENT_BYTES) return reject(new RangeError('too many elements in a task'));
        queue.push({ message: { tag: fieldBytes([tag]), arity, inputs }, resolve, reject });
        const idle = [...running].find(([, task]) => task === undefined);
        if (idle !== undefined) startNext(idle[0]);
      }),
    close: () => end(new SolvencyError('CANCELLED', 'Hashing was ended.')),
  };
}
