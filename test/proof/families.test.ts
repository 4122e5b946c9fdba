import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import type { AccountPackage } from '../../src/account/accountTree.js';
import { prove } from '../../src/proof/prove.js';
import { verify } from '../../src/proof/verify.js';
import type { RiskTable } from '../../src/risk/riskTable.js';
import { type Artifacts, loadArtifacts } from '../../src/setup/artifacts.js';
import { CIRCUITS, type CircuitInstance } from '../../src/setup/circuits.js';
import { ARTIFACTS } from '../support/artifacts.js';
import { OWNER_SECRET } from '../support/market.js';
import * as measures from '../support/measureMarket.js';
import * as portfolio from '../support/portfolioMarket.js';
import * as quantized from '../support/quantizedMarket.js';
import * as standard from '../support/standardMarket.js';
import * as weighted from '../support/weightedMarket.js';

// The smallest instance of every model family, proven and verified. The tiered one is proven elsewhere.

interface Market {
  readonly table: RiskTable;
  readonly packageOf: (holdings: Holdings) => AccountPackage;
  /** solvent with room */
  readonly held: Holdings;
}

/** An account of the market of risk measures, which each of their families sees in its own way. */
const measured = ({ table }: measures.MeasuredCase): Market => ({
  table,
  packageOf: measures.packageOf,
  held: {
    collateral: [measures.usd(50_000n), { assetId: 2, amount: 10n ** 8n }],
    positions: measures.contractsOf({ 'BTC-CALL': 30_000n, 'ETH-PUT': 10n ** 9n }),
  },
});

const MARKETS: Readonly<Record<string, Market>> = {
  greeks: measured(measures.greeks),
  parametric: measured(measures.parametric),
  tail: measured(measures.expectedShortfall),
  hybrid: measured(measures.hybridMaximum),
  portfolio: {
    ...portfolio,
    held: {
      collateral: [portfolio.usd(5_000n), { assetId: 2, amount: 10_000n }],
      positions: portfolio.contracts({ 'BTC-NEAR-100-C': -3, 'BTC-NEAR-100-P': 1, 'BTC-FAR-120-C': 2, 'BTC-PERP': 1 }),
    },
  },
  quantized: {
    ...quantized,
    held: {
      collateral: [{ assetId: 1, amount: 10n ** 12n }],
      positions: [
        { instrumentId: 100, size: -(10n ** 9n), cost: 12_345n },
        { instrumentId: 103, size: 10n ** 10n, cost: -7n },
      ],
    },
  },
  standard: {
    ...standard,
    held: {
      collateral: [standard.usd(2_000n), { assetId: 2, amount: 10_000n }],
      positions: standard.contracts({
        'BTC-NEAR-100-call': -2,
        'BTC-NEAR-120-call': 1,
        'BTC-FAR-80-put': -1,
        'BTC-PERP': 1,
      }),
    },
  },
  weighted: {
    ...weighted,
    held: {
      collateral: [weighted.usd(1_000_000n)],
      positions: [
        { instrumentId: 100, size: 5n * 10n ** 9n, cost: 400n * 10n ** 8n },
        { instrumentId: 103, size: -(10n ** 7n), cost: -(6_000n * 10n ** 8n) },
      ],
    },
  },
};

const REQUEST = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };

describe.each(Object.entries(MARKETS))('a proof of the model %s', (family, { table, packageOf, held }) => {
  const circuit = CIRCUITS.find((candidate) => candidate.family === family) as CircuitInstance;
  let artifacts: Artifacts;
  beforeAll(async () => {
    artifacts = await loadArtifacts(ARTIFACTS, circuit.name);
  });
  const input = (holdings: Holdings) => ({
    account: packageOf(holdings),
    ownerSecret: OWNER_SECRET,
    table,
    request: REQUEST,
    artifacts,
  });

  it('is made and verified', async () => {
    const proof = await prove(input(held));
    const shown = await verify(proof, artifacts.verificationKey, {
      accountRoot: proof.publicSignals.accountRoot,
      table,
      minimumThresholdBps: 10_000n,
      minimumEquityFloor: 0n,
      scope: REQUEST.scope,
      context: REQUEST.context,
      keyHash: artifacts.keyHash,
    });
    expect(shown.claim).toBe('maintenance');
  });

  it('is not made of an insolvent account, and by no circuit of another model', async () => {
    await expect(prove(input({ ...held, collateral: [{ assetId: 1, amount: -(10n ** 13n) }] }))).rejects.toMatchObject({
      code: 'INSOLVENT',
    });
    await expect(prove({ ...input(held), artifacts: { ...artifacts, circuit: 'tiered-8' } })).rejects.toMatchObject({
      code: 'MISMATCH',
    });
  });
});
