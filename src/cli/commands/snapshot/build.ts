import { type Command, Option } from 'commander';
import { SolvencyError } from '../../../errors.js';
import { writeFileAtomic } from '../../../files.js';
import { parseParameters } from '../../../formats/parameters.js';
import { parsePrices } from '../../../formats/prices.js';
import { parseJson } from '../../../formats/readFormat.js';
import { serializeSnapshot } from '../../../formats/snapshot.js';
import { buildRiskTable } from '../../../risk/riskTable.js';
import { buildSnapshot } from '../../../snapshot/build.js';
import type { Parameters } from '../../../snapshot/parameters.js';
import { binanceParameters } from '../../../venues/binance/parameters.js';
import { readText } from '../../input.js';
import { print } from '../../output.js';
import { describeTable } from './describeTable.js';

interface BuildOptions {
  readonly parameters?: string;
  readonly binanceBrackets?: string;
  readonly binanceHaircuts?: string;
  readonly prices: string;
  readonly claim: 'maintenance' | 'initial';
  readonly out: string;
  readonly json?: true;
}

/** `build`: a snapshot of venue parameters at given marks. */
export function snapshotBuildCommand(group: Command): void {
  group
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
      print(describeTable(table, options.out), options.json === true);
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
