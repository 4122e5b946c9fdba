import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { commitAccounts } from '../../src/account/accountTree.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { add, negate, type Rational, rational, subtract, ZERO } from '../../src/numbers/rational.js';
import { portfolioInput, portfolioSignals } from '../../src/portfolio/portfolioInput.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { registryHash, venueId } from '../../src/snapshot/registry.js';
import { pmrm1Account } from '../../src/venues/derive/pmrm1/adapter.js';
import type { Pmrm1Case } from '../../src/venues/derive/pmrm1/case.js';
import { pmrm1CaseRisk } from '../../src/venues/derive/pmrm1/evaluator.js';
import { pmrm2Account } from '../../src/venues/derive/pmrm2/adapter.js';
import type { Pmrm2Case } from '../../src/venues/derive/pmrm2/case.js';
import { pmrm2CaseRisk } from '../../src/venues/derive/pmrm2/evaluator.js';
import { representPortfolio } from '../../src/venues/derive/shared/portfolioAccount.js';
import type { HeldOption } from '../../src/venues/derive/shared/scenario.js';
import { accepts, compileForTest, type TestCircuit } from '../support/circuit.js';
import { accountOf, OWNER_SECRET } from '../support/market.js';

// The venue's own rules in exact rationals, in the venue's order of formulas, share nothing with circuit and twin: what
// they refuse, the circuit refuses, for every account, market and parameter.

const CAPACITY = { positions: 4, assets: 2, expiries: 3, underlyings: 2, blocks: 0 };
const cents = (most: number): fc.Arbitrary<Rational> =>
  fc.integer({ min: 0, max: most * 100 }).map((value) => rational(BigInt(value), 100n));
const between = (least: number, most: number): fc.Arbitrary<Rational> =>
  fc.integer({ min: least * 1000, max: most * 1000 }).map((value) => rational(BigInt(value), 1000n));
/** signed, with up to ten decimals, so that some are rounded */
const amount = fc
  .tuple(fc.bigInt({ min: 1n, max: 10n ** 7n }), fc.boolean(), fc.constantFrom(1n, 10n, 10n ** 10n))
  .map(([value, short, den]) => rational(short ? -value : value, den * 10n));

const options = (most: number): fc.Arbitrary<readonly HeldOption[]> =>
  fc
    .uniqueArray(fc.record({ strike: fc.constantFrom(900, 1000, 1150, 2000), isCall: fc.boolean() }), {
      maxLength: most,
      selector: ({ strike, isCall }) => `${strike}${isCall}`,
    })
    .chain((held) =>
      fc.tuple(
        ...held.map(({ strike, isCall }) =>
          fc.record({
            strike: fc.constant(rational(BigInt(strike))),
            isCall: fc.constant(isCall),
            amount,
            volatility: between(0, 2),
          }),
        ),
      ),
    );

const expiry = (most: number) =>
  fc.record({
    seconds: fc.bigInt({ min: 600n, max: 40_000_000n }),
    forward: between(900, 1100).map((variable) => ({ variable, fixed: ZERO })),
    rate: between(0, 0.2),
    confidence: between(0.2, 1),
    options: options(most),
  });

const distinct = <T extends { readonly seconds: bigint }>(list: readonly T[]): readonly T[] =>
  list.filter(({ seconds }, k) => list.findIndex((other) => other.seconds === seconds) === k);

const expiries = fc.tuple(expiry(2), expiry(1)).map(distinct);
const perp = fc.record({
  amount: fc.oneof(fc.constant(ZERO), amount),
  price: between(950, 1050),
  confidence: between(0.2, 1),
  unsettled: between(-50, 50),
});

