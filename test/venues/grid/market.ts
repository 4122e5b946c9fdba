import fc from 'fast-check';
import type { Holdings } from '../../../src/account/account.js';
import { evaluate } from '../../../src/margin/evaluate.js';
import { add, multiply, ONE, type Rational, rational, sum, ZERO } from '../../../src/numbers/rational.js';
import { buildPortfolio } from '../../../src/portfolio/buildPortfolio.js';
import type { PortfolioParameters } from '../../../src/portfolio/portfolioParameters.js';
import { fromInterval } from '../../../src/pricing/approximation.js';
import { black76 } from '../../../src/pricing/black76.js';
import { power } from '../../../src/pricing/fixedPoint.js';
import { buildRiskTable, type RiskTable } from '../../../src/risk/riskTable.js';
import type { Registry, RegistryEntry } from '../../../src/snapshot/registry.js';
import type { ForwardContract, OptionContract, PricedExpiry } from '../../../src/venues/grid/gridMarket.js';

/** A small market: BTC with a perpetual and two expiries, ETH with a perpetual and one. */
export const DECIMALS = 4;
const UNIT = 10n ** BigInt(DECIMALS);
export const DAY = 86_400n;
export const USD = 1;
export const BTC = 2;

const future = (instrumentId: number): ForwardContract => ({ kind: 'forward', instrumentId });
const option = (instrumentId: number, strike: bigint, isCall: boolean, percent: bigint): OptionContract => ({
  kind: 'option',
  instrumentId,
  strike: rational(strike),
  isCall,
  volatility: rational(percent, 100n),
});
/** call and put under neighbouring ids */
const pair = (instrumentId: number, strike: bigint, percent: bigint): readonly OptionContract[] => [
  option(instrumentId, strike, true, percent),
  option(instrumentId + 1, strike, false, percent),
];

const expiry = (name: string, forward: Rational, days: bigint, contracts: PricedExpiry['contracts']): PricedExpiry => ({
  name,
  perpetual: days === 0n,
  amountDecimals: DECIMALS,
  charge: ZERO,
  forward,
  secondsToExpiry: days * DAY,
  discount: days === 0n ? ONE : rational(997n, 1000n),
  contracts,
});

export const underlyings = [
  {
    name: 'BTC',
    expiries: [
      expiry('BTC-PERP', rational(70_010n), 0n, [future(10)]),
      expiry('BTC-NEAR', rational(70_150n), 10n, [future(20), ...pair(31, 60_000n, 62n), ...pair(41, 72_000n, 55n)]),
      expiry('BTC-FAR', rational(141_701n, 2n), 90n, [...pair(51, 80_000n, 58n)]),
    ],
  },
  {
    name: 'ETH',
    expiries: [
      expiry('ETH-PERP', rational(3_501n), 0n, [future(110)]),
      expiry('ETH-NEAR', rational(3_510n), 10n, [...pair(121, 3_300n, 71n)]),
    ],
  },
] as const;

const contracts = underlyings.flatMap(({ expiries }) => expiries.flatMap(({ contracts: listed }) => listed));
export const IDS = contracts.map(({ instrumentId }) => instrumentId);

const entry = (id: number): RegistryEntry => ({
  id,
  symbol: `CONTRACT-${id}`,
  kind: id % 10 === 1 || id % 10 === 2 ? 'option' : id % 100 === 10 ? 'perpetual' : 'future',
  settleAsset: USD,
  amountDecimals: DECIMALS,
});
export const registry: Registry = {
  venue: 'grid-venue',
  version: 1,
  quote: 'USD',
  entries: [
    { id: USD, symbol: 'USD', kind: 'asset', amountDecimals: 8 },
    { id: BTC, symbol: 'BTC', kind: 'asset', amountDecimals: DECIMALS },
    ...IDS.map(entry),
  ],
};

export const standing = (assetId: number, price: Rational) => ({
  assetId,
  price,
  ladder: [{ valueCap: null, factor: ONE }],
});

export const market = {
  registry,
  time: 1_760_000_000,
  haircutRule: 'whole',
  assets: [standing(USD, ONE)],
} as const;

export const tableOf = (parameters: PortfolioParameters): RiskTable => buildRiskTable(buildPortfolio(parameters));

/** Whole contracts by id. */
export type Sizes = ReadonlyMap<number, Rational>;

/** Up to `most` positions of either sign, some of them small and odd. */
export const sizes = (ids: readonly number[], most: number): fc.Arbitrary<Sizes> =>
  fc
    .subarray([...ids], { minLength: 1, maxLength: most })
    .chain((held) =>
      fc
        .tuple(
          ...held.map(() =>
            fc
              .tuple(fc.oneof(fc.bigInt({ min: 1n, max: 999n }), fc.bigInt({ min: 1n, max: 500_000n })), fc.boolean())
              .map(([size, short]) => rational(short ? -size : size, UNIT)),
          ),
        )
        .map((list) => new Map(held.map((id, k) => [id, list[k] as Rational]))),
    );

export const holdingsOf = (held: Sizes, collateral: Holdings['collateral'] = []): Holdings => ({
  collateral,
  positions: [...held]
    .sort(([a], [b]) => a - b)
    .map(([instrumentId, size]) => ({ instrumentId, size: multiply(size, rational(UNIT)).num, cost: 0n })),
});

/** What the model leaves an account: weighted equity less requirement. */
export function netOf(table: RiskTable, holdings: Holdings): Rational {
  const { weightedEquity, requirement, decimals } = evaluate(holdings, table);
  return rational(weightedEquity - requirement, 10n ** BigInt(decimals));
}

/** Requirement with nothing held but positions, in quote. */
export function requirementOf(table: RiskTable, held: Sizes): Rational {
  const { requirement, decimals } = evaluate(holdingsOf(held), table);
  return rational(requirement, 10n ** BigInt(decimals));
}

/** What all roundings together may cost: some units of 1e-16 for each smallest unit held. */
export const roundingBound = (held: Sizes): Rational =>
  multiply(
    rational(16n * UNIT, 10n ** 16n),
    sum([...held.values()].map(({ num, den }) => rational(num < 0n ? -num : num, den))),
  );

// What follows is for the venues' own formulas in tests: it takes nothing from the model that is tested.

/** (30 / days)^p */
export const termFactor = (days: Rational, exponent: Rational): Rational =>
  fromInterval(power(rational(30n * days.den, days.num), exponent)).value;

export const worth = (
  contract: ForwardContract | OptionContract,
  at: Pick<PricedExpiry, 'forward' | 'secondsToExpiry' | 'discount'>,
  volatility: Rational,
): Rational =>
  contract.kind === 'forward'
    ? at.forward
    : black76({
        forward: at.forward,
        discount: at.discount,
        strike: contract.strike,
        isCall: contract.isCall,
        volatility,
        secondsToExpiry: rational(at.secondsToExpiry),
      }).value;

export const volatilityOf = (contract: ForwardContract | OptionContract): Rational =>
  contract.kind === 'option' ? contract.volatility : ZERO;

export const marketValue = (held: Sizes): Rational =>
  underlyings
    .flatMap(({ expiries }) => expiries)
    .flatMap((at) =>
      at.contracts.map((contract) =>
        multiply(held.get(contract.instrumentId) ?? ZERO, worth(contract, at, volatilityOf(contract))),
      ),
    )
    .reduce(add, ZERO);
