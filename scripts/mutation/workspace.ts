import { execFile } from 'node:child_process';
import { cp, link, mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'build/mutation');

/** What tests compile and keep by the hash of its sources, mutants included; and shipped circuits with their keys. */
const COMPILED = 'build/test-circuits';
const ARTIFACTS = 'artifacts';

/** A copy of the project's sources in which circuits are changed and tests are run. */
export interface Workspace {
  readonly place: string;
  /** runs files of tests with files of circuits/ changed, by their names, which is undone at the end */
  runWith(
    texts: ReadonlyMap<string, string>,
    tests: readonly string[],
    settings?: { readonly options?: readonly string[]; readonly env?: Readonly<Record<string, string>> },
  ): Promise<TestRun>;
}

export interface TestRun {
  readonly failures: readonly { readonly test: string; readonly message: string }[];
}

/** The report of vitest's reporter `json`, as far as it is read. */
interface Report {
  readonly testResults: readonly {
    readonly name: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly status: string;
      readonly fullName: string;
      readonly failureMessages?: readonly string[];
    }[];
  }[];
}

export async function openWorkspace(name: string): Promise<Workspace> {
  const place = join(folder, name);
  await rm(place, { recursive: true, force: true });
  const { stdout } = await promisify(execFile)('git', ['ls-files', '-co', '--exclude-standard'], {
    cwd: root,
    maxBuffer: 2 ** 26,
  });
  for (const file of stdout.split('\n').filter((line) => line !== '')) {
    await cp(join(root, file), join(place, file)).catch((error: NodeJS.ErrnoException) => {
      // deleted and not yet committed
      if (error.code !== 'ENOENT') throw error;
    });
  }
  await symlink(join(root, 'node_modules'), join(place, 'node_modules'));

  await linkTree(join(root, COMPILED), join(place, COMPILED));
  return {
    place,
    async runWith(texts, tests, { options = [], env = {} } = {}) {
      const originals = new Map<string, string>();
      // those that a mutant replaced are linked again
      await rm(join(place, ARTIFACTS), { recursive: true, force: true });
      await linkTree(join(root, ARTIFACTS), join(place, ARTIFACTS));
      for (const [file, text] of texts) {
        const path = join(place, 'circuits', file);
        originals.set(path, await readFile(path, 'utf8'));
        await writeFile(path, text);
      }
      try {
        return await runTests(place, tests, options, env);
      } finally {
        for (const [path, text] of originals) await writeFile(path, text);
      }
    },
  };
}

async function runTests(
  place: string,
  tests: readonly string[],
  options: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<TestRun> {
  const output = join(place, 'build/report.json');
  await rm(output, { force: true });
  const vitest = join(root, 'node_modules/vitest/vitest.mjs');
  const args = ['run', '--config', 'scripts/mutation/vitest.config.ts', '--reporter=json', `--outputFile=${output}`];
  const failed = await promisify(execFile)(process.execPath, [vitest, ...args, ...options, ...tests], {
    cwd: place,
    env: { ...process.env, MUTANT: 'true', ...env },
    maxBuffer: 2 ** 28,
  }).catch((error: unknown) => error);
  const text = await readFile(output, 'utf8').catch(() => {
    throw new Error(`the tests did not run: ${failed}`);
  });
  const { testResults } = JSON.parse(text) as Report;
  const unread = testResults.find(({ assertionResults }) => assertionResults.length === 0);
  if (unread !== undefined) throw new Error(`${unread.name} does not run: ${unread.message}`);
  const inPlace = (path: string): string => path.slice(path.indexOf(place) + place.length + 1);
  return {
    failures: testResults.flatMap(({ name, assertionResults }) =>
      assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages }) => ({
          test: `${inPlace(name)}: ${fullName}`,
          message: (failureMessages ?? []).join('\n'),
        })),
    ),
  };
}

/** A tree of hard links: what is replaced in one is not in the other, and nothing here is changed in place. */
async function linkTree(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  const entries = await readdir(from, { withFileTypes: true, recursive: true }).catch(() => []);
  for (const entry of entries.filter((candidate) => candidate.isFile())) {
    const source = join(entry.parentPath, entry.name);
    const target = join(to, source.slice(from.length));
    await mkdir(dirname(target), { recursive: true });
    await link(source, target).catch((error: NodeJS.ErrnoException) => {
      // there already, or made and removed by a run beside this one
      if (error.code !== 'EEXIST' && error.code !== 'ENOENT') throw error;
    });
  }
}
