import { type Command, Option } from 'commander';
import { SolvencyError } from '../../errors.js';
import { writeFileAtomic } from '../../files.js';
import { parseParameters } from '../../formats/parameters.js';
import { parsePrices } from '../../formats/prices.js';
import { parseJson } from '../../formats/readFormat.js';
import { serializeSnapshot } from '../../formats/snapshot.js';
import { buildRiskTable, type RiskTable } from '../../risk/riskTable.js';
import { buildSnapshot } from '../../snapshot/build.js';
import { deriveSnapshot } from '../../snapshot/derive.js';
import type { Parameters } from '../../snapshot/parameters.js';
import { binanceParameters } from '../../venues/binance/parameters.js';
import { type DerivationOptions, derivationLines, derivationsOf, withDerivationOptions } from '../derivations.js';
import { readTable, readText } from '../input.js';
import { print, type Report } from '../output.js';

interface BuildOptions {
  readonly parameters?: string;
  readonly binanceBrackets?: string;
  readonly binanceHaircuts?: string;
  readonly prices: string;
  readonly claim: 'maintenance' | 'initial';
  readonly out: string;
  readonly json?: true;
}

interface DeriveOptions extends DerivationOptions {
  readonly snapshot: string;
  readonly out: string;
  readonly json?: true;
}

/** `snapshot build`, `snapshot derive` and `snapshot check`. */
export function snapshotCommand(program: Command): void {
  const snapshot = program.command('snapshot').description('public risk parameters at one time');

  snapshot
    .command('build')
    .description('make a snapshot of one claim from venue parameters and mark prices')
    .option('--parameters <file>', 'parameters in this software’s format')
    .option('--binance-brackets <file>', 'or: Binance leverage brackets, JSON by symbol')
    .option('--binance-haircuts <file>', 'and its collateral ladders, CSV')
    .requiredOption('--prices <file>', 'mark prices')
    .addOption(
      new Option('--claim <claim>', 'the margin that a proof under it shows')
        .choices(['maintenance', 'initial'])
        .default('maintenance'),
    )
    .requiredOption('--out <file>', 'where the snapshot is written')
    .option('--json', 'print JSON')
    .action(async (options: BuildOptions) => {
      const parameters = await readParameters(options);
      const prices = parsePrices(await readText(options.prices), options.prices, parameters.registry);
      const built = buildSnapshot(parameters, prices, options.claim);
      const table = buildRiskTable(built);
      await writeFileAtomic(options.out, serializeSnapshot(built));
      print(describe(table, options.out), options.json === true);
    });

  withDerivationOptions(
    snapshot
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
      const { json, lines } = describe(table, given.out);
      const derived = derivationLines(table.snapshot.model.claim, base.riskRoot, table.riskRoot);
      print(
        { json: { ...json, baseRoot: base.riskRoot }, lines: [...lines.slice(0, -1), ...derived] },
        given.json === true,
      );
    });

  snapshot
    .command('check')
    .description('validate a snapshot and print its risk root')
    .requiredOption('--snapshot <file>', 'the snapshot')
    .option('--json', 'print JSON')
    .action(async (options: { snapshot: string; json?: true }) => {
      print(describe(await readTable(options.snapshot), options.snapshot), options.json === true);
    });
}

async function readParameters(options: BuildOptions): Promise<Parameters> {
  const { parameters, binanceBrackets, binanceHaircuts } = options;
  if (parameters !== undefined && binanceBrackets === undefined && binanceHaircuts === undefined) {
    return parseParameters(await readText(parameters), parameters);
  }
  if (parameters === undefined && binanceBrackets !== undefined && binanceHaircuts !== undefined) {
    return binanceParameters({
      brackets: parseJson(await readText(binanceBrackets), binanceBrackets),
      haircuts: await readText(binanceHaircuts),
    });
  }
  throw new SolvencyError('INVALID_INPUT', 'Give either --parameters, or --binance-brackets with --binance-haircuts.');
}

function describe({ snapshot, rows, riskRoot, opening }: RiskTable, file: string): Report {
  const { registry, model, time } = snapshot;
  return {
    json: {
      snapshot: file,
      venue: registry.venue,
      claim: model.claim,
      time,
      assets: snapshot.assets.length,
      instruments: snapshot.instruments.length,
      rows: rows.length,
      roundings: snapshot.roundings.length,
      riskRoot,
      registryHash: opening.registryHash,
      modelHash: opening.modelHash,
    },
    lines: [
      `${file}: ${registry.venue}, claim ${model.claim}, ${new Date(time * 1000).toISOString()}`,
      `${snapshot.assets.length} assets and ${snapshot.instruments.length} instruments in ${rows.length} table rows`,
      `${snapshot.roundings.length} figures rounded`,
      `risk root ${riskRoot}`,
    ],
  };
}
