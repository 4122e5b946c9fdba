import { mkdir } from 'node:fs/promises';
import type { Command } from 'commander';
import { openAttestedBook } from '../../../attestation/openAttestedBook.js';
import { type ProvingProgress, proveBook } from '../../../attestation/proveBook.js';
import { describeKeys } from '../../describeKeys.js';
import { cancelOnInterrupt } from '../../interrupt.js';
import * as options from '../../options.js';
import { print, startProgress } from '../../output.js';

interface ProveOptions {
  readonly book: string;
  readonly artifacts: string;
  readonly out: string;
  readonly json?: true;
}

/** `reserves prove`: proves every batch of a committed book, and goes on where an earlier run ended. */
export function reservesProveCommand(group: Command): void {
  group
    .command('prove')
    .description('prove every batch of a committed book; run it again to go on after an interruption')
    .requiredOption('--book <folder>', 'the committed book')
    .addOption(options.artifactsOption())
    .requiredOption('--out <folder>', 'the bundle that the proofs are written to')
    .option('--json', 'print JSON')
    .action(async (given: ProveOptions) => {
      const { book, plan, table, close } = await openAttestedBook(given.book);
      const progress = startProgress();
      let last: ProvingProgress | undefined;
      try {
        await mkdir(given.out, { recursive: true });
        const keys = await describeKeys(
          given.artifacts,
          plan.tables.map(({ circuit }) => circuit),
        );
        const { statesAfter } = await proveBook(
          { book, plan, table, artifacts: given.artifacts, folder: given.out },
          {
            signal: cancelOnInterrupt(),
            onProgress(at) {
              last = at;
              progress.step(inWords(at));
            },
          },
        );
        progress.stop();
        print(
          {
            json: { bundle: given.out, batches: statesAfter.length, provenNow: last?.proven ?? 0, ...keys.json },
            lines: [
              `All ${statesAfter.length} batches are proven and verified, ${last?.proven ?? 0} of them in this run.`,
              ...keys.lines,
              `Next: zk-solvency reserves attest --book ${given.book} --bundle ${given.out} ...`,
            ],
          },
          given.json === true,
        );
      } finally {
        progress.stop();
        close();
      }
    });
}

const inWords = ({ done, total, perMinute, secondsLeft }: ProvingProgress): string =>
  secondsLeft === undefined
    ? `batch ${done} of ${total}, proven earlier`
    : `batch ${done} of ${total}, ${perMinute.toFixed(1)} a minute, ${timeLeft(secondsLeft)} left`;

function timeLeft(seconds: number): string {
  if (seconds < 90) return `${Math.ceil(seconds)} s`;
  return seconds < 5400 ? `${Math.ceil(seconds / 60)} min` : `${(seconds / 3600).toFixed(1)} h`;
}
