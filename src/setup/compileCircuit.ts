import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SolvencyError } from '../errors.js';

/** What to compile: a template with its parameters, of a file below circuits/ or at an absolute path. */
export interface CircuitSource {
  readonly file: string;
  readonly template: string;
  readonly parameters: readonly number[];
  /** names of the inputs that are public */
  readonly publicSignals: readonly string[];
}

export interface CompiledCircuit {
  /** paths of the files */
  readonly r1cs: string;
  readonly wasm: string;
  readonly sym: string;
  readonly constraints: number;
  /** what the compiler's inspection says of our own templates, a line each */
  readonly warnings: readonly string[];
}

/** The folder of our circuits, in the sources and in the package alike. */
export const circuitsFolder = fileURLToPath(new URL('../../circuits', import.meta.url));

const require = createRequire(import.meta.url);
const circomlibFolder = join(dirname(require.resolve('circomlib/package.json')), 'circuits');
const compiler = join(dirname(require.resolve('circom2/package.json')), 'cli.js');

const INCLUDE = /^\s*include\s+"([^"]+)"\s*;/gm;
const CIRCOMLIB = 'circomlib/circuits/';
const NON_LINEAR = /non-linear constraints: (\d+)/;
const LINEAR = /^linear constraints: (\d+)/m;
const COLOURS = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m`, 'g');

/** Every .circom file that a circuit consists of, itself first, absolute; UNREADABLE names one that is missing. */
export async function circuitSources(file: string): Promise<readonly string[]> {
  const found: string[] = [];
  const queue = [isAbsolute(file) ? file : join(circuitsFolder, file)];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (found.includes(path)) continue;
    found.push(path);
    const text = await readFile(path, 'utf8').catch(() => {
      throw new SolvencyError('UNREADABLE', `The circuit source ${basename(path as string)} is missing.`);
    });
    for (const [, included] of text.matchAll(INCLUDE) as Iterable<[string, string]>) {
      queue.push(
        included.startsWith(CIRCOMLIB)
          ? join(circomlibFolder, included.slice(CIRCOMLIB.length))
          : resolve(dirname(path), included),
      );
    }
  }
  return found;
}

/**
 * Compiles a circuit at O2 into circuit.r1cs, circuit.wasm and circuit.sym in a folder. `unchecked` leaves the checks of
 * `===` out of the witness calculator: the constraints stay the same, and a witness of a false statement comes out, which
 * tests hold against the R1CS. Throws COMPILE_FAILED with the compiler's words, CANCELLED when the signal aborts.
 */
export async function compileCircuit(
  source: CircuitSource,
  outFolder: string,
  { signal, unchecked = false }: { readonly signal?: AbortSignal; readonly unchecked?: boolean } = {},
): Promise<CompiledCircuit> {
  // the compiler sees only what lies below the folder it starts in, so the sources are laid out there
  const stage = await mkdtemp(join(tmpdir(), 'zk-solvency-'));
  try {
    const own = isAbsolute(source.file) ? dirname(source.file) : circuitsFolder;
    await cp(circuitsFolder, join(stage, 'circuits'), { recursive: true });
    if (own !== circuitsFolder) await cp(own, join(stage, 'own'), { recursive: true });
    await mkdir(join(stage, 'library/circomlib'), { recursive: true });
    await cp(circomlibFolder, join(stage, 'library', CIRCOMLIB), { recursive: true });
    await writeFile(join(stage, 'circuit.circom'), mainFile(source, own));
    const checks = unchecked ? ['--sanity_check', '0'] : [];
    const output = await run(
      ['circuit.circom', '--O2', '--r1cs', '--wasm', '--sym', '--inspect', ...checks, '-l', 'library'],
      stage,
      signal,
    );
    await mkdir(outFolder, { recursive: true });
    const moved = async (from: string, name: string): Promise<string> => {
      const to = join(outFolder, name);
      // copied beside its place first, since the stage may be on another disk
      const temporary = `${to}.${process.pid}.tmp`;
      await cp(join(stage, from), temporary);
      await rename(temporary, to);
      return to;
    };
    return {
      r1cs: await moved('circuit.r1cs', 'circuit.r1cs'),
      wasm: await moved('circuit_js/circuit.wasm', 'circuit.wasm'),
      sym: await moved('circuit.sym', 'circuit.sym'),
      constraints: count(output, NON_LINEAR) + count(output, LINEAR),
      warnings: await ownWarnings(output, join(stage, 'library')),
    };
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

const mainFile = ({ file, template, parameters, publicSignals }: CircuitSource, own: string): string => {
  const include = own === circuitsFolder ? `circuits/${file}` : `own/${basename(file)}`;
  const visible = publicSignals.length === 0 ? '' : ` {public [${publicSignals.join(', ')}]}`;
  return `pragma circom 2.2.2;\ninclude "${include}";\ncomponent main${visible} = ${template}(${parameters.join(', ')});\n`;
};

/** Runs the compiler in a process of its own, so that its memory is given back, and returns what it printed. */
async function run(args: readonly string[], cwd: string, signal: AbortSignal | undefined): Promise<string> {
  const child = spawn(process.execPath, ['--no-warnings', compiler, ...args], {
    cwd,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (output += text));
  const code = await new Promise<number | null>((done, fail) => {
    child.once('close', done);
    child.once('error', (cause) =>
      fail(
        signal?.aborted
          ? new SolvencyError('CANCELLED', 'Compiling was cancelled.')
          : new SolvencyError('COMPILE_FAILED', 'The circom compiler could not be started.', { cause }),
      ),
    );
  });
  const plain = output.replace(COLOURS, '');
  if (code === 0 && plain.includes('Everything went okay')) return plain;
  throw new SolvencyError('COMPILE_FAILED', `The circuit does not compile:\n${plain.trim()}`);
}

const count = (output: string, pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? 0);

/** Warnings about templates that the library does not define: its own are not ours to explain. */
async function ownWarnings(output: string, library: string): Promise<readonly string[]> {
  const warnings = output.split('\n').filter((line) => line.startsWith('warning['));
  const theirs = await readTemplates(join(library, CIRCOMLIB));
  return warnings.filter((line) => !theirs.has(/In template "(\w+)/.exec(line)?.[1] ?? ''));
}

async function readTemplates(folder: string): Promise<ReadonlySet<string>> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.circom'));
  const texts = await Promise.all(files.map((name) => readFile(join(folder, name), 'utf8')));
  return new Set(
    texts.flatMap((text) => [...text.matchAll(/^\s*template\s+(\w+)/gm)].map(([, name]) => name as string)),
  );
}
