import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const tests = join(import.meta.dirname, '../../test');

/** Folders and files of test/ that look at the circuits of a folder of circuits/, or at one of its files, the nearest first. */
const LOOK_AT: Readonly<Record<string, readonly string[]>> = {
  account: ['account', 'circuits', 'tiered'],
  tree: ['circuits', 'tiered'],
  hash: ['circuits', 'tiered'],
  risk: ['risk', 'tiered'],
  numbers: ['circuits', 'weighted', 'quantized', 'portfolio', 'tiered'],
  margin: ['margin', 'tiered'],
  tiered: ['margin', 'tiered', 'security/otherRules'],
  quantized: ['quantized', 'security/otherRules'],
  weighted: ['weighted', 'security/otherRules'],
  portfolio: ['portfolio', 'security/otherRules'],
  standard: ['standard', 'security/otherRules'],
  measure: ['measure', 'tail'],
  'measure/measuredHoldings': ['measure', 'security/otherRules'],
  'measure/greeksLoss': ['measure', 'greeks'],
  'measure/shockedLoss': ['measure', 'greeks'],
  'measure/parametricLoss': ['measure', 'parametric'],
  'measure/combination': ['measure', 'hybrid'],
  tail: ['tail', 'measure'],
  greeks: ['greeks', 'measure'],
  parametric: ['parametric', 'measure'],
  hybrid: ['hybrid', 'measure'],
  liabilities: ['liabilities'],
};

/** Whole families and batches under many accounts: these take long, and what they notice is noticed sooner elsewhere. */
const LONG = /(shapes|transcript|exactModel|Margin|Model)\.test\.ts$/;

/** Tests of single templates compile little, and forgeries are to the point. */
const ORDER = [
  /\/(templates|accountTree|entries|lists|usedSlots|tableLookup)\./,
  /(forgery|attacks|Attacks)\./,
  /everyWire\./,
  /./,
];

/** What a test calls that holds witnesses against an R1CS. */
const FORGES =
  /expectRejected|expectRefused|expectStopped|expectTwin|brokenIn|brokenConstraints|accepts\(|editEveryWire|freeDirections/;

/** Files of tests for a mutant of a file of circuits/, those first that find a forgery soonest. */
export function testsOf(file: string): readonly string[] {
  const [folder = ''] = file.split('/');
  const near = LOOK_AT[file.replace('.circom', '')] ?? LOOK_AT[folder];
  if (near === undefined)
    throw new Error(`no tests are named for circuits/${folder}: add them to scripts/mutation/testsOf.ts`);
  const found = near.flatMap(filesIn);
  return ORDER.flatMap((_, rank) => found.filter((path) => ORDER.findIndex((one) => one.test(path)) === rank));
}

const filesIn = (name: string): readonly string[] =>
  existsSync(join(tests, `${name}.test.ts`)) ? [`test/${name}.test.ts`] : filesOf(name);

const filesOf = (folder: string): readonly string[] =>
  readdirSync(join(tests, folder))
    .filter((file) => file.endsWith('.test.ts') && !LONG.test(file))
    .filter((file) => FORGES.test(readFileSync(join(tests, folder, file), 'utf8')))
    .map((file) => `test/${folder}/${file}`);
