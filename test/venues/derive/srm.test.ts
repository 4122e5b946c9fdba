import { describe, expect, it } from 'vitest';
import { absolute, multiply, parseRational, type Rational, rational, ZERO } from '../../../src/numbers/rational.js';
import { EVALUATORS } from '../../../src/vectors/evaluators.js';
import { type Json, type JsonObject, readNumber } from '../../../src/vectors/json.js';
import { judge } from '../../../src/vectors/judge.js';
import type { VectorCase } from '../../../src/vectors/readCases.js';
import { runVectors } from '../../../src/vectors/run.js';
import { readSrmCase } from '../../../src/venues/derive/srm/case.js';
import { srmEvaluator } from '../../../src/venues/derive/srm/evaluator.js';
import {
  baseRates,
  expiryMargin,
  isolatedRates,
  perpRates,
  type SrmExpiry,
  type SrmMarket,
  type SrmOption,
  type SrmParameters,
  shortContingencyRate,
  srmRisk,
} from '../../../src/venues/derive/srm/model.js';
import { srmMarks } from '../../../src/venues/derive/srm/valuation.js';
import { casesOf, changedExpectations, evaluationOf, withField } from './changedFigures.js';

const number = (text: string): Rational => parseRational(text) as Rational;
const CASES = casesOf('derive_srm.json');
const caseNamed = (name: string): VectorCase => CASES.find(({ id }) => id.endsWith(`/${name}`)) as VectorCase;
const figure = (fields: JsonObject, name: string): Rational =>
  evaluationOf(srmEvaluator, { ...caseNamed('Test1'), fields }).figures.get(name) as Rational;
const wei = (text: string): Rational => multiply(number(text), rational(10n ** 18n));

describe('the venue’s own figures', () => {
  it('all match', async () => {
    const report = await runVectors(CASES, EVALUATORS);
    expect(report).toMatchObject({ passed: 35, failed: 0, lines: [] });
  });

  it.each(CASES.map((vector) => [vector.id, vector] as const))('%s: no figure can be changed', (_id, vector) => {
    const evaluation = evaluationOf(srmEvaluator, vector);
    const expected = Object.fromEntries(Object.entries(vector.expected).filter(([field]) => field !== 'note'));
    const step = (field: string, value: string): Rational => {
      const stated = absolute(readNumber(value) as Rational);
      return field.endsWith('_USD') || stated.num === 0n ? rational(1n) : multiply(stated, number('0.0011'));
    };
    const changed = changedExpectations(expected, step);
    expect(changed.length).toBeGreaterThan(Object.keys(expected).length);
    for (const { field, expected: wrong } of changed) {
      expect(judge(wrong, evaluation, vector.tolerance).map((miss) => miss.field)).toEqual([field]);
    }
  });

  it('states verdicts of the truncated margins where margins are stated in whole units', () => {
    const vector = caseNamed('test_short_ITM_perp');
    const fields = withField(vector.fields, ['collateral', 'cash_1e8'], '-6900000000');
    const { figures } = evaluationOf(srmEvaluator, { ...vector, fields });
    expect(figures.get('net_IM_integer_USD')).toEqual(number('-0.065'));
    expect(figures.get('initial_ok')).toBe(true);
    const below = withField(vector.fields, ['collateral', 'cash_1e8'], '-7000000000');
    expect(evaluationOf(srmEvaluator, { ...vector, fields: below }).figures.get('initial_ok')).toBe(false);
  });
});

const PARAMETERS: SrmParameters = {
  market: {
    option: {
      mostSpot: number('0.2'),
      leastSpot: number('0.1'),
      maintenanceCallSpot: number('0.08'),
      maintenancePutSpot: number('0.07'),
      maintenancePutMark: number('0.5'),
      unpairedScale: { maintenance: number('1.1'), initial: number('1.3') },
      putOffset: number('1.2'),
    },
    contingency: {
      perpThreshold: number('0.5'),
      optionThreshold: number('0.6'),
      baseThreshold: number('0.7'),
      factor: number('0.5'),
    },
    perp: { maintenance: number('0.05'), initial: number('0.1') },
    base: { factor: number('0.8'), initialScale: number('0.5') },
  },
  depeg: { threshold: number('0.98'), factor: number('2') },
};
const SPOT = number('100');

