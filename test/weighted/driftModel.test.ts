import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { commitAccounts } from '../../src/account/accountTree.js';
import { SolvencyError } from '../../src/errors.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { compare, rational } from '../../src/numbers/rational.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { registryHash, venueId } from '../../src/snapshot/registry.js';
import { representDrift } from '../../src/venues/drift/adapter.js';
import {
  type DriftAccount,
  type DriftPerpPosition,
  type DriftSpotPosition,
  highest,
  isHealthy,
  type OpenOrders,
  riskOf,
  type StrictPrice,
} from '../../src/venues/drift/model.js';
import { weightedInput, weightedSignals } from '../../src/weighted/weightedInput.js';
import { accepts, compileForTest, type TestCircuit } from '../support/circuit.js';
import { accountOf, OWNER_SECRET } from '../support/market.js';

// The venue's own rules in its own integers share nothing with circuit and twin but the adapter: what they refuse, the
// circuit refuses.

const CLAIMS = ['maintenance', 'initial'] as const;
type Claim = (typeof CLAIMS)[number];

const between = (min: bigint, max: bigint) => fc.bigInt({ min, max });
const sized = (bits: number) =>
  fc.integer({ min: 1, max: bits }).chain((width) => between(1n, (1n << BigInt(width)) - 1n));
const signed = (bits: number) => fc.tuple(sized(bits), fc.boolean()).map(([value, minus]) => (minus ? -value : value));
const orNone = (value: fc.Arbitrary<bigint>) => fc.oneof(fc.constant(0n), value);
const imf = fc.oneof(fc.constant(0n), sized(17));

const strictPrice = (price: fc.Arbitrary<bigint>): fc.Arbitrary<StrictPrice> =>
  fc
    .tuple(price, fc.oneof(fc.constant(undefined), between(-50_000n, 50_000n)))
    .map(([current, change]) =>
      change === undefined ? { current } : { current, average: current + (current * change) / 1_000_000n + 1n },
    );

const orders = (bits: number): fc.Arbitrary<OpenOrders> =>
  fc.oneof(
    fc.constant({ openBids: 0n, openAsks: 0n, openOrders: 0n }),
    fc.record({
      openBids: orNone(sized(bits)),
      openAsks: orNone(sized(bits)).map((size) => -size),
      openOrders: sized(5),
    }),
  );

/** initial is never laxer than maintenance */
const spot: fc.Arbitrary<DriftSpotPosition> = fc
  .record({
    decimals: fc.constantFrom(5, 6, 8, 9, 10),
    price: strictPrice(sized(36)),
    asset: fc.tuple(between(0n, 10_000n), between(0n, 10_000n)),
    liability: fc.tuple(between(10_000n, 20_000n), between(10_000n, 20_000n)),
    imfFactor: imf,
    amount: orNone(signed(46)),
    orders: orders(44),
  })
  .map(({ decimals, price, asset, liability, imfFactor, amount, orders: open }) => ({
    amount,
    ...open,
    market: {
      decimals,
      price,
      imfFactor,
      assetWeight: { initial: asset[0], maintenance: asset[1] },
      liabilityWeight: { initial: liability[0], maintenance: liability[1] },
    },
  }));

const perp: fc.Arbitrary<DriftPerpPosition> = fc
  .record({
    base: orNone(signed(45)),
    quoteEntry: orNone(signed(44)),
    customMarginRatio: orNone(between(1n, 10_000n)),
    orders: orders(44),
    isPrediction: fc.boolean(),
    price: sized(36),
    ratios: fc.tuple(between(100n, 10_000n), between(50n, 5_000n)),
    weights: fc.tuple(between(0n, 10_000n), between(0n, 10_000n)),
    imfs: fc.tuple(imf, imf),
  })
  .map(({ base, quoteEntry, customMarginRatio, orders: open, isPrediction, price, ratios, weights, imfs }) => ({
    base,
    quoteEntry,
    customMarginRatio,
    ...open,
    market: {
      price: isPrediction ? price % 1_100_000n : price,
      isPrediction,
      marginRatio: { initial: ratios[0], maintenance: ratios[1] },
      imfFactor: imfs[0],
      unrealizedAssetWeight: { initial: weights[0], maintenance: weights[1] },
      unrealizedImfFactor: imfs[1],
    },
  }))
  .filter(({ market }) => market.price > 0n);

const account: fc.Arbitrary<DriftAccount> = fc.record({
  rules: fc.constantFrom(
    { marginPerOpenOrder: 10_000n, unrealizedCap: 100_000_000n },
    { marginPerOpenOrder: 0n, unrealizedCap: 10n ** 12n },
  ),
  quote: fc
    .oneof(fc.constant({ current: 1_000_000n }), strictPrice(between(900_000n, 1_100_000n)))
    .map((price) => ({ price, decimals: 6, amount: 0n })),
  spots: fc.array(spot, { maxLength: 2 }),
  perps: fc.array(perp, { maxLength: 2 }),
  customMarginRatio: fc.oneof(
    { weight: 4, arbitrary: fc.constant(0n) },
    { weight: 1, arbitrary: between(1n, 11_000n) },
  ),
});

