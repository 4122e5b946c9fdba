import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.slow.test.ts'],
    globalSetup: ['test/support/artifacts.ts'],
    // compiling a circuit or starting a chain is slow on a busy machine, and never a reason to fail
    testTimeout: 300_000,
    hookTimeout: 600_000,
    // compilers and provers use both cores themselves
    maxWorkers: 2,
  },
});
