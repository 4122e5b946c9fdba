import { loadBinance, loadHyperliquid } from '../scripts/demo/accounts.js';
import type { Holdings } from '../src/account/account.js';
import { accountRoot } from '../src/account/accountRoot.js';
import { type AccountPackage, commitAccounts } from '../src/account/accountTree.js';
import { buildRiskTable, type RiskTable } from '../src/risk/riskTable.js';
import type { CircuitInstance } from '../src/setup/circuits.js';
import { registryHash, venueId } from '../src/snapshot/registry.js';
import type { Snapshot } from '../src/snapshot/snapshot.js';
import { accountOf, OWNER_SECRET } from '../test/support/market.js';
import * as measures from '../test/support/measureMarket.js';
import * as portfolio from '../test/support/portfolioMarket.js';
import * as quantized from '../test/support/quantizedMarket.js';
import * as standard from '../test/support/standardMarket.js';
import * as weighted from '../test/support/weightedMarket.js';

/** An account to prove with, at the present time. */
export interface BenchAccount {
  readonly holder: { readonly account: AccountPackage; readonly ownerSecret: bigint };
  readonly maintenance: RiskTable;
  readonly accountRoot: bigint;
}

const measured = (snapshot: Snapshot) => ({
  snapshot,
  held: {
    collateral: [measures.usd(500_000n)],
    positions: measures.contractsOf({ 'BTC-PERP': 60_000n, 'BTC-CALL': -30_000n, 'ETH-PUT': 10n ** 9n }),
  },
});

/** The proving time does not depend on what an account holds, only on the circuit's slots. */
const MARKETS: Readonly<Record<string, { readonly snapshot: Snapshot; readonly held: Holdings }>> = {
  greeks: measured(measures.greeksSnapshot),
  parametric: measured(measures.parametricSnapshot),
  tail: measured(measures.tailSnapshot),
  hybrid: measured(measures.hybridSnapshot),
  portfolio: {
    snapshot: portfolio.snapshot,
    held: {
      collateral: [portfolio.usd(5_000n)],
      positions: portfolio.contracts({ 'BTC-NEAR-100-C': -3, 'BTC-FAR-120-C': 2, 'BTC-PERP': 1 }),
    },
  },
  quantized: {
    snapshot: quantized.snapshot,
    held: {
      collateral: [{ assetId: 1, amount: 10n ** 12n }],
      positions: [{ instrumentId: 103, size: 10n ** 10n, cost: -7n }],
    },
  },
  standard: {
    snapshot: standard.snapshot,
    held: {
      collateral: [standard.usd(5_000n)],
      positions: standard.contracts({ 'BTC-NEAR-100-call': -2, 'BTC-FAR-80-put': -1, 'BTC-PERP': 1 }),
    },
  },
  weighted: {
    snapshot: weighted.snapshot,
    held: {
      collateral: [weighted.usd(1_000_000n)],
      positions: [
        { instrumentId: 100, size: 5n * 10n ** 9n, cost: 400n * 10n ** 8n },
        { instrumentId: 103, size: -(10n ** 7n), cost: -(6_000n * 10n ** 8n) },
      ],
    },
  },
};

/** A list of scenarios in as many blocks as a circuit has. */
const inBlocks = (snapshot: Snapshot, blocks: number): Snapshot =>
  'blocks' in snapshot.model ? ({ ...snapshot, model: { ...snapshot.model, blocks } } as Snapshot) : snapshot;

/** An account for a circuit: real exports for the tiered ones, made-up markets for the other families. */
export async function accountFor(circuit: CircuitInstance, root: string, now: number): Promise<BenchAccount> {
  if (circuit.name === 'tiered-8') return loadBinance(root, now, 'prices.json');
  const market = MARKETS[circuit.family];
  if (market === undefined) return loadHyperliquid(root, now);
  const { registry } = market.snapshot;
  const [account] = commitAccounts([accountOf(market.held)], {
    venueId: venueId(registry),
    registryHash: registryHash(registry),
    time: BigInt(now),
  });
  if (account === undefined) throw new Error('the account was not committed');
  return {
    holder: { account, ownerSecret: OWNER_SECRET },
    maintenance: buildRiskTable({ ...inBlocks(market.snapshot, circuit.capacity.blocks), time: now }),
    accountRoot: accountRoot(account.root),
  };
}
