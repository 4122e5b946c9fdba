import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.slow.test.ts'],
    globalSetup: ['test/support/setup.ts'],
    // compiling a circuit or starting a chain is slow on a busy machine, and never a reason to fail
    testTimeout: 300_000,
    hookTimeout: 600_000,
    // compilers and provers use both cores themselves
    maxWorkers: 2,
    // most circuits compute a few witnesses a file: optimising their calculators would take longer than it saves
    execArgv: ['--wasm-tiering-budget=100000000'],
  },
});
