import type { Account, Holdings } from '../../src/account/account.js';
import { commitAccounts } from '../../src/account/accountTree.js';
import { ownerCommitment } from '../../src/account/ownerCommitment.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { type Registry, registryHash, venueId } from '../../src/snapshot/registry.js';
import type { HaircutStep, MarginTier, TieredSnapshot } from '../../src/snapshot/snapshot.js';

/** A small made-up venue whose figures are easy to follow: what unit tests of circuits and twins use. */
export const registry: Registry = {
  venue: 'test-venue',
  version: 1,
  quote: 'USD',
  entries: [
    { id: 1, symbol: 'USD', kind: 'asset', amountDecimals: 8 },
    { id: 2, symbol: 'BTC', kind: 'asset', amountDecimals: 8 },
    { id: 3, symbol: 'ETH', kind: 'asset', amountDecimals: 6 },
    { id: 4, symbol: 'DUST', kind: 'asset', amountDecimals: 0 },
    { id: 9, symbol: 'OLD', kind: 'asset', amountDecimals: 8 },
    ...Array.from({ length: 40 }, (_, k) => ({
      // the last id is the largest that there is
      id: k === 39 ? 2 ** 32 - 1 : 100 + 3 * k,
      symbol: `PERP-${k}`,
      kind: 'perpetual' as const,
      settleAsset: 1,
      amountDecimals: k % 9,
    })),
  ],
};

const QUOTE = 10n ** 16n;
const ladder: readonly HaircutStep[] = [
  { valueCap: 1_000_000n * QUOTE, factor: 1_000_000n },
  { valueCap: 3_000_000n * QUOTE, factor: 900_000n },
  { valueCap: 9_000_000n * QUOTE, factor: 500_000n },
];

function marginalTiers(steps: readonly (readonly [cap: bigint, rate: bigint])[]): readonly MarginTier[] {
  let [floor, previousRate, deduction] = [0n, steps[0]?.[1] ?? 0n, 0n];
  return steps.map(([cap, rate]) => {
    deduction += floor * (rate - previousRate);
    [floor, previousRate] = [cap, rate];
    return { notionalCap: cap, rate, deduction };
  });
}

/** Price of instrument k: 3 * (k + 1) + 0.5 quote, with the decimals that its amounts leave. */
const priceOf = (k: number): bigint => (BigInt(6 * (k + 1) + 1) * 10n ** BigInt(16 - (k % 9))) / 2n;

export const snapshot: TieredSnapshot = {
  registry,
  model: { family: 'tiered', version: 1, claim: 'maintenance', tiers: 'marginal', haircuts: 'marginal' },
  time: 1_760_000_000,
  assets: [
    { assetId: 1, price: 10n ** 8n, ladder: [{ valueCap: null, factor: 1_000_000n }] },
    { assetId: 2, price: 60_000n * 10n ** 8n, ladder },
    { assetId: 3, price: 2_500n * 10n ** 10n, ladder },
    { assetId: 4, price: 7n * 10n ** 12n, ladder: [{ valueCap: 500n * QUOTE, factor: 250_000n }] },
    { assetId: 9, price: 10n ** 8n, ladder: [] },
  ],
  instruments: registry.entries
    .filter((entry) => entry.kind === 'perpetual')
    .map((entry, k) => ({
      instrumentId: entry.id,
      price: priceOf(k),
      tiers: marginalTiers([
        [10_000n * QUOTE, 5_000n],
        [100_000n * QUOTE, 10_000n],
        [5_000_000n * QUOTE, 50_000n],
        [80_000_000n * QUOTE, 500_000n],
      ]),
    })),
  roundings: [],
};

export const table = buildRiskTable(snapshot);

/** Secrets and salts of tests: fixed, so that failures can be repeated. */
export const OWNER_SECRET = 0x1234567890abcdef1234567890abcdef1234567890abcdef1234567890abcden;

export const accountOf = (holdings: Holdings, n = 0n): Account => ({
  ...holdings,
  ownerCommitment: ownerCommitment(OWNER_SECRET + n),
  accountId: 77n + n,
  salt: 0xfeedfacecafebeeffeedfacecafebeefn + n,
});

type Committed = Parameters<typeof commitAccounts>[1];
const roots = new WeakMap<Registry, Committed>();

/** What an account root says beside the tree; a registry is hashed once, for properties make a root for every run. */
export function rootOf(venue: Registry): Committed {
  const known = roots.get(venue) ?? {
    venueId: venueId(venue),
    registryHash: registryHash(venue),
    time: 1_760_000_030n,
  };
  roots.set(venue, known);
  return known;
}

/** The package of an account that stands in a tree among others. */
export function packageOf(holdings: Holdings) {
  const others = Array.from({ length: 11 }, (_, n) =>
    accountOf({ collateral: [{ assetId: 1, amount: BigInt(n + 1) }], positions: [] }, BigInt(n + 1)),
  );
  const packages = commitAccounts([...others.slice(0, 9), accountOf(holdings), ...others.slice(9)], rootOf(registry));
  return packages[9] as (typeof packages)[number];
}

/** Whole quote units as a balance of asset 1. */
export const usd = (amount: bigint) => ({ assetId: 1, amount: amount * 10n ** 8n });

/** The package of an account that stands among three others in the tree of a venue with this registry. */
export function packageIn(venue: Registry, holdings: Holdings) {
  const others = Array.from({ length: 3 }, (_, n) =>
    accountOf({ collateral: [{ assetId: 1, amount: BigInt(n + 1) }], positions: [] }, BigInt(n + 1)),
  );
  const packages = commitAccounts([...others, accountOf(holdings)], rootOf(venue));
  return packages[3] as (typeof packages)[number];
}
