import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { assess } from '../src/backtest/assessment.js';
import { MARGIN_RULES } from '../src/backtest/marginRule.js';
import { positionOf } from '../src/backtest/position.js';
import { coverageTable, procyclicalityTable } from '../src/backtest/report/markdown.js';
import type { BacktestReport } from '../src/backtest/report/report.js';
import { reportFiles } from '../src/backtest/report/reportFiles.js';
import { rollingBacktest, spanOf } from '../src/backtest/rolling.js';
import { writeFileAtomic } from '../src/files.js';
import { parseHistory, serializeHistory } from '../src/formats/history.js';
import { sp500 } from '../test/backtest/sp500.js';
import { rejectionTable } from './kupiecPower.js';
import { replaceSection } from './markdown.js';

// `npx tsx bench/backtest.ts` prints the tables of docs/backtest.md; with --write it puts them and the pictures there.
const root = resolve(import.meta.dirname, '..');
const PICTURES = [
  'requirements.svg',
  'procyclicality.svg',
  'requirement-historical-var.svg',
  'requirement-dynamic.svg',
];

const record = parseHistory(serializeHistory(await sp500()), 'vega-datasets');

function reportOf(weight: number, horizonSteps: number): BacktestReport {
  const terms = { confidencePpm: 990_000, window: 500, horizonSteps };
  const position = positionOf([record.history], [weight]);
  const span = spanOf(position, MARGIN_RULES, terms);
  const assessments = MARGIN_RULES.map((rule) => assess(rule, rollingBacktest(position, rule, terms, span), terms));
  return { records: [record], weights: [weight], terms, assessments };
}

const long = reportOf(1, 1);
const sections = new Map([
  ['coverage', coverageTable(long)],
  ['procyclicality', procyclicalityTable(long)],
  ['short', coverageTable(reportOf(-1, 1))],
  ['five-days', coverageTable(reportOf(1, 5))],
  ['power', rejectionTable()],
]);
for (const [name, table] of sections) console.log(`${name}\n${table}\n`);

if (process.argv.includes('--write')) {
  const path = join(root, 'docs/backtest.md');
  const document = [...sections].reduce(
    (text, [name, table]) => replaceSection(text, name, table),
    await readFile(path, 'utf8'),
  );
  await writeFileAtomic(path, document);
  await mkdir(join(root, 'docs/pictures'), { recursive: true });
  for (const [name, text] of await reportFiles(long)) {
    if (PICTURES.includes(name)) await writeFileAtomic(join(root, `docs/pictures/backtest-${name}`), text);
  }
}
