import type { Command } from 'commander';
import { contribute } from '../../../ceremony/contribute.js';
import type { Ceremony } from '../../../ceremony/transcript.js';
import { cancelOnInterrupt } from '../../interrupt.js';
import { print, startProgress } from '../../output.js';
import { hashLines } from './describeCeremony.js';
import { readWords } from './readWords.js';

interface ContributeOptions {
  readonly name: string;
  readonly words?: string | true;
  readonly json?: true;
}

/** `ceremony contribute`: adds a secret that is gone afterwards. */
export function ceremonyContributeCommand(group: Command): void {
  group
    .command('contribute <folder>')
    .description('add a contribution to the newest key of a ceremony')
    .requiredOption('--name <name>', 'who you are, as the record shall say it')
    .option('--words [file]', 'mix words or dice rolls of your own into the randomness; asked for without a file')
    .option('--json', 'print JSON')
    .action(async (folder: string, given: ContributeOptions) => {
      const words = given.words === undefined ? Buffer.alloc(0) : await readWords(given.words);
      const progress = startProgress();
      try {
        const ceremony = await contribute(
          folder,
          { name: given.name, words },
          { signal: cancelOnInterrupt(), onProgress: (step) => progress.step(step) },
        );
        progress.stop();
        const { index, hash, after } = ceremony.contributions.at(-1) as Ceremony['contributions'][number];
        print(
          {
            json: { folder, circuit: ceremony.circuit, index, name: given.name, hash, key: after },
            lines: [
              `Contribution ${index} to the ceremony of ${ceremony.circuit}. Publish its hash where people know you:`,
              ...hashLines(hash),
              `The secret was in a process of its own and is gone. Hand on ${folder}/ceremony.json and key-${index}.zkey.`,
            ],
          },
          given.json === true,
        );
      } finally {
        words.fill(0);
        progress.stop();
      }
    });
}
