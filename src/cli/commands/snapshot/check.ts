import type { Command } from 'commander';
import { readTable } from '../../input.js';
import { snapshotOption } from '../../options.js';
import { print } from '../../output.js';
import { describeTable } from './describeTable.js';

/** `check`: whether a snapshot is valid, and its root. */
export function snapshotCheckCommand(group: Command): void {
  group
    .command('check')
    .description('validate a snapshot and print its risk root')
    .addOption(snapshotOption())
    .option('--json', 'print JSON')
    .action(async ({ snapshot, json }: { readonly snapshot: string; readonly json?: true }) => {
      print(describeTable(await readTable(snapshot), snapshot), json === true);
    });
}
