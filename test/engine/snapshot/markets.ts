/** Markets, models and accounts of many shapes, for properties. */
import fc from 'fast-check';
import type { Holdings } from '../../../src/account/account.js';
import type {
  AddOns,
  CovarianceSource,
  GreeksTerms,
  HybridRecipe,
  ParametricTerms,
  TailTerms,
} from '../../../src/engine/snapshot/engineModel.js';
import type { Market, MarketInstrument } from '../../../src/engine/snapshot/market.js';
import { parseRational, type Rational, rational, ZERO } from '../../../src/numbers/rational.js';
import type { EntryKind } from '../../../src/snapshot/registry.js';

export const number = (text: string): Rational => parseRational(text) as Rational;
export const TIME = 1_767_225_600;
const DAY = 86_400;

/** Decimals up to a number of digits after the point. */
const decimal = (min: number, max: number, decimals: number): fc.Arbitrary<Rational> =>
  fc.integer({ min, max }).map((value) => rational(BigInt(value), 10n ** BigInt(decimals)));

interface Drawn {
  readonly instrument: Omit<MarketInstrument, 'instrumentId' | 'underlying'>;
  readonly kind: EntryKind;
  readonly amountDecimals: number;
}

const liquidity = {
  averageDailyVolume: fc.integer({ min: 1, max: 100_000 }).map((units) => rational(BigInt(units))),
  depth: fc.constant(ZERO),
  halfSpread: decimal(0, 300, 4),
};

const perpetual = (spot: Rational): fc.Arbitrary<Drawn> =>
  fc
    .record({ mark: fc.constantFrom(null, spot), ...liquidity })
    .map((drawn) => ({ instrument: { contract: { kind: 'linear' }, ...drawn }, kind: 'perpetual', amountDecimals: 4 }));

const option = (spot: Rational): fc.Arbitrary<Drawn> =>
  fc
    .record({
      moneyness: fc.integer({ min: 50, max: 200 }),
      days: fc.integer({ min: 1, max: 400 }),
      volatility: decimal(50, 2_000, 3),
      isCall: fc.boolean(),
      amountDecimals: fc.constantFrom(3, 5, 8),
      ...liquidity,
    })
    .map(({ moneyness, days, volatility, isCall, amountDecimals, ...drawn }) => ({
      instrument: {
        mark: null,
        contract: {
          kind: 'option',
          strike: rational(spot.num * BigInt(moneyness), spot.den * 100n),
          expiry: TIME + days * DAY,
          isCall,
          volatility,
        },
        ...drawn,
      },
      kind: 'option',
      amountDecimals,
    }));

const underlying = (options: number) =>
  decimal(100, 10_000_000, 2).chain((spot) =>
    fc.record({
      spot: fc.constant(spot),
      volatility: decimal(100, 1_500, 3),
      contracts: fc
        .tuple(perpetual(spot), fc.array(option(spot), { maxLength: options }))
        .map(([first, rest]) => [first, ...rest]),
    }),
  );

/** One or two underlyings, each with a perpetual and up to so many options. */
export const markets = (options: number): fc.Arbitrary<Market> =>
  fc
    .record({
      drawn: fc.array(underlying(options), { minLength: 1, maxLength: 2 }),
      discountRate: fc.constantFrom(ZERO, number('0.04')),
    })
    .map(({ drawn, discountRate }): Market => {
      const listed = drawn.flatMap(({ contracts }, place) =>
        contracts.map((contract) => ({ ...contract, underlying: place })),
      );
      return {
        registry: {
          venue: 'Test Exchange',
          version: 1,
          quote: 'USD',
          entries: [
            { id: 1, symbol: 'USD', kind: 'asset', amountDecimals: 6 },
            ...listed.map(({ kind, amountDecimals }, index) => ({
              id: 10 + index,
              symbol: `C${index}`,
              kind,
              settleAsset: 1,
              amountDecimals,
            })),
          ],
        },
        time: TIME,
        discountRate,
        assets: [{ assetId: 1, price: rational(1n), ladder: [{ valueCap: null, factor: rational(1n) }] }],
        underlyings: drawn.map(({ spot, volatility }, place) => ({
          name: `U${place}`,
          spot,
          volatility,
          history: null,
          volatilityHistory: null,
        })),
        instruments: listed.map(({ instrument, underlying: place }, index) => ({
          ...instrument,
          instrumentId: 10 + index,
          underlying: place,
        })),
      };
    });

