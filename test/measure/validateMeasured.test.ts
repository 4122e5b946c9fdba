import { describe, expect, it } from 'vitest';
import type {
  HybridSnapshot,
  MeasuredInstrument,
  MeasuredSnapshot,
  RiskFactors,
  TailMeasure,
} from '../../src/snapshot/snapshot.js';
import { validateSnapshot } from '../../src/snapshot/validate.js';
import {
  greeksSnapshot,
  hybridSnapshot,
  parametricSnapshot,
  registry,
  sumSnapshot,
  tailSnapshot,
  valueAtRiskSnapshot,
} from '../support/measureMarket.js';

const first = 'instrument BTC-PERP';
const withFirst = <Snapshot extends MeasuredSnapshot>(
  snapshot: Snapshot,
  change: Partial<MeasuredInstrument>,
): Snapshot => ({
  ...snapshot,
  instruments: snapshot.instruments.map((each, index) => (index === 0 ? { ...each, ...change } : each)),
});
const withModel = (change: object): HybridSnapshot => ({
  ...hybridSnapshot,
  model: { ...hybridSnapshot.model, ...change },
});
const withTail = (change: Partial<TailMeasure>) => withModel({ tail: { ...hybridSnapshot.model.tail, ...change } });
const withFactors = (change: Partial<RiskFactors>) =>
  withModel({ factors: { ...hybridSnapshot.model.factors, ...change } });
const withWeight = (name: string, weight: bigint) =>
  withModel({ weights: { ...hybridSnapshot.model.weights, [name]: weight } });
const withUnderlyings = (underlyings: HybridSnapshot['underlyings']): HybridSnapshot => ({
  ...hybridSnapshot,
  underlyings: [...underlyings, ...hybridSnapshot.underlyings.slice(underlyings.length)],
});
const withShock = (move: bigint, volatility: bigint) =>
  withUnderlyings([
    {
      name: 'BTC',
      shocks: [
        { move: 0n, volatility: 0n },
        { move, volatility },
      ],
    },
  ]);
const withCharges = (...charges: readonly (readonly [cap: bigint | null, charge: bigint])[]) =>
  withFirst(greeksSnapshot, { charges: charges.map(([sizeCap, charge]) => ({ sizeCap, charge })) });
const withGreeks = (change: object): HybridSnapshot =>
  withFirst(hybridSnapshot, { greeks: { underlying: 0, delta: 1n, gamma: 0n, vega: 0n, ...change } });
const withDecimals = (amountDecimals: number): HybridSnapshot => ({
  ...hybridSnapshot,
  registry: {
    ...registry,
    entries: registry.entries.map((entry) => (entry.symbol === 'BTC-PERP' ? { ...entry, amountDecimals } : entry)),
  },
});

const CHANGE = 2n ** 59n;
const FINE = 2n ** 33n;
const PRICE = 2n ** 64n;
const { changes, exposures } = hybridSnapshot.instruments[0] as MeasuredInstrument;
const { cholesky } = hybridSnapshot.model.factors;
const names = (count: number, name = 'S') => Array.from({ length: count }, (_, k) => `${name}${k}`);
const replaced = (values: readonly bigint[], value: bigint) => [value, ...values.slice(1)];
const greeksOf = hybridSnapshot.instruments[0]?.greeks ?? null;

