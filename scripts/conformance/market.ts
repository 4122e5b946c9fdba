import type { Account, Holdings } from '../../src/account/account.js';
import { ownerCommitment } from '../../src/account/ownerCommitment.js';
import { accountIdOf } from '../../src/book/accountId.js';
import { textHash } from '../../src/hash/textHash.js';
import { bookParameters } from '../../src/liabilities/bookParameters.js';
import type { TableChoice } from '../../src/liabilities/tableChoice.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import type { Registry } from '../../src/snapshot/registry.js';
import type { MarginTier, TieredSnapshot } from '../../src/snapshot/snapshot.js';

/** The made-up venue of the corpus: small enough that a reader can add its book up by hand. */
export const registry: Registry = {
  venue: 'conformance venue',
  version: 1,
  quote: 'USD',
  entries: [
    { id: 1, symbol: 'USD', kind: 'asset', amountDecimals: 8 },
    { id: 2, symbol: 'BTC', kind: 'asset', amountDecimals: 8 },
    { id: 3, symbol: 'ETH', kind: 'asset', amountDecimals: 6 },
    { id: 4, symbol: 'VTK', kind: 'asset', amountDecimals: 0 },
    // no longer traded: the snapshot has no parameters for it
    { id: 5, symbol: 'OLD', kind: 'asset', amountDecimals: 8 },
    { id: 100, symbol: 'BTC-PERP', kind: 'perpetual', settleAsset: 1, amountDecimals: 6 },
    { id: 101, symbol: 'ETH-PERP', kind: 'perpetual', settleAsset: 1, amountDecimals: 4 },
  ],
};

export const SNAPSHOT_TIME = 1_760_000_000;
export const ACCOUNT_TIME = 1_760_000_030;
export const BLOCK_TIME = 1_760_000_090;

const QUOTE = 10n ** 16n;
const tiers: readonly MarginTier[] = [
  { notionalCap: 100_000n * QUOTE, rate: 5_000n, deduction: 0n },
  { notionalCap: 10_000_000n * QUOTE, rate: 20_000n, deduction: 100_000n * QUOTE * 15_000n },
];
const ladder = [
  { valueCap: 1_000_000n * QUOTE, factor: 950_000n },
  { valueCap: 5_000_000n * QUOTE, factor: 800_000n },
];

export const snapshot: TieredSnapshot = {
  registry,
  model: { family: 'tiered', version: 1, claim: 'maintenance', tiers: 'marginal', haircuts: 'marginal' },
  time: SNAPSHOT_TIME,
  assets: [
    { assetId: 1, price: 10n ** 8n, ladder: [{ valueCap: null, factor: 1_000_000n }] },
    { assetId: 2, price: 60_000n * 10n ** 8n, ladder },
    { assetId: 3, price: 2_500n * 10n ** 10n, ladder },
    { assetId: 4, price: 7n * 10n ** 16n, ladder: [{ valueCap: 50_000n * QUOTE, factor: 250_000n }] },
  ],
  instruments: [
    { instrumentId: 100, price: 60_000n * 10n ** 10n, tiers },
    { instrumentId: 101, price: 2_500n * 10n ** 12n, tiers },
  ],
  roundings: [],
};

export const table = buildRiskTable(snapshot);
export const parameters = bookParameters(table);

/** Every row of the snapshot: it fits every circuit of the corpus. */
export const CHOICE: TableChoice = {
  assets: [1, 2, 3, 4],
  steps: [1, 2, 3, 4].flatMap((id) => (parameters.assets.get(id)?.rows ?? []).map(({ tier }) => [id, tier] as const)),
  instruments: [100, 101],
  tiers: [100, 101].flatMap((id) =>
    (parameters.instruments.get(id)?.rows ?? []).map(({ tier }) => [id, tier] as const),
  ),
};

const usd = (amount: bigint) => ({ assetId: 1, amount: amount * 10n ** 8n });
const btc = (hundredths: bigint) => ({ assetId: 2, amount: hundredths * 10n ** 6n });
const eth = (amount: bigint) => ({ assetId: 3, amount: amount * 10n ** 6n });
const vtk = (amount: bigint) => ({ assetId: 4, amount });
/** tenths of a contract, cost in whole quote units */
const btcPerp = (tenths: bigint, cost: bigint) => ({
  instrumentId: 100,
  size: tenths * 10n ** 5n,
  cost: cost * 10n ** 8n,
});
const ethPerp = (size: bigint, cost: bigint) => ({ instrumentId: 101, size: size * 10n ** 4n, cost: cost * 10n ** 8n });

/** An account of the corpus with the name that its user knows. */
export interface NamedAccount {
  readonly identifier: string;
  readonly account: Account;
}

export function named(identifier: string, holdings: Partial<Holdings>): NamedAccount {
  const account = {
    collateral: [],
    positions: [],
    ...holdings,
    ownerCommitment: ownerCommitment(textHash(`owner ${identifier}`)),
    accountId: accountIdOf(registry.venue, identifier),
    salt: textHash(`salt ${identifier}`),
  };
  return { identifier, account };
}

/** Who stands where. Places 6 and 9 to 15 are empty; the venue's own accounts begin at 16. */
export const ACCOUNTS: ReadonlyMap<number, NamedAccount> = new Map([
  [0, named('uid-1001', { collateral: [usd(10_000n), btc(50n)] })],
  // borrows against a coin: a loan
  [1, named('uid-1002', { collateral: [usd(-5_000n), btc(100n)] })],
  [2, named('uid-1003', { collateral: [usd(3_000n)], positions: [btcPerp(2n, 11_900n)] })],
  [3, named('uid-1004', { collateral: [eth(4n)] })],
  // under water: a loss of 1,000 on 500
  [4, named('uid-1005', { collateral: [usd(500n)], positions: [ethPerp(-10n, -24_000n)] })],
  [5, named('uid-1006', { collateral: [usd(4_000n), eth(-1n)] })],
  // a debt and nothing else, as a dummy account would have it
  [7, named('uid-1008', { collateral: [usd(-200n)] })],
  [
    8,
    named('uid-2001', {
      collateral: [usd(20_000n), btc(200n), eth(-2n)],
      positions: [btcPerp(-5n, -30_500n), ethPerp(5n, 12_250n)],
    }),
  ],
  [
    16,
    named('house-1', {
      collateral: [usd(-1_000n), vtk(1_000n)],
      positions: [btcPerp(3n, 18_300n), ethPerp(5n, 12_000n)],
    }),
  ],
  [17, named('house-2', { collateral: [btc(10n)] })],
]);

export const VENUE_START = 16;