const option = (amount: string, kind: 'call' | 'put', strike: string, mark = '0'): SrmOption => ({
  amount: number(amount),
  isCall: kind === 'call',
  strike: number(strike),
  mark: number(mark),
});
const expiry = (options: readonly SrmOption[], fields: Partial<SrmExpiry> = {}): SrmExpiry => ({
  forward: number('102'),
  confidence: number('1'),
  options,
  ...fields,
});
const market = (fields: Partial<SrmMarket> = {}): SrmMarket => ({
  spot: SPOT,
  spotConfidence: number('1'),
  perp: { amount: ZERO, price: number('101'), confidence: ZERO, unsettled: number('77') },
  base: ZERO,
  expiries: [],
  ...fields,
});
const riskOf = (markets: readonly SrmMarket[], stable = '1') =>
  srmRisk({ cash: ZERO, stable: number(stable), markets }, PARAMETERS);
const isolated = (kind: 'call' | 'put', strike: string, mark: string) =>
  isolatedRates(option('1', kind, strike, mark), SPOT, PARAMETERS.market.option);
const marginOf = (options: readonly SrmOption[], claim: 'maintenance' | 'initial' = 'maintenance') =>
  expiryMargin(expiry(options), SPOT, PARAMETERS.market.option, claim);

describe('the margin of one option', () => {
  it.each<['call' | 'put', string, string, string, string]>([
    // in the money nothing is taken off, and far out of the money not below the least
    ['call', '90', '14', '22', '34'],
    ['call', '105', '3', '11', '18'],
    ['call', '160', '1', '9', '11'],
    ['put', '95', '4', '11', '19'],
    ['put', '40', '1', '8', '11'],
    // a put's own value adds to its maintenance margin, and a multiple of that to its initial margin
    ['put', '160', '60', '90', '108'],
  ])('%s at %s worth %s', (kind, strike, mark, maintenance, initial) => {
    expect(isolated(kind, strike, mark)).toEqual({ maintenance: number(maintenance), initial: number(initial) });
  });

  it('does not hold a call to a multiple of its maintenance margin', () => {
    expect(isolated('call', '10', '900')).toEqual({ maintenance: number('908'), initial: number('920') });
  });

  it('is proportional to a short, and nothing for a long', () => {
    expect(marginOf([option('-3', 'call', '105', '3')]).isolated).toEqual(number('-33'));
    expect(marginOf([option('3', 'call', '105', '3')])).toMatchObject({ isolated: ZERO, margin: ZERO });
  });
});

