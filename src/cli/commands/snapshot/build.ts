import { type Command, Option } from 'commander';
import { buildEngineSnapshot } from '../../../engine/snapshot/buildEngineSnapshot.js';
import { SolvencyError } from '../../../errors.js';
import { requireWritable, writeFileAtomic } from '../../../files.js';
import { parseEngineModel } from '../../../formats/engineModel.js';
import { parseHistory } from '../../../formats/history.js';
import { parseMarket } from '../../../formats/market.js';
import { parseParameters } from '../../../formats/parameters.js';
import { parsePrices } from '../../../formats/prices.js';
import { parseJson } from '../../../formats/readFormat.js';
import { serializeSnapshot } from '../../../formats/snapshot.js';
import { buildRiskTable } from '../../../risk/riskTable.js';
import { buildSnapshot } from '../../../snapshot/build.js';
import type { Parameters } from '../../../snapshot/parameters.js';
import type { Snapshot } from '../../../snapshot/snapshot.js';
import { binanceParameters } from '../../../venues/binance/parameters.js';
import { readText } from '../../input.js';
import { type Progress, print, startProgress } from '../../output.js';
import { describeTable } from './describeTable.js';

interface BuildOptions {
  readonly parameters?: string;
  readonly binanceBrackets?: string;
  readonly binanceHaircuts?: string;
  readonly prices?: string;
  readonly claim?: 'maintenance' | 'initial';
  readonly model?: string;
  readonly market?: string;
  readonly history?: readonly string[];
  readonly out: string;
  readonly json?: true;
}

/** `build`: a snapshot of venue parameters at given marks, or of market data by a model. */
export function snapshotBuildCommand(group: Command): void {
  group
    .command('build')
    .description('make a snapshot of one claim from venue parameters and mark prices, or from market data by a model')
    .option('--parameters <file>', 'parameters in this software’s format')
    .option('--binance-brackets <file>', 'or: Binance leverage brackets, JSON by symbol')
    .option('--binance-haircuts <file>', 'and its collateral ladders, CSV')
    .option('--prices <file>', 'mark prices, with parameters')
    .addOption(
      new Option('--claim <claim>', 'the margin that a proof under it shows: maintenance unless told').choices([
        'maintenance',
        'initial',
      ]),
    )
    .option('--model <file>', 'or: what to compute from market data')
    .option('--market <file>', 'and the market data')
    .option('--history <file...>', 'and price histories that they name, in any order')
    .requiredOption('--out <file>', 'where the snapshot is written')
    .option('--json', 'print JSON')
    .action(async (options: BuildOptions) => {
      await requireWritable(options.out);
      const progress = startProgress();
      try {
        const built = await snapshotOf(options, progress);
        const table = buildRiskTable(built);
        await writeFileAtomic(options.out, serializeSnapshot(built));
        progress.stop();
        print(describeTable(table, options.out), options.json === true);
      } finally {
        progress.stop();
      }
    });
}

function snapshotOf(options: BuildOptions, progress: Progress): Promise<Snapshot> {
  const { model, market, history, parameters, binanceBrackets, binanceHaircuts, prices, claim } = options;
  const fromMarket = [model, market, history].some((given) => given !== undefined);
  const fromVenue = [parameters, binanceBrackets, binanceHaircuts, prices, claim].some((given) => given !== undefined);
  if (fromMarket && !fromVenue && model !== undefined && market !== undefined) {
    return fromMarketData(model, market, history ?? [], progress);
  }
  if (!fromMarket && prices !== undefined) return fromVenueParameters(options, prices);
  throw new SolvencyError(
    'INVALID_INPUT',
    'Give either --model with --market and the histories that they name, or parameters with --prices. The model file states its claim.',
  );
}

async function fromMarketData(
  modelFile: string,
  marketFile: string,
  historyFiles: readonly string[],
  progress: Progress,
): Promise<Snapshot> {
  const model = parseEngineModel(await readText(modelFile), modelFile);
  const market = parseMarket(await readText(marketFile), marketFile);
  const histories = [];
  for (const file of historyFiles) histories.push(parseHistory(await readText(file), file).history);
  const built = buildEngineSnapshot(market, histories, model, (step, done) => progress.fraction(step, done));
  progress.step('hashing the table');
  return built;
}

async function fromVenueParameters(options: BuildOptions, pricesFile: string): Promise<Snapshot> {
  const parameters = await readParameters(options);
  const prices = parsePrices(await readText(pricesFile), pricesFile, parameters.registry);
  return buildSnapshot(parameters, prices, options.claim ?? 'maintenance');
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
