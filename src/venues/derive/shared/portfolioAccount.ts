/**
 * One Derive portfolio margin account with the parameters it is held under, as a portfolio snapshot and holdings.
 * Sizes, balances and prices with more decimals than a leaf or a row has are rounded, and the cash pays for the most
 * that this can be worth: nobody becomes solvent by a rounding.
 */
import type { Holdings } from '../../../account/account.js';
import { SolvencyError } from '../../../errors.js';
import {
  absolute,
  add,
  ceiling,
  floor,
  formatRational,
  multiply,
  ONE,
  type Rational,
  rational,
  subtract,
  sum,
  ZERO,
} from '../../../numbers/rational.js';
import { buildPortfolio } from '../../../portfolio/buildPortfolio.js';
import type { PortfolioParameters, ScenarioParameters } from '../../../portfolio/portfolioParameters.js';
import { type Approximation, exact } from '../../../pricing/approximation.js';
import { COST_DECIMALS } from '../../../protocol/constants.js';
import type { RegistryEntry } from '../../../snapshot/registry.js';
import type { PortfolioSnapshot } from '../../../snapshot/snapshot.js';
import type { JudgedStatement, LeftOut } from '../../../vectors/evaluator.js';
import { larger } from './extremes.js';
import type { OptionValues } from './scenario.js';

export interface PortfolioAccountScenario {
  readonly spotShock: Rational;
  readonly weight: Rational;
  /** a skew scenario: each expiry's absolute change is lost */
  readonly absolute: boolean;
}

export interface PortfolioAccount {
  readonly claim: 'maintenance' | 'initial';
  readonly venue: string;
  readonly underlying: string;
  readonly cash: Rational;
  readonly scenarios: readonly PortfolioAccountScenario[];
  readonly perp: {
    readonly amount: Rational;
    readonly price: Rational;
    /** profit and funding not yet settled */
    readonly unsettled: Rational;
    /** for each unit held */
    readonly charge: Rational;
  };
  readonly collaterals: readonly {
    readonly name: string;
    readonly amount: Rational;
    /** of one unit */
    readonly value: Rational;
    /** what counts of the value; below zero where more than the value is asked for */
    readonly factor: Rational;
    readonly moves: boolean;
  }[];
  /** for each unit of naked short options */
  readonly nakedCharge: Rational;
  readonly expiries: readonly {
    readonly name: string;
    readonly positiveDiscount: Approximation;
    readonly negativeDiscount: Approximation;
    /** factor on the change under a basis shock */
    readonly basisWeight: Rational;
    readonly charge: Rational;
    readonly chargeWithPerpetual: Rational;
    readonly options: readonly {
      readonly strike: Rational;
      readonly isCall: boolean;
      readonly amount: Rational;
      readonly values: OptionValues<Approximation>;
    }[];
  }[];
}

const DECIMALS = 8;
const UNITS = rational(10n ** BigInt(DECIMALS));
const SHOCK_UNITS = rational(10n ** 9n);
const CASH_ID = 1;
// a recorded account states no time that a proof of it would need
const TIME = 1;

const inUnits = (value: Rational): Rational => multiply(value, UNITS);
const nearest = (value: Rational): bigint => floor(add(inUnits(value), rational(1n, 2n)));
/** To the 1e-9 in which the model states shocks: some venues' files carry the noise of binary fractions. */
const roundedShock = (shock: Rational): Rational =>
  rational(floor(add(multiply(shock, SHOCK_UNITS), rational(1n, 2n))), SHOCK_UNITS.num);
const fromUnits = (units: bigint): Rational => rational(units, UNITS.num);

const minus = (a: Approximation, b: Approximation): Approximation => ({
  value: subtract(a.value, b.value),
  error: add(a.error, b.error),
});
const times = ({ value, error }: Approximation, factor: Rational): Approximation => ({
  value: multiply(value, factor),
  error: multiply(error, factor),
});

