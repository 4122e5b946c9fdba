import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { it } from 'vitest';

const FOLDER = resolve(import.meta.dirname, '../../build/fuzz');

/**
 * How often a property is tried. The ordinary suite takes its own small number and a fixed seed; FUZZ_RUNS sets the number
 * and draws a seed, and FUZZ_SEED sets that too, which is how a failure is run again.
 */
const { FUZZ_RUNS, FUZZ_SEED } = process.env;
export const isLong = FUZZ_RUNS !== undefined;
const seed = FUZZ_SEED === undefined ? (isLong ? Math.floor(Math.random() * 2 ** 31) : 17) : Number(FUZZ_SEED);
if (isLong) console.log(`fuzzing with FUZZ_RUNS=${FUZZ_RUNS} FUZZ_SEED=${seed}`);

/** 10,000 tries of a property that checks proofs take longer than any other test may. */
const TIMEOUT = isLong ? { timeout: 24 * 3_600_000 } : {};

/** The test of a property; where it fails, build/fuzz/<name>.json says with what, and how to run it again. */
export const fuzz = <Ts>(name: string, runs: number, property: fc.IAsyncProperty<Ts> | fc.IProperty<Ts>): void =>
  it(name, TIMEOUT, async () => {
    const numRuns = isLong ? Number(FUZZ_RUNS) : runs;
    const details = await fc.check(property as fc.IAsyncProperty<Ts>, { numRuns, seed });
    if (!details.failed) return;
    const { counterexample, counterexamplePath, errorInstance } = details;
    const again = `FUZZ_RUNS=${numRuns} FUZZ_SEED=${seed} npx vitest run test/fuzz -t '${name}'`;
    mkdirSync(FOLDER, { recursive: true });
    writeFileSync(
      join(FOLDER, `${name.replace(/[^a-z0-9]+/gi, '-')}.json`),
      JSON.stringify(
        { name, seed, numRuns, again, counterexamplePath, error: String(errorInstance), counterexample },
        null,
        2,
      ),
    );
    throw new Error(`run again with ${again}\n${errorInstance}\n${fc.defaultReportMessage(details as never)}`);
  });
