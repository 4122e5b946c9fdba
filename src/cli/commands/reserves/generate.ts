import type { Command } from 'commander';
import { generateBook } from '../../../book/generate.js';
import { SolvencyError } from '../../../errors.js';
import { MAX_ASSETS, MAX_POSITIONS } from '../../../protocol/constants.js';
import { readTable, wholeNumber } from '../../input.js';
import { cancelOnInterrupt } from '../../interrupt.js';
import { snapshotOption } from '../../options.js';
import { print } from '../../output.js';

interface GenerateOptions {
  readonly snapshot: string;
  readonly accounts: string;
  readonly seed: string;
  readonly assets: string;
  readonly positions: string;
  readonly out: string;
  readonly json?: true;
}

/** `generate`: a made-up book, for trying out and measuring. */
export function reservesGenerateCommand(group: Command): void {
  group
    .command('generate')
    .description('make up a book of accounts and write its CSV files')
    .addOption(snapshotOption())
    .requiredOption('--accounts <number>', 'how many customers')
    .option('--seed <text>', 'the same seed gives the same files', 'zk-solvency')
    .option('--assets <number>', 'assets of the largest accounts', '16')
    .option('--positions <number>', 'positions of the largest accounts', `${MAX_POSITIONS}`)
    .requiredOption('--out <folder>', 'the folder to be made')
    .option('--json', 'print JSON')
    .action(async (options: GenerateOptions) => {
      const { snapshot } = await readTable(options.snapshot);
      const accounts = await generateBook(options.out, {
        snapshot,
        accounts: count('--accounts', options.accounts, 2 ** 27),
        seed: options.seed,
        most: {
          assets: count('--assets', options.assets, MAX_ASSETS),
          positions: count('--positions', options.positions, MAX_POSITIONS),
        },
        signal: cancelOnInterrupt(),
      });
      print(
        {
          json: { out: options.out, accounts },
          lines: [`${accounts} accounts, the venue's own included, are in ${options.out}. They are made up.`],
        },
        options.json === true,
      );
    });
}

function count(flag: string, text: string, most: number): number {
  const value = wholeNumber(flag, text);
  if (value >= 1n && value <= BigInt(most)) return Number(value);
  throw new SolvencyError('OUT_OF_RANGE', `${flag} must be from 1 to ${most}.`, { details: { flag } });
}
