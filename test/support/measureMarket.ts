import fc from 'fast-check';
import type { Holdings } from '../../src/account/account.js';
import { greeksInput, greeksSignals } from '../../src/greeks/greeksInput.js';
import { greeksMargin } from '../../src/greeks/greeksMargin.js';
import { hybridInput, hybridSignals } from '../../src/hybrid/hybridInput.js';
import { hybridMargin } from '../../src/hybrid/hybridMargin.js';
import { evaluate } from '../../src/margin/evaluate.js';
import type { ProofRequest, Statement } from '../../src/margin/opening.js';
import { parametricInput, parametricSignals } from '../../src/parametric/parametricInput.js';
import { parametricMargin } from '../../src/parametric/parametricMargin.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { buildRiskTable, type RiskTable } from '../../src/risk/riskTable.js';
import type { CircuitSource } from '../../src/setup/compileCircuit.js';
import type { Registry } from '../../src/snapshot/registry.js';
import type {
  AssetParameters,
  CashGreeks,
  ChargeTier,
  GreeksSnapshot,
  HybridModel,
  HybridSnapshot,
  MeasuredInstrument,
  MeasuredSnapshot,
  ParametricSnapshot,
  RiskFactors,
  Shock,
  ShockedUnderlying,
  TailMeasure,
  TailSnapshot,
} from '../../src/snapshot/snapshot.js';
import { tailInput, tailSignals } from '../../src/tail/tailInput.js';
import { tailMargin } from '../../src/tail/tailMargin.js';
import { OWNER_SECRET, packageIn } from './market.js';

/** A small made-up venue as each family of risk measures sees it: two underlyings, one contract without Greeks. */

interface Terms {
  readonly id: number;
  readonly symbol: string;
  readonly kind: 'perpetual' | 'option' | 'future';
  readonly amountDecimals: number;
  /** whole quote units of one whole contract */
  readonly mark: bigint;
  /** place of the underlying; null: no Greeks */
  readonly underlying: number | null;
  /** quote units of one whole contract per relative move of 1, its second derivative, per 1 of volatility */
  readonly delta: bigint;
  readonly gamma: bigint;
  readonly vega: bigint;
  readonly charges: readonly ChargeTier[];
}

const TERMS: readonly Terms[] = [
  {
    ...{ id: 100, symbol: 'BTC-PERP', kind: 'perpetual', amountDecimals: 4, mark: 60_000n, underlying: 0 },
    ...{ delta: 60_000n, gamma: 0n, vega: 0n },
    charges: [
      { sizeCap: 50_000n, charge: 12_345_678_901n },
      { sizeCap: 1_000_000n, charge: 12_345_678_901n },
      { sizeCap: null, charge: 99_999_999_999_999n },
    ],
  },
  {
    ...{ id: 103, symbol: 'BTC-CALL', kind: 'option', amountDecimals: 4, mark: 2_000n, underlying: 0 },
    ...{ delta: 31_234n, gamma: 212_345n, vega: 9_876n },
    charges: [
      { sizeCap: 1n, charge: 0n },
      { sizeCap: null, charge: 777_777_777n },
    ],
  },
  {
    ...{ id: 206, symbol: 'ETH-PERP', kind: 'perpetual', amountDecimals: 10, mark: 2_500n, underlying: 1 },
    ...{ delta: 2_500n, gamma: 0n, vega: 0n },
    charges: [{ sizeCap: null, charge: 3n }],
  },
  {
    ...{ id: 209, symbol: 'ETH-PUT', kind: 'option', amountDecimals: 8, mark: 90n, underlying: 1 },
    ...{ delta: -1_111n, gamma: 9_876n, vega: 543n },
    charges: [{ sizeCap: null, charge: 10n ** 5n }],
  },
  {
    ...{ id: 300, symbol: 'GOLD', kind: 'future', amountDecimals: 0, mark: 100n, underlying: null },
    ...{ delta: 0n, gamma: 0n, vega: 0n },
    charges: [{ sizeCap: null, charge: 10n ** 13n + 1n }],
  },
  {
    // of so little weight that a position of 2^64 - 1 of its smallest units fits every width
    ...{ id: 2 ** 32 - 1, symbol: 'DUST', kind: 'future', amountDecimals: 12, mark: 9n, underlying: 1 },
    ...{ delta: 12_345n, gamma: -4_321n, vega: 7n },
    charges: [
      { sizeCap: 2n ** 40n, charge: 1n },
      { sizeCap: null, charge: 2n },
    ],
  },
];

