import { add, negate, type Rational, rational, sum, ZERO } from '../../../numbers/rational.js';
import type { CaseInputs, Evaluation, Evaluator, Figures, JudgedStatement } from '../../../vectors/evaluator.js';
import { toWei } from '../shared/fields.js';
import { representSrm, type SrmHeldMarket } from './adapter.js';
import { readSrmCase, type SrmCase, type SrmCaseMarket } from './case.js';
import { type Claim, expiryMargin, type SrmMarket, type SrmMarketRisk, type SrmRisk, srmRisk } from './model.js';
import { srmMarks } from './valuation.js';

/** A market of a case with the marks of its options, known up to a bound. */
const heldMarket = (market: SrmCaseMarket): SrmHeldMarket => ({
  ...market,
  expiries: market.expiries.map((expiry) => {
    const marks = srmMarks(expiry);
    return {
      ...expiry,
      options: expiry.options.map((option, index) => ({ ...option, mark: marks[index] as (typeof marks)[number] })),
    };
  }),
});

/** The same as the model takes it: mark prices in the middle of their bounds. */
export function srmMarketOf(market: SrmCaseMarket): SrmMarket {
  const held = heldMarket(market);
  return {
    ...held,
    expiries: held.expiries.map(({ forward, confidence, options }) => ({
      forward,
      confidence,
      options: options.map(({ strike, isCall, amount, mark }) => ({ strike, isCall, amount, mark: mark.value })),
    })),
  };
}

interface Evaluated {
  readonly read: SrmCase;
  readonly markets: readonly SrmMarket[];
  readonly risk: SrmRisk;
}

function evaluateCase(read: SrmCase): Evaluated {
  const markets = read.markets.map(srmMarketOf);
  return { read, markets, risk: srmRisk({ ...read.account, markets }, read.parameters) };
}

/**
 * What the cases state as bounded is not the venue's: of several expiries it is that of the one named last, the forward is
 * the listed one even where the expiry settles within the hour, and a certain gain is left above zero.
 */
function statedBounded({ read, markets }: Evaluated, market: number, claim: Claim): Rational {
  const listed = read.markets[market]?.expiries.at(-1)?.listedForward;
  const last = markets[market];
  const expiry = last?.expiries.at(-1);
  if (listed === undefined || last === undefined || expiry === undefined) return ZERO;
  const { option } = read.parameters.market;
  const { leastPayoff, unpaired } = expiryMargin({ ...expiry, forward: listed }, last.spot, option, claim);
  return add(leastPayoff, unpaired);
}

const SHORT_NAME = { maintenance: 'MM', initial: 'IM' } as const;

/** Net margins carry their unit in their name; the others are in 1e-18 as well. */
function weiFigures(evaluated: Evaluated): readonly (readonly [string, Rational])[] {
  const { read, risk } = evaluated;
  const perClaim = (['maintenance', 'initial'] as const).flatMap((claim): readonly (readonly [string, Rational])[] => [
    [`net_${SHORT_NAME[claim]}_1e18`, risk.net[claim]],
    ...risk.markets[claim].flatMap(({ expiries, options }, market): readonly (readonly [string, Rational])[] => {
      const name = read.markets[market]?.name ?? '';
      const prefix = `option_${SHORT_NAME[claim]}`;
      return [
        [`${prefix}_${name}`, options],
        [`${prefix}_isolated_${name}`, sum(expiries.map(({ isolated }) => isolated))],
        [`${prefix}_bounded_${name}`, statedBounded(evaluated, market, claim)],
      ];
    }),
  ]);
  return [...perClaim, ['mark_to_market_1e18', risk.markToMarket]];
}

/** Where margins are stated in whole units, so are the verdicts: they are the signs of the truncated margins. */
const isMet = (net: Rational, shape: SrmCase['shape']): boolean =>
  (shape === 'whole' ? rational(net.num / net.den) : net).num >= 0n;

function evaluate({ fields }: CaseInputs): Evaluation {
  const evaluated = evaluateCase(readSrmCase(fields));
  const { read, risk } = evaluated;
  const figures: readonly (readonly [string, Figures])[] =
    read.shape === 'whole'
      ? [
          ['net_MM_integer_USD', risk.net.maintenance],
          ['net_IM_integer_USD', risk.net.initial],
        ]
      : weiFigures(evaluated).map(([name, value]) => [name, toWei(value)]);
  return {
    figures: new Map<string, Figures>([
      ...figures,
      ['maintenance_ok', isMet(risk.net.maintenance, read.shape)],
      ['initial_ok', isMet(risk.net.initial, read.shape)],
    ]),
  };
}

/** What the model asks of the account before what lends to it. */
const requirementOf = (markets: readonly SrmMarketRisk[]): Rational =>
  negate(
    sum(markets.flatMap(({ options, optionContingency, perp, depeg }) => [options, optionContingency, perp, depeg])),
  );

function statements({ fields }: CaseInputs): readonly JudgedStatement[] {
  const read = readSrmCase(fields);
  const { risk } = evaluateCase(read);
  const markets = read.markets.map(heldMarket);
  return (['maintenance', 'initial'] as const).map((claim) => {
    const { snapshot, holdings, rounded } = representSrm({ ...read, markets }, claim);
    return {
      statement: { claim, snapshot, holdings },
      slack: risk.net[claim],
      requirement: requirementOf(risk.markets[claim]),
      rounded,
      asStated: true,
    };
  });
}

export const srmEvaluator: Evaluator = { asks: () => [], evaluate, statements };
