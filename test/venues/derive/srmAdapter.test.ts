import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { commitAccounts } from '../../../src/account/accountTree.js';
import { evaluate } from '../../../src/margin/evaluate.js';
import {
  compare,
  multiply,
  parseRational,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../../src/numbers/rational.js';
import { between, exact } from '../../../src/pricing/approximation.js';
import { PUBLIC_SIGNALS } from '../../../src/protocol/constants.js';
import { buildRiskTable } from '../../../src/risk/riskTable.js';
import { registryHash, venueId } from '../../../src/snapshot/registry.js';
import { standardInput, standardSignals } from '../../../src/standard/standardInput.js';
import { EVALUATORS } from '../../../src/vectors/evaluators.js';
import { runVectors } from '../../../src/vectors/run.js';
import { representSrm, type SrmHeldAccount, type SrmHeldMarket } from '../../../src/venues/derive/srm/adapter.js';
import { type SrmParameters, srmRisk } from '../../../src/venues/derive/srm/model.js';
import { accepts, compileForTest, type TestCircuit } from '../../support/circuit.js';
import { accountOf, OWNER_SECRET } from '../../support/market.js';
import { acceptsAll, codeOf, twinVerdict } from '../../vectors/twin.js';
import { casesOf } from './changedFigures.js';

const CASES = casesOf('derive_srm.json');
const CLAIMS = ['maintenance', 'initial'] as const;
type Claim = (typeof CLAIMS)[number];
const number = (text: string): Rational => parseRational(text) as Rational;

describe('the venue’s own cases', () => {
  it('get the venue’s verdict on both claims', async () => {
    const report = await runVectors(CASES, EVALUATORS, twinVerdict);
    expect(report).toMatchObject({ passed: 35, failed: 0 });
    expect(report.lines).toEqual([
      'circuit: 70 verdicts agree with the venue, 0 with the reference model where the case states none, 0 refused within tolerance, 0 wrong, 0 not proven',
    ]);
  });

  it('show a circuit that accepts everything', async () => {
    const report = await runVectors(CASES, EVALUATORS, acceptsAll);
    expect(report.failed).toBeGreaterThan(10);
  });
});

/** Numbers on a grid of 10^-decimals. */
const grid = (low: number, high: number, decimals: number): fc.Arbitrary<Rational> =>
  fc
    .bigInt({ min: BigInt(low) * 10n ** BigInt(decimals), max: BigInt(high) * 10n ** BigInt(decimals) })
    .map((value) => rational(value, 10n ** BigInt(decimals)));
const parts = fc.integer({ min: 0, max: 10 }).map((tenths) => rational(BigInt(tenths), 10n));
const notZero = (value: Rational): boolean => value.num !== 0n;

const parameters: fc.Arbitrary<SrmParameters> = fc.record({
  market: fc.record({
    option: fc.record({
      mostSpot: fc.constant(number('0.15')),
      leastSpot: fc.constant(number('0.1')),
      maintenanceCallSpot: fc.constant(number('0.075')),
      maintenancePutSpot: fc.constant(number('0.075')),
      maintenancePutMark: parts,
      unpairedScale: fc.record({
        maintenance: fc.constantFrom(number('1.1'), ZERO),
        initial: fc.constant(number('1.2')),
      }),
      putOffset: fc.constantFrom(number('1.05'), number('0.5')),
    }),
    contingency: fc.record({ perpThreshold: parts, optionThreshold: parts, baseThreshold: parts, factor: parts }),
    perp: fc.record({ maintenance: parts, initial: parts }),
    base: fc.record({ factor: parts, initialScale: parts }),
  }),
  depeg: fc.record({ threshold: parts, factor: parts }),
});

/** Accounts of one market: at most 3 options of two expiries and a perpetual. `fine` digits of sizes and of figures. */
function accounts(sizeDecimals: number, figureDecimals: number): fc.Arbitrary<SrmHeldAccount> {
  const size = grid(-3, 3, sizeDecimals).filter(notZero);
  const figure = grid(50, 150, figureDecimals);
  const option = fc.record({
    expiry: fc.nat(1),
    strike: fc.integer({ min: 0, max: 8 }).map((step) => rational(BigInt(25 * step))),
    isCall: fc.boolean(),
    amount: size,
    mark: grid(0, 60, figureDecimals).map((value) =>
      figureDecimals > 8 ? between(value, subtract(value, rational(-1n, 10n ** 16n))) : exact(value),
    ),
  });
  const market = fc
    .record({
      spot: figure,
      spotConfidence: parts,
      perp: fc.record({
        amount: fc.oneof(fc.constant(ZERO), size),
        price: figure,
        confidence: parts,
        unsettled: grid(-20, 20, figureDecimals),
      }),
      base: grid(0, 2, sizeDecimals),
      forwards: fc.tuple(figure, figure),
      confidences: fc.tuple(parts, parts),
      options: fc.uniqueArray(option, {
        maxLength: 3,
        selector: ({ expiry, strike, isCall }) => `${expiry} ${strike.num} ${isCall}`,
      }),
    })
    .map(
      ({ forwards, confidences, options, ...rest }): SrmHeldMarket => ({
        name: 'ETH',
        ...rest,
        expiries: [0, 1]
          .map((expiry) => ({
            forward: forwards[expiry] as Rational,
            confidence: confidences[expiry] as Rational,
            options: options.filter((each) => each.expiry === expiry),
          }))
          .filter((each) => each.options.length > 0),
      }),
    );
  return fc.record({
    account: fc.record({
      cash: grid(-100, 500, sizeDecimals),
      stable: parts.map((part) => subtract(part, rational(-1n, 10n))),
    }),
    markets: fc.tuple(market),
    parameters,
  });
}

/** The exact model's net margin, over marks in the middle of their bounds. */
function netOf({ account, markets, parameters }: SrmHeldAccount, claim: Claim): Rational {
  const exactMarkets = markets.map((each) => ({
    ...each,
    expiries: each.expiries.map((expiry) => ({
      ...expiry,
      options: expiry.options.map((option) => ({ ...option, mark: option.mark.value })),
    })),
  }));
  return srmRisk({ ...account, markets: exactMarkets }, parameters).net[claim];
}

const withCash = (held: SrmHeldAccount, cash: Rational): SrmHeldAccount => ({
  ...held,
  account: { ...held.account, cash },
});

/** The cash that leaves the account `slack` above nothing. */
const atThreshold = (held: SrmHeldAccount, claim: Claim, slack: Rational): SrmHeldAccount =>
  withCash(held, subtract(slack, netOf(withCash(held, ZERO), claim)));

/** What the figures of the circuit leave, in quote. */
function provenNet(held: SrmHeldAccount, claim: Claim): Rational {
  const { snapshot, holdings } = representSrm(held, claim);
  const { weightedEquity, requirement } = evaluate(holdings, buildRiskTable(snapshot));
  return rational(weightedEquity - requirement, 10n ** 22n);
}

const claims = fc.constantFrom(...CLAIMS);

describe('against the exact model', () => {
  it('figures that can be exact are the same', () => {
    fc.assert(
      fc.property(accounts(4, 2), claims, (held, claim) => {
        // a snapshot asks for something for an unpaired call where the venue asks for nothing
        fc.pre(notZero(held.parameters.market.option.unpairedScale[claim]));
        expect(provenNet(held, claim)).toEqual(netOf(held, claim));
        expect(representSrm(held, claim).rounded).toEqual([]);
      }),
      { seed: 20421, numRuns: 300 },
    );
  });

  it('others are rounded against the prover, and by little', () => {
    fc.assert(
      fc.property(accounts(18, 18), claims, (held, claim) => {
        const [proven, net] = [provenNet(held, claim), netOf(held, claim)];
        expect(compare(proven, net)).toBeLessThanOrEqual(0);
        // eight decimals of a few sizes of a few hundred, and factors in parts per million
        expect(compare(subtract(net, proven), number('0.001'))).toBeLessThan(0);
        expect(representSrm(held, claim).rounded.length).toBeGreaterThan(0);
      }),
      { seed: 20422, numRuns: 300 },
    );
  });

  describe('in the circuit', () => {
    const CAPACITY = { positions: 4, assets: 2 };
    let circuit: TestCircuit;
    beforeAll(async () => {
      circuit = await compileForTest({
        file: 'standard/standardMargin.circom',
        template: 'StandardMargin',
        parameters: [CAPACITY.positions, CAPACITY.assets],
        publicSignals: PUBLIC_SIGNALS,
      });
    });

    async function circuitAccepts(held: SrmHeldAccount, claim: Claim): Promise<boolean> {
      const { snapshot, holdings } = representSrm(held, claim);
      const [account] = commitAccounts([accountOf(holdings)], {
        venueId: venueId(snapshot.registry),
        registryHash: registryHash(snapshot.registry),
        time: 1n,
      });
      if (account === undefined) throw new Error('the account was not committed');
      const request = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };
      const table = buildRiskTable(snapshot);
      const input = standardInput({ account, ownerSecret: OWNER_SECRET, table, request }, CAPACITY);
      return accepts(circuit, await circuit.witness(standardSignals(input)));
    }

    it('an account at the threshold is judged as by the exact model where figures can be exact', async () => {
      await fc.assert(
        fc.asyncProperty(accounts(4, 2), claims, fc.constantFrom(-1n, 0n, 1n), async (held, claim, units) => {
          fc.pre(notZero(held.parameters.market.option.unpairedScale[claim]));
          const moved = atThreshold(held, claim, rational(units, 10n ** 8n));
          expect(await circuitAccepts(moved, claim)).toBe(netOf(moved, claim).num >= 0n);
        }),
        { seed: 20423, numRuns: 25 },
      );
    });

    it('no account below the threshold is accepted, however its figures are rounded', async () => {
      await fc.assert(
        fc.asyncProperty(accounts(18, 18), claims, async (held, claim) => {
          const below = atThreshold(held, claim, rational(-1n, 10n ** 18n));
          expect(netOf(below, claim).num).toBeLessThan(0n);
          expect(await circuitAccepts(below, claim)).toBe(false);
        }),
        { seed: 20424, numRuns: 25 },
      );
    });
  });
});

