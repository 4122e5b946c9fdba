import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadBinance } from '../scripts/demo/accounts.js';
import { plannedBatches } from '../src/attestation/bookPlan.js';
import { BOOK_FILES, commitAttestedBook } from '../src/attestation/commitAttestedBook.js';
import { generateBook, generatedFiles } from '../src/book/generate.js';
import { writeInclusionFiles } from '../src/book/inclusion.js';
import { takeIn } from '../src/book/intake/takeIn.js';
import { openBook } from '../src/book/store.js';
import { batchClasses } from '../src/liabilities/batchClasses.js';
import { bookParameters } from '../src/liabilities/bookParameters.js';
import { buildRiskTable } from '../src/risk/riskTable.js';
import type { TieredSnapshot } from '../src/snapshot/snapshot.js';
import { machine } from './machine.js';
import { markdownTable } from './markdown.js';

// `npx tsx bench/book.ts [accounts] [folder]`: a made-up book of so many accounts taken in, committed, and its inclusion
// files written. Limit the memory with `node --max-old-space-size=... --import tsx bench/book.ts`.
const accounts = Number(process.argv[2] ?? 100_000);
const root = resolve(import.meta.dirname, '..');
const { snapshot } = (await loadBinance(root, 1_760_000_000, 'prices.json')).maintenance;
const table = buildRiskTable(snapshot);
const parameters = bookParameters(table);
const largest = batchClasses('large').at(-1)?.shape;
const most = { assets: largest?.balances ?? 0, positions: largest?.positions ?? 0 };
const folder = await mkdtemp(join(process.argv[3] ?? tmpdir(), 'zk-solvency-bench-'));

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
const rows: string[][] = [];
async function measured<T>(what: string, run: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const before = process.cpuUsage();
  const result = await run();
  const { user, system } = process.cpuUsage(before);
  const peak = process.resourceUsage().maxRSS / 1024;
  const wall = (performance.now() - start) / 1000;
  rows.push([what, `${wall.toFixed(1)} s`, `${((user + system) / 1e6).toFixed(1)} s`, `${peak.toFixed(0)} MiB`]);
  return result;
}

try {
  const csv = join(folder, 'csv');
  await measured('generate', () => generateBook(csv, { snapshot, accounts, seed: 'bench', most }));
  const input = { files: generatedFiles(csv, snapshot), registry: snapshot.registry, most, workFolder: folder };
  const made = join(folder, 'book');
  // the first one ends when the last row was checked
  await measured('take in', () => takeIn(input, async () => undefined));
  const { plan } = await takeIn(input, (intake) =>
    measured('value, plan tables and commit', () =>
      commitAttestedBook(made, { accounts: intake.accounts, table, size: 'large', time: snapshot.time }),
    ),
  );
  const book = await openBook(join(made, BOOK_FILES.store));
  await measured('inclusion files', () => writeInclusionFiles(book, snapshot.registry, join(folder, 'inclusion')));
  const { counts } = book;
  book.close();
  console.log(`${machine()}\n`);
  console.log(`${counts.accounts} accounts, ${counts.balances} balances, ${counts.positions} positions\n`);
  const { instruments, assets } = snapshot as TieredSnapshot;
  const published = [sum(instruments.map(({ tiers }) => tiers.length)), sum(assets.map(({ ladder }) => ladder.length))];
  const inBook = [parameters.instruments, parameters.assets].map((things) =>
    sum([...things.values()].map((thing) => thing.rows.length)),
  );
  console.log(
    `margin tiers and haircut steps: ${published.join(' and ')} published, ${inBook.join(' and ')} in a book\n`,
  );
  console.log(markdownTable(['step', 'wall', 'CPU', 'peak memory so far'], rows));
  const classes = [...new Set(plan.tables.map(({ circuit }) => circuit))].map((circuit) => {
    const regions = plan.regions.filter(({ table: index }) => plan.tables[index]?.circuit === circuit);
    const held = regions.map(({ count }) => count);
    const batches = plannedBatches({ ...plan, regions }).length;
    return [circuit, held.reduce((sum, count) => sum + count, 0), regions.length, Math.max(...held), batches].map(
      String,
    );
  });
  const head = ['circuit', 'accounts', 'regions of a table', 'accounts of the largest', 'batches'];
  console.log(`\n${markdownTable(head, classes)}`);
} finally {
  await rm(folder, { recursive: true });
}
