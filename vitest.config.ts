import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { defineConfig } from 'vitest/config';

/** Files that take long for their size, by which a first run is ordered: begun last, they would leave a core idle. */
const LONG = /(attestation\/(killed|proveBook|fromBookToGate|conformance)|proof\/families|liabilities\/classChoice)\.test\.ts$/;

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const isLong = ({ moduleId }: TestSpecification): boolean => LONG.test(moduleId);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.slow.test.ts'],
    globalSetup: ['test/support/setup.ts'],
    sequence: { sequencer: LongestFirst },
    // compiling a circuit or starting a chain is slow on a busy machine, and never a reason to fail
    testTimeout: 300_000,
    hookTimeout: 600_000,
    // compilers and provers use both cores themselves
    maxWorkers: 2,
    // most circuits compute a few witnesses a file: optimising their calculators would take longer than it saves
    execArgv: ['--wasm-tiering-budget=100000000'],
  },
});