/** Some of the contracts, long or short, small and large. */
export const holdingsIn = (market: Market): fc.Arbitrary<Holdings> =>
  fc.subarray([...market.instruments], { minLength: 1 }).chain((instruments) =>
    fc
      .tuple(
        ...instruments.map(({ instrumentId }) =>
          fc
            .tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 1, max: 9_999 }), fc.boolean())
            .map(([zeros, digits, short]) => {
              const size = (BigInt(digits) * 10n ** BigInt(zeros)) / 1000n + 1n;
              return { instrumentId, size: short ? -size : size, cost: 0n };
            }),
        ),
      )
      .map((positions) => ({ collateral: [{ assetId: 1, amount: 1_000_000n }], positions })),
  );

const given = (volatilities: readonly Rational[], correlation: Rational): CovarianceSource => ({
  kind: 'given',
  volatilities,
  correlation: volatilities.map((_, row) =>
    volatilities.map((__, column) => (row === column ? rational(1n) : correlation)),
  ),
});

const covarianceOf = (count: number): fc.Arbitrary<CovarianceSource> =>
  fc
    .tuple(fc.array(decimal(100, 1_500, 3), { minLength: count, maxLength: count }), decimal(0, 999_999, 6))
    .map(([volatilities, correlation]) => given(volatilities, correlation));

export const addOns: fc.Arbitrary<AddOns | null> = fc.option(
  fc.record({
    participation: decimal(1, 100, 2),
    impactCoefficient: decimal(0, 200, 2),
    confidence: fc.constant(number('0.99')),
    multiples: fc.constant(['0.0001', '0.5', '3'].map(number)),
    volatility: fc.constant({ kind: 'market' as const }),
  }),
);

export const tailTerms = (market: Market): fc.Arbitrary<TailTerms> =>
  fc.record({
    measure: fc.constantFrom('expected shortfall', 'value at risk'),
    confidence: fc.constantFrom('0.8', '0.875', '0.9').map(number),
    horizonDays: fc.constantFrom('1', '10').map(number),
    scenarios: fc
      .tuple(fc.integer({ min: 10, max: 14 }), covarianceOf(market.underlyings.length), fc.integer())
      .map(([count, covariance, seed]) => [{ kind: 'monteCarlo' as const, count, seed: `seed ${seed}`, covariance }]),
  });

export const greeksTerms: fc.Arbitrary<GreeksTerms> = fc.record({
  horizonDays: fc.constantFrom('1', '3').map(number),
  volatility: fc.constant({ kind: 'market' as const }),
  multiples: fc.constant(['-3', '-1', '1', '3'].map(number)),
  volatilityChanges: fc.constant(['-0.1', '0', '0.1'].map(number)),
});

export const parametricTerms = (market: Market): fc.Arbitrary<ParametricTerms> => {
  const factors = market.underlyings.flatMap(({ name }) => [
    { underlying: name, of: 'price' as const },
    { underlying: name, of: 'volatility' as const },
  ]);
  return fc.record({
    confidence: fc.constant(number('0.99')),
    horizonDays: fc.constantFrom('1', '10').map(number),
    factors: fc.constant(factors),
    covariance: covarianceOf(factors.length),
  });
};

const weight = decimal(0, 3_000_000, 6);

export const hybrids = (market: Market): fc.Arbitrary<HybridRecipe> =>
  fc.record({
    family: fc.constant('hybrid' as const),
    claim: fc.constant('maintenance'),
    haircuts: fc.constant('marginal' as const),
    greeks: greeksTerms,
    parametric: parametricTerms(market),
    tail: tailTerms(market),
    stress: decimal(-900, 900, 3).map((move) => [
      {
        kind: 'named' as const,
        name: 'rout',
        moves: { U0: move },
        volatilityChanges: { U0: number('0.3') },
      },
    ]),
    blocks: fc.constant(null),
    rule: fc.constantFrom('maximum', 'sum'),
    weights: fc.record({
      charges: weight,
      greeks: weight,
      parametric: weight,
      tail: weight.map((each) => (each.num === 0n ? rational(1n) : each)),
      stress: weight,
    }),
    added: decimal(100_000, 2_000_000, 6),
    addOns,
  });
