import type { Holdings } from '../../../src/account/account.js';
import type { ProofRequest, Statement } from '../../../src/margin/opening.js';
import { buildRiskTable, type RiskTable } from '../../../src/risk/riskTable.js';
import type { CircuitCapacity } from '../../../src/setup/circuits.js';
import type { CircuitSource } from '../../../src/setup/compileCircuit.js';
import type { AssetParameters, Snapshot } from '../../../src/snapshot/snapshot.js';
import { OWNER_SECRET, packageIn } from '../../support/market.js';
import * as measures from '../../support/measureMarket.js';
import * as portfolio from '../../support/portfolioMarket.js';
import * as standard from '../../support/standardMarket.js';
import { SMALL_FAMILIES } from './smallFamilies.js';

/**
 * The market of each margin family with two assets more, and two positions of it, so that one attack runs over all:
 * LADDERED has haircut steps, and a unit of CRUMB counts 1e-22 quote, the least that a balance can differ by.
 */
export interface AttackedFamily {
  readonly family: Snapshot['model']['family'];
  readonly source: CircuitSource;
  readonly capacity: CircuitCapacity;
  readonly table: RiskTable;
  /** a short at a negative cost, then a long at a positive one; neither is an option of the standard model */
  readonly positions: Holdings['positions'];
  /** units of asset 1 in one quote */
  readonly cash: bigint;
}

const QUOTE = 10n ** 16n;
export const LADDERED = 20;
export const CRUMB = 21;
/** Units of LADDERED in one quote. */
export const LADDERED_UNIT = 10n ** 8n;
/** Values at which the steps of LADDERED end, in quote. */
export const STEP_ENDS = [1_000n, 3_000n, 9_000n] as const;

const MORE_ASSETS: readonly AssetParameters[] = [
  {
    assetId: LADDERED,
    price: QUOTE / LADDERED_UNIT,
    ladder: STEP_ENDS.map((end, step) => ({
      valueCap: end * QUOTE,
      factor: [1_000_000n, 900_000n, 500_000n][step] as bigint,
    })),
  },
  { assetId: CRUMB, price: 1n, ladder: [{ valueCap: null, factor: 1n }] },
];

/** What the portfolio and the standard model say of an asset beside. */
const ownTerms = ({ model }: Snapshot): object =>
  model.family === 'portfolio' ? { underlying: null } : model.family === 'standard' ? { charge: 0n } : {};

function withMoreAssets(snapshot: Snapshot): Snapshot {
  const { registry } = snapshot;
  const entries = [
    ...registry.entries,
    { id: LADDERED, symbol: 'LADDERED', kind: 'asset' as const, amountDecimals: 8 },
    { id: CRUMB, symbol: 'CRUMBLE', kind: 'asset' as const, amountDecimals: 16 },
  ];
  const assets = [...snapshot.assets, ...MORE_ASSETS.map((asset) => ({ ...asset, ...ownTerms(snapshot) }))];
  return { ...snapshot, registry: { ...registry, entries }, assets } as Snapshot;
}

const COST = 10n ** 8n;
const position = (instrumentId: number, size: bigint, cost: bigint): Holdings['positions'][number] => ({
  instrumentId,
  size,
  cost: cost * COST,
});
const measured = [
  position(measures.idOf('BTC-PERP'), -30_000n, -170_000n),
  // beyond the first tier of its charges
  position(measures.idOf('BTC-CALL'), 10_000n, 1_900n),
];

const POSITIONS: Readonly<Record<Snapshot['model']['family'], Holdings['positions']>> = {
  // the first tier and the third
  tiered: [position(100, -300n, -900n), position(103, 3_000_000n, 1_940_000n)],
  portfolio: [
    position(portfolio.idOf('BTC-PERP'), -10_000n, -90n),
    position(portfolio.idOf('ETH-PERP'), 20_000n, 210n),
  ],
  standard: [position(standard.idOf('BTC-PERP'), -10_000n, -90n), position(standard.idOf('ETH-PERP'), 20_000n, 210n)],
  quantized: [position(100, -(10n ** 9n), -1n), position(103, 10n ** 10n, 3n)],
  weighted: [position(100, -5n * 10n ** 9n, -400n), position(103, 10n ** 7n, 6_100n)],
  greeks: measured,
  parametric: measured,
  tail: measured,
  hybrid: measured,
};

export const ATTACKED: readonly AttackedFamily[] = SMALL_FAMILIES.map(({ source, capacity, table }) => {
  const snapshot = withMoreAssets(table.snapshot);
  const { family } = snapshot.model;
  const decimals = snapshot.registry.entries.find(({ id }) => id === 1)?.amountDecimals as number;
  const extended = buildRiskTable(snapshot);
  return { family, source, capacity, table: extended, positions: POSITIONS[family], cash: 10n ** BigInt(decimals) };
});

export const REQUEST: ProofRequest = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };

/** The family's two positions with so much cash that no lie about them makes the account insolvent. */
export const rich = (
  { positions, cash }: AttackedFamily,
  laddered = 2_000n * LADDERED_UNIT,
): Holdings & { readonly collateral: readonly [Holdings['collateral'][number], Holdings['collateral'][number]] } => ({
  collateral: [
    { assetId: 1, amount: 10n ** 10n * cash },
    { assetId: LADDERED, amount: laddered },
  ],
  positions,
});

export const statementOf = ({ table }: AttackedFamily, holdings: Holdings, request = REQUEST): Statement => ({
  ...{ account: packageIn(table.snapshot.registry, holdings), ownerSecret: OWNER_SECRET, table, request },
});