export const registry: Registry = {
  venue: 'test-measures',
  version: 1,
  quote: 'USD',
  entries: [
    { id: 1, symbol: 'USD', kind: 'asset', amountDecimals: 8 },
    { id: 2, symbol: 'BTC', kind: 'asset', amountDecimals: 8 },
    { id: 7, symbol: 'CRUMB', kind: 'asset', amountDecimals: 16 },
    ...TERMS.map(({ id, symbol, kind, amountDecimals }) => ({ id, symbol, kind, amountDecimals, settleAsset: 1 })),
  ],
};

const QUOTE = 10n ** 16n;
const assets: readonly AssetParameters[] = [
  { assetId: 1, price: 10n ** 8n, ladder: [{ valueCap: null, factor: 1_000_000n }] },
  {
    assetId: 2,
    price: 60_000n * 10n ** 8n,
    ladder: [
      { valueCap: 100_000n * QUOTE, factor: 950_001n },
      { valueCap: 9_000_000n * QUOTE, factor: 400_000n },
    ],
  },
  // one unit of it is 1e-22 quote, the least that equity can differ by
  { assetId: 7, price: 1n, ladder: [{ valueCap: null, factor: 1n }] },
];

/** 1e-12 quote per smallest unit of size in one quote unit per whole contract. */
const unitOf = ({ amountDecimals }: Terms): bigint => 10n ** BigInt(12 - amountDecimals);

const greeksOf = (terms: Terms): CashGreeks | null =>
  terms.underlying === null
    ? null
    : {
        underlying: terms.underlying,
        delta: terms.delta * unitOf(terms),
        gamma: terms.gamma * unitOf(terms),
        vega: terms.vega * unitOf(terms),
      };

/** Moves of the two underlyings in a scenario, 1e-4. */
const DAYS = Array.from({ length: 21 }, (_, s): readonly [bigint, bigint] => [
  BigInt(((s * s * 37 + s * 91) % 901) - 450),
  BigInt(((s * s * 53 + s * 17) % 1101) - 550),
]);
const STRESS: readonly (readonly [bigint, bigint])[] = [
  [-4_000n, -5_000n],
  [3_500n, 4_444n],
  [1_000n, -2_000n],
];

/** A made-up change: to second order in the move, and a little of its own; gold goes its own way. */
function changeOf(terms: Terms, [first, second]: readonly [bigint, bigint]): bigint {
  const move = terms.underlying === 1 ? second : terms.underlying === 0 ? first : first - second;
  const delta = terms.underlying === null ? terms.mark : terms.delta;
  return ((delta * move * 10n ** 4n + (terms.gamma * move * move) / 2n) * unitOf(terms)) / 10n ** 8n + (move % 7n);
}

const exposuresOf = (terms: Terms): readonly bigint[] => [
  terms.underlying === 0 ? terms.delta * unitOf(terms) : 0n,
  terms.underlying === 1 ? terms.delta * unitOf(terms) : 1n,
  terms.underlying === null ? terms.mark * unitOf(terms) : terms.vega * unitOf(terms),
];

const contracts: readonly MeasuredInstrument[] = TERMS.map((terms) => ({
  instrumentId: terms.id,
  price: terms.mark * 10n ** BigInt(16 - terms.amountDecimals),
  charges: terms.charges,
  greeks: greeksOf(terms),
  exposures: exposuresOf(terms),
  changes: [...DAYS, ...STRESS].map((scenario) => changeOf(terms, scenario)),
}));

const shock = (move: bigint, volatility: bigint): Shock => ({ move, volatility });
export const UNDERLYINGS: readonly ShockedUnderlying[] = [
  {
    name: 'BTC',
    shocks: [shock(-200_000_000n, 150_000_001n), shock(123_456_789n, -70_000_000n), shock(1n, 900_000_000n)],
  },
  // as many as a row holds
  {
    name: 'ETH',
    shocks: Array.from({ length: 24 }, (_, i) =>
      shock(BigInt(i - 12) * 31_111_111n - 7n, BigInt((i * 7) % 5) * 50_000_001n - 10n ** 8n),
    ),
  },
  // no loss in any shock, there being none
  { name: 'QUIET', shocks: [] },
];

const factors: RiskFactors = {
  names: ['BTC', 'ETH', 'volatility'],
  cholesky: [[82_345_678n], [71_234_567n, 45_678_901n], [-12_345_678n, 7_654_321n, 151_111_111n]],
};
/** 1.47 scenarios of 21: the tail of an expected shortfall ends within a scenario. */
const tail: TailMeasure = {
  measure: 'expected shortfall',
  confidence: 930_000n,
  scenarios: DAYS.map((_, s) => `day ${s + 1}`),
};
const stress = ['crash', 'squeeze', 'apart'];

const common = { registry, time: 1_760_000_000, assets, roundings: [] };
const model = { version: 1, claim: 'maintenance', haircuts: 'marginal' } as const;

