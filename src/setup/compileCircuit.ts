import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SolvencyError } from '../errors.js';
import { writeFileAtomic } from '../files.js';
import { readR1csHeader } from '../r1cs/readR1cs.js';
import { runCompiler } from './runCompiler.js';

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
  /** every .circom file that went into it, absolute */
  readonly sources: readonly string[];
}

/** The folder of our circuits, in the sources and in the package alike. */
export const circuitsFolder = fileURLToPath(new URL('../../circuits', import.meta.url));

const require = createRequire(import.meta.url);
const circomlibFolder = join(dirname(require.resolve('circomlib/package.json')), 'circuits');

/** The compiler with its version and options: with the sources it determines what comes out. */
const versionOf = (name: string): string => (require(`${name}/package.json`) as { version: string }).version;
export const COMPILER = `circom2 ${versionOf('circom2')} --O2, circomlib ${versionOf('circomlib')}`;

const CIRCOMLIB = 'circomlib/circuits/';
const OWN = 'circuits/';
const COMMENT = /\/\*.*?\*\/|\/\/[^\n]*/gs;
const INCLUDE = /\binclude\s+"([^"]+)"\s*;/g;
const TEMPLATE = /\btemplate\s+(?:(?:custom|parallel)\s+)?(\w+)/g;

/**
 * Every .circom file that a circuit consists of, itself first, absolute. Includes that begin with circuits/ or with
 * circomlib/circuits/ name our folder and the library's, all others are relative to the file that they stand in.
 * UNREADABLE names a file that is missing.
 */
export async function circuitSources(file: string): Promise<readonly string[]> {
  return [...(await readSources(file)).keys()];
}

const CONSTANT = /^function (\w+)\(\).*$/gm;

/**
 * Hash of all that decides what a circuit compiles to: its sources without comments, of the shared constants only those
 * that it names, template, parameters, public signals, compiler and its options. Instances with the pinned hash compile
 * to the pinned r1cs, so that a check does not have to compile the large ones. UNREADABLE names a file that is missing.
 */
export async function sourceHash({ file, template, parameters, publicSignals }: CircuitSource): Promise<string> {
  const texts = [...(await readSources(file)).entries()];
  const isConstants = (path: string): boolean => path === join(circuitsFolder, 'constants.circom');
  const words = new Set(texts.flatMap(([path, text]) => (isConstants(path) ? [] : (text.match(/\w+/g) ?? []))));
  const bare = texts.map(([path, text]) =>
    isConstants(path) ? text.replace(CONSTANT, (line, name: string) => (words.has(name) ? line : '')) : text,
  );
  const sources = bare.map((text) => createHash('sha256').update(text.replace(/\s+/g, ' ')).digest('hex'));
  const decides = JSON.stringify({ sources, template, parameters, publicSignals, compiler: COMPILER });
  return createHash('sha256').update(decides).digest('hex');
}

/** The same with their texts, freed of comments. */
async function readSources(file: string): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  const queue = [resolve(circuitsFolder, file)];
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) {
    if (texts.has(path)) continue;
    const name = basename(path);
    const text = await readFile(path, 'utf8').catch(() => {
      throw new SolvencyError('UNREADABLE', `The circuit source ${name} is missing.`);
    });
    const bare = text.replace(COMMENT, '');
    texts.set(path, bare);
    for (const [, included] of bare.matchAll(INCLUDE)) queue.push(locate(included as string, dirname(path)));
  }
  return texts;
}

function locate(included: string, from: string): string {
  if (included.startsWith(CIRCOMLIB)) return join(circomlibFolder, included.slice(CIRCOMLIB.length));
  if (included.startsWith(OWN)) return join(circuitsFolder, included.slice(OWN.length));
  return resolve(from, included);
}

/** What the compiler's inspection says of our templates, beside what it compiled: a JSON list. */
export const WARNINGS = 'warnings.json';

