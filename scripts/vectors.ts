/**
 * npm run --silent vectors -- FILE_OR_FOLDER [--prove]
 *
 * Runs the venues' own figures through the reference models. Exit code 0 when none failed, 1 when one did, 2 when the
 * input cannot be read.
 */
import { SolvencyError } from '../src/errors.js';
import { EVALUATORS } from '../src/vectors/evaluators.js';
import { loadCases } from '../src/vectors/loadCases.js';
import { runVectors } from '../src/vectors/run.js';
import { circuitVerdict } from './vectors/circuitVerdict.js';

async function main(args: readonly string[]): Promise<number> {
  const [path, ...more] = args.filter((argument) => argument !== '--prove');
  if (path === undefined || more.length > 0 || path.startsWith('-')) {
    throw new SolvencyError('INVALID_INPUT', 'usage: npm run --silent vectors -- FILE_OR_FOLDER [--prove]');
  }
  const prove = args.includes('--prove');
  const { lines, passed, failed } = await runVectors(
    await loadCases(path),
    EVALUATORS,
    prove ? circuitVerdict : undefined,
  );
  for (const line of lines) console.log(line);
  console.log(`${passed} passed, ${failed} failed`);
  return failed === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof SolvencyError)) throw error;
  console.error(`${error.code}: ${error.message}`);
  process.exitCode = error.exitCode;
}
