import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadBinance } from '../scripts/demo/accounts.js';
import { commitAttestedBook } from '../src/attestation/commitAttestedBook.js';
import { openAttestedBook } from '../src/attestation/openAttestedBook.js';
import { type BatchTimes, proveBook } from '../src/attestation/proveBook.js';
import type { BookAccount } from '../src/book/bookAccount.js';
import { generateBook, generatedFiles } from '../src/book/generate.js';
import { takeIn } from '../src/book/intake/takeIn.js';
import { batchClasses, holds } from '../src/liabilities/batchClasses.js';
import { buildRiskTable } from '../src/risk/riskTable.js';
import { machine } from './machine.js';
import { markdownTable } from './markdown.js';

// `npx tsx bench/proving.ts [class]`: whole batches of real size, proven on one core each: what an account costs in
// core-seconds, and where they go. The class is 0 for the smallest accounts, and so on. Its keys have to be built first.
const root = resolve(import.meta.dirname, '..');
const classes = batchClasses('large');
const wanted = Number(process.argv[2] ?? 0);
const batchClass = classes[wanted];
if (batchClass === undefined) throw new Error(`there is no class ${wanted}`);
const BATCHES = 2;

const { snapshot } = (await loadBinance(root, 1_760_000_000, 'prices.json')).maintenance;
const table = buildRiskTable(snapshot);
const folder = await mkdtemp(join(tmpdir(), 'zk-solvency-bench-'));
try {
  const csv = join(folder, 'csv');
  const most = { assets: batchClass.shape.balances, positions: batchClass.shape.positions };
  await generateBook(csv, { snapshot, accounts: 20_000, seed: 'proving', most });
  const smaller = classes[wanted - 1];
  const chosen: BookAccount[] = [];
  await takeIn({ files: generatedFiles(csv, snapshot), registry: snapshot.registry, most }, async ({ accounts }) => {
    for await (const account of accounts()) {
      if (chosen.length === BATCHES * batchClass.accounts) return;
      if (smaller === undefined || !holds(smaller, account.holdings)) chosen.push({ ...account, venueOwned: false });
    }
  });
  const book = join(folder, 'book');
  const accounts = async function* () {
    yield* chosen;
  };
  await commitAttestedBook(book, { accounts, table, size: 'large', time: snapshot.time });
  const opened = await openAttestedBook(book);
  const times: BatchTimes[] = [];
  const stop = new AbortController();
  await proveBook(
    { ...opened, artifacts: join(root, 'artifacts'), folder: join(folder, 'bundle') },
    {
      signal: stop.signal,
      onBatch(batch) {
        times.push(batch);
        if (times.length === BATCHES) stop.abort();
      },
    },
  ).catch((error: unknown) => {
    if (times.length < BATCHES) throw error;
  });
  opened.close();
  const mean = (of: (batch: BatchTimes) => number): number =>
    times.reduce((sum, batch) => sum + of(batch), 0) / times.length / 1000;
  const total = mean(({ inputMs, witnessMs, proveMs }) => inputMs + witnessMs + proveMs);
  const { circuit } = batchClass;
  console.log(`${machine()}\n`);
  console.log(
    markdownTable(
      ['circuit', 'constraints', 'accounts', 'input', 'witness', 'proof', 'core-seconds an account'],
      [
        [
          circuit.name,
          circuit.r1cs.constraints.toLocaleString('en'),
          String(batchClass.accounts),
          ...[mean(({ inputMs }) => inputMs), mean(({ witnessMs }) => witnessMs), mean(({ proveMs }) => proveMs)].map(
            (value) => `${value.toFixed(1)} s`,
          ),
          (total / batchClass.accounts).toFixed(2),
        ],
      ],
    ),
  );
} finally {
  await rm(folder, { recursive: true });
}
