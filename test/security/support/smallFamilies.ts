import type { Holdings } from '../../../src/account/account.js';
import type { AccountPackage } from '../../../src/account/accountTree.js';
import { circuitInput } from '../../../src/margin/families.js';
import type { RiskTable } from '../../../src/risk/riskTable.js';
import type { CircuitCapacity } from '../../../src/setup/circuits.js';
import type { CircuitSource } from '../../../src/setup/compileCircuit.js';
import { OWNER_SECRET, packageOf, table, usd } from '../../support/market.js';
import * as measures from '../../support/measureMarket.js';
import * as portfolio from '../../support/portfolioMarket.js';
import * as quantized from '../../support/quantizedMarket.js';
import { SMALL } from '../../support/smallCircuits.js';
import * as standard from '../../support/standardMarket.js';
import * as weighted from '../../support/weightedMarket.js';

/** A small instance of one family of margin circuits, and a solvent account with two balances and two positions under it. */
export interface SmallFamily {
  readonly family: string;
  readonly source: CircuitSource;
  readonly capacity: CircuitCapacity;
  readonly table: RiskTable;
  readonly held: Holdings;
  readonly packageOf: (holdings: Holdings) => AccountPackage;
}

type Signals = Readonly<Record<string, bigint | readonly bigint[]>>;

const NO_SPREAD = { expiries: 0, underlyings: 0, blocks: 0 };
const BTC = 10n ** 8n;

/** An account of the market of risk measures, which each of their families sees in its own way. */
const measured = (family: string, { table }: measures.MeasuredCase) => ({
  family,
  table,
  packageOf: measures.packageOf,
  held: {
    collateral: [measures.usd(50_000n), { assetId: 2, amount: BTC }],
    positions: measures.contractsOf({ 'BTC-CALL': 30_000n, 'ETH-PUT': -(10n ** 7n) }),
  },
});

const MARKETS: readonly Omit<SmallFamily, 'source' | 'capacity'>[] = [
  {
    family: 'tiered',
    table,
    packageOf,
    held: {
      collateral: [usd(5_000n), { assetId: 2, amount: -(10n ** 5n) }],
      positions: [
        { instrumentId: 100, size: -300n, cost: -900n * BTC },
        { instrumentId: 103, size: 30_000n, cost: 19_000n * BTC },
      ],
    },
  },
  {
    family: 'portfolio',
    ...portfolio,
    held: {
      collateral: [portfolio.usd(5_000n), { assetId: 2, amount: 10_000n }],
      positions: portfolio.contracts({ 'BTC-NEAR-100-C': -3, 'BTC-NEAR-100-P': 1 }),
    },
  },
  {
    family: 'standard',
    ...standard,
    held: {
      collateral: [standard.usd(2_000n), { assetId: 2, amount: 10_000n }],
      positions: standard.contracts({ 'BTC-NEAR-100-call': -2, 'BTC-NEAR-120-call': 1 }),
    },
  },
  {
    family: 'quantized',
    ...quantized,
    held: {
      collateral: [
        { assetId: 1, amount: 10n ** 12n },
        { assetId: 2, amount: BTC },
      ],
      positions: [
        { instrumentId: 100, size: -(10n ** 9n), cost: 12_345n },
        { instrumentId: 103, size: 10n ** 10n, cost: -7n },
      ],
    },
  },
  {
    family: 'weighted',
    ...weighted,
    held: {
      collateral: [weighted.usd(1_000_000n), { assetId: 2, amount: BTC }],
      positions: [
        { instrumentId: 100, size: 5n * 10n ** 9n, cost: 400n * BTC },
        { instrumentId: 103, size: -(10n ** 7n), cost: -6_000n * BTC },
      ],
    },
  },
  measured('greeks', measures.greeks),
  measured('parametric', measures.parametric),
  measured('tail', measures.expectedShortfall),
  measured('hybrid', measures.hybridMaximum),
];

/** Slots of the small instances, as their parameters say. */
const CAPACITIES: Readonly<Record<string, CircuitCapacity>> = {
  tiered: { ...NO_SPREAD, positions: 2, assets: 2 },
  portfolio: { positions: 4, assets: 2, expiries: 3, underlyings: 2, blocks: 0 },
  standard: { ...NO_SPREAD, positions: 4, assets: 2 },
  quantized: { ...NO_SPREAD, positions: 2, assets: 2 },
  weighted: { ...NO_SPREAD, positions: 2, assets: 2 },
  greeks: measures.WITH_UNDERLYINGS,
  parametric: measures.WITHOUT_UNDERLYINGS,
  tail: measures.WITH_BLOCK,
  hybrid: measures.WITH_BOTH,
};

export const SMALL_FAMILIES: readonly SmallFamily[] = MARKETS.map((market) => ({
  ...market,
  capacity: CAPACITIES[market.family] as CircuitCapacity,
  source: SMALL.find(({ file }) => file.startsWith(`${market.family}/`)) as CircuitSource,
}));

/** Fields of an account's slots in the order of the bus AccountOpening. */
const SLOT_FIELDS = {
  collateral: ['gap', 'sign', 'magnitude'],
  positions: ['gap', 'sizeSign', 'size', 'costSign', 'cost'],
} as const;

/** Names of an account's slots, such as collateral[0].gap, with their places in the signal of its opening. */
function slotPlaces({ capacity }: SmallFamily, opening: readonly bigint[]): ReadonlyMap<string, number> {
  const { positions, assets } = capacity;
  const [balances, contracts] = [SLOT_FIELDS.collateral.length * assets, SLOT_FIELDS.positions.length * positions];
  // each list stands behind its count, positions at the end
  const starts = { collateral: opening.length - contracts - 1 - balances, positions: opening.length - contracts };
  const slots = { collateral: assets, positions };
  return new Map(
    (['collateral', 'positions'] as const).flatMap((list) =>
      SLOT_FIELDS[list].flatMap((field, f) =>
        Array.from(
          { length: slots[list] },
          (_, k) => [`${list}[${k}].${field}`, starts[list] + f * slots[list] + k] as const,
        ),
      ),
    ),
  );
}

/** What the slots of an account hold, by names such as collateral[0].gap and positions[1].costSign. */
export function accountSlots(family: SmallFamily, signals: Signals): Readonly<Record<string, bigint>> {
  const opening = signals['account'] as readonly bigint[];
  return Object.fromEntries([...slotPlaces(family, opening)].map(([name, place]) => [name, opening[place] as bigint]));
}

/** The signals with other values in the account's slots. */
export function withAccountSlots(
  family: SmallFamily,
  signals: Signals,
  slots: Readonly<Record<string, bigint>>,
): Signals {
  const opening = [...(signals['account'] as readonly bigint[])];
  for (const [name, place] of slotPlaces(family, opening)) opening[place] = slots[name] as bigint;
  return { ...signals, account: opening };
}

/** What a family's circuit takes for its account, or for another account of its market. */
export function honestSignals({ table, packageOf, held, capacity }: SmallFamily, holdings = held): Signals {
  const request = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };
  const statement = { account: packageOf(holdings), ownerSecret: OWNER_SECRET, table, request };
  return circuitInput(statement, capacity).signals;
}