/** The account's snapshot and holdings, and what was rounded. Errors: those of buildPortfolio; OUT_OF_RANGE later. */
export function representPortfolio(account: PortfolioAccount): {
  readonly snapshot: PortfolioSnapshot;
  readonly holdings: Holdings;
  readonly rounded: readonly string[];
} {
  const plain = account.scenarios.flatMap((each, s) => (each.absolute ? [] : [s]));
  const skewed = account.scenarios.flatMap((each, s) => (each.absolute ? [s] : []));
  const order = [...plain, ...skewed];
  const scenario = (s: number): ScenarioParameters => {
    const { spotShock, weight } = account.scenarios[s] as PortfolioAccountScenario;
    return { weight, shock: subtract(roundedShock(spotShock), ONE), floorWeight: ZERO };
  };

  const entry = (id: number, symbol: string, kind: RegistryEntry['kind']): RegistryEntry => ({
    id,
    symbol,
    kind,
    amountDecimals: DECIMALS,
    ...(kind === 'asset' ? {} : { settleAsset: CASH_ID }),
  });
  // what has no value is not listed: nothing depends on it
  const collaterals = account.collaterals
    .filter(({ amount, value }) => amount.num !== 0n && nearest(value) !== 0n)
    .map((collateral, index) => ({ ...collateral, id: CASH_ID + 1 + index }));
  const perpId = CASH_ID + 1 + collaterals.length;
  let nextId = perpId + 1;
  const options = account.expiries.flatMap((expiry, index) => {
    const strikes = new Map<string, (typeof expiry.options)[number][]>();
    for (const option of expiry.options) {
      const key = formatRational(option.strike);
      strikes.set(key, [...(strikes.get(key) ?? []), option]);
    }
    return [...strikes].flatMap(([strike, listed]) => {
      // call and put of a strike under neighbouring ids; the gap keeps strikes apart
      const first = nextId;
      nextId += 3;
      return listed.map((option, place) => ({
        option,
        expiry,
        place: index + 1,
        nets: place > 0,
        id: first + place,
        symbol: `${expiry.name}-${strike}-${option.isCall ? 'C' : 'P'}`,
      }));
    });
  });

  const perpValue = (shock: Rational): Approximation => exact(multiply(fromUnits(nearest(account.perp.price)), shock));
  const parameters: PortfolioParameters = {
    registry: {
      venue: account.venue,
      version: 1,
      quote: 'USD',
      entries: [
        entry(CASH_ID, 'CASH', 'asset'),
        ...collaterals.map(({ id, name }) => entry(id, `${name} (${id})`, 'asset')),
        entry(perpId, `${account.underlying}-PERP`, 'perpetual'),
        ...options.map(({ id, symbol }) => entry(id, symbol, 'option')),
      ],
    },
    claim: account.claim,
    time: TIME,
    haircutRule: 'whole',
    scenarios: plain.map(scenario),
    absoluteScenarios: skewed.map(scenario),
    underlyings: [account.underlying],
    assets: [
      { assetId: CASH_ID, price: ONE, ladder: [{ valueCap: null, factor: ONE }], underlying: null },
      ...collaterals.map(({ id, value, factor, moves }) => ({
        assetId: id,
        price: fromUnits(nearest(value)),
        ladder: [{ valueCap: null, factor }],
        underlying: moves ? 0 : null,
      })),
    ],
    expiries: [
      {
        name: 'PERP',
        underlying: 0,
        perpetual: true,
        amountDecimals: DECIMALS,
        positiveDiscount: exact(ONE),
        negativeDiscount: exact(ONE),
        charge: account.perp.charge,
        chargeWithPerpetual: account.perp.charge,
      },
      ...account.expiries.map(({ name, positiveDiscount, negativeDiscount, charge, chargeWithPerpetual }) => ({
        name,
        underlying: 0,
        perpetual: false,
        amountDecimals: DECIMALS,
        positiveDiscount,
        negativeDiscount,
        charge,
        chargeWithPerpetual,
      })),
    ],
    instruments: [
      {
        instrumentId: perpId,
        expiry: 0,
        nets: false,
        mark: perpValue(ONE),
        up: exact(ZERO),
        down: exact(ZERO),
        nakedCharge: ZERO,
        floorCharge: ZERO,
        values: order.map((s) => perpValue(roundedShock((account.scenarios[s] as PortfolioAccountScenario).spotShock))),
      },
      ...options.map(({ option: { values }, expiry, place, nets, id }) => ({
        instrumentId: id,
        expiry: place,
        nets,
        mark: values.mark,
        up: times(minus(values.basisUp, values.mark), expiry.basisWeight),
        down: times(minus(values.basisDown, values.mark), expiry.basisWeight),
        nakedCharge: account.nakedCharge,
        floorCharge: ZERO,
        values: order.map((s) => values.scenarios[s] as Approximation),
      })),
    ],
  };
  const snapshot = buildPortfolio(parameters);

  const held = [
    { id: perpId, amount: account.perp.amount },
    ...options.map(({ id, option }) => ({ id, amount: option.amount })),
  ];
  const steepest = steepestLoss(snapshot);
  const rounded: string[] = [];
  let owed = ZERO;
  const pay = (error: Rational, worth: Rational, what: string): void => {
    if (error.num === 0n) return;
    rounded.push(what);
    owed = add(owed, multiply(absolute(error), worth));
  };
  const positions = held.flatMap(({ id, amount }) => {
    // a perpetual is never rounded away: holding one makes options dearer
    const size = id === perpId && amount.num !== 0n && nearest(amount) === 0n ? 1n : nearest(amount);
    const error = subtract(amount, fromUnits(size));
    pay(error, steepest.contract(id), `the size of contract ${id}`);
    if (size === 0n) return [];
    if (id !== perpId) return [{ instrumentId: id, size, cost: 0n }];
    // equity counts size x price less cost: what is unsettled remains
    const price = snapshot.instruments.find(({ instrumentId }) => instrumentId === perpId)?.price ?? 0n;
    const cost = subtract(multiply(fromUnits(size), fromUnits(price)), account.perp.unsettled);
    return [{ instrumentId: id, size, cost: ceiling(multiply(cost, rational(10n ** BigInt(COST_DECIMALS)))) }];
  });
  pay(
    subtract(account.perp.price, fromUnits(nearest(account.perp.price))),
    multiply(absolute(account.perp.amount), steepest.price),
    'the price of the perpetual',
  );
  const balances = collaterals.map(({ id, name, amount, value }) => {
    const units = nearest(amount);
    pay(subtract(amount, fromUnits(units)), multiply(value, steepest.collateral), `the amount of ${name}`);
    pay(subtract(value, fromUnits(nearest(value))), multiply(amount, steepest.collateral), `the price of ${name}`);
    return { assetId: id, amount: units };
  });
  for (const { name, amount, value } of account.collaterals) {
    if (nearest(value) === 0n) pay(value, multiply(absolute(amount), steepest.collateral), `the price of ${name}`);
  }
  const moving = sum([
    multiply(absolute(account.perp.amount), account.perp.price),
    ...collaterals.map(({ amount, value, moves }) => (moves ? multiply(amount, value) : ZERO)),
  ]);
  const blur = account.scenarios
    .map(({ spotShock }) => absolute(subtract(spotShock, roundedShock(spotShock))))
    .reduce(larger, ZERO);
  if (moving.num !== 0n) pay(blur, multiply(moving, steepest.weight), 'the shocks');
  const cash = inUnits(subtract(account.cash, owed));
  if (cash.den !== 1n) rounded.push('the cash');
  const collateral = [{ assetId: CASH_ID, amount: floor(cash) }, ...balances].filter(({ amount }) => amount !== 0n);
  return { snapshot, holdings: { collateral, positions }, rounded };
}

