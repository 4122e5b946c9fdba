import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSnapshot, serializeSnapshot } from '../src/formats/snapshot.js';
import { rational } from '../src/numbers/rational.js';
import { buildPortfolio } from '../src/portfolio/buildPortfolio.js';
import { buildRiskTable } from '../src/risk/riskTable.js';
import type { RegistryEntry } from '../src/snapshot/registry.js';
import {
  DERIBIT_EXTENDED_MOVES,
  type DeribitExpiry,
  deribitParameters,
} from '../src/venues/deribit/deribitParameters.js';
import type { GridMarket, OptionContract } from '../src/venues/grid/gridMarket.js';
import { machine } from './machine.js';
import { markdownTable, replaceSection } from './markdown.js';

// `npx tsx bench/snapshot.ts [strikes] [--write]`: a made-up options market under a grid of 32 scenarios, from its marks to
// a snapshot file, and in a second process from that file to the root.
const UNDERLYINGS = ['BTC', 'ETH', 'SOL', 'XRP'];
const DAYS = [1n, 3n, 7n, 30n, 60n, 90n, 180n, 365n];
const ROOT = resolve(import.meta.dirname, '..');

interface Measured {
  readonly what: string;
  readonly wall: number;
  readonly cpu: number;
}

function measured<T>(steps: Measured[], what: string, run: () => T): T {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const result = run();
  const { user, system } = process.cpuUsage(before);
  steps.push({ what, wall: (performance.now() - start) / 1000, cpu: (user + system) / 1e6 });
  return result;
}

const PLAIN = { charge: rational(1n, 100n), nakedCharge: rational(1n, 2n), amountDecimals: 6 } as const;

/** Options at odd strikes around a forward, each with a volatility of its own, as a smile has. */
function market(strikes: number): GridMarket<DeribitExpiry> {
  const entries: RegistryEntry[] = UNDERLYINGS.map((symbol, index) => ({
    id: index + 1,
    symbol: `${symbol}-COIN`,
    kind: 'asset',
    amountDecimals: 6,
  }));
  const list = (symbol: string, kind: RegistryEntry['kind']): number => {
    const id = entries.length + 1;
    entries.push({ id, symbol, kind, settleAsset: 1, amountDecimals: PLAIN.amountDecimals });
    return id;
  };
  const underlyings = UNDERLYINGS.map((name, u) => {
    const spot = rational(BigInt([97_531, 3_517, 187, 2][u] as number));
    const dated = DAYS.map((days): DeribitExpiry => {
      const forward = rational(spot.num * (10_000n + days), 10_000n);
      const options = Array.from({ length: strikes }, (_, k): readonly OptionContract[] => {
        const strike = rational(spot.num * BigInt(40 * strikes + 160 * k + 7), BigInt(100 * strikes));
        const volatility = rational(BigInt(4_000 + 37 * u + 13 * Math.abs(2 * k - strikes)) + days, 10_000n);
        return [true, false].map((isCall) => ({
          kind: 'option',
          instrumentId: list(`${name}-${days}D-${k}-${isCall ? 'C' : 'P'}`, 'option'),
          strike,
          isCall,
          volatility,
        }));
      }).flat();
      return {
        ...PLAIN,
        name: `${name}-${days}D`,
        perpetual: false,
        forward,
        secondsToExpiry: 86_400n * days,
        discount: rational(1n),
        contracts: [...options, { kind: 'forward', instrumentId: list(`${name}-${days}D-F`, 'future') }],
      };
    });
    const perpetual: DeribitExpiry = {
      ...PLAIN,
      name: `${name}-PERP`,
      perpetual: true,
      forward: spot,
      secondsToExpiry: 0n,
      discount: rational(1n),
      contracts: [{ kind: 'forward', instrumentId: list(`${name}-PERP`, 'perpetual') }],
    };
    return { name, expiries: [...dated, perpetual] };
  });
  return {
    registry: { venue: 'made-up-options', version: 1, quote: 'USD', entries },
    claim: 'maintenance',
    time: 1_760_000_000,
    haircutRule: 'marginal',
    assets: UNDERLYINGS.map((_, index) => ({
      assetId: index + 1,
      price: rational(1n),
      ladder: [{ valueCap: null, factor: rational(1n) }],
      underlying: null,
    })),
    underlyings,
  };
}