export const greeksSnapshot: GreeksSnapshot = {
  ...common,
  model: { ...model, family: 'greeks' },
  underlyings: UNDERLYINGS,
  instruments: contracts.map((contract) => ({ ...contract, exposures: [], changes: [] })),
};
export const parametricSnapshot: ParametricSnapshot = {
  ...common,
  model: { ...model, family: 'parametric', factors },
  underlyings: [],
  instruments: contracts.map((contract) => ({ ...contract, greeks: null, changes: [] })),
};
export const tailSnapshot: TailSnapshot = {
  ...common,
  model: { ...model, family: 'tail', tail, blocks: 1 },
  underlyings: [],
  instruments: contracts.map(({ changes, ...contract }) => ({
    ...contract,
    greeks: null,
    exposures: [],
    changes: changes.slice(0, DAYS.length),
  })),
};
export const valueAtRiskSnapshot: TailSnapshot = {
  ...tailSnapshot,
  model: { ...tailSnapshot.model, tail: { ...tail, measure: 'value at risk' } },
};
const combined: Omit<HybridModel, 'rule' | 'weights' | 'added'> = {
  ...{ ...model, family: 'hybrid', factors, tail, stress, blocks: 1 },
};
export const hybridSnapshot: HybridSnapshot = {
  ...common,
  model: {
    ...combined,
    rule: 'maximum',
    weights: { charges: 100_000n, greeks: 1_000_000n, parametric: 2_900_000n, tail: 2_100_000n, stress: 400_000n },
    added: 1_000_000n,
  },
  underlyings: UNDERLYINGS,
  instruments: contracts,
};
export const sumSnapshot: HybridSnapshot = {
  ...hybridSnapshot,
  model: {
    ...combined,
    tail: { ...tail, measure: 'value at risk' },
    rule: 'sum',
    weights: { charges: 0n, greeks: 300_000n, parametric: 0n, tail: 700_000n, stress: 500_000n },
    added: 1_500_000n,
  },
};

const CAPACITY = { positions: 4, assets: 2, expiries: 0 };
export const WITHOUT_UNDERLYINGS = { ...CAPACITY, underlyings: 0, blocks: 0 };
export const WITH_UNDERLYINGS = { ...CAPACITY, underlyings: 2, blocks: 0 };
export const WITH_BLOCK = { ...CAPACITY, underlyings: 0, blocks: 1 };
export const WITH_BOTH = { ...CAPACITY, underlyings: 2, blocks: 1 };

/** The smallest instances, which all tests of these families share. */
const source = (family: string, parameters: readonly number[]): CircuitSource => ({
  file: `${family}/${family}Margin.circom`,
  template: `${family.charAt(0).toUpperCase()}${family.slice(1)}Margin`,
  parameters,
  publicSignals: PUBLIC_SIGNALS,
});
export const GREEKS = source('greeks', [4, 2, 2]);
export const PARAMETRIC = source('parametric', [4, 2]);
export const TAIL = source('tail', [4, 2, 1]);
export const HYBRID = source('hybrid', [4, 2, 2, 1]);

/** What twin and circuit are given for one statement. */
export interface Posed {
  readonly signals: Record<string, bigint | readonly bigint[]>;
  readonly twin: () => void;
}

/** One family with one snapshot of it. */
export interface MeasuredCase {
  readonly name: string;
  readonly snapshot: MeasuredSnapshot;
  readonly table: RiskTable;
  readonly source: CircuitSource;
  readonly pose: (statement: Statement) => Posed;
}

const ofTail = (name: string, snapshot: TailSnapshot): MeasuredCase => ({
  ...{ name, snapshot, table: buildRiskTable(snapshot), source: TAIL },
  pose: (statement) => {
    const input = tailInput(statement, WITH_BLOCK);
    return { signals: tailSignals(input), twin: () => tailMargin(input, 1) };
  },
});
const ofHybrid = (name: string, snapshot: HybridSnapshot): MeasuredCase => ({
  ...{ name, snapshot, table: buildRiskTable(snapshot), source: HYBRID },
  pose: (statement) => {
    const input = hybridInput(statement, WITH_BOTH);
    return { signals: hybridSignals(input), twin: () => hybridMargin(input, 1) };
  },
});

