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
import { judge } from '../../../src/vectors/judge.js';
import type { VectorCase } from '../../../src/vectors/readCases.js';
import { runVectors } from '../../../src/vectors/run.js';
import { readPmrm1Case } from '../../../src/venues/derive/pmrm1/case.js';
import { pmrm1Evaluator } from '../../../src/venues/derive/pmrm1/evaluator.js';
import {
  type Pmrm1Account,
  type Pmrm1Expiry,
  type Pmrm1MarginParameters,
  pmrm1Risk,
} from '../../../src/venues/derive/pmrm1/model.js';
import { pmrm1ExpiryValues } from '../../../src/venues/derive/pmrm1/valuation.js';
import { casesOf, changedExpectations, evaluationOf, withField } from './changedFigures.js';

const number = (text: string): Rational => parseRational(text) as Rational;
const CASES = casesOf('derive_pmrm1.json');
const caseNamed = (name: string): VectorCase => CASES.find(({ id }) => id.endsWith(`/${name}`)) as VectorCase;

describe('the venue’s own figures', () => {
  it('all match', async () => {
    const report = await runVectors(CASES, EVALUATORS);
    expect(report).toMatchObject({ passed: 33, failed: 0, lines: [] });
  });

  it.each(CASES.map((vector) => [vector.id, vector] as const))('%s: no figure can be changed', (_id, vector) => {
    const evaluation = evaluationOf(pmrm1Evaluator, vector);
    const step = (field: string): Rational => rational(field.endsWith('_1e18') ? 300_000_000n : 1n);
    const changed = changedExpectations(vector.expected, step);
    expect(changed.length).toBeGreaterThan(Object.keys(vector.expected).length);
    for (const { field, expected } of changed) {
      expect(judge(expected, evaluation, vector.tolerance).map((miss) => miss.field)).toEqual([field]);
    }
  });

  it('states verdicts of the truncated margins where margins are stated in whole units', () => {
    const vector = caseNamed('test_short_OTM_call_pm');
    const { figures } = evaluationOf(pmrm1Evaluator, vector);
    expect((figures.get('net_IM_integer_USD') as Rational).num < 0n).toBe(true);
    expect(figures.get('initial_ok')).toBe(true);
  });

  it('the portfolio circuit asks for what the model asks, and never for less', () => {
    // the value tables of large accounts take a while to hash
    const small = CASES.filter(({ fields }) => JSON.stringify(fields['positions']).length < 2_000);
    expect(small.length).toBeGreaterThan(5);
    for (const { id, model, fields } of small) {
      for (const judged of pmrm1Evaluator.statements({ id, model, fields, asked: {} })) {
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

const table = (mark: string, up: string, down: string, ...scenarios: readonly string[]) => ({
  mark: number(mark),
  basisUp: number(up),
  basisDown: number(down),
  scenarios: scenarios.map(number),
});
const expiry = (fields: Partial<Pmrm1Expiry> = {}): Pmrm1Expiry => ({
  confidence: number('1'),
  staticDiscount: number('0.5'),
  basisFactor: number('2'),
  options: [{ strike: number('100'), amount: number('1'), values: table('10', '14', '7', '20', '6') }],
  ...fields,
});
const account = (fields: Partial<Pmrm1Account> = {}): Pmrm1Account => ({
  cash: ZERO,
  base: ZERO,
  perp: { amount: ZERO, price: number('100'), confidence: ZERO, unsettled: number('77') },
  spot: number('100'),
  spotConfidence: number('1'),
  stable: number('1'),
  expiries: [],
  ...fields,
});
const PARAMETERS: Pmrm1MarginParameters = {
  perpPercent: number('0.02'),
  basePercent: number('0.03'),
  optionPercent: number('0.01'),
  confidence: { threshold: number('0.6'), margin: number('0.5') },
  initialFactor: number('1.5'),
  pegThreshold: number('0.98'),
  pegFactor: number('2'),
  spotShocks: [number('1.1'), number('0.9')],
};

describe('the model', () => {
  it('discounts what stays positive, and adds the basis loss only when it is the worst', () => {
    const risk = pmrm1Risk(account({ expiries: [expiry()] }), PARAMETERS);
    expect(risk).toMatchObject({
      markToMarket: number('10'),
      scenarioPnl: [number('0'), number('-7')],
      leastPnl: number('-7'),
      basis: number('-6'),
      netMaintenance: number('3'),
      netInitial: number('-0.5'),
    });
    const basisWorse = pmrm1Risk(account({ expiries: [expiry({ basisFactor: number('4') })] }), PARAMETERS);
    expect(basisWorse).toMatchObject({ leastPnl: number('-7'), basis: number('-12'), netMaintenance: number('-2') });
  });

  it('does not discount what is negative, and asks for naked shorts', () => {
    const short = { ...expiry().options[0], amount: number('-1') } as Pmrm1Expiry['options'][number];
    const risk = pmrm1Risk(account({ expiries: [expiry({ options: [short] })] }), PARAMETERS);
    expect(risk).toMatchObject({
      scenarioPnl: [number('-10'), number('4')],
      basis: number('-8'),
      optionContingency: number('1'),
      netMaintenance: number('-21'),
      netInitial: number('-26.5'),
    });
    const long = { ...short, amount: number('0.75') };
    const covered = pmrm1Risk(account({ expiries: [expiry({ options: [short, long] })] }), PARAMETERS);
    expect(covered.optionContingency).toEqual(number('0.25'));
    const elsewhere = expiry({ options: [short, { ...long, strike: number('110') }] });
    expect(pmrm1Risk(account({ expiries: [elsewhere] }), PARAMETERS).optionContingency).toEqual(number('1'));
  });

  it('counts unsettled profit and the perp’s confidence only while a perp is held', () => {
    const none = pmrm1Risk(account({ base: number('3'), expiries: [expiry()] }), PARAMETERS);
    expect(none).toMatchObject({ markToMarket: number('310'), oracleContingency: ZERO });
    const perp = { amount: number('-2'), price: number('101'), confidence: number('0.5'), unsettled: number('77') };
    const held = pmrm1Risk(account({ base: number('3'), perp, expiries: [expiry()] }), PARAMETERS);
    expect(held).toMatchObject({
      markToMarket: number('387'),
      // (2 + 3) * 100 and 1 * 100, each at (1 - 0.5) * 0.5
      oracleContingency: number('150'),
      perpContingency: number('4'),
      baseContingency: number('9'),
      // 0.1 * (300 - 202) on top of what the option makes
      scenarioPnl: [number('9.8'), number('-16.8')],
    });
  });

  it('raises the initial factor with a stablecoin below its peg, in which the base is priced too', () => {
    const risk = pmrm1Risk(account({ base: number('1'), stable: number('0.8') }), PARAMETERS);
    expect(risk).toMatchObject({ markToMarket: number('125'), lossFactor: number('1.86') });
    expect(pmrm1Risk(account({ stable: number('0.98') }), PARAMETERS).lossFactor).toEqual(number('1.5'));
  });

  it('asks nothing for a confidence at the threshold', () => {
    const at = (confidence: string): Rational =>
      pmrm1Risk(account({ expiries: [expiry({ confidence: number(confidence) })] }), PARAMETERS).oracleContingency;
    expect(at('0.6')).toEqual(ZERO);
    expect(at('0.5')).toEqual(number('25'));
  });
});

describe('the valuation', () => {
  const read = readPmrm1Case(caseNamed('verify_Test19').fields);

  it('bounds every value to 1e-30', () => {
    const limit = rational(1n, 10n ** 30n);
    for (const stated of read.expiries) {
      const { options, staticDiscount } = pmrm1ExpiryValues(stated, read.valuation);
      expect(options).toHaveLength(stated.options.length);
      for (const { mark, basisUp, basisDown, scenarios } of options) {
        expect(scenarios).toHaveLength(21);
        for (const { error } of [mark, basisUp, basisDown, ...scenarios, staticDiscount]) {
          expect(compare(error, limit)).toBe(-1);
        }
      }
    }
  });

  it('is the mark in the scenario without shock', () => {
    const [stated] = read.expiries as [(typeof read.expiries)[number]];
    const [values] = pmrm1ExpiryValues(stated, read.valuation).options;
    expect(read.valuation.scenarios[10]).toEqual({ spotShock: number('1'), volatilityShock: 'none' });
    expect(values?.scenarios[10]).toEqual(values?.mark);
  });

  it('is the intrinsic value of an expired option, of which only the variable portion is shocked', () => {
    const [option] = read.expiries[0]?.options ?? [];
    const expired = {
      seconds: 0n,
      forward: { variable: number('100'), fixed: number('1000') },
      rate: number('0.05'),
      options: [{ ...option, strike: number('1050'), isCall: true, amount: number('1'), volatility: number('9') }],
    };
    const [values] = pmrm1ExpiryValues(expired, read.valuation).options;
    expect(values).toMatchObject({
      mark: { value: number('50'), error: ZERO },
      basisUp: { value: number('55'), error: ZERO },
      basisDown: { value: number('45'), error: ZERO },
    });
  });
});

describe('refusals', () => {
  const refused = (name: string, path: readonly string[], value: Json | undefined): void => {
    const { fields } = caseNamed(name);
    expect(() => readPmrm1Case(fields)).not.toThrow();
    expect(() => readPmrm1Case(withField(fields, path, value))).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  };
  const whole = 'test_short_perp_long_call_pm';
  const perp = { amount: '100000000', entryPrice: '200500000000', underlying: 'eth' };

  it.each<[string, readonly string[], Json | undefined]>([
    ['an unknown field', ['insurance'], '1'],
    ['an unknown parameter', ['risk_params', 'skew'], '1'],
    ['an unknown price', ['prices', 'resolved', 'vega'], '1'],
    ['a parameter that is missing', ['risk_params', 'imFactor'], undefined],
    ['no scenarios', ['risk_params', 'scenarios'], []],
    ['an unknown direction', ['risk_params', 'scenarios', '0'], ['1.1', 'Sideways']],
    ['a scenario of another shape', ['risk_params', 'scenarios', '0'], ['1.1', 'Up', '1']],
    ['two perps', ['positions', 'perps_1e8'], [perp, perp]],
    ['another underlying', ['positions', 'perps_1e8'], [{ ...perp, underlying: 'btc' }]],
    ['an expiry that is not stated', ['prices', 'expiries'], []],
    ['an expiry in the past', ['prices', 'expiries', '0', 'seconds_to_expiry'], '-1'],
    ['no volatility at the strike', ['prices', 'expiries', '0', 'vols'], {}],
    ['an option of no type', ['positions', 'options_1e8', '0', 'type'], 'straddle'],
    ['a stablecoin without price', ['prices', 'resolved', 'stable'], '0'],
    ['a negative base', ['collateral', 'bases_1e8'], [{ amount: '-1', underlying: 'eth' }]],
    ['cash that is no number', ['collateral', 'cash_1e8'], 'much'],
  ])('%s', (_what, path, value) => refused(whole, path, value));

  it.each<[string, readonly string[], Json | undefined]>([
    ['lists of different lengths', ['prices', 'Rates'], ['1', '2']],
    ['an option without feed', ['prices', 'FeedExpiries', '0'], '1'],
    ['a flag that is neither', ['positions', 'options', '0', 'is_call'], '2'],
    ['an unknown price', ['prices', 'Vega'], '1'],
    ['an option without volatility', ['positions', 'options', '0', 'vol_1e18'], undefined],
  ])('in 1e-18: %s', (_what, path, value) => refused('verify_Test1', path, value));

  it('the same option twice', () => {
    const { fields } = caseNamed('verify_Test1');
    const positions = fields['positions'] as { readonly options: readonly [Json] };
    const twice = [positions.options[0], positions.options[0]];
    expect(() => readPmrm1Case(withField(fields, ['positions', 'options'], twice))).toThrow('same option twice');
  });

  it('takes the last of two feeds for one expiry', () => {
    const { fields } = caseNamed('verify_Test1');
    const prices = fields['prices'] as { readonly [key: string]: readonly Json[] };
    const lists = [
      'FeedExpiries',
      'ForwardsFixed',
      'ForwardsVariable',
      'ForwardConfidences',
      'Rates',
      'RateConfidences',
    ];
    const doubled = lists.reduce(
      (all, key) => withField(all, ['prices', key], [prices[key]?.[0] as Json, ...(prices[key] ?? [])]),
      fields,
    );
    const changed = withField(doubled, ['prices', 'ForwardsVariable', '0'], '5');
    expect(readPmrm1Case(changed).expiries).toEqual(readPmrm1Case(fields).expiries);
    const last = withField(doubled, ['prices', 'ForwardsVariable', '1'], '5000000000000000000');
    expect(readPmrm1Case(last).expiries[0]?.forward.variable).toEqual(number('5'));
  });
});
