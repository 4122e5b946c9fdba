import type { Command } from 'commander';
import type { Holdings } from '../../../account/account.js';
import { SolvencyError } from '../../../errors.js';
import type { RiskTable } from '../../../risk/riskTable.js';
import { diffAccount } from '../../../snapshot/diff/diffAccount.js';
import { diffSnapshots } from '../../../snapshot/diff/diffSnapshots.js';
import { describeAccountDiff, describeDiff } from '../../describeDiff.js';
import { readTable } from '../../input.js';
import { print } from '../../output.js';
import { readHoldings } from '../../readHoldings.js';

interface DiffOptions {
  readonly before: string;
  readonly after: string;
  readonly account?: string;
  readonly json?: true;
}

/** `diff`: what changed between two snapshots, and for an account what that does to it. */
export function snapshotDiffCommand(group: Command): void {
  group
    .command('diff')
    .description('what changed between two snapshots of one venue')
    .requiredOption('--before <file>', 'the earlier snapshot')
    .requiredOption('--after <file>', 'the later one')
    .option('--account <file>', 'an account package, or a plain account: what the change does to it')
    .option('--json', 'print JSON, with every change')
    .action(async ({ before, after, account, json }: DiffOptions) => {
      const [from, to] = [await readTable(before), await readTable(after)];
      const { json: changes, lines } = describeDiff(diffSnapshots(from, to), from, to);
      if (account === undefined) return print({ json: changes, lines }, json === true);
      const holdings = await holdingsUnderEither(account, from, to);
      const own = describeAccountDiff(diffAccount(holdings, from, to), from.snapshot.registry.quote);
      print({ json: { ...changes, ...own.json }, lines: [...lines, '', ...own.lines] }, json === true);
    });
}

/** A package opens under the one registry that it was committed with: the later one, or the former. */
async function holdingsUnderEither(file: string, before: RiskTable, after: RiskTable): Promise<Holdings> {
  try {
    return await readHoldings(file, after.snapshot.registry);
  } catch (error) {
    if (!(error instanceof SolvencyError) || error.code !== 'MISMATCH') throw error;
    return readHoldings(file, before.snapshot.registry);
  }
}
