import type { Command } from 'commander';
import { SolvencyError } from '../../../errors.js';
import { writeFileAtomic } from '../../../files.js';
import { serializeSnapshot } from '../../../formats/snapshot.js';
import { buildRiskTable } from '../../../risk/riskTable.js';
import { deriveSnapshot } from '../../../snapshot/derive.js';
import { type DerivationOptions, derivationLines, derivationsOf, withDerivationOptions } from '../../derivations.js';
import { readTable } from '../../input.js';
import { print } from '../../output.js';
import { describeTable } from './describeTable.js';

interface DeriveOptions extends DerivationOptions {
  readonly snapshot: string;
  readonly out: string;
  readonly json?: true;
}

/** `derive`: the snapshot of a further claim. */
export function snapshotDeriveCommand(group: Command): void {
  withDerivationOptions(
    group
      .command('derive')
      .description('make the snapshot of a further claim: survival of a price change, a leverage, a scaled requirement')
      .requiredOption('--snapshot <file>', 'the snapshot to derive it from'),
  )
    .requiredOption('--out <file>', 'where the derived snapshot is written')
    .option('--json', 'print JSON')
    .action(async (given: DeriveOptions) => {
      const derivations = derivationsOf(given);
      if (derivations.length === 0) {
        throw new SolvencyError(
          'INVALID_INPUT',
          'Say what to derive: --leverage, --scale, --shock, or several of them.',
        );
      }
      const base = await readTable(given.snapshot);
      const table = buildRiskTable(derivations.reduce(deriveSnapshot, base.snapshot));
      await writeFileAtomic(given.out, serializeSnapshot(table.snapshot));
      const { json, lines } = describeTable(table, given.out);
      const derived = derivationLines(table.snapshot.model.claim, base.riskRoot, table.riskRoot);
      print(
        { json: { ...json, baseRoot: base.riskRoot }, lines: [...lines.slice(0, -1), ...derived] },
        given.json === true,
      );
    });
}
