import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { SolvencyError } from '../errors.js';
import { notSound } from './transcript.js';

/** What a step of a ceremony tells while it runs, and how it is stopped. */
export interface CeremonyOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (step: string) => void;
}

interface Answer {
  readonly result?: unknown;
  readonly complaints: readonly string[];
}

/** The library in a process of its own, which is started when it is first asked and ends with its user. */
export interface Library {
  ask(step: string, args: readonly unknown[]): Promise<Answer>;
}

/** The key without contribution of a compiled circuit; returns the library's hash of the circuit. Errors: INTERNAL, CANCELLED. */
export const newKey = async (library: Library, r1cs: string, ptau: string, out: string): Promise<string> =>
  hashOf(await library.ask('newKey', [r1cs, ptau, out]));

/** Adds a contribution; `words` are wiped. Returns its hash. Errors: INTERNAL, CANCELLED. */
export async function contributeToKey(
  library: Library,
  paths: { readonly key: string; readonly out: string },
  { name, words }: { readonly name: string; readonly words: Uint8Array },
): Promise<string> {
  try {
    return hashOf(await library.ask('contribute', [paths.key, paths.out, name, words]));
  } finally {
    words.fill(0);
  }
}

/** Adds a beacon. Returns its hash. Errors: INTERNAL, CANCELLED. */
export const beaconToKey = async (
  library: Library,
  paths: { readonly key: string; readonly out: string },
  beacon: { readonly source: string; readonly value: string; readonly iterationsExponent: number },
): Promise<string> => {
  const { source, value, iterationsExponent } = beacon;
  return hashOf(await library.ask('beacon', [paths.key, paths.out, source, value, iterationsExponent]));
};

/**
 * The library's check of a key against the first one and the phase 1. It is true also of a key without contribution, which
 * is for the caller to refuse. Errors: INSECURE_KEY, CANCELLED.
 */
export async function verifyKey(library: Library, initial: string, ptau: string, key: string): Promise<void> {
  const { result, complaints } = await library.ask('verifyKey', [initial, ptau, key]);
  if (result !== true) throw notSound(`the library finds the key wrong${inWords(complaints)}`);
}

/** The library's check of a phase 1 and all its contributions, at least one. Errors: INSECURE_KEY, CANCELLED. */
export async function verifyPowers(library: Library, ptau: string): Promise<void> {
  const { result, complaints } = await library.ask('verifyPowers', [ptau]);
  if (result !== true) throw notSound(`the library finds the phase 1 wrong${inWords(complaints)}`);
}

const inWords = (complaints: readonly string[]): string =>
  complaints.length === 0 ? '' : ` (${complaints.slice(0, 2).join('; ').slice(0, 200)})`;

function hashOf({ result, complaints }: Answer): string {
  if (result instanceof Uint8Array && result.length === 64) return Buffer.from(result).toString('hex');
  throw new SolvencyError('INTERNAL', `The library could not make the key${inWords(complaints)}.`);
}

/** Runs a task with the library, whose process ends with it, also when the signal aborts (CANCELLED). */
export async function withLibrary<Result>(
  signal: AbortSignal | undefined,
  task: (library: Library) => Promise<Result>,
): Promise<Result> {
  let child: ChildProcess | undefined;
  let ended: Promise<unknown> | undefined;
  const ask = (step: string, args: readonly unknown[]): Promise<Answer> => {
    const cancelled = () => new SolvencyError('CANCELLED', 'The ceremony was cancelled; nothing was changed.');
    if (signal?.aborted) return Promise.reject(cancelled());
    if (child === undefined) {
      child = fork(fileURLToPath(new URL('./libraryProcess.js', import.meta.url)), {
        execArgv: [],
        serialization: 'advanced',
        stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      });
      ended = new Promise((done) => child?.once('close', done));
    }
    const process = child;
    return new Promise<Answer>((resolve, reject) => {
      const settle = (then: () => void) => () => {
        signal?.removeEventListener('abort', onAbort);
        process.removeAllListeners('message').removeAllListeners('exit').removeAllListeners('error');
        then();
      };
      const onAbort = settle(() => reject(cancelled()));
      const failed = settle(() =>
        reject(new SolvencyError('INTERNAL', 'A step of the ceremony failed. Run it again.')),
      );
      signal?.addEventListener('abort', onAbort);
      process.once('message', (message) => settle(() => resolve(message as Answer))());
      process.once('error', failed);
      process.once('exit', failed);
      process.send({ step, args });
    });
  };
  try {
    return await task({ ask });
  } finally {
    child?.kill('SIGKILL');
    // until it has ended, it may write
    await ended;
  }
}
