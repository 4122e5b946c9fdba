import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Assessment, assess } from '../../backtest/assessment.js';
import { MARGIN_RULES, type MarginRule } from '../../backtest/marginRule.js';
import { positionOf } from '../../backtest/position.js';
import { coverageTable } from '../../backtest/report/markdown.js';
import type { BacktestReport } from '../../backtest/report/report.js';
import { rollingBacktest, spanOf } from '../../backtest/rolling.js';
import type { BacktestTerms } from '../../backtest/terms.js';
import { makePrivateFolder } from '../../book/privateFolder.js';
import { SolvencyError } from '../../errors.js';
import { writeFileAtomic } from '../../files.js';
import { parseHistory } from '../../formats/history.js';
import { parseMarginRules } from '../../formats/marginRules.js';
import { readText } from '../input.js';
import { type Progress, print, startProgress } from '../output.js';

interface BacktestOptions {
  readonly history: readonly string[];
  readonly weights?: readonly string[];
  readonly model?: readonly string[];
  readonly confidence: string;
  readonly window: string;
  readonly horizon: string;
  readonly out: string;
  readonly json?: true;
}

const NAMES = MARGIN_RULES.map(({ name }) => name).join(', ');

/** `backtest`: would past requirements have covered past losses? */
export function backtestCommand(program: Command): void {
  program
    .command('backtest')
    .description('hold requirements made of past prices against the losses that followed')
    .requiredOption('--history <files...>', 'histories of prices, at the same times')
    .option('--weights <shares...>', 'share of the position in each, negative for a short; equal shares unless told')
    .option('--model <names...>', `margin rules: ${NAMES}, or a file of rules; all of these unless told`)
    .option('--confidence <percent>', 'chance that a requirement covers the loss', '99')
    .option('--window <moves>', 'past moves that a rule looks at', '500')
    .option('--horizon <steps>', 'steps until a position in default is closed', '1')
    .requiredOption('--out <folder>', 'where report.md, report.json and pictures are written; must not exist')
    .option('--json', 'print JSON')
    .action(async (options: BacktestOptions) => {
      const progress = startProgress();
      try {
        await backtest(options, progress);
      } finally {
        progress.stop();
      }
    });
}

async function backtest(options: BacktestOptions, progress: Progress): Promise<void> {
  const terms = termsOf(options);
  const records = await Promise.all(options.history.map(async (file) => parseHistory(await readText(file), file)));
  const weights = weightsOf(options.weights, records.length);
  const position = positionOf(
    records.map(({ history }) => history),
    weights,
  );
  const rules = await rulesOf(options.model ?? MARGIN_RULES.map(({ name }) => name));
  const span = spanOf(position, rules, terms);
  const report = await makePrivateFolder(options.out, async (folder) => {
    const assessments: Assessment[] = [];
    for (const rule of rules) {
      progress.step(`${rule.name}: one requirement a step`);
      assessments.push(assess(rule, rollingBacktest(position, rule, terms, span), terms));
    }
    progress.step('Pictures');
    const made = { records, weights, terms, assessments };
    await writeReport(made, folder);
    return made;
  });
  progress.stop();
  print(describe(report, options.out), options.json === true);
}

async function writeReport(report: BacktestReport, folder: string): Promise<void> {
  // the charts' library takes half a second to load, which no other command should pay
  const { reportFiles } = await import('../../backtest/report/reportFiles.js');
  for (const [name, text] of await reportFiles(report)) await writeFileAtomic(join(folder, name), text);
  // what is made of public prices is for everybody
  await chmod(folder, 0o755);
}

const describe = (report: BacktestReport, out: string) => ({
  json: {
    out,
    rules: report.assessments.map(({ rule, tested, breaches, conditional }) => ({
      name: rule.name,
      tested,
      breaches: breaches.length,
      pValue: conditional.pValue,
    })),
  },
  lines: [coverageTable(report), '', `The report is in ${join(out, 'report.md')}.`],
});

/** Names of rules and files of rules, in the order given; DUPLICATE when two have one name. */
async function rulesOf(given: readonly string[]): Promise<readonly MarginRule[]> {
  const rules: MarginRule[] = [];
  for (const word of given) {
    const known = MARGIN_RULES.find(({ name }) => name === word);
    rules.push(...(known === undefined ? parseMarginRules(await readRules(word), word) : [known]));
  }
  const names = rules.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice === undefined) return rules;
  throw new SolvencyError('DUPLICATE', `Two rules are named ${twice}. Rename one, or give it once.`, {
    details: { where: '--model' },
  });
}

async function readRules(word: string): Promise<string> {
  try {
    return await readText(word);
  } catch (cause) {
    // a file that is there and no text says so itself
    if (!(cause instanceof SolvencyError) || cause.code !== 'UNREADABLE') throw cause;
    throw new SolvencyError('UNREADABLE', `--model ${word} is no rule known by name (${NAMES}), nor a file to read.`, {
      details: { where: '--model' },
      cause,
    });
  }
}

function weightsOf(given: readonly string[] | undefined, count: number): readonly number[] {
  if (given === undefined) return Array.from({ length: count }, () => 1 / count);
  return given.map((text) => {
    if (/^-?[0-9]{1,6}(\.[0-9]{1,12})?$/.test(text)) return Number(text);
    throw new SolvencyError('INVALID_INPUT', '--weights must be decimal numbers such as 0.5 or -1.', {
      details: { flag: '--weights' },
    });
  });
}

function termsOf({ confidence, window, horizon }: BacktestOptions): BacktestTerms {
  const match = /^([0-9]{1,2})(?:\.([0-9]{1,4}))?$/.exec(confidence);
  const confidencePpm = match === null ? 0 : Number(`${match[1]}${(match[2] ?? '').padEnd(4, '0')}`);
  if (confidencePpm <= 500_000) {
    throw new SolvencyError(
      'INVALID_INPUT',
      '--confidence must be a per cent figure above 50 and below 100, with at most four decimals.',
      { details: { flag: '--confidence' } },
    );
  }
  return { confidencePpm, window: count('--window', window), horizonSteps: count('--horizon', horizon) };
}

function count(flag: string, text: string): number {
  if (/^[1-9][0-9]{0,5}$/.test(text)) return Number(text);
  throw new SolvencyError('INVALID_INPUT', `${flag} must be a whole number from 1 to 999999.`, { details: { flag } });
}
