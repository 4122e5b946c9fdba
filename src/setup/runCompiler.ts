import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { SolvencyError } from '../errors.js';

const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

// without the types of browsers there are none for WebAssembly
const { compile } = (globalThis as unknown as { WebAssembly: { compile(code: Uint8Array): Promise<object> } })
  .WebAssembly;

/** The compiler's code, kept so that all runs of a process share the machine code that is made of it. */
let compiler: Promise<object> | undefined;

/**
 * Runs the circom compiler in a thread of its own, so that its memory is given back, and returns what it printed, without
 * colours. It sees nothing but `folder`, in which it starts. Throws COMPILE_FAILED with the compiler's words, CANCELLED when the
 * signal aborts.
 */
export async function runCompiler(
  args: readonly string[],
  folder: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  const cancelled = () => new SolvencyError('CANCELLED', 'Compiling was cancelled.');
  compiler ??= readFile(createRequire(import.meta.url).resolve('circom2/circom.wasm')).then(compile);
  const module = await compiler;
  if (signal?.aborted) throw cancelled();
  const thread = new Worker(new URL('./compilerThread.js', import.meta.url), {
    workerData: { module, args, folder },
    // without the options of the process: with some of them a thread refuses its file
    execArgv: [],
  });
  const abort = (): void => void thread.terminate();
  signal?.addEventListener('abort', abort, { once: true });
  let printed: { readonly code: number; readonly output: string } | undefined;
  let failure: unknown;
  thread.once('message', (message) => (printed = message));
  thread.once('error', (cause) => (failure = cause));
  // until it has ended, it may write to the folder
  await new Promise((done) => thread.once('exit', done));
  signal?.removeEventListener('abort', abort);
  if (signal?.aborted) throw cancelled();
  if (printed === undefined) {
    throw new SolvencyError('COMPILE_FAILED', 'The circom compiler did not start, or ended without a word.', {
      cause: failure,
    });
  }
  const plain = printed.output.replace(COLOURS, '');
  if (printed.code === 0 && plain.includes('Everything went okay')) return plain;
  throw new SolvencyError('COMPILE_FAILED', `The circuit does not compile:\n${plain.trim()}`);
}
