import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { commitAccounts } from '../../src/account/accountTree.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { type Rational, rational } from '../../src/numbers/rational.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { registryHash, venueId } from '../../src/snapshot/registry.js';
import { representVega, type VegaAccount, type VegaHolding } from '../../src/venues/vega/adapter.js';
import { maintenanceLevel, maintenanceMargin, scaledLevel, type VegaOrder } from '../../src/venues/vega/model.js';
import { weightedInput, weightedSignals } from '../../src/weighted/weightedInput.js';
import { accepts, compileForTest, type TestCircuit } from '../support/circuit.js';
import { accountOf, OWNER_SECRET } from '../support/market.js';
import { codeOf } from '../vectors/twin.js';

// The venue's own rule in exact rationals shares nothing with the twin but the adapter.

const CLAIMS = ['maintenance', 'initial'] as const;
type Claim = (typeof CLAIMS)[number];

const decimal = (max: number, decimals: number): fc.Arbitrary<Rational> =>
  fc
    .bigInt({ min: 0n, max: BigInt(max) * 10n ** BigInt(decimals) })
    .map((units) => rational(units, 10n ** BigInt(decimals)));
const minus = ({ num, den }: Rational): Rational => ({ num: -num, den });
const signedDecimal = (max: number, decimals: number) =>
  fc.tuple(decimal(max, decimals), fc.boolean()).map(([value, negative]) => (negative ? minus(value) : value));
const orders: fc.Arbitrary<readonly VegaOrder[]> = fc.array(
  fc.record({ size: decimal(5_000, 2), price: decimal(10_000, 1) }),
  { maxLength: 2 },
);

/** rates below 16, and quadratic slippage below 18, are what a row and the circuit hold */
const holding: fc.Arbitrary<VegaHolding> = fc.record({
  position: fc.record({ openVolume: signedDecimal(5_000, 3), buys: orders, sells: orders }),
  market: fc
    .record({
      mark: decimal(20_000, 2).map(({ num, den }) => rational(num + 50n * den, den)),
      linearSlippage: decimal(1, 6),
      quadraticSlippage: fc.oneof(
        fc.constant(rational(0n)),
        decimal(2, 8).map(({ num, den }) => rational(num, 1_000n * den)),
      ),
      riskFactorLong: decimal(4, 14),
      riskFactorShort: decimal(4, 14),
      fundingPerUnit: fc.oneof(fc.constant(rational(0n)), signedDecimal(100, 3)),
      auctionPrice: fc.oneof(fc.constant(undefined), decimal(10_000, 1)),
    })
    .map(({ auctionPrice, ...market }) =>
      auctionPrice === undefined ? market : { ...market, auction: { price: auctionPrice } },
    ),
  scaling: fc.record({
    search: fc.constant(rational(11n, 10n)),
    initial: decimal(5, 7).map(({ num, den }) => rational(num + den, den)),
    release: fc.constant(rational(6n)),
  }),
});

const levelOf = ({ position, market, scaling }: VegaHolding, claim: Claim): bigint => {
  const maintenance = maintenanceLevel(maintenanceMargin(position, market));
  return claim === 'maintenance' || scaling === undefined ? maintenance : scaledLevel(maintenance, scaling.initial);
};
const required = (markets: readonly VegaHolding[], claim: Claim): bigint =>
  markets.reduce((sum, market) => sum + levelOf(market, claim), 0n);

function twin(account: VegaAccount, claim: Claim) {
  const { snapshot, holdings } = representVega(account, claim);
  const { weightedEquity, requirement } = evaluate(holdings, buildRiskTable(snapshot));
  return {
    accepted: weightedEquity >= requirement,
    slack: rational(weightedEquity - requirement, 10n ** 34n),
    snapshot,
  };
}

const markets = fc.array(holding, { minLength: 1, maxLength: 2 });
const claims = fc.constantFrom(...CLAIMS);

