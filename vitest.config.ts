import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** Tests that start and stop provers, or change what belongs to their process: one process a file. */
const APART = [
  ...['attestation', 'ceremony', 'cli', 'proof', 'setup'].map((folder) => `test/${folder}/**/*.test.ts`),
  'test/security/{alteredArtifacts,fieldReduction,privacy,unboundLeaf,uncontributedKey,verifierReturn}.test.ts',
];
const SLOW = 'test/**/*.slow.test.ts';

/** Files that take long for their size, by which a first run is ordered: begun last, they would leave a core idle. */
const LONG =
  /(attestation\/(killed|proveBook|fromBookToGate|conformance)|proof\/families|liabilities\/(classChoice|shapes|templates|transcript))\.test\.ts$/;

/** Files that share a process one after another, since one of another kind between them ends it; in each kind the longest first. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = ({ project, moduleId }: TestSpecification): number =>
      (project.config.isolate ? 0 : 2) + (LONG.test(moduleId) ? 0 : 1);
    return sorted.sort((left, right) => rank(left) - rank(right));
  }
}

/** What holds for every test file, the slow ones too. */
export const eachFile = {
  // compiling a circuit or starting a chain is slow on a busy machine, and never a reason to fail
  testTimeout: 300_000,
  hookTimeout: 600_000,
  // compilers and provers use both cores themselves
  maxWorkers: 2,
  // most circuits compute a few witnesses a file: optimising their calculators would take longer than it saves
  execArgv: ['--wasm-tiering-budget=100000000'],
};

export default defineConfig({
  test: {
    ...eachFile,
    globalSetup: ['test/support/setup.ts'],
    sequence: { sequencer: LongestFirst },
    projects: [
      {
        test: {
          ...eachFile,
          name: 'apart',
          include: APART,
          exclude: [SLOW],
        },
      },
      {
        test: {
          ...eachFile,
          name: 'together',
          include: ['test/**/*.test.ts'],
          exclude: [...APART, SLOW],
          // they share the modules that they import and what is optimised of them: half of a short file's time
          isolate: false,
        },
      },
    ],
  },
});
