import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildEngineSnapshot } from '../src/engine/snapshot/buildEngineSnapshot.js';
import type { EngineModel } from '../src/engine/snapshot/engineModel.js';
import type { Market } from '../src/engine/snapshot/market.js';
import { parseEngineModel } from '../src/formats/engineModel.js';
import { parseHistory } from '../src/formats/history.js';
import { parseMarket } from '../src/formats/market.js';
import { rational } from '../src/numbers/rational.js';
import { buildRiskTable } from '../src/risk/riskTable.js';
import { machine } from './machine.js';

// `npx tsx bench/engine.ts` prints what docs/engine.md quotes: seconds to make a snapshot of 500 options in the 250 scenarios of
// the example of expected shortfall, and to hash its table.
const OPTIONS = 500;
const examples = join(import.meta.dirname, '../examples/engine');
const read = (name: string): Promise<string> => readFile(join(examples, name), 'utf8');

const base = parseMarket(await read('market.json'), 'market.json');
const model: EngineModel = parseEngineModel(await read('model-tail.json'), 'model-tail.json');
const histories = await Promise.all(
  ['history-btc.json', 'history-eth.json'].map(async (name) => parseHistory(await read(name), name).history),
);

/** Calls and puts of as many strikes, on the first option's underlying and expiry. */
function manyOptions(): Market {
  const first = base.instruments.find(({ contract }) => contract.kind === 'option');
  const entry = base.registry.entries.find(({ id }) => id === first?.instrumentId);
  if (first?.contract.kind !== 'option' || entry === undefined) throw new Error('the example has no option');
  const { contract } = first;
  const ids = Array.from({ length: OPTIONS }, (_, index) => 1_000 + index);
  return {
    ...base,
    registry: {
      ...base.registry,
      entries: [
        ...base.registry.entries.filter(({ kind }) => kind === 'asset'),
        ...ids.map((id) => ({ ...entry, id, symbol: `OPTION-${id}` })),
      ],
    },
    instruments: ids.map((instrumentId, index) => ({
      ...first,
      instrumentId,
      contract: { ...contract, isCall: index % 2 === 0, strike: rational(BigInt(50_000 + 200 * (index >> 1))) },
    })),
  };
}

const market = manyOptions();
const [start, cpu] = [performance.now(), process.cpuUsage()];
const { rows } = buildRiskTable(buildEngineSnapshot(market, histories, model));
const used = process.cpuUsage(cpu);
console.log(machine());
console.log(
  `${OPTIONS} options in 250 scenarios, ${rows.length} rows: ${((performance.now() - start) / 1000).toFixed(1)} s wall, ${((used.user + used.system) / 1e6).toFixed(1)} s CPU`,
);
