import { describe, expect, it } from 'vitest';
import { evaluate } from '../../../src/margin/evaluate.js';
import {
  absolute,
  add,
  compare,
  multiply,
  parseRational,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../../../src/numbers/rational.js';
import { buildRiskTable } from '../../../src/risk/riskTable.js';
import { EVALUATORS } from '../../../src/vectors/evaluators.js';
import type { Json } from '../../../src/vectors/json.js';
import { readNumber } from '../../../src/vectors/json.js';
import { judge } from '../../../src/vectors/judge.js';
import type { VectorCase } from '../../../src/vectors/readCases.js';
import { runVectors } from '../../../src/vectors/run.js';
import { readPmrm2Case } from '../../../src/venues/derive/pmrm2/case.js';
import { pmrm2Evaluator } from '../../../src/venues/derive/pmrm2/evaluator.js';
import {
  type Pmrm2Account,
  type Pmrm2Collateral,
  type Pmrm2Expiry,
  type Pmrm2MarginParameters,
  type Pmrm2Scenario,
  pmrm2Risk,
} from '../../../src/venues/derive/pmrm2/model.js';
import { skewFactor } from '../../../src/venues/derive/pmrm2/skew.js';
import { pmrm2ExpiryValues } from '../../../src/venues/derive/pmrm2/valuation.js';
import { casesOf, changedExpectations, evaluationOf, withField } from './changedFigures.js';

const number = (text: string): Rational => parseRational(text) as Rational;
const CASES = casesOf('derive_pmrm2.json');
const caseNamed = (start: string): VectorCase => CASES.find(({ id }) => id.includes(`/${start}`)) as VectorCase;

describe('the venue’s own figures', () => {
  it('all match', async () => {
    const report = await runVectors(CASES, EVALUATORS);
    expect(report).toMatchObject({ passed: 20, failed: 0, lines: [] });
  });

  it.each(CASES.map((vector) => [vector.id, vector] as const))('%s: no figure can be changed', (_id, vector) => {
    const evaluation = evaluationOf(pmrm2Evaluator, vector);
    // ten times what the tolerance lets pass, near zero and elsewhere
    const step = (_field: string, value: string): Rational => {
      const part = multiply(absolute(readNumber(value) as Rational), rational(1n, 10n ** 7n));
      const least = rational(1n, 10n ** 7n);
      return compare(part, least) > 0 ? part : least;
    };
    const changed = changedExpectations(vector.expected, step);
    expect(changed.length).toBeGreaterThan(60);
    for (const { field, expected } of changed) {
      const misses = judge(expected, evaluation, vector.tolerance);
      expect(misses.length).toBe(1);
      expect(misses[0]?.field.startsWith(field)).toBe(true);
    }
  });

  it('the portfolio circuit asks for what the model asks, and never for less', () => {
    // the value tables of large accounts take a while to hash
    const small = CASES.filter(({ fields }) => JSON.stringify(fields['positions']).length < 2_000);
    expect(small.length).toBeGreaterThan(5);
    for (const { id, model, fields } of small) {
      for (const judged of pmrm2Evaluator.statements({ id, model, fields, asked: {} })) {
        if ('skipped' in judged) expect.fail(judged.skipped);
        const { snapshot, holdings } = judged.statement;
        const { weightedEquity, requirement } = evaluate(holdings, buildRiskTable(snapshot));
        const less = subtract(judged.slack, rational(weightedEquity - requirement, 10n ** 34n));
        expect(compare(less, ZERO), id).toBeGreaterThanOrEqual(0);
        const most = add(rational(1n, 1_000n), multiply(absolute(judged.requirement), rational(1n, 10n ** 6n)));
        expect(compare(less, most), id).toBeLessThan(0);
      }
    }
  });
});

const SCENARIOS: readonly Pmrm2Scenario[] = [
  { spotShock: number('1.2'), volatilityShock: 'up', dampening: number('1') },
  { spotShock: number('0.5'), volatilityShock: 'up', dampening: number('0.1') },
  { spotShock: number('1'), volatilityShock: 'linearSkew', dampening: number('2') },
];
const option = (amount: string, mark: string, ...scenarios: readonly string[]) => ({
  strike: number('100'),
  amount: number(amount),
  values: {
    mark: number(mark),
    basisUp: number('14'),
    basisDown: number('7'),
    scenarios: scenarios.map(number),
  },
});
const expiry = (fields: Partial<Pmrm2Expiry> = {}): Pmrm2Expiry => ({
  confidence: number('1'),
  discountPositive: number('0.5'),
  discountNegative: number('2'),
  basisFactor: number('0.5'),
  options: [option('1', '10', '24', '4', '22')],
  ...fields,
});
const collateral = (fields: Partial<Pmrm2Collateral> = {}): Pmrm2Collateral => ({
  name: 'ETH',
  amount: number('2'),
  price: number('50'),
  confidence: number('1'),
  isRiskCancelling: false,
  maintenanceHaircut: number('0.1'),
  initialHaircut: number('0.05'),
  ...fields,
});
const account = (fields: Partial<Pmrm2Account> = {}): Pmrm2Account => ({
  cash: ZERO,
  collaterals: [],
  perp: { amount: ZERO, price: number('100'), confidence: ZERO, unsettled: number('77') },
  spot: number('100'),
  spotConfidence: number('1'),
  stable: number('1'),
  expiries: [],
  ...fields,
});
const PARAMETERS: Pmrm2MarginParameters = {
  scenarios: SCENARIOS,
  perpPercent: { maintenance: number('0.02'), initial: number('0.01') },
  optionPercent: { maintenance: number('0.01'), initial: number('0.005') },
  confidence: { threshold: number('0.6'), margin: number('0.5') },
  maintenanceFactor: number('0.8'),
  initialFactor: number('1.5'),
  pegThreshold: number('0.98'),
  pegFactor: number('2'),
};

describe('the model', () => {
  it('takes the discount of the sign, dampens, and turns every gain of a skew scenario into a loss', () => {
    const risk = pmrm2Risk(account({ expiries: [expiry()] }), PARAMETERS);
    expect(risk).toMatchObject({
      markToMarket: number('10'),
      // 24/2 - 10, (4/2 - 10) / 10, -|(22/2 - 10) * 2|
      scenarioPnl: [number('2'), number('-0.8'), number('-2')],
      basis: number('-1.5'),
      netMaintenance: number('8.4'),
      netInitial: number('7'),
    });
    const short = expiry({ options: [option('-1', '10', '24', '4', '3')] });
    // -48 + 10, (-8 + 10) / 10, -|(-6 + 10) * 2|
    expect(pmrm2Risk(account({ expiries: [short] }), PARAMETERS).scenarioPnl).toEqual(['-38', '0.2', '-8'].map(number));
  });

  it('keeps expiries apart in a skew scenario, where a gain and a loss both count as losses', () => {
    const gains = expiry({ options: [option('1', '10', '0', '0', '22')] });
    const loses = expiry({ options: [option('1', '10', '0', '0', '18')] });
    expect(pmrm2Risk(account({ expiries: [gains, loses] }), PARAMETERS).scenarioPnl[2]).toEqual(number('-4'));
  });

  it('shocks collateral only where it cancels risk, and takes haircuts of all of it', () => {
    const collaterals = [collateral(), collateral({ name: 'BTC', isRiskCancelling: true })];
    const risk = pmrm2Risk(account({ collaterals, stable: number('0.5') }), PARAMETERS);
    expect(risk).toMatchObject({
      markToMarket: number('400'),
      scenarioPnl: [number('40'), number('-10'), ZERO],
      maintenanceContingency: { collateral: number('40') },
      initialContingency: { collateral: number('20') },
      lossFactor: { maintenance: number('0.8'), initial: number('2.46') },
      netMaintenance: number('352'),
      netInitial: number('315.4'),
    });
  });

  it('takes a collateral’s confidence before the perp’s is merged into the spot’s', () => {
    const perp = { amount: number('-3'), price: number('100'), confidence: number('0.5'), unsettled: number('77') };
    const held = account({ collaterals: [collateral()], perp, expiries: [expiry()] });
    // perp 3 * 100 and option 1 * 100, at (1 - 0.5) * 0.5; the collateral at none
    expect(pmrm2Risk(held, PARAMETERS)).toMatchObject({
      markToMarket: number('187'),
      maintenanceContingency: { perp: number('6') },
      initialContingency: { perp: number('3'), oracle: number('100') },
    });
    const unsure = { ...held, spotConfidence: number('0.4') };
    // all three at (1 - 0.4) * 0.5
    expect(pmrm2Risk(unsure, PARAMETERS).initialContingency.oracle).toEqual(number('150'));
    const own = { ...held, collaterals: [collateral({ confidence: number('0.2') })] };
    expect(pmrm2Risk(own, PARAMETERS).initialContingency.oracle).toEqual(number('140'));
    const none = { ...held, perp: { ...perp, amount: ZERO } };
    expect(pmrm2Risk(none, PARAMETERS)).toMatchObject({
      markToMarket: number('110'),
      initialContingency: { oracle: ZERO },
    });
  });

  it('asks for naked shorts per strike, calls and puts together', () => {
    const options = [option('-3', '1', '1', '1', '1'), option('1', '1', '1', '1', '1')];
    const risk = pmrm2Risk(account({ expiries: [expiry({ options })] }), PARAMETERS);
    expect(risk.maintenanceContingency.option).toEqual(number('2'));
    expect(risk.initialContingency.option).toEqual(number('1'));
  });
});

describe('the valuation', () => {
  const read = readPmrm2Case(caseNamed('test_45_').fields);
  const [stated] = read.expiries as [(typeof read.expiries)[number]];

  it('bounds every value to 1e-29 at prices of thousands', () => {
    const limit = rational(1n, 10n ** 29n);
    for (const inputs of readPmrm2Case(caseNamed('test_61_').fields).expiries) {
      const { options, ...factors } = pmrm2ExpiryValues(inputs, read.valuation);
      const { discount, discountPositive, discountNegative } = factors;
      for (const { mark, basisUp, basisDown, scenarios } of options) {
        expect(scenarios).toHaveLength(read.valuation.scenarios.length);
        const all = [mark, basisUp, basisDown, ...scenarios, discount, discountPositive, discountNegative];
        for (const { error } of all) expect(compare(error, limit)).toBe(-1);
      }
    }
  });

  it('states the skew factors that the case states', () => {
    const fields = caseNamed('test_45_').fields as unknown as {
      readonly positions: { readonly options: readonly Readonly<Record<string, string>>[] };
    };
    for (const held of fields.positions.options) {
      const { forward, seconds } = read.expiries.find(
        (known) => String(known.seconds) === held['Expiry'],
      ) as (typeof read.expiries)[number];
      const inputs = { strike: number(held['Strike'] as string), forward: forward.variable, seconds };
      const near = (kind: 'linearSkew' | 'absoluteSkew', name: string): void => {
        const gap = subtract(skewFactor(kind, inputs, read.valuation.skew).value, number(held[name] as string));
        expect(compare(absolute(gap), rational(1n, 10n ** 14n))).toBe(-1);
      };
      near('linearSkew', 'linear_multiplier');
      near('absoluteSkew', 'abs_multiplier');
    }
  });

  it('takes a negative rate for none, and gives a short no more than its own discount back', () => {
    const none = pmrm2ExpiryValues({ ...stated, rate: ZERO }, read.valuation);
    expect(pmrm2ExpiryValues({ ...stated, rate: number('-1.2') }, read.valuation)).toEqual(none);
    expect(compare(none.discountNegative.value, number('1'))).toBe(0);
    expect(compare(none.discount.value, number('1'))).toBe(0);
  });

  it('keeps a volatility that is shocked up from falling below its floor', () => {
    const quiet = { ...stated, options: stated.options.map((held) => ({ ...held, volatility: number('0.000001') })) };
    const [up] = read.valuation.scenarios.flatMap(({ volatilityShock }, index) =>
      volatilityShock === 'up' ? [index] : [],
    );
    const [floored] = pmrm2ExpiryValues(quiet, read.valuation).options;
    const [free] = pmrm2ExpiryValues(quiet, { ...read.valuation, leastVolatilityUp: ZERO }).options;
    expect(
      compare(floored?.scenarios[up as number]?.value as Rational, free?.scenarios[up as number]?.value as Rational),
    ).toBe(1);
  });

  it('has no skew factor where the venue would divide by zero', () => {
    const inputs = { strike: number('1'), forward: number('1'), seconds: 0n };
    const skew = { ...read.valuation.skew, leastKStar: ZERO };
    expect(() => skewFactor('linearSkew', inputs, skew)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    expect(() => skewFactor('linearSkew', { ...inputs, strike: ZERO }, read.valuation.skew)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
    expect(skewFactor('linearSkew', inputs, read.valuation.skew).value).toEqual(number('1'));
  });
});

describe('the last half hour', () => {
  const forwardAt = (seconds: string) => {
    const { fields } = caseNamed('test_41_');
    const later = withField(fields, ['prices', 'option_feeds', '0', 'FeedExpiry'], seconds);
    const read = readPmrm2Case(withField(later, ['positions', 'options', '0', 'Expiry'], seconds));
    return read.expiries[0]?.forward;
  };
  const forward = number('2695.7814942763334');

  it('fixes what has passed of the forward', () => {
    expect(forwardAt('1800')).toEqual({ variable: forward, fixed: ZERO });
    expect(forwardAt('0')).toEqual({ variable: ZERO, fixed: forward });
    expect(forwardAt('600')).toEqual({
      variable: multiply(forward, number('1/3')),
      fixed: multiply(forward, number('2/3')),
    });
  });
});

describe('refusals', () => {
  const { fields } = caseNamed('test_45_');
  const skew = { SpotShock: '1.18', VolShockDirection: 'LINEAR', DampeningFactor: '5' };
  const asset = { Name: 'ETH', Amount: '1', Price: '1', Confidence: '1', IsRiskCancelling: true };

  it.each<[string, readonly string[], Json | undefined]>([
    ['an unknown field', ['insurance'], '1'],
    ['an unknown group of parameters', ['risk_params', 'Vega'], {}],
    ['an unknown parameter', ['risk_params', 'Margin', 'VEGA'], '1'],
    ['a parameter that is missing', ['risk_params', 'Margin', 'IM_LOSS_FACTOR'], undefined],
    ['no scenarios', ['risk_params', 'Scenarios'], []],
    ['an unknown direction', ['risk_params', 'Scenarios', '0', 'VolShockDirection'], 'Sideways'],
    ['a skew scenario that moves the spot price', ['risk_params', 'Scenarios', '0'], skew],
    ['a negative dampening', ['risk_params', 'Scenarios', '0', 'DampeningFactor'], '-1'],
    ['an unknown price', ['prices', 'vega'], '1'],
    ['a stablecoin without price', ['prices', 'stable'], '0'],
    ['an option without feed', ['prices', 'option_feeds'], []],
    ['an unknown field of a feed', ['prices', 'option_feeds', '0', 'Vega'], '1'],
    ['an unknown field of an option', ['positions', 'options', '0', 'Vega'], '1'],
    ['an option without volatility', ['positions', 'options', '0', 'MarkVol'], undefined],
    ['a flag that is neither', ['positions', 'options', '0', 'IsCall'], 'yes'],
    ['a collateral without haircut', ['collateral', 'assets'], [asset]],
    ['a negative collateral', ['collateral', 'assets'], [{ ...asset, MMHaircut: '0', IMHaircut: '0', Amount: '-1' }]],
  ])('%s', (_what, path, value) => {
    expect(() => readPmrm2Case(withField(fields, path, value))).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });

  it('the same option twice, and an expiry in the past', () => {
    const options = (fields['positions'] as { readonly options: readonly Json[] }).options;
    const twice = withField(fields, ['positions', 'options'], [...options, options[0] as Json]);
    expect(() => readPmrm2Case(twice)).toThrow('same option twice');
    const past = withField(fields, ['positions', 'options', '0', 'Expiry'], '-5');
    expect(() => readPmrm2Case(past)).toThrow('in the past');
  });
});
