import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Holdings } from '../../src/account/account.js';
import { type AccountPackage, packageRoot } from '../../src/account/accountTree.js';
import { parseAccount } from '../../src/formats/account.js';
import { parseIdentity } from '../../src/formats/identity.js';
import { parseParameters } from '../../src/formats/parameters.js';
import { parsePrices } from '../../src/formats/prices.js';
import { buildRiskTable, type RiskTable } from '../../src/risk/riskTable.js';
import { buildSnapshot } from '../../src/snapshot/build.js';
import type { Parameters } from '../../src/snapshot/parameters.js';
import { binanceParameters } from '../../src/venues/binance/parameters.js';
import { examplePackage } from '../examples/accounts.js';

/** An example account committed now, under snapshots of now: the figures are recorded, only the clock is today's. */
export interface DemoAccount {
  readonly title: string;
  readonly maintenance: RiskTable;
  readonly initial: RiskTable;
  readonly accountRoot: bigint;
  readonly holder: { readonly account: AccountPackage; readonly ownerSecret: bigint };
}

/** An account on Binance's real tier tables, at the marks of one of the price files. */
export async function loadBinance(root: string, now: number, priceFile: string): Promise<DemoAccount> {
  const read = (name: string) => readFile(join(root, 'examples/binance', name), 'utf8');
  const parameters = binanceParameters({
    brackets: JSON.parse(await read('brackets.json')) as unknown,
    haircuts: await read('haircuts.csv'),
  });
  return load('An account on Binance’s margin tiers', 'binance', now, priceFile, parameters, read);
}

/** The account of twelve positions that Hyperliquid's interface reported in March 2023. */
export async function loadHyperliquid(root: string, now: number): Promise<DemoAccount> {
  const read = (name: string) => readFile(join(root, 'examples/hyperliquid', name), 'utf8');
  const parameters = parseParameters(await read('parameters.json'), 'parameters.json');
  return load('A real account: twelve positions on Hyperliquid', 'hyperliquid', now, 'prices.json', parameters, read);
}

async function load(
  title: string,
  name: string,
  now: number,
  priceFile: string,
  parameters: Parameters,
  read: (name: string) => Promise<string>,
): Promise<DemoAccount> {
  const { registry } = parameters;
  const prices = { ...parsePrices(await read(priceFile), priceFile, registry), time: now };
  const { ownerSecret } = parseIdentity(await read('identity.json'), 'identity.json');
  const holdings: Holdings = parseAccount(await read('account.json'), 'account.json', registry);
  const account = examplePackage(name, registry, holdings, now);
  return {
    title,
    maintenance: buildRiskTable(buildSnapshot(parameters, prices, 'maintenance')),
    initial: buildRiskTable(buildSnapshot(parameters, prices, 'initial')),
    accountRoot: packageRoot(account),
    holder: { account, ownerSecret },
  };
}