/**
 * Compiles a circuit at O2 into circuit.r1cs, circuit.wasm and circuit.sym in a folder; with linear constraints left in
 * (O1) if told, which takes half the time and gives another R1CS of the same meaning. Throws COMPILE_FAILED with the
 * compiler's words, CANCELLED when the signal aborts.
 */
export async function compileCircuit(
  source: CircuitSource,
  outFolder: string,
  { signal, keepLinear = false }: { readonly signal?: AbortSignal; readonly keepLinear?: boolean } = {},
): Promise<CompiledCircuit> {
  const texts = await readSources(source.file);
  const sources = [...texts.keys()];
  // the compiler sees only what lies below the folder it starts in, so the sources are laid out there
  const stage = await mkdtemp(join(tmpdir(), 'zk-solvency-'));
  try {
    const root = commonFolder([dirname(circuitsFolder), ...sources.filter((path) => !isLibrary(path)).map(dirname)]);
    const staged = (path: string): string =>
      isLibrary(path)
        ? join('library', CIRCOMLIB, relative(circomlibFolder, path))
        : join('source', relative(root, path));
    for (const path of sources) await cp(path, join(stage, staged(path)));
    const ours = staged(dirname(circuitsFolder));
    await mkdir(join(stage, ours), { recursive: true });
    await writeFile(join(stage, 'circuit.circom'), mainFile(source, staged(sources[0] as string)));
    const output = await runCompiler(
      [
        'circuit.circom',
        keepLinear ? '--O1' : '--O2',
        '--r1cs',
        '--wasm',
        '--sym',
        '--inspect',
        '-l',
        'library',
        '-l',
        ours,
      ],
      stage,
      signal,
    );
    await mkdir(outFolder, { recursive: true });
    const warnings = ownWarnings(output, texts);
    await writeFileAtomic(join(outFolder, WARNINGS), JSON.stringify(warnings));
    const moved = async (from: string, name: string): Promise<string> => {
      const to = join(outFolder, name);
      await writeFileAtomic(to, await readFile(join(stage, from)));
      return to;
    };
    return {
      constraints: readR1csHeader(await readFile(join(stage, 'circuit.r1cs'))).constraints,
      r1cs: await moved('circuit.r1cs', 'circuit.r1cs'),
      wasm: await moved('circuit_js/circuit.wasm', 'circuit.wasm'),
      sym: await moved('circuit.sym', 'circuit.sym'),
      warnings,
      sources,
    };
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}

const isLibrary = (path: string): boolean => path.startsWith(circomlibFolder + sep);

function commonFolder(folders: readonly string[]): string {
  return folders.reduce((common, folder) => {
    let shared = common;
    while (!`${folder}${sep}`.startsWith(shared.endsWith(sep) ? shared : `${shared}${sep}`)) shared = dirname(shared);
    return shared;
  });
}

const mainFile = ({ template, parameters, publicSignals }: CircuitSource, include: string): string => {
  const visible = publicSignals.length === 0 ? '' : ` {public [${publicSignals.join(', ')}]}`;
  return `pragma circom 2.2.2;\ninclude "${include}";\ncomponent main${visible} = ${template}(${parameters.join(', ')});\n`;
};

/** Warnings about what the library does not define: its own are not ours to explain. */
function ownWarnings(output: string, texts: ReadonlyMap<string, string>): readonly string[] {
  const theirs = new Set(
    [...texts].flatMap(([path, text]) =>
      isLibrary(path) ? [...text.matchAll(TEMPLATE)].map(([, name]) => name as string) : [],
    ),
  );
  return output
    .split(/^(?=warning\[)/m)
    .filter((block) => block.startsWith('warning['))
    .filter((block) => !block.includes(`"library/${CIRCOMLIB}`))
    .filter((block) => !theirs.has(/In template "(\w+)/.exec(block)?.[1] ?? ''))
    .map((block) => [firstLine(block), /"source\/(.*"):(\d+)/.exec(block)?.slice(1).join(' line ')])
    .map(([text, place]) => (place === undefined ? (text as string) : `${text} "${place}`));
}

const firstLine = (text: string): string => text.slice(0, text.indexOf('\n'));
