import { defineConfig } from 'vitest/config';
import { eachFile } from './vitest.config.js';

// `npm run test:slow`: what takes minutes a test, beside the fast suite.
export default defineConfig({
  test: { ...eachFile, include: ['test/**/*.slow.test.ts'], globalSetup: ['test/support/setup.ts'] },
});
