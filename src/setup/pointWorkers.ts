import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { SolvencyError } from '../errors.js';
import { curve, curveCode } from './curve.js';

export type GroupName = 'G1' | 'G2';

export interface PointWorkers {
  /** The group's generator times each scalar (32 bytes little-endian, at most TASK_SIZE of them), affine. */
  multiply(group: GroupName, scalars: Uint8Array): Promise<Uint8Array>;
  /** Ends the threads; what still runs is rejected with `reason`. */
  close(reason: unknown): Promise<void>;
}

/** The most scalars that one task holds: small enough to share the work evenly and to stop soon. */
export const TASK_SIZE = 2048;

interface Task {
  readonly group: GroupName;
  readonly scalars: Uint8Array;
  readonly resolve: (points: Uint8Array) => void;
  readonly reject: (reason: unknown) => void;
}

/** Threads, one per processor, that multiply generators; `counts` says how many multiples will be asked for. */
export function startPointWorkers(counts: Readonly<Record<GroupName, number>>): PointWorkers {
  const tasks = Math.ceil((counts.G1 + counts.G2) / TASK_SIZE);
  const threads = Math.max(1, Math.min(availableParallelism(), tasks));
  const setting = (group: GroupName, prefix: string) => ({
    prefix,
    generator: curve[group].toAffine(curve[group].g),
    width: digitWidth(counts[group] / threads),
  });
  const workerData = {
    code: curveCode,
    taskSize: TASK_SIZE,
    groups: { G1: setting('G1', 'g1m'), G2: setting('G2', 'g2m') },
  };

  const queue: Task[] = [];
  const running = new Map<Worker, Task | undefined>();
  let closed: { readonly reason: unknown } | undefined;

  const startNext = (worker: Worker): void => {
    const task = queue.shift();
    running.set(worker, task);
    if (task !== undefined) worker.postMessage({ group: task.group, scalars: task.scalars });
  };
  const close = async (reason: unknown): Promise<void> => {
    closed ??= { reason };
    const workers = [...running.keys()];
    const unfinished = [...running.values(), ...queue.splice(0)];
    running.clear();
    for (const task of unfinished) task?.reject(reason);
    await Promise.all(workers.map((worker) => worker.terminate()));
  };

  for (let i = 0; i < threads; i++) {
    const worker = new Worker(new URL('./pointWorker.js', import.meta.url), {
      workerData,
      // without the options of the process: with some of them a thread refuses its file
      execArgv: [],
    });
    running.set(worker, undefined);
    worker.on('message', (points: Uint8Array) => {
      running.get(worker)?.resolve(points);
      if (running.has(worker)) startNext(worker);
    });
    worker.on('error', (cause) => {
      close(new SolvencyError('INTERNAL', 'A thread of the key maker failed. Run the setup again.', { cause }));
    });
  }

  return {
    multiply: (group, scalars) =>
      new Promise((resolve, reject) => {
        if (closed !== undefined) return reject(closed.reason);
        queue.push({ group, scalars, resolve, reject });
        const idle = [...running].find(([, task]) => task === undefined);
        if (idle !== undefined) startNext(idle[0]);
      }),
    close,
  };
}

/**
 * The width of digits at which a thread adds least: wider digits mean fewer additions a point and a larger table, an
 * entry of which costs about 1.6 additions.
 */
function digitWidth(points: number): number {
  const additions = (width: number): number => Math.ceil(255 / width) * (points + 1.6 * 2 ** (width - 1));
  return [...Array(16).keys()]
    .map((i) => i + 1)
    .reduce((best, width) => (additions(width) < additions(best) ? width : best));
}