const bad: readonly (readonly [name: string, snapshot: MeasuredSnapshot, where: string, rule: RegExp])[] = [
  // contracts
  ['a mark of zero', withFirst(greeksSnapshot, { price: 0n }), first, /mark must be above zero/],
  ['a mark beyond 64 bits', withFirst(greeksSnapshot, { price: PRICE }), first, /mark/],
  ['sizes with 13 decimals', withDecimals(13), first, /at most 12 decimals/],
  ['no charge tier', withCharges(), first, /1 to 16 charge tiers/],
  [
    'seventeen charge tiers',
    withCharges(...Array.from({ length: 17 }, (_, k) => [k === 16 ? null : BigInt(k + 1), 1n] as const)),
    first,
    /charge tiers/,
  ],
  ['a negative charge', withCharges([null, -1n]), `${first} charge tier 0`, /from 0 to 2\^64 - 1/],
  ['a charge beyond 64 bits', withCharges([null, PRICE]), `${first} charge tier 0`, /from 0 to 2\^64 - 1/],
  ['charges that fall with size', withCharges([5n, 3n], [null, 2n]), `${first} charge tier 1`, /must not fall/],
  ['a last tier with a cap', withCharges([5n, 3n]), `${first} charge tier 0`, /only the last tier/],
  ['a first tier without a cap', withCharges([null, 3n], [null, 4n]), `${first} charge tier 0`, /only the last tier/],
  ['a cap of zero', withCharges([0n, 3n], [null, 4n]), `${first} charge tier 0`, /caps must rise/],
  ['caps that do not rise', withCharges([5n, 3n], [5n, 3n], [null, 4n]), `${first} charge tier 1`, /caps must rise/],
  [
    'a cap that leaves no size above it',
    withCharges([PRICE - 1n, 3n], [null, 4n]),
    `${first} charge tier 0`,
    /caps must rise/,
  ],
  // Greeks and shocks
  ['an underlying listed twice', withUnderlyings([{ name: 'ETH', shocks: [] }]), 'underlying ETH', /twice/],
  ['an underlying without a name', withUnderlyings([{ name: ' ', shocks: [] }]), 'underlying  ', /visible characters/],
  [
    '25 shocks',
    withUnderlyings([{ name: 'BTC', shocks: Array(25).fill({ move: 0n, volatility: 0n }) }]),
    'underlying BTC',
    /at most 24 shocks and has 25/,
  ],
  ['a move below -1', withShock(-1_000_000_001n, 0n), 'underlying BTC shock 1', /from -1 to 8.5/],
  ['a move beyond its width', withShock(FINE, 0n), 'underlying BTC shock 1', /from -1 to 8.5/],
  ['a change of volatility beyond its width', withShock(0n, FINE), 'underlying BTC shock 1', /volatility must lie/],
  ['as far below zero', withShock(0n, -FINE), 'underlying BTC shock 1', /volatility must lie/],
  ['an underlying outside the list', withGreeks({ underlying: 3 }), first, /one of the snapshot/],
  ['an underlying before the list', withGreeks({ underlying: -1 }), first, /one of the snapshot/],
  ['an underlying between two', withGreeks({ underlying: 0.5 }), first, /one of the snapshot/],
  ['a delta beyond its width', withGreeks({ delta: CHANGE }), first, /its delta must lie/],
  ['a gamma as far below zero', withGreeks({ gamma: -CHANGE }), first, /its gamma must lie/],
  ['a vega beyond its width', withGreeks({ vega: CHANGE }), first, /its vega must lie/],
  [
    'no underlying at all',
    {
      ...withWeight('greeks', 0n),
      underlyings: [],
      instruments: hybridSnapshot.instruments.map((each) => ({ ...each, greeks: null })),
    },
    'table',
    /at least one underlying/,
  ],
  ['Greeks where the model has none', withFirst(tailSnapshot, { greeks: greeksOf }), first, /has no Greeks/],
  [
    'underlyings where the model has none',
    { ...parametricSnapshot, underlyings: hybridSnapshot.underlyings },
    'underlyings',
    /parametric model has none/,
  ],
  // factors
  ['no factor', withFactors({ names: [], cholesky: [] }), 'factors', /1 to 8 and there are 0/],
  ['nine factors', withFactors({ names: names(9) }), 'factors', /1 to 8 and there are 9/],
  ['a factor listed twice', withFactors({ names: ['BTC', 'ETH', 'BTC'] }), 'factor BTC', /twice/],
  ['a row of the matrix left out', withFactors({ cholesky: cholesky.slice(0, 2) }), 'factors', /a row for each factor/],
  ['a row of another length', withFactors({ cholesky: [[1n], [1n], [1n, 1n, 1n]] }), 'factor ETH', /2 entries/],
  [
    'an entry beyond its width',
    withFactors({ cholesky: [[1n], [FINE, 1n], [1n, 1n, 1n]] }),
    'factor ETH',
    /each entry/,
  ],
  ['a negative diagonal', withFactors({ cholesky: [[1n], [1n, -1n], [1n, 1n, 1n]] }), 'factor ETH', /diagonal/],
  [
    'an exposure too few',
    withFirst(hybridSnapshot, { exposures: exposures.slice(1) }),
    first,
    /3 exposures, one for each factor, and has 2/,
  ],
  [
    'an exposure beyond its width',
    withFirst(hybridSnapshot, { exposures: replaced(exposures, CHANGE) }),
    first,
    /each exposure/,
  ],
  ['exposures where the model has no factors', withFirst(tailSnapshot, { exposures }), first, /0 exposures/],
  // scenarios
  [
    'another measure',
    withTail({ measure: 'median' as TailMeasure['measure'] }),
    'model',
    /expected shortfall or value at risk/,
  ],
  ['a confidence of zero', withTail({ confidence: 0n }), 'model', /from 0.5 to below 1/],
  ['a confidence below a half', withTail({ confidence: 499_999n }), 'model', /from 0.5 to below 1/],
  ['a confidence of one', withTail({ confidence: 1_000_000n }), 'model', /from 0.5 to below 1/],
  ['no block', withModel({ blocks: 0 }), 'model', /1 to 6 blocks/],
  ['seven blocks', withModel({ blocks: 7 }), 'model', /1 to 6 blocks/],
  ['a part of a block', withModel({ blocks: 1.5 }), 'model', /1 to 6 blocks/],
  [
    'more scenarios than its blocks hold',
    withTail({ scenarios: names(43) }),
    'model',
    /1 blocks hold 45 scenarios and it has 46/,
  ],
  ['a scenario listed twice', withTail({ scenarios: [...names(20), 'S0'] }), 'scenario S0', /twice/],
  ['a stress scenario of a day’s name', withModel({ stress: ['crash', 'day 1', 'apart'] }), 'scenario day 1', /twice/],
  [
    'a change too many',
    withFirst(hybridSnapshot, { changes: [...changes, 0n] }),
    first,
    /24 changes, one for each scenario, and has 25/,
  ],
  [
    'a change beyond its width',
    withFirst(hybridSnapshot, { changes: replaced(changes, -CHANGE) }),
    first,
    /each change/,
  ],
  ['changes where the model has no scenarios', withFirst(greeksSnapshot, { changes }), first, /0 changes/],
  // the combination
  ['another rule', withModel({ rule: 'mean' }), 'model', /maximum or sum/],
  ['a negative weight', withWeight('greeks', -1n), 'model', /weight of greeks must be from 0/],
  ['a weight beyond its width', withWeight('tail', 2n ** 24n), 'model', /weight of tail/],
  ['a negative weight of added charges', withModel({ added: -1n }), 'model', /weight of added charges/],
  [
    'no weight at all',
    withModel({ weights: { charges: 0n, greeks: 0n, parametric: 0n, tail: 0n, stress: 0n } }),
    'model',
    /a measure must have a weight/,
  ],
  // what would ask for nothing of anybody
  [
    'Greeks without any shock',
    { ...greeksSnapshot, underlyings: greeksSnapshot.underlyings.map(({ name }) => ({ name, shocks: [] })) },
    'underlyings',
    /at least one must have a shock/,
  ],
  [
    'a factor matrix of zeros',
    withFactors({ cholesky: [[0n], [0n, 0n], [0n, 0n, 0n]] }),
    'factors',
    /the matrix must not be zero/,
  ],
  [
    'a weight of stress without a scenario of it',
    {
      ...withModel({ stress: [] }),
      instruments: hybridSnapshot.instruments.map((each) => ({
        ...each,
        changes: each.changes.slice(0, hybridSnapshot.model.tail.scenarios.length),
      })),
    },
    'model',
    /stress has a weight and no scenario/,
  ],
  // what all families share
  ['another version', withModel({ version: 2 }), 'model', /version/],
  ['a table without a contract', { ...hybridSnapshot, instruments: [] }, 'table', /at least one instrument/],
  ['a table without an asset', { ...hybridSnapshot, assets: [] }, 'table', /at least one asset/],
];

