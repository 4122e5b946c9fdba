import { join } from 'node:path';
import { defineConfig } from 'vitest/config';
import { eachFile } from '../../vitest.config.js';

// Tests of circuits alone, which share a process: each mutant is a run of its own.
export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    ...eachFile,
    setupFiles: ['scripts/mutation/vitestSetup.ts'],
    include: ['test/**/*.test.ts'],
    exclude: ['test/**/*.slow.test.ts'],
    isolate: false,
    maxWorkers: 1,
  },
});