/** The account with the balance that leaves it `slack` units of 1e-6 USD or barely more above its requirement. */
function withSlack(held: DriftAccount, claim: Claim, slack: bigint): DriftAccount {
  const at = (amount: bigint): DriftAccount => ({ ...held, quote: { ...held.quote, amount } });
  const free = (amount: bigint): bigint => {
    const { collateral, requirement } = riskOf(at(amount), claim);
    return collateral - requirement;
  };
  let [low, high] = [-(1n << 62n), 1n << 62n];
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (free(middle) >= slack) high = middle;
    else low = middle;
  }
  return at(high);
}

function judge(held: DriftAccount, claim: Claim) {
  try {
    const { snapshot, holdings } = representDrift(held, claim);
    const table = buildRiskTable(snapshot);
    const { weightedEquity, requirement } = evaluate(holdings, table);
    return {
      table,
      holdings,
      accepted: weightedEquity >= requirement,
      slack: rational(weightedEquity - requirement, 10n ** 34n),
    };
  } catch (error) {
    if (error instanceof SolvencyError && error.code === 'NOT_REPRESENTABLE') return undefined;
    throw error;
  }
}

const claims = fc.constantFrom(...CLAIMS);
const slacks = fc.oneof(fc.constantFrom(-1n, 0n, 1n), between(-30n, 30n), signed(40));

describe('the twin', () => {
  it('never accepts what the venue refuses', () => {
    const seen = { accepted: 0, refused: 0, stricter: 0, left: 0 };
    fc.assert(
      fc.property(account, claims, slacks, (held, claim, slack) => {
        const near = withSlack(held, claim, slack);
        const judged = judge(near, claim);
        if (judged === undefined) {
          seen.left++;
          return;
        }
        const healthy = isHealthy(riskOf(near, claim));
        if (judged.accepted) expect(healthy).toBe(true);
        seen[judged.accepted ? 'accepted' : healthy ? 'stricter' : 'refused']++;
      }),
      { seed: 20521, numRuns: 600 },
    );
    expect(seen.left).toBeLessThan(60);
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(100);
  });

  it('leaves no part of an account a quantum more than the venue does', () => {
    // one part each, so that what is lost on one does not hide what is gained on another
    const one = fc.oneof(
      account.map((held) => ({ ...held, perps: [], spots: held.spots.slice(0, 1) })),
      account.map((held) => ({ ...held, spots: [], perps: held.perps.slice(0, 1) })),
      fc
        .tuple(account, signed(40))
        .map(([held, amount]) => ({ ...held, spots: [], perps: [], quote: { ...held.quote, amount } })),
    );
    let exact = 0;
    fc.assert(
      fc.property(one, claims, (held, claim) => {
        const judged = judge(held, claim);
        if (judged === undefined) return;
        const { collateral, requirement } = riskOf(held, claim);
        const unit = highest(held.quote.price);
        const venue = rational(collateral - requirement, unit);
        expect(compare(judged.slack, venue)).toBeLessThanOrEqual(0);
        if (compare(judged.slack, venue) === 0) exact++;
      }),
      { seed: 20524, numRuns: 1_500 },
    );
    expect(exact).toBeGreaterThan(200);
  });

  it('is stricter by some quantums at most, where no deposit is discounted for its size and no price is rounded', () => {
    let accepted = 0;
    const plain = account.map(
      (held): DriftAccount => ({
        ...held,
        rules: { marginPerOpenOrder: 10_000n, unrealizedCap: 100_000_000n },
        quote: { ...held.quote, price: { current: 1_000_000n } },
        spots: held.spots.map((each) => ({
          ...each,
          openBids: 0n,
          openAsks: 0n,
          market: { ...each.market, imfFactor: each.amount < 0n ? each.market.imfFactor : 0n, decimals: 9 },
        })),
        perps: held.perps.map((each) => ({ ...each, market: { ...each.market, unrealizedImfFactor: 0n } })),
      }),
    );
    fc.assert(
      fc.property(plain, claims, (held, claim) => {
        const near = withSlack(held, claim, 30n);
        const judged = judge(near, claim);
        if (judged === undefined) return;
        expect(judged.accepted).toBe(true);
        accepted++;
      }),
      { seed: 20522, numRuns: 300 },
    );
    expect(accepted).toBeGreaterThan(250);
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
      fc.asyncProperty(account, claims, fc.constantFrom(-2n, -1n, 20n), async (held, claim, slack) => {
        const near = withSlack({ ...held, spots: held.spots.slice(0, 1), perps: held.perps.slice(0, 1) }, claim, slack);
        const judged = judge(near, claim);
        fc.pre(judged !== undefined);
        const { table, holdings } = judged;
        fc.pre(holdings.positions.length <= CAPACITY.positions && holdings.collateral.length <= CAPACITY.assets);
        const { registry } = table.snapshot;
        const [holder] = commitAccounts([accountOf(holdings)], {
          venueId: venueId(registry),
          registryHash: registryHash(registry),
          time: 1n,
        });
        const input = weightedInput(
          {
            account: holder as NonNullable<typeof holder>,
            ownerSecret: OWNER_SECRET,
            table,
            request: { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n },
          },
          CAPACITY,
        );
        const accepted = accepts(circuit, await circuit.witness(weightedSignals(input)));
        if (accepted) expect(isHealthy(riskOf(near, claim))).toBe(true);
        seen[accepted ? 'accepted' : 'refused']++;
      }),
      { seed: 20523, numRuns: 40 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(5);
  });
});
