import { SolvencyError } from '../../errors.js';
import { isoTime } from '../../numbers/isoTime.js';
import type { Rational } from '../../numbers/rational.js';
import type { RegistryEntry } from '../../snapshot/registry.js';
import { NAME, validateRegistry } from '../../snapshot/validateRegistry.js';
import type { Market, MarketInstrument, MarketUnderlying } from './market.js';

const isPositive = (value: Rational): boolean => value.num > 0n;

const refuse = (message: string): never => {
  throw new SolvencyError('INVALID_INPUT', message);
};

function refuseVolatility(what: string): never {
  throw new SolvencyError('INVALID_VOLATILITY', `The volatility of ${what} is negative; it is 0 or above.`, {
    details: { where: what },
  });
}

/** An instrument of the market with its entry in the registry. */
export interface ListedInstrument extends MarketInstrument {
  readonly entry: RegistryEntry;
}

/** A market whose figures make sense, with assets and instruments in the order of the registry. */
export interface CheckedMarket extends Market {
  readonly assets: readonly (Market['assets'][number] & { readonly entry: RegistryEntry })[];
  readonly instruments: readonly ListedInstrument[];
}

/**
 * Refuses market data that parameters cannot be made of: INVALID_SNAPSHOT for the registry, INVALID_VOLATILITY for a negative
 * volatility, EXPIRED_OPTION for an option that is over at the market's time, UNKNOWN_ASSET and UNKNOWN_INSTRUMENT for ids
 * outside the registry, DUPLICATE for what is listed twice, INVALID_INPUT for all else.
 */
export function checkMarket(market: Market): CheckedMarket {
  validateRegistry(market.registry);
  if (market.discountRate.num < 0n) refuse('The discount rate is negative; it is 0 or above.');
  const names = new Set<string>();
  for (const underlying of market.underlyings) checkUnderlying(underlying, names);
  const assets = inRegistryOrder(market.assets, ({ assetId }) => assetId, market, 'asset');
  for (const { entry, price } of assets) {
    if (!isPositive(price)) refuse(`The price of ${entry.symbol} is not above zero.`);
  }
  const instruments = inRegistryOrder(market.instruments, ({ instrumentId }) => instrumentId, market, 'instrument');
  if (instruments.length === 0) refuse('The market has no instruments. List at least one.');
  for (const instrument of instruments) checkInstrument(instrument, market);
  return { ...market, assets, instruments };
}

function checkUnderlying({ name, spot, volatility }: MarketUnderlying, names: Set<string>): void {
  if (!NAME.test(name)) refuse('An underlying has no name of 1 to 64 visible characters.');
  if (names.has(name)) {
    throw new SolvencyError('DUPLICATE', `The underlying ${name} is listed twice. Leave one.`, {
      details: { where: name },
    });
  }
  names.add(name);
  if (!isPositive(spot)) refuse(`The spot price of ${name} is not above zero.`);
  if (volatility !== null && volatility.num < 0n) refuseVolatility(name);
}

function checkInstrument(instrument: ListedInstrument, market: Market): void {
  const { entry, underlying, mark, contract, averageDailyVolume, depth, halfSpread } = instrument;
  const { symbol, kind } = entry;
  if (market.underlyings[underlying] === undefined) refuse(`The underlying of ${symbol} is not listed.`);
  if (mark !== null && !isPositive(mark)) refuse(`The mark of ${symbol} is not above zero.`);
  if (averageDailyVolume !== null && !isPositive(averageDailyVolume)) {
    refuse(`The average daily volume of ${symbol} is not above zero.`);
  }
  if (depth !== null && depth.num < 0n) refuse(`The depth of ${symbol} is negative.`);
  if (halfSpread !== null && (halfSpread.num < 0n || halfSpread.num >= halfSpread.den)) {
    refuse(`The half spread of ${symbol} is not from 0 to 1.`);
  }
  if ((kind === 'option') !== (contract.kind === 'option')) {
    refuse(`${symbol} is ${kind === 'option' ? 'an option' : `a ${kind}`} in the registry and not in the market.`);
  }
  if (contract.kind === 'linear') return;
  if (!isPositive(contract.strike)) refuse(`The strike of ${symbol} is not above zero.`);
  if (contract.volatility.num < 0n) refuseVolatility(symbol);
  if (contract.expiry <= market.time) {
    throw new SolvencyError(
      'EXPIRED_OPTION',
      `${symbol} expired at ${contract.expiry} (${isoTime(contract.expiry)}), and the market data are of ${market.time} (${isoTime(market.time)}). Leave it out.`,
      { details: { symbol, expiry: contract.expiry, time: market.time } },
    );
  }
}

/** One snapshot has one text: the order in which a file lists things is no part of it. */
function inRegistryOrder<Item>(
  items: readonly Item[],
  idOf: (item: Item) => number,
  { registry }: Market,
  kind: 'asset' | 'instrument',
): readonly (Item & { readonly entry: RegistryEntry })[] {
  const places = new Map(
    registry.entries
      .filter((entry) => (entry.kind === 'asset') === (kind === 'asset'))
      .map((entry, place) => [entry.id, { entry, place }]),
  );
  const seen = new Set<number>();
  return items
    .map((item) => {
      const id = idOf(item);
      const found = places.get(id);
      if (found === undefined) {
        throw new SolvencyError(
          kind === 'asset' ? 'UNKNOWN_ASSET' : 'UNKNOWN_INSTRUMENT',
          `The market lists ${kind} ${id}, which is not among the ${kind}s of the registry.`,
          { details: { id } },
        );
      }
      if (seen.has(id)) {
        throw new SolvencyError('DUPLICATE', `The market lists ${found.entry.symbol} twice. Leave one.`, {
          details: { where: found.entry.symbol },
        });
      }
      seen.add(id);
      return { item, ...found };
    })
    .sort((a, b) => a.place - b.place)
    .map(({ item, entry }) => ({ ...item, entry }));
}