/**
 * The most that net margin can change with one unit of a contract, of a collateral's value, or of a perpetual's price.
 * Every term of the model is linear or has a slope of at most: weights, discounts and charges of the snapshot.
 */
function steepestLoss(snapshot: PortfolioSnapshot) {
  const fine = (value: bigint): Rational => rational(value, 10n ** 9n);
  const scenarios = [...snapshot.model.scenarios, ...snapshot.model.absoluteScenarios];
  const weight = scenarios.reduce((most, each) => larger(most, fine(each.weight)), ZERO);
  const shock = scenarios.reduce((most, each) => larger(most, absolute(fine(each.shock))), ZERO);
  const factor = snapshot.assets.reduce(
    (most, { ladder }) =>
      ladder.reduce((worst, step) => larger(worst, absolute(rational(step.factor, 10n ** 6n))), most),
    ONE,
  );
  return {
    contract(id: number): Rational {
      const contract = snapshot.instruments.find(({ instrumentId }) => instrumentId === id);
      if (contract === undefined) return ZERO;
      const expiry = snapshot.expiries[contract.expiry];
      const discount = [expiry?.positiveDiscount[1] ?? 0n, expiry?.negativeDiscount[1] ?? 0n].map(fine).reduce(larger);
      const most = contract.values.map((value) => absolute(fromUnits(value))).reduce(larger, ZERO);
      const mark = fromUnits(contract.price);
      const loss = multiply(weight, add(multiply(discount, most), mark));
      const basis = larger(absolute(fromUnits(contract.up)), absolute(fromUnits(contract.down)));
      const charges = fromUnits((expiry?.chargeWithPerpetual ?? 0n) + contract.nakedCharge);
      return sum([mark, loss, basis, charges]);
    },
    collateral: add(factor, multiply(weight, shock)),
    price: multiply(weight, shock),
    weight,
  };
}

/**
 * What a circuit is asked about an account, claim by claim, with what the reference model says of it. A claim whose
 * parameters lie outside of what the portfolio model can state is left out with the reason.
 */
export const portfolioStatements = (
  accountOf: (claim: 'maintenance' | 'initial') => PortfolioAccount,
  risk: { readonly markToMarket: Rational; readonly netMaintenance: Rational; readonly netInitial: Rational },
): readonly (JudgedStatement | LeftOut)[] =>
  (['maintenance', 'initial'] as const).map((claim) => {
    const slack = claim === 'initial' ? risk.netInitial : risk.netMaintenance;
    try {
      const { snapshot, holdings, rounded } = representPortfolio(accountOf(claim));
      const requirement = subtract(risk.markToMarket, slack);
      return { statement: { claim, snapshot, holdings }, slack, requirement, rounded, asStated: true };
    } catch (error) {
      if (error instanceof SolvencyError && ['INVALID_SNAPSHOT', 'NOT_REPRESENTABLE'].includes(error.code)) {
        return { skipped: `${claim}: ${error.code}: ${error.message}` };
      }
      throw error;
    }
  });