describe('the margin of one expiry', () => {
  it('is the lesser of isolated margin and bounded loss', () => {
    const spread = (mark: string) => [option('-1', 'call', '100', mark), option('1', 'call', '110')];
    expect(marginOf(spread('1'))).toMatchObject({
      isolated: number('-9'),
      bounded: number('-10'),
      margin: number('-9'),
    });
    expect(marginOf(spread('3'))).toMatchObject({
      isolated: number('-11'),
      bounded: number('-10'),
      margin: number('-10'),
    });
  });

  it('asks for calls that are short on balance by the forward, whatever the puts', () => {
    const ratio = [option('-3', 'call', '100', '500'), option('2', 'call', '110'), option('9', 'put', '10')];
    expect(marginOf(ratio)).toMatchObject({
      leastPayoff: number('-30'),
      unpaired: number('-112.2'),
      bounded: number('-142.2'),
      margin: number('-142.2'),
    });
    expect(marginOf(ratio, 'initial').bounded).toEqual(number('-162.6'));
    expect(marginOf([option('-1', 'put', '100', '500'), option('-1', 'call', '100', '500')]).unpaired).toEqual(
      number('-112.2'),
    );
    expect(marginOf([option('-5', 'put', '100', '500')]).unpaired).toEqual(ZERO);
    expect(marginOf([option('1', 'call', '100'), option('-1', 'call', '10')]).unpaired).toEqual(ZERO);
  });

  it('evaluates zero and every strike held, also one of no size', () => {
    expect(marginOf([option('-1', 'put', '50', '500')]).leastPayoff).toEqual(number('-50'));
    const call = option('-1', 'call', '100', '500');
    expect(marginOf([call]).leastPayoff).toEqual(ZERO);
    expect(marginOf([call, option('0', 'put', '200')]).leastPayoff).toEqual(number('-100'));
    // the loss in the middle of a butterfly, which neither end shows
    const butterfly = [option('-1', 'call', '90'), option('2', 'call', '100'), option('-1', 'call', '110')];
    expect(
      marginOf(butterfly.map((item) => ({ ...item, amount: multiply(item.amount, rational(-1n)) }))),
    ).toMatchObject({
      leastPayoff: ZERO,
    });
    expect(marginOf(butterfly).leastPayoff).toEqual(number('-10'));
  });

  it('counts a certain gain as nothing', () => {
    const box = [
      option('1', 'call', '90'),
      option('-1', 'call', '100'),
      option('1', 'put', '100'),
      option('-1', 'put', '90'),
    ];
    expect(marginOf(box)).toMatchObject({ leastPayoff: number('10'), bounded: ZERO, margin: ZERO });
  });

  it('nets nothing over expiries or markets', () => {
    const [short, long] = [expiry([option('-1', 'call', '100', '5')]), expiry([option('1', 'call', '100', '5')])];
    expect(riskOf([market({ expiries: [short, long] })]).net.maintenance).toEqual(number('-13'));
    expect(riskOf([market({ expiries: [short] }), market({ expiries: [long] })]).net.maintenance).toEqual(
      number('-13'),
    );
    expect(riskOf([market({ expiries: [expiry([...short.options, ...long.options])] })]).net.maintenance).toEqual(ZERO);
  });
});

describe('perps, collateral and contingencies', () => {
  const perp = { amount: number('-2'), price: number('101'), confidence: number('1'), unsettled: number('-3') };
  const feeds = (confidence: string) => ({ spot: SPOT, spotConfidence: number(confidence) });

  it('adds what a perp has not settled, and only while it is held', () => {
    expect(riskOf([market({ perp })])).toMatchObject({
      net: { maintenance: number('-13.1'), initial: number('-23.2') },
      markToMarket: number('-3'),
    });
    expect(riskOf([market()])).toMatchObject({ net: { maintenance: ZERO, initial: ZERO }, markToMarket: ZERO });
  });

  it('takes the lesser confidence of a perp and its spot, below the threshold', () => {
    const initial = (own: string, spot: string): Rational =>
      perpRates({ price: number('101'), confidence: number(own) }, feeds(spot), PARAMETERS.market).initial;
    expect(initial('0.5', '0.5')).toEqual(number('10.1'));
    expect(initial('0.4', '1')).toEqual(number('40.1'));
    expect(initial('1', '0.4')).toEqual(number('40.1'));
    expect(perpRates({ price: number('101'), confidence: ZERO }, feeds('0'), PARAMETERS.market).maintenance).toEqual(
      number('5.05'),
    );
  });

  it('lends on the underlying, less where the spot is not sure of itself', () => {
    expect(baseRates(feeds('0.7'), PARAMETERS.market)).toEqual({ maintenance: number('80'), initial: number('40') });
    expect(baseRates(feeds('0.1'), PARAMETERS.market)).toEqual({ maintenance: number('80'), initial: number('-5') });
  });

  it('asks no contingency of an underlying that lends nothing for initial margin', () => {
    const unlent = { ...PARAMETERS.market, base: { factor: number('0.8'), initialScale: ZERO } };
    expect(baseRates(feeds('0.1'), unlent)).toEqual({ maintenance: number('80'), initial: ZERO });
  });

  it('asks for every short of an expiry whose feeds are not sure of themselves, for initial margin only', () => {
    const rate = (own: string, spot: string): Rational =>
      shortContingencyRate({ confidence: number(own) }, feeds(spot), PARAMETERS.market);
    expect(rate('0.6', '0.6')).toEqual(ZERO);
    expect(rate('0.4', '1')).toEqual(number('30'));
    expect(rate('1', '0.2')).toEqual(number('40'));
    const covered = [option('-1', 'call', '100'), option('1', 'call', '100'), option('-2', 'put', '1')];
    const unsure = market({ expiries: [expiry(covered, { confidence: number('0.4') }), expiry(covered)] });
    // the confidence of a perp is the perp's alone
    const risk = riskOf([{ ...unsure, perp: { ...perp, confidence: ZERO, unsettled: ZERO } }]);
    expect(risk.markets.initial[0]?.optionContingency).toEqual(number('-90'));
    expect(risk.markets.maintenance[0]?.optionContingency).toEqual(ZERO);
  });

  it('asks for perps and shorts below the peg, for initial margin only', () => {
    const held = market({ perp, expiries: [expiry([option('-1', 'call', '100'), option('5', 'call', '100')])] });
    const depeg = (stable: string) => riskOf([held], stable).markets.initial[0]?.depeg;
    expect(depeg('0.98')).toEqual(ZERO);
    expect(depeg('0.88')).toEqual(number('-60'));
    expect(riskOf([held], '0.88').markets.maintenance[0]?.depeg).toEqual(ZERO);
  });

  it('values the underlying in the stablecoin, options and perps as they are', () => {
    const held = market({ base: number('2'), perp, expiries: [expiry([option('-3', 'put', '100', '7')])] });
    expect(riskOf([held], '0.5').markToMarket).toEqual(number('376'));
  });
});