const GRID = {
  maxMove: rational(16n, 100n),
  buckets: 9,
  volatility: {
    rangeUp: rational(45n, 100n),
    rangeDown: rational(30n, 100n),
    shortTermPower: rational(30n, 100n),
    longTermPower: rational(13n, 100n),
    floor: 86_400n,
    leastUp: rational(0n),
  },
  extended: DERIBIT_EXTENDED_MOVES.map((move) => ({ move, fraction: rational(3n, 10n) })),
  factor: rational(1n),
  placement: 'stricter',
} as const;

interface Checked {
  readonly steps: readonly Measured[];
  readonly rows: number;
  readonly root: string;
}

async function check(file: string): Promise<Checked> {
  const steps: Measured[] = [];
  const text = await readFile(file, 'utf8');
  const snapshot = measured(steps, 'second process: parse and validate the file', () => parseSnapshot(text, file));
  const table = measured(steps, 'second process: recompute the root', () => buildRiskTable(snapshot));
  return { steps, rows: table.rows.length, root: table.riskRoot.toString() };
}

async function bench(strikes: number): Promise<string> {
  const steps: Measured[] = [];
  const parameters = measured(steps, 'value every contract in every scenario', () =>
    deribitParameters(market(strikes), GRID),
  );
  const snapshot = measured(steps, 'round, validate and hash the rows', () => buildPortfolio(parameters));
  const text = measured(steps, 'serialize', () => serializeSnapshot(snapshot));
  const root = measured(steps, 'root of the built snapshot', () => buildRiskTable(snapshot)).riskRoot.toString();
  const folder = await mkdtemp(join(tmpdir(), 'zk-solvency-bench-'));
  try {
    const file = join(folder, 'snapshot.json');
    await writeFile(file, text);
    const other = execFileSync(process.execPath, ['--import', 'tsx', fileURLToPath(import.meta.url), '--check', file], {
      cwd: ROOT,
      encoding: 'utf8',
    });
    const checked = JSON.parse(other) as Checked;
    if (checked.root !== root) throw new Error('the second process has another root');
    const options = parameters.instruments.filter(({ values }) => values.some(({ error }) => error.num > 0n)).length;
    const scenarios = parameters.scenarios.length + parameters.absoluteScenarios.length;
    const digest = createHash('sha256').update(text).digest('hex');
    const total = (what: string, list: readonly Measured[]): Measured => ({
      what,
      wall: list.reduce((sum, { wall }) => sum + wall, 0),
      cpu: list.reduce((sum, { cpu }) => sum + cpu, 0),
    });
    const line = ({ what, wall, cpu }: Measured) => [what, `${wall.toFixed(1)} s`, `${cpu.toFixed(1)} s`];
    return [
      `\`npx tsx bench/snapshot.ts\`, ${machine()}`,
      '',
      `${checked.rows} rows: ${options} options, ${snapshot.expiries.length} expiries, ${scenarios} scenarios; file of ${(text.length / 2 ** 20).toFixed(1)} MiB, SHA-256 ${digest.slice(0, 16)}..., root ${root.slice(0, 16)}...`,
      '',
      markdownTable(
        ['step', 'wall', 'CPU'],
        [...steps, total('**built**', steps), ...checked.steps, total('**checked**', checked.steps)].map(line),
      ),
    ].join('\n');
  } finally {
    await rm(folder, { recursive: true });
  }
}

const args = process.argv.slice(2);
if (args[0] === '--check') {
  console.log(JSON.stringify(await check(args[1] as string)));
} else {
  const section = await bench(Number(args.find((arg) => /^\d+$/.test(arg)) ?? 61));
  console.log(section);
  if (args.includes('--write')) {
    const page = join(ROOT, 'docs/benchmarks.md');
    await writeFile(page, replaceSection(await readFile(page, 'utf8'), 'snapshot', section));
  }
}
