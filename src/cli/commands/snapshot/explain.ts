import type { Command } from 'commander';
import { SolvencyError } from '../../../errors.js';
import { explainOnly, explainSnapshot } from '../../../snapshot/explain/explainSnapshot.js';
import { describeExplanation } from '../../describeExplanation.js';
import { readTable } from '../../input.js';
import { snapshotOption } from '../../options.js';
import { print } from '../../output.js';

interface ExplainOptions {
  readonly snapshot: string;
  readonly instrument?: string;
  readonly asset?: string;
  readonly json?: true;
}

/** `explain`: what every figure of a snapshot is, and where it came from. */
export function snapshotExplainCommand(group: Command): void {
  group
    .command('explain')
    .description('say in words what each figure is, where it came from, what was rounded, and what the root binds')
    .addOption(snapshotOption())
    .option('--instrument <symbol>', 'every figure of this instrument')
    .option('--asset <symbol>', 'or of this asset')
    .option('--json', 'print JSON, with every figure')
    .action(async ({ snapshot: file, instrument, asset, json }: ExplainOptions) => {
      if (instrument !== undefined && asset !== undefined) {
        throw new SolvencyError('INVALID_INPUT', 'Give either --instrument or --asset, or neither.');
      }
      const table = await readTable(file);
      const whole = explainSnapshot(table);
      const symbol = instrument ?? asset;
      const kind = asset === undefined ? 'instrument' : 'asset';
      const explanation = symbol === undefined ? whole : explainOnly(whole, kind, symbol);
      print(describeExplanation(table, explanation, { whole: symbol === undefined }), json === true);
    });
}