describe('validateMeasured', () => {
  it.each(bad)('refuses %s', (_, refused, where, rule) => {
    expect(() => validateSnapshot(refused)).toThrow(
      expect.objectContaining({ code: 'INVALID_SNAPSHOT', details: { where, rule: expect.stringMatching(rule) } }),
    );
  });

  it('accepts the market of every family', () => {
    for (const snapshot of [
      greeksSnapshot,
      parametricSnapshot,
      tailSnapshot,
      valueAtRiskSnapshot,
      hybridSnapshot,
      sumSnapshot,
    ]) {
      validateSnapshot(snapshot);
    }
  });

  it('accepts the largest and smallest figures', () => {
    const wide = withShock(FINE - 1n, 1n - FINE);
    validateSnapshot(wide);
    validateSnapshot(withShock(-1_000_000_000n, FINE - 1n));
    validateSnapshot(withGreeks({ underlying: 2, delta: CHANGE - 1n, gamma: 1n - CHANGE, vega: CHANGE - 1n }));
    validateSnapshot(withFactors({ cholesky: [[0n], [1n - FINE, FINE - 1n], [1n, 1n, 0n]] }));
    validateSnapshot(
      withFirst(hybridSnapshot, {
        exposures: replaced(exposures, 1n - CHANGE),
        changes: replaced(changes, CHANGE - 1n),
      }),
    );
    validateSnapshot(withWeight('tail', 2n ** 24n - 1n));
    validateSnapshot(withFirst(greeksSnapshot, { price: PRICE - 1n }));
    validateSnapshot(
      withCharges(
        ...Array.from({ length: 16 }, (_, k) => [k === 15 ? null : PRICE - 17n + BigInt(k), PRICE - 1n] as const),
      ),
    );
    validateSnapshot(withTail({ scenarios: names(21, 'other ') }));
  });

  it.each<[scenarios: number, confidence: bigint, needed: number]>([
    [1, 500_000n, 2],
    [9, 900_000n, 10],
    [99, 990_000n, 100],
    [20, 975_000n, 40],
    [44, 999_999n, 1_000_000],
  ])('refuses %d scenarios at a confidence of %d parts per million: it takes %d', (count, confidence, needed) => {
    const tail: TailMeasure = { measure: 'expected shortfall', confidence, scenarios: names(count) };
    const snapshot = { ...tailSnapshot, model: { ...tailSnapshot.model, tail, blocks: 3 } };
    expect(() => validateSnapshot(snapshot)).toThrow(
      expect.objectContaining({ code: 'TOO_FEW_SCENARIOS', details: { scenarios: count, needed } }),
    );
  });

  it('accepts a tail of one whole scenario', () => {
    const changesOf = (each: MeasuredInstrument) => ({ ...each, changes: Array<bigint>(10).fill(7n) });
    const tail: TailMeasure = { measure: 'value at risk', confidence: 900_000n, scenarios: names(10) };
    validateSnapshot({
      ...tailSnapshot,
      model: { ...tailSnapshot.model, tail },
      instruments: tailSnapshot.instruments.map(changesOf),
    });
  });
});
