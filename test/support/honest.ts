import type { Holdings } from '../../src/account/account.js';
import { batchSignals } from '../../src/liabilities/batchInput.js';
import { totalsColumns } from '../../src/liabilities/bookTotals.js';
import { chainStateHash } from '../../src/liabilities/chainState.js';
import type { LiabilitiesBatchInput } from '../../src/liabilities/liabilitiesBatch.js';
import { coverageInputs, loansHash, reservesHash } from '../../src/liabilities/liabilitiesCoverage.js';
import { openingInputs } from '../../src/liabilities/liabilitiesOpening.js';
import { startSignals } from '../../src/liabilities/liabilitiesStart.js';
import { statementHash } from '../../src/liabilities/liabilitiesStatement.js';
import { evaluate } from '../../src/margin/evaluate.js';
import type { Statement } from '../../src/margin/opening.js';
import { portfolioInput, portfolioSignals } from '../../src/portfolio/portfolioInput.js';
import { PORTFOLIO as WIDTH } from '../../src/protocol/constants.js';
import { quantizedInput, quantizedSignals } from '../../src/quantized/quantizedInput.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import type { CircuitSource } from '../../src/setup/compileCircuit.js';
import type { MeasuredSnapshot, PortfolioSnapshot } from '../../src/snapshot/snapshot.js';
import { standardInput, standardSignals } from '../../src/standard/standardInput.js';
import { tieredInput, tieredSignals } from '../../src/tiered/tieredInput.js';
import { weightedInput, weightedSignals } from '../../src/weighted/weightedInput.js';
import { bookOf, TOTALS_SALT, TOTALS_SHAPE } from './book.js';
import * as market from './market.js';
import * as measures from './measureMarket.js';
import * as portfolio from './portfolioMarket.js';
import * as quantized from './quantizedMarket.js';
import { SMALL } from './smallCircuits.js';
import * as standard from './standardMarket.js';
import * as weighted from './weightedMarket.js';

type Inputs = Record<string, unknown>;

/** A small circuit with inputs of true statements. */
export interface HonestCircuit {
  readonly name: string;
  readonly source: CircuitSource;
  /** every slot in use, every figure other than zero */
  readonly full: () => Inputs;
  /** empty slots, zeros, nothing owed or nobody there */
  readonly boundary: () => Inputs;
}

const REQUEST = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };
const BTC = 10n ** 8n;

const small = (template: string): CircuitSource => {
  const source = SMALL.find((candidate) => candidate.template === template);
  if (source === undefined) throw new Error(`there is no small circuit of ${template}`);
  return source;
};

/** A margin family with an account that fills all slots and one of a single position. */
function family(template: string, pose: (held: Holdings) => Inputs, full: Holdings, boundary: Holdings): HonestCircuit {
  return { name: template, source: small(template), full: () => pose(full), boundary: () => pose(boundary) };
}

const statement = (account: Statement['account'], table: Statement['table']): Statement => ({
  ...{ account, ownerSecret: market.OWNER_SECRET, table, request: REQUEST },
});

const paid = (positions: Holdings['positions'], cost = -7n): Holdings['positions'] =>
  positions.map((position) => ({ ...position, cost }));

const TWO = { positions: 2, assets: 2 };
const PORTFOLIO = { positions: 4, assets: 2, expiries: 3, underlyings: 2, blocks: 0 };
const OWED = { assetId: 2, amount: -7n };

/** The same parameters with as many scenarios as a block holds. */
function withAllScenarios(snapshot: MeasuredSnapshot): MeasuredSnapshot {
  const { model } = snapshot;
  if (!('tail' in model)) return snapshot;
  const count = 45;
  const stress = model.family === 'hybrid' ? 1 : 0;
  const scenarios = Array.from({ length: count - stress }, (_, s) => `day ${s}`);
  const instruments = snapshot.instruments.map((each) => ({
    ...each,
    changes: Array.from({ length: count }, (_, s) => (each.changes[s % 21] as bigint) + BigInt(s)),
  }));
  const tail = { ...model.tail, scenarios };
  return {
    ...snapshot,
    model: { ...model, tail, ...(stress === 1 ? { stress: ['stress'] } : {}) },
    instruments,
  } as MeasuredSnapshot;
}

