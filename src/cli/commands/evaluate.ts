import type { Command } from 'commander';
import type { RiskTable } from '../../risk/riskTable.js';
import { describeEvaluation } from '../describeEvaluation.js';
import { readTable } from '../input.js';
import { print } from '../output.js';
import { readHoldings } from '../readHoldings.js';

/** `evaluate`: the account in plain figures, on the owner's screen. */
export function evaluateCommand(program: Command): void {
  program
    .command('evaluate')
    .description('equity, margins, ratio, leverage and liquidation prices of an account')
    .requiredOption('--account <file>', 'an account package, or a plain account')
    .requiredOption('--snapshot <files...>', 'one snapshot a claim: maintenance, initial, or both')
    .option('--json', 'print JSON')
    .action(async (options: { account: string; snapshot: readonly string[]; json?: true }) => {
      const tables = await Promise.all(options.snapshot.map(readTable));
      const holdings = await readHoldings(options.account, (tables[0] as RiskTable).snapshot.registry);
      print(describeEvaluation(holdings, tables), options.json === true);
    });
}