export const greeks: MeasuredCase = {
  name: 'Greeks',
  ...{ snapshot: greeksSnapshot, table: buildRiskTable(greeksSnapshot), source: GREEKS },
  pose: (statement) => {
    const input = greeksInput(statement, WITH_UNDERLYINGS);
    return { signals: greeksSignals(input), twin: () => greeksMargin(input) };
  },
};
export const parametric: MeasuredCase = {
  name: 'parametric value at risk',
  ...{ snapshot: parametricSnapshot, table: buildRiskTable(parametricSnapshot), source: PARAMETRIC },
  pose: (statement) => {
    const input = parametricInput(statement, WITHOUT_UNDERLYINGS);
    return { signals: parametricSignals(input), twin: () => parametricMargin(input) };
  },
};
export const expectedShortfall = ofTail('expected shortfall', tailSnapshot);
export const valueAtRisk = ofTail('value at risk', valueAtRiskSnapshot);
export const hybridMaximum = ofHybrid('hybrid, maximum', hybridSnapshot);
export const hybridSum = ofHybrid('hybrid, sum', sumSnapshot);
export const CASES: readonly MeasuredCase[] = [
  greeks,
  parametric,
  expectedShortfall,
  valueAtRisk,
  hybridMaximum,
  hybridSum,
];

export const REQUEST: ProofRequest = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };

/** The package of an account that stands in a tree among others. */
export const packageOf = (holdings: Holdings) => packageIn(registry, holdings);

export const statementOf = (table: RiskTable, holdings: Holdings, request = REQUEST): Statement => ({
  ...{ account: packageOf(holdings), ownerSecret: OWNER_SECRET, table, request },
});

/** The id of a symbol. */
export const idOf = (symbol: string): number => {
  const entry = registry.entries.find((candidate) => candidate.symbol === symbol);
  if (entry === undefined) throw new Error(`the market lists no ${symbol}`);
  return entry.id;
};

/** Sizes in smallest units by symbol, sorted by id, at no cost. */
export const contractsOf = (sizes: Readonly<Record<string, bigint>>): Holdings['positions'] =>
  Object.entries(sizes)
    .map(([symbol, size]) => ({ instrumentId: idOf(symbol), size, cost: 0n }))
    .sort((a, b) => a.instrumentId - b.instrumentId);

export const usd = (amount: bigint) => ({ assetId: 1, amount: amount * 10n ** 8n });

/** In 1e-27 quote: one unit of cash, and one of the smallest units that equity is counted in. */
const CASH = 10n ** 19n;
export const CRUMB = 10n ** 5n;

/** These positions with balances that leave the account `slack` crumbs above the least that is solvent. */
export function atThreshold(table: RiskTable, { positions }: Holdings, slack: bigint): Holdings {
  const { weightedEquity, requirement } = evaluate({ collateral: [], positions }, table);
  const missing = requirement - weightedEquity;
  return { collateral: balancesOf(missing + slack * CRUMB), positions };
}

/** Balances worth as much, in 1e-27 quote, rounded up to a crumb. */
export function balancesOf(worth: bigint): Holdings['collateral'] {
  const cash = worth / CASH - (worth < 0n ? 1n : 0n);
  const rest = worth - cash * CASH;
  const crumbs = (rest + CRUMB - 1n) / CRUMB;
  return [
    ...(cash === 0n ? [] : [{ assetId: 1, amount: cash }]),
    ...(crumbs === 0n ? [] : [{ assetId: 7, amount: crumbs }]),
  ];
}

const signed = (bits: number): fc.Arbitrary<bigint> =>
  fc
    .tuple(
      fc.integer({ min: 1, max: bits }).chain((width) => fc.bigInt({ min: 1n, max: (1n << BigInt(width)) - 1n })),
      fc.boolean(),
    )
    .map(([value, negative]) => (negative ? -value : value));

/** Bits of the largest sizes of a contract that fit every width with three others as large: of 81, two for the others. */
function sizeBits({ greeks: each, exposures, changes }: MeasuredInstrument): number {
  const figures = [...exposures, ...changes, ...(each === null ? [] : [each.delta, each.gamma, each.vega])];
  const widest = Math.max(...figures.map((figure) => (figure < 0n ? -figure : figure).toString(2).length));
  return Math.min(64, 79 - widest);
}

/** Positions of all magnitudes with any costs, at most four. */
export const positions: fc.Arbitrary<Holdings['positions']> = fc
  .subarray([...contracts], { maxLength: CAPACITY.positions })
  .chain((listed) =>
    fc.tuple(
      ...listed.map((contract) =>
        fc
          .tuple(signed(sizeBits(contract)), fc.oneof(fc.constant(0n), signed(70)))
          .map(([size, cost]) => ({ instrumentId: contract.instrumentId, size, cost })),
      ),
    ),
  );

/** Any such positions with any cash. */
export const holdings: fc.Arbitrary<Holdings> = fc.record({
  collateral: fc
    .tuple(signed(63), fc.oneof(fc.constant(0n), signed(40)))
    .map(([cash, btc]) => [{ assetId: 1, amount: cash }, ...(btc === 0n ? [] : [{ assetId: 2, amount: btc }])]),
  positions,
});