/** The portfolio market with a scenario in every slot: a padded one has no value, and zero has two signs. */
function withAllPlainScenarios(snapshot: PortfolioSnapshot): PortfolioSnapshot {
  const { scenarios } = snapshot.model;
  const slots = Array.from({ length: WIDTH.scenarios - WIDTH.absolute }, (_, s) => s % scenarios.length);
  const filled = <T>(plain: readonly T[]): readonly T[] => slots.map((s) => plain[s] as T);
  return {
    ...snapshot,
    model: { ...snapshot.model, scenarios: filled(scenarios) },
    instruments: snapshot.instruments.map((each) => ({
      ...each,
      values: [...filled(each.values), ...each.values.slice(scenarios.length)],
    })),
  };
}

function measured({ snapshot, table, source, pose }: measures.MeasuredCase): HonestCircuit {
  const under = (used: typeof table, held: Holdings): Inputs => {
    const { weightedEquity, requirement } = evaluate(held, used);
    if (weightedEquity < requirement) throw new Error('the account is not solvent');
    return pose(measures.statementOf(used, held)).signals;
  };
  const sizes = { 'BTC-CALL': -12_345n, 'ETH-PERP': 77n * 10n ** 9n, 'ETH-PUT': 10n ** 8n, GOLD: 7n };
  return {
    name: source.template,
    source: small(source.template),
    full: () =>
      under(buildRiskTable(withAllScenarios(snapshot)), {
        collateral: [measures.usd(10n ** 6n), OWED],
        positions: paid(measures.contractsOf(sizes)),
      }),
    boundary: () =>
      under(table, {
        collateral: [measures.usd(10n ** 6n)],
        positions: paid(measures.contractsOf({ 'BTC-CALL': 12_345n }), 7n),
      }),
  };
}

const FILLED_PORTFOLIO = buildRiskTable(withAllPlainScenarios(portfolio.snapshot));

const MARGIN: readonly HonestCircuit[] = [
  family(
    'TieredMargin',
    (held) => tieredSignals(tieredInput(statement(market.packageOf(held), market.table), TWO)),
    {
      collateral: [market.usd(5_000n), OWED],
      positions: [
        { instrumentId: 100, size: 300n, cost: 900n * BTC },
        { instrumentId: 103, size: -40n, cost: -900n * BTC },
      ],
    },
    { collateral: [market.usd(5_000n)], positions: [{ instrumentId: 100, size: 300n, cost: 900n * BTC }] },
  ),
  family(
    'QuantizedMargin',
    (held) => quantizedSignals(quantizedInput(statement(quantized.packageOf(held), quantized.table), TWO)),
    {
      collateral: [{ assetId: 1, amount: 10n ** 15n }, OWED],
      positions: [
        { instrumentId: 100, size: 1_234_567_890_123n, cost: 12_345n },
        { instrumentId: 103, size: -40_000_000_001n, cost: -98_765n },
      ],
    },
    {
      collateral: [{ assetId: 1, amount: 10n ** 15n }],
      positions: [{ instrumentId: 100, size: 300n, cost: -10n }],
    },
  ),
  family(
    'WeightedMargin',
    (held) => weightedSignals(weightedInput(statement(weighted.packageOf(held), weighted.table), TWO)),
    {
      collateral: [weighted.usd(10n ** 9n), OWED],
      positions: [
        { instrumentId: 100, size: 1_234_567_890_123n, cost: -12_345_678_901_234n },
        { instrumentId: 103, size: -40_000_000_001n, cost: -98_765n },
      ],
    },
    { collateral: [weighted.usd(10n ** 6n)], positions: [{ instrumentId: 100, size: 300n, cost: -10n }] },
  ),
  family(
    'StandardMargin',
    (held) =>
      standardSignals(standardInput(statement(standard.packageOf(held), standard.table), { positions: 4, assets: 2 })),
    {
      collateral: [standard.usd(5_000n), OWED],
      // net calls other than zero at every place
      positions: paid(
        standard.contracts({
          'BTC-NEAR-80-call': -3,
          'BTC-NEAR-100-call': 1,
          'BTC-NEAR-120-put': -1,
          'BTC-FAR-120-call': -1,
        }),
      ),
    },
    {
      collateral: [standard.usd(5_000n)],
      positions: paid(standard.contracts({ 'BTC-NEAR-80-call': -3, 'BTC-NEAR-100-call': 1 })),
    },
  ),
  family(
    'PortfolioMargin',
    (held) => portfolioSignals(portfolioInput(statement(portfolio.packageOf(held), FILLED_PORTFOLIO), PORTFOLIO)),
    {
      collateral: [portfolio.usd(100_000n), OWED],
      // a naked short at each place of the same underlying, three expiries of two underlyings
      positions: paid(
        portfolio.contracts({ 'BTC-NEAR-80-C': -3, 'BTC-NEAR-80-P': 1, 'BTC-PERP': 2, 'ETH-NEAR-100-P': -1 }),
      ),
    },
    { collateral: [portfolio.usd(100_000n)], positions: paid(portfolio.contracts({ 'BTC-PERP': 1 })) },
  ),
  ...[measures.greeks, measures.parametric, measures.expectedShortfall, measures.hybridMaximum].map(measured),
];