describe('mark prices', () => {
  const held = { strike: number('95'), isCall: true, amount: number('1'), volatility: number('0.5') };

  it('are intrinsic values once expired', () => {
    const [call, put] = srmMarks({ seconds: 0n, forward: number('100'), options: [held, { ...held, isCall: false }] });
    expect(call).toEqual({ value: number('5'), error: ZERO });
    expect(put).toEqual({ value: ZERO, error: ZERO });
  });

  it('differ by forward and strike between call and put, undiscounted', () => {
    const marks = srmMarks({ seconds: 892_800n, forward: number('100'), options: [held, { ...held, isCall: false }] });
    const [call, put] = marks.map(({ value }) => Number((value.num * 10n ** 15n) / value.den) / 1e15) as [
      number,
      number,
    ];
    expect(call - put).toBeCloseTo(5, 12);
    expect(put).toBeGreaterThan(0);
  });
});

describe('reading a case in 1e-18', () => {
  const fieldsOf = (name: string): JsonObject => caseNamed(name).fields;
  const listOf = (fields: JsonObject, key: string): readonly Json[] =>
    (fields['prices'] as JsonObject)[key] as readonly Json[];
  const optionsOf = (fields: JsonObject): readonly JsonObject[] =>
    (fields['positions'] as JsonObject)['options'] as readonly JsonObject[];

  /** Test1 with a second option of the given fields and with feeds of its own. */
  const withSecond = (changes: JsonObject, forward: string, confidence: string): JsonObject => {
    const fields = fieldsOf('Test1');
    const second = { ...optionsOf(fields)[0], ...changes } as JsonObject;
    const added: readonly (readonly [string, Json])[] = [
      ['FeedExpiries', second['seconds_to_expiry'] as Json],
      ['Forwards', forward],
      ['ForwardConfidences', confidence],
    ];
    return added.reduce(
      (all, [key, value]) => withField(all, ['prices', key], [...listOf(fields, key), value]),
      withField(fields, ['positions', 'options'], [...optionsOf(fields), second]),
    );
  };

  it('drops what a strike holds below eight decimals', () => {
    const strikeOf = (text: string): Rational | undefined =>
      readSrmCase(withField(fieldsOf('Test1'), ['positions', 'options', '0', 'strike_1e18'], text)).markets[0]
        ?.expiries[0]?.options[0]?.strike;
    expect(strikeOf('36999999999999997902848')).toEqual(number('36999.99999999'));
    expect(strikeOf('19000000000000002097152')).toEqual(number('19000'));
  });

  it('takes the settlement price within the hour before expiry', () => {
    const read = (seconds: string) => {
      const changed = withField(fieldsOf('Test1'), ['positions', 'options', '0', 'seconds_to_expiry'], seconds);
      const at = withField(changed, ['prices', 'FeedExpiries'], [seconds]);
      return readSrmCase(withField(at, ['prices', 'SettlementPriceETH'], '1234000000000000000000')).markets[0]
        ?.expiries[0];
    };
    expect(read('3599')?.forward).toEqual(number('1234'));
    expect(read('3600')?.forward).toEqual(read('3600')?.listedForward);
    expect(read('3599')?.listedForward).toEqual(read('3600')?.listedForward);
  });

  it('keeps what was set last of an expiry’s forward and of the confidence of its volatilities', () => {
    const second = { strike_1e18: '1600000000000000000000', vol_confidence_1e18: '300000000000000000' };
    const [held] = readSrmCase(withSecond(second, '1111000000000000000000', '900000000000000000')).markets;
    expect(held?.expiries).toHaveLength(1);
    expect(held?.expiries[0]).toMatchObject({ forward: number('1111'), confidence: number('0.3') });
  });

  it('keeps the feeds of two underlyings apart', () => {
    const second = { underlying: 'BTC', vol_confidence_1e18: '300000000000000000' };
    const [eth, btc] = readSrmCase(withSecond(second, '27000000000000000000000', '900000000000000000')).markets;
    expect(eth?.expiries[0]).toMatchObject({ confidence: number('1') });
    expect(eth?.expiries[0]?.forward).not.toEqual(number('27000'));
    expect(btc?.expiries[0]).toMatchObject({ forward: number('27000'), confidence: number('0.3') });
  });

  it('charges a perp the funding since its own index', () => {
    const longer = withField(fieldsOf('Test17'), ['prices', 'ETHGlobalFundingIndex'], '15000000000000000000');
    // 1505 - 1535 and 10 - 15
    expect(readSrmCase(longer).markets[0]?.perp.unsettled).toEqual(number('-35'));
  });

  it('states as bounded what the last expiry named is, with its listed forward', () => {
    const second = { seconds_to_expiry: '900', amount_1e18: '-2000000000000000000' };
    const two = withSecond(second, '1400000000000000000000', '1000000000000000000');
    expect(figure(two, 'option_MM_bounded_ETH')).toEqual(wei('-3080'));
    expect(figure(two, 'option_IM_bounded_ETH')).toEqual(wei('-3360'));
    expect(figure(two, 'option_IM_bounded_BTC')).toEqual(ZERO);
  });
});

