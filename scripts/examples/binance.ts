import { readFile } from 'node:fs/promises';
import { ownerCommitment } from '../../src/account/ownerCommitment.js';
import { parseAccount } from '../../src/formats/account.js';
import { serializeAccountPackage } from '../../src/formats/accountPackage.js';
import { serializeIdentity } from '../../src/formats/identity.js';
import { parsePrices, serializePrices } from '../../src/formats/prices.js';
import {
  divide,
  formatFixed,
  multiply,
  ONE,
  parseRational,
  type Rational,
  rational,
} from '../../src/numbers/rational.js';
import type { Parameters, Prices } from '../../src/snapshot/parameters.js';
import type { RegistryEntry } from '../../src/snapshot/registry.js';
import { basePrice, binanceParameters, readHaircuts } from '../../src/venues/binance/parameters.js';
import { examplePackage, exampleSecret } from './accounts.js';

const FOLDER = 'examples/binance';
/** 18 August 2025: a day on which the collateral list's prices stood */
const TIME = Date.UTC(2025, 7, 18) / 1000;
/** how much lower the marks are in prices-lower.json */
const FALL = rational(9n, 10n);
const STABLE: ReadonlySet<string> = new Set(['USDT', 'USDC']);

/** Real tier tables and ladders of Binance, marks from its collateral list, and an account that is made up. */
export async function binanceExample(): Promise<ReadonlyMap<string, string>> {
  const haircuts = await readFile(`${FOLDER}/haircuts.csv`, 'utf8');
  const parameters = binanceParameters({
    brackets: JSON.parse(await readFile(`${FOLDER}/brackets.json`, 'utf8')) as unknown,
    haircuts,
  });
  const { registry } = parameters;
  const prices = marks(
    parameters,
    new Map(readHaircuts(haircuts, 'margin').map(({ symbol, price }) => [symbol, price])),
  );
  const account = await readFile(`${FOLDER}/account.json`, 'utf8');
  const holdings = parseAccount(account, `${FOLDER}/account.json`, registry);
  const ownerSecret = exampleSecret('binance');
  // read back, so that a file that the command would refuse is never written
  const pricesText = serializePrices(prices, registry);
  parsePrices(pricesText, 'prices.json', registry);
  return new Map([
    ['prices.json', pricesText],
    ['prices-lower.json', serializePrices(fallen(prices, parameters), registry)],
    ['identity.json', serializeIdentity({ ownerSecret, ownerCommitment: ownerCommitment(ownerSecret) })],
    ['account-package.json', serializeAccountPackage(examplePackage('binance', registry, holdings, TIME), registry)],
  ]);
}

/** Marks of contracts from the prices of what they are on; 1 where the list has none (see examples/binance/README.md). */
function marks({ registry }: Parameters, prices: ReadonlyMap<string, Rational>): Prices {
  const assets = registry.entries.filter((entry) => entry.kind === 'asset');
  const instruments = registry.entries.filter((entry) => entry.kind !== 'asset');
  const markOf = ({ symbol }: RegistryEntry): Rational => {
    const [base, , settle] = symbol.split(/[/:]/) as [string, string, string];
    const mark = basePrice(base, prices) ?? ONE;
    return settle.startsWith('BTC') ? divide(mark, basePrice('BTC', prices) ?? ONE) : mark;
  };
  return {
    time: TIME,
    assets: new Map(assets.map((entry) => [entry.id, cut(basePrice(entry.symbol, prices) ?? ONE, entry)])),
    instruments: new Map(instruments.map((entry) => [entry.id, cut(markOf(entry), entry)])),
  };
}

/** The same marks, lower; what the quote is worth stays. */
function fallen(prices: Prices, { registry }: Parameters): Prices {
  const entries = new Map(registry.entries.map((entry) => [entry.id, entry]));
  const lower = (values: ReadonlyMap<number, Rational>) =>
    new Map(
      [...values].map(([id, price]) => {
        const entry = entries.get(id) as RegistryEntry;
        return [id, STABLE.has(entry.symbol) ? price : cut(multiply(price, FALL), entry)];
      }),
    );
  return { time: prices.time + 60, assets: lower(prices.assets), instruments: lower(prices.instruments) };
}

/** Cut to the decimals that a price of this entry can have, and to 8, as exchanges quote. */
const cut = (price: Rational, { amountDecimals }: RegistryEntry): Rational =>
  parseRational(formatFixed(price, Math.min(16 - amountDecimals, 10))) ?? price;
