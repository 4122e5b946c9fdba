import { dirname, resolve } from 'node:path';
import type { Command } from 'commander';
import { Option } from 'commander';
import { commitAttestedBook } from '../../../attestation/commitAttestedBook.js';
import { takeIn } from '../../../book/intake/takeIn.js';
import { BATCH_SIZES, type BatchSize, batchClasses } from '../../../liabilities/batchClasses.js';
import { formatAmount } from '../../../numbers/decimal.js';
import { VALUE_DECIMALS } from '../../../protocol/constants.js';
import { readTable, seconds } from '../../input.js';
import { cancelOnInterrupt } from '../../interrupt.js';
import * as options from '../../options.js';
import { print, startProgress } from '../../output.js';

interface CommitOptions {
  readonly balances: string;
  readonly positions?: string;
  readonly owners?: string;
  readonly venueAccounts?: string;
  readonly assetTotals?: string;
  readonly instrumentTotals?: string;
  readonly debts?: true;
  readonly snapshot: string;
  readonly time?: string;
  readonly batches: BatchSize;
  readonly out: string;
  readonly json?: true;
}

/** `reserves commit`: takes in a book from CSV files, values it, and commits it to an account root. */
export function reservesCommitCommand(group: Command): void {
  group
    .command('commit')
    .description('take in a book of accounts from CSV files and commit it to an account root')
    .requiredOption('--balances <file>', 'CSV of balances: account, asset, amount')
    .option('--positions <file>', 'CSV of positions: account, instrument, size, cost or entry_price')
    .option('--owners <file>', 'CSV of owner commitments: account, owner_commitment')
    .option('--venue-accounts <file>', "CSV of the venue's own accounts: account")
    .option('--asset-totals <file>', 'CSV of control totals: asset, positive, negative')
    .option('--instrument-totals <file>', 'CSV of control totals: instrument, long, short, cost')
    .option('--debts', 'take negative balances in a book without positions')
    .addOption(options.snapshotOption())
    .option('--time <seconds>', "when the accounts stood so, seconds since 1970; the snapshot's time unless told")
    .addOption(
      new Option('--batches <size>', 'small ones prove in seconds, large ones cost least an account')
        .choices(BATCH_SIZES)
        .default('large'),
    )
    .requiredOption('--out <folder>', 'where the committed book is written; private')
    .option('--json', 'print JSON')
    .action(async (given: CommitOptions) => {
      const signal = cancelOnInterrupt();
      const table = await readTable(given.snapshot);
      const time = given.time === undefined ? table.snapshot.time : seconds('--time', given.time);
      const largest = batchClasses(given.batches).at(-1)?.shape;
      const progress = startProgress();
      try {
        progress.step('taking the accounts in');
        await takeIn(
          {
            files: {
              balances: given.balances,
              ...(given.positions === undefined ? {} : { positions: given.positions }),
              ...(given.owners === undefined ? {} : { owners: given.owners }),
              ...(given.venueAccounts === undefined ? {} : { venueAccounts: given.venueAccounts }),
              ...(given.assetTotals === undefined ? {} : { assetTotals: given.assetTotals }),
              ...(given.instrumentTotals === undefined ? {} : { instrumentTotals: given.instrumentTotals }),
            },
            registry: table.snapshot.registry,
            most: { assets: largest?.balances ?? 0, positions: largest?.positions ?? 0 },
            ...(given.debts === undefined ? {} : { debts: true }),
            workFolder: dirname(resolve(given.out)),
            signal,
          },
          async ({ counts, accounts }) => {
            progress.step('valuing and committing them');
            const { plan, totals } = await commitAttestedBook(given.out, {
              accounts,
              table,
              size: given.batches,
              time,
              signal,
            });
            progress.stop();
            const { customers, venue } = totals;
            const value = (amount: bigint) =>
              `${formatAmount(amount, VALUE_DECIMALS)} ${table.snapshot.registry.quote}`;
            print(
              {
                json: {
                  folder: given.out,
                  accountRoot: plan.claimed.accountRoot,
                  accounts: counts,
                  owed: customers.owed,
                  deficits: customers.deficits,
                  tables: plan.tables.length,
                },
                lines: [
                  `Committed ${counts.accounts} accounts to ${given.out}: keep this folder private.`,
                  `account root  ${plan.claimed.accountRoot}`,
                  `customers     ${customers.accounts}, of them with standing ${customers.standing}; owed ${value(customers.owed)}, deficits ${value(customers.deficits)}`,
                  `venue’s own   ${venue.accounts}`,
                  `not provable  ${counts.notProvable} without an owner commitment`,
                  `Next: zk-solvency reserves prove --book ${given.out} --out <bundle>`,
                ],
              },
              given.json === true,
            );
          },
        );
      } finally {
        progress.stop();
      }
    });
}