const pmrm2: fc.Arbitrary<Pmrm2Case> = fc
  .record({
    dampening: fc.tuple(between(0, 1), between(0, 1)),
    shocks: fc.tuple(between(0.5, 0.9), between(1.1, 2)),
    percent: between(0, 0.1),
    positive: between(0.3, 1.2),
    negative: between(0.8, 1.4),
    factor: between(0.5, 2),
    basis: between(0, 3),
    stable: between(0.95, 1.05),
    collateral: fc.record({
      amount: fc.bigInt({ min: 0n, max: 10n ** 12n }),
      price: cents(2000),
      confidence: between(0.2, 1),
    }),
    moves: fc.boolean(),
    expiries,
    perp,
    spotConfidence: between(0.2, 1),
  })
  .map((given): Pmrm2Case => {
    const one = rational(1n);
    const scenarios: Pmrm2Case['margin']['scenarios'] = [
      { spotShock: given.shocks[0], volatilityShock: 'up', dampening: given.dampening[0] },
      { spotShock: given.shocks[1], volatilityShock: 'down', dampening: given.dampening[1] },
      { spotShock: given.shocks[1], volatilityShock: 'none', dampening: one },
      { spotShock: rational(93n, 100n), volatilityShock: 'up', dampening: one },
      { spotShock: one, volatilityShock: 'linearSkew', dampening: one },
      { spotShock: one, volatilityShock: 'absoluteSkew', dampening: given.dampening[1] },
    ];
    const percent = { maintenance: given.percent, initial: given.percent };
    return {
      account: {
        cash: ZERO,
        collaterals: [
          {
            name: 'WRAPPED',
            amount: rational(given.collateral.amount, 10n ** 9n),
            price: given.collateral.price,
            confidence: given.collateral.confidence,
            isRiskCancelling: given.moves,
            maintenanceHaircut: given.percent,
            initialHaircut: given.percent,
          },
        ],
        perp: given.perp,
        spot: rational(1000n),
        spotConfidence: given.spotConfidence,
        stable: given.stable,
      },
      expiries: given.expiries,
      margin: {
        scenarios,
        perpPercent: percent,
        optionPercent: percent,
        confidence: { threshold: rational(55n, 100n), margin: one },
        maintenanceFactor: given.factor,
        initialFactor: add(given.factor, one),
        pegThreshold: rational(98n, 100n),
        pegFactor: rational(2n),
      },
      valuation: {
        scenarios,
        volatilityShocks: {
          rangeUp: rational(1n, 2n),
          rangeDown: rational(1n, 4n),
          shortTermPower: rational(3n, 10n),
          longTermPower: rational(13n, 100n),
          floor: 86_400n,
        },
        leastVolatilityUp: rational(45n, 100n),
        skew: {
          linearCap: { base: rational(15n, 100n), slope: rational(-5n, 100n) },
          absoluteCap: { base: rational(15n, 100n), slope: rational(-5n, 100n) },
          leastKStar: rational(1n, 100n),
          widthScale: rational(4n),
          volatilityStatic: rational(6n, 10n),
          volatilityScale: rational(-1n, 10n),
        },
        basisSpotUp: rational(1045n, 1000n),
        basisSpotDown: rational(955n, 1000n),
        basisFactor: { add: given.basis, multiple: rational(2n) },
        longRateShock: { multiple: one, add: rational(8n, 100n) },
        shortRateShock: { multiple: rational(1n, 2n), add: rational(8n, 100n) },
        longStaticDiscount: given.positive,
        shortStaticDiscount: given.negative,
      },
    };
  });

const pmrm1: fc.Arbitrary<Pmrm1Case> = fc
  .record({
    percent: between(0, 0.1),
    discount: between(0.5, 1),
    basis: between(0, 3),
    stable: between(0.95, 1.05),
    base: fc.oneof(
      fc.constant(ZERO),
      fc.bigInt({ min: 1n, max: 10n ** 12n }).map((value) => rational(value, 10n ** 9n)),
    ),
    expiries,
    perp,
    spotConfidence: between(0.2, 1),
  })
  .map((given): Pmrm1Case => {
    const shocks = [85n, 95n, 100n, 105n, 115n].map((percent) => rational(percent, 100n));
    return {
      shape: 'wei',
      account: {
        cash: ZERO,
        base: given.base,
        perp: given.perp,
        spot: rational(1000n),
        spotConfidence: given.spotConfidence,
        stable: given.stable,
      },
      expiries: given.expiries,
      margin: {
        perpPercent: given.percent,
        basePercent: given.percent,
        optionPercent: given.percent,
        confidence: { threshold: rational(6n, 10n), margin: rational(1n, 2n) },
        initialFactor: rational(13n, 10n),
        pegThreshold: rational(98n, 100n),
        pegFactor: rational(2n),
        spotShocks: shocks,
      },
      valuation: {
        scenarios: shocks.map((spotShock, k) => ({
          spotShock,
          volatilityShock: (['up', 'down', 'none'] as const)[k % 3] as 'up',
        })),
        volatilityShocks: {
          rangeUp: rational(45n, 100n),
          rangeDown: rational(3n, 10n),
          shortTermPower: rational(3n, 10n),
          longTermPower: rational(13n, 100n),
          floor: 86_400n,
        },
        basisSpotUp: rational(105n, 100n),
        basisSpotDown: rational(95n, 100n),
        basisFactor: { add: given.basis, multiple: rational(1n, 100n) },
        baseStaticDiscount: given.discount,
        rateShock: { multiple: rational(4n), add: rational(12n, 100n) },
      },
    };
  });