describe('refusals', () => {
  const refused = (name: string, path: readonly string[], value: Json | undefined): void => {
    const { fields } = caseNamed(name);
    expect(() => readSrmCase(fields)).not.toThrow();
    expect(() => readSrmCase(withField(fields, path, value))).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  };
  const held = { amount: '100000000', underlying: 'eth' };
  const perp = { ...held, entryPrice: '200500000000' };
  const eth = ['prices', 'resolved', 'eth'];
  const date = [...eth, 'expiries', '0'];

  it.each<[string, readonly string[], Json | undefined]>([
    ['an unknown field', ['insurance'], '1'],
    ['an unknown group of parameters', ['risk_params', 'skew'], {}],
    ['an unknown parameter', ['risk_params', 'option', 'skew'], '1'],
    ['a parameter that is missing', ['risk_params', 'perp', 'im'], undefined],
    ['a negative parameter', ['risk_params', 'depeg', 'factor'], '-1'],
    ['a base without factor', ['collateral', 'base_margin_factor'], undefined],
    ['an unknown collateral', ['collateral', 'gold_1e8'], '1'],
    ['an unknown position', ['positions', 'futures_1e8'], []],
    ['an unknown price', ['prices', 'vega'], '1'],
    ['an unknown feed', [...eth, 'vega'], '1'],
    ['a spot of zero', [...eth, 'spot'], '0'],
    ['a confidence above 1', [...eth, 'spot_confidence'], '1.5'],
    ['a negative confidence', [...eth, 'perp_confidence'], '-0.5'],
    ['an unknown field of an expiry', [...date, 'rate'], '0'],
    ['an expiry in the past', [...date, 'seconds_to_expiry'], '-1'],
    ['no forward', [...date, 'forward'], '0'],
    ['a negative volatility', [...date, 'vol'], '-0.5'],
    ['no expiry for an option', [...eth, 'expiries'], []],
    ['an option of no type', ['positions', 'options_1e8', '0', 'type'], 'straddle'],
    ['an option with an unknown field', ['positions', 'options_1e8', '0', 'vol'], '1'],
    ['an underlying without feeds', ['positions', 'options_1e8', '0', 'underlying'], 'sol'],
    ['an underlying named by a property of every object', ['positions', 'options_1e8', '0', 'underlying'], 'toString'],
    ['two perps of an underlying', ['positions', 'perps_1e8'], [perp, perp]],
    ['a perp with an unknown field', ['positions', 'perps_1e8'], [{ ...perp, leverage: '2' }]],
    ['two bases of an underlying', ['collateral', 'bases_1e8'], [held, held]],
    ['a negative base', ['collateral', 'bases_1e8'], [{ ...held, amount: '-1' }]],
    ['a base with an unknown field', ['collateral', 'bases_1e8'], [perp]],
    ['a stablecoin without price', ['prices', 'stable_price'], '0'],
    ['cash that is no number', ['collateral', 'cash_1e8'], 'much'],
  ])('%s', (_what, path, value) => refused('test_short_OTM_call', path, value));

  it('one date stated twice', () => {
    const { fields } = caseNamed('test_short_OTM_call');
    const feeds = ((fields['prices'] as JsonObject)['resolved'] as JsonObject)['eth'] as JsonObject;
    const [first] = feeds['expiries'] as readonly Json[];
    expect(() => readSrmCase(withField(fields, [...eth, 'expiries'], [first as Json, first as Json]))).toThrow('twice');
  });

  it('the same option twice', () => {
    const { fields } = caseNamed('test_short_OTM_call');
    const [first] = (fields['positions'] as JsonObject)['options_1e8'] as readonly Json[];
    const twice = withField(fields, ['positions', 'options_1e8'], [first as Json, first as Json]);
    expect(() => readSrmCase(twice)).toThrow('same option twice');
  });

  it.each<[string, string, readonly string[], Json | undefined]>([
    ['lists of different lengths', 'Test1', ['prices', 'Forwards'], ['1', '2']],
    ['feeds without options', 'Test1', ['positions', 'options'], []],
    ['an option without feed', 'Test1', ['prices', 'FeedExpiries', '0'], '1'],
    ['a flag that is neither', 'Test1', ['positions', 'options', '0', 'is_call'], '2'],
    ['an unknown underlying', 'Test1', ['positions', 'options', '0', 'underlying'], 'SOL'],
    ['an unknown field of an option', 'Test1', ['positions', 'options', '0', 'delta'], '1'],
    ['an option without volatility', 'Test1', ['positions', 'options', '0', 'vol_1e18'], undefined],
    ['a confidence above 1', 'Test1', ['positions', 'options', '0', 'vol_confidence_1e18'], '1000000000000000001'],
    ['confidences of one market', 'Test1', ['prices', 'SpotPerpConfidences', '1'], undefined],
    ['no price of a perp', 'Test1', ['prices', 'PerpPrice'], ['1']],
    ['an unknown price', 'Test1', ['prices', 'Vega'], '1'],
    ['an unknown collateral', 'Test1', ['collateral', 'wSOL_1e18'], '1'],
    ['an unknown position', 'Test1', ['positions', 'perp_SOL_1e18'], '1'],
    ['a negative base', 'Test1', ['collateral', 'wETH_1e18'], '-1'],
    ['a forward of zero', 'Test1', ['prices', 'Forwards', '0'], '0'],
    ['no settlement price where one is due', 'Test25', ['prices', 'SettlementPriceETH'], null],
    ['a perp without entry', 'Test17', ['positions', 'last_entry_ETH'], null],
    ['a perp without funding index', 'Test17', ['prices', 'AccountETHFundingIndex'], null],
  ])('in 1e-18: %s', (_what, name, path, value) => refused(name, path, value));
});