const ACCOUNTS: readonly Holdings[] = [
  {
    collateral: [market.usd(-50n), { assetId: 2, amount: 3n * BTC }],
    positions: [
      { instrumentId: 100, size: -300n, cost: -900n * BTC },
      { instrumentId: 103, size: 30_000n, cost: 19_000n * BTC },
    ],
  },
  {
    collateral: [market.usd(1_000n), { assetId: 2, amount: -(10n ** 5n) }],
    positions: [
      { instrumentId: 100, size: 300n, cost: 900n * BTC },
      { instrumentId: 103, size: -30_000n, cost: -19_000n * BTC },
    ],
  },
];
/** One account with an empty slot, and nobody in the second place. */
const SPARSE = ACCOUNTS.slice(0, 1).map((held) => ({ ...held, positions: held.positions.slice(0, 1) }));

/** Cash, nothing traded, no loans: most totals are zero. */
const CASH: Holdings = { collateral: [market.usd(1_000n)], positions: [] };

const batch = (held: readonly (Holdings | undefined)[]): Inputs =>
  batchSignals(bookOf(held).batches[0] as LiabilitiesBatchInput);

function closing(held: readonly (Holdings | undefined)[]) {
  const book = bookOf(held);
  const { hash } = statementHash(book.claimed);
  return {
    book,
    part: {
      ...{ lastState: chainStateHash(book.last, hash), statement: hash, claimed: book.claimed, state: book.last },
      ...book.root,
    },
  };
}

function coverage(held: readonly (Holdings | undefined)[], loans: bigint): Inputs {
  const { book, part } = closing(held);
  const totals = totalsColumns(book.totals, TOTALS_SHAPE);
  const [reserve, good] = totals.assets[0] as readonly [readonly bigint[], readonly bigint[]];
  return coverageInputs({
    ...{ ...part, reserve, reservesHash: reservesHash(totals.assetId, reserve), loans, totals },
    reserveValue: book.last.customers.owed,
    loansHash: loans * loansHash(book.claimed.largestDebtor, totals.assetId, good),
    totalsSalt: TOTALS_SALT,
  });
}

const LIABILITIES: readonly (readonly [template: string, full: () => Inputs, boundary: () => Inputs])[] = [
  ['LiabilitiesBatch', () => batch(ACCOUNTS), () => batch([...SPARSE, undefined])],
  ['LiabilitiesCoverage', () => coverage(ACCOUNTS, 1n), () => coverage([CASH, undefined], 0n)],
  [
    'LiabilitiesOpening',
    () => openingInputs(closing(ACCOUNTS).part),
    () => openingInputs(closing([...SPARSE, undefined]).part),
  ],
  ['LiabilitiesStart', () => ({ ...startSignals(0x57a7e3e47n) }), () => ({ ...startSignals(0n) })],
];

/** Every circuit, small, with an honest witness that uses all of it and one that leaves as much as possible empty. */
export const HONEST: readonly HonestCircuit[] = [
  ...MARGIN,
  ...LIABILITIES.map(([name, full, boundary]) => ({ name, source: small(name), full, boundary })),
];