describe('what a leaf or a snapshot cannot hold', () => {
  const [held] = fc.sample(
    accounts(4, 2).filter(({ markets: [market] }) => (market?.expiries.length ?? 0) > 0),
    { seed: 1, numRuns: 1 },
  ) as [SrmHeldAccount];
  const market = held.markets[0] as SrmHeldMarket;
  const changed = (fields: Partial<SrmHeldMarket>): SrmHeldAccount => ({
    ...held,
    markets: [{ ...market, ...fields }],
  });
  const withOption = (fields: object): SrmHeldAccount =>
    changed({
      expiries: market.expiries.map((expiry, k) =>
        k > 0
          ? expiry
          : { ...expiry, options: expiry.options.map((each, j) => (j > 0 ? each : { ...each, ...fields })) },
      ),
    });
  const huge = rational(2n ** 64n);

  it.each<[string, SrmHeldAccount]>([
    ['cash beyond 64 bits', withCash(held, huge)],
    ['a size beyond 64 bits', withOption({ amount: huge })],
    ['an option of no size', withOption({ amount: ZERO })],
    ['a strike with more than eight decimals', withOption({ strike: number('100.000000001') })],
    ['a spot price below the least unit', changed({ spot: number('0.000000001') })],
    ['a base beyond 64 bits', changed({ base: huge })],
    [
      'a profit beyond 80 bits',
      changed({ perp: { ...market.perp, amount: number('1'), unsettled: multiply(huge, huge) } }),
    ],
  ])('%s', (_, account) => {
    expect(codeOf(() => representSrm(account, 'maintenance'))).toBe('NOT_REPRESENTABLE');
  });
});