type Claim = 'maintenance' | 'initial';
const MODELS = [
  {
    name: 'PMRM_2',
    accounts: pmrm2 as fc.Arbitrary<Pmrm1Case | Pmrm2Case>,
    risk: (read: Pmrm1Case | Pmrm2Case) => pmrm2CaseRisk(read as Pmrm2Case),
    represent: (read: Pmrm1Case | Pmrm2Case, claim: Claim) =>
      representPortfolio(pmrm2Account(read as Pmrm2Case, claim)),
  },
  {
    name: 'PMRM',
    accounts: pmrm1 as fc.Arbitrary<Pmrm1Case | Pmrm2Case>,
    risk: (read: Pmrm1Case | Pmrm2Case) => pmrm1CaseRisk(read as Pmrm1Case),
    represent: (read: Pmrm1Case | Pmrm2Case, claim: Claim) =>
      representPortfolio(pmrm1Account(read as Pmrm1Case, claim)),
  },
];

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest({
    file: 'portfolio/portfolioMargin.circom',
    template: 'PortfolioMargin',
    parameters: [CAPACITY.positions, CAPACITY.assets, CAPACITY.expiries, CAPACITY.underlyings],
    publicSignals: PUBLIC_SIGNALS,
  });
});

/** The same account with cash that leaves it `slack` above what the exact model asks. */
function withSlack(model: (typeof MODELS)[number], read: Pmrm1Case | Pmrm2Case, claim: Claim, slack: Rational) {
  const risk = model.risk(read);
  const net = claim === 'initial' ? risk.netInitial : risk.netMaintenance;
  const cash = subtract(slack, net);
  return { ...read, account: { ...read.account, cash } } as typeof read;
}

function judge(model: (typeof MODELS)[number], read: Pmrm1Case | Pmrm2Case, claim: Claim) {
  const { snapshot, holdings } = model.represent(read, claim);
  const table = buildRiskTable(snapshot);
  const { weightedEquity, requirement } = evaluate(holdings, table);
  return { table, holdings, net: rational(weightedEquity - requirement, 10n ** 34n) };
}

describe.each(MODELS)('$name', (model) => {
  const account = fc.tuple(model.accounts, fc.constantFrom<Claim>('maintenance', 'initial'));

  it('the twin never leaves an account more than the exact model does', async () => {
    fc.assert(
      fc.property(account, ([read, claim]) => {
        const exact = model.risk(read);
        const { net } = judge(model, read, claim);
        const loss = subtract(claim === 'initial' ? exact.netInitial : exact.netMaintenance, net);
        expect(loss.num).toBeGreaterThanOrEqual(0n);
      }),
      { seed: 20311, numRuns: 120 },
    );
  });

  it('the circuit refuses what the exact model refuses by a hair, and accepts what lies clearly above', async () => {
    const seen = { refused: 0, accepted: 0 };
    await fc.assert(
      fc.asyncProperty(account, fc.boolean(), async ([read, claim], above) => {
        const [hair, clearly] = [negate(rational(1n, 10n ** 9n)), rational(100_000n)];
        const { table, holdings, net } = judge(model, withSlack(model, read, claim, above ? clearly : hair), claim);
        fc.pre(holdings.collateral.length <= CAPACITY.assets && holdings.positions.length <= CAPACITY.positions);
        const packages = commitAccounts([accountOf(holdings)], {
          venueId: venueId(table.snapshot.registry),
          registryHash: registryHash(table.snapshot.registry),
          time: 1n,
        });
        const request = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };
        const statement = {
          account: packages[0] as (typeof packages)[number],
          ownerSecret: OWNER_SECRET,
          table,
          request,
        };
        const witness = await circuit.witness(portfolioSignals(portfolioInput(statement, CAPACITY)));
        const accepted = accepts(circuit, witness);
        seen[accepted ? 'accepted' : 'refused']++;
        expect(accepted).toBe(above);
        expect(net.num >= 0n).toBe(above);
      }),
      { seed: 20312, numRuns: 16 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(3);
  });
});