describe('the twin', () => {
  it('never accepts what the venue refuses', () => {
    const seen = { accepted: 0, refused: 0 };
    const slacks = fc.oneof(fc.bigInt({ min: -20n, max: 20n }), fc.bigInt({ min: -(10n ** 6n), max: 10n ** 6n }));
    fc.assert(
      fc.property(markets, claims, slacks, (held, claim, slack) => {
        const balance = required(held, claim) + slack;
        const { accepted } = twin({ balance, markets: held }, claim);
        if (slack < 0n) expect(accepted).toBe(false);
        seen[accepted ? 'accepted' : 'refused']++;
      }),
      { seed: 20531, numRuns: 300 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(60);
  });

  it('is stricter by a millionth of the notional, a millionth of a mark and a scaled unit a market at most', () => {
    fc.assert(
      fc.property(markets, claims, (held, claim) => {
        const most = held.reduce((sum, { position: { openVolume }, market: { mark }, scaling }) => {
          const notional = (Number(openVolume.num) / Number(openVolume.den)) * (Number(mark.num) / Number(mark.den));
          const factor =
            claim === 'initial' && scaling !== undefined
              ? Number(scaling.initial.num) / Number(scaling.initial.den)
              : 1;
          return sum + (Math.abs(notional) * 1.1e-6 + 2.1) * factor;
        }, 0);
        const balance = required(held, claim) + BigInt(Math.ceil(most));
        expect(twin({ balance, markets: held }, claim).accepted).toBe(true);
      }),
      { seed: 20532, numRuns: 200 },
    );
  });
});

describe('the circuit', () => {
  const CAPACITY = { positions: 3, assets: 2 };
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest({
      file: 'weighted/weightedMargin.circom',
      template: 'WeightedMargin',
      parameters: [CAPACITY.positions, CAPACITY.assets],
      publicSignals: PUBLIC_SIGNALS,
    });
  });

  it('accepts nothing that the venue refuses, beside the requirement on both sides', async () => {
    const seen = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(markets, claims, fc.constantFrom(-2n, -1n, 1_000_000n), async (held, claim, slack) => {
        const balance = required(held, claim) + slack;
        fc.pre(balance > 0n);
        const { snapshot, holdings } = representVega({ balance, markets: held }, claim);
        const { registry } = snapshot;
        const [holder] = commitAccounts([accountOf(holdings)], {
          venueId: venueId(registry),
          registryHash: registryHash(registry),
          time: 1n,
        });
        const statement = {
          account: holder as NonNullable<typeof holder>,
          ownerSecret: OWNER_SECRET,
          table: buildRiskTable(snapshot),
          request: { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n },
        };
        const witness = await circuit.witness(weightedSignals(weightedInput(statement, CAPACITY)));
        const accepted = accepts(circuit, witness);
        expect(accepted).toBe(twin({ balance, markets: held }, claim).accepted);
        if (slack < 0n) expect(accepted).toBe(false);
        seen[accepted ? 'accepted' : 'refused']++;
      }),
      { seed: 20533, numRuns: 30 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(5);
  });
});

describe('a recorded position', () => {
  // short 1 at 15900: maintenance 5565, and 6678 with a factor of 1.2
  const short: VegaHolding = {
    position: { openVolume: rational(-1n), buys: [], sells: [] },
    market: {
      mark: rational(15_900n),
      linearSlippage: rational(1n, 4n),
      quadraticSlippage: rational(0n),
      riskFactorLong: rational(1n, 10n),
      riskFactorShort: rational(1n, 10n),
      fundingPerUnit: rational(0n),
    },
    scaling: { search: rational(11n, 10n), initial: rational(12n, 10n), release: rational(14n, 10n) },
  };

  it('asks for its level and the unit that a ceiling may add', () => {
    expect(required([short], 'maintenance')).toBe(5_565n);
    expect(twin({ balance: 5_566n, markets: [short] }, 'maintenance').slack).toEqual(rational(0n));
    expect(required([short], 'initial')).toBe(6_678n);
    expect(twin({ balance: 6_680n, markets: [short] }, 'initial').slack).toEqual(rational(4n, 5n));
  });

  it('says what was rounded', () => {
    const market = { ...short.market, riskFactorShort: rational(355_690_359_157_934n, 10n ** 14n) };
    const { snapshot } = twin({ balance: 1n, markets: [{ ...short, market }] }, 'maintenance');
    expect(snapshot.roundings).toEqual([
      { where: 'rate of MARKET-0 short', exact: '3.80690359157934', used: '3.806904' },
    ]);
  });

  it('is left out where its figures have no place', () => {
    const refusal = (change: Partial<VegaHolding>, claim: Claim = 'maintenance') =>
      codeOf(() => representVega({ balance: 1n, markets: [{ ...short, ...change }] }, claim));
    const { scaling: _, ...unscaled } = short;
    expect(codeOf(() => representVega({ balance: 1n, markets: [unscaled] }, 'initial'))).toBe('INVALID_INPUT');
    expect(refusal({ position: { ...short.position, openVolume: rational(1n, 3n) } })).toBe('NOT_REPRESENTABLE');
    expect(refusal({ position: { ...short.position, openVolume: rational(1n << 70n) } })).toBe('NOT_REPRESENTABLE');
    expect(refusal({ market: { ...short.market, mark: rational(0n) } })).toBe('NOT_REPRESENTABLE');
    expect(refusal({ market: { ...short.market, riskFactorShort: rational(20n) } })).toBe('NOT_REPRESENTABLE');
    expect(codeOf(() => representVega({ balance: 1n << 64n, markets: [] }, 'maintenance'))).toBe('NOT_REPRESENTABLE');
  });
});
