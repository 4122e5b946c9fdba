import type { AccountRootOpening } from '../../../src/account/accountRoot.js';
import { accountRoot } from '../../../src/account/accountRoot.js';
import type { PublicSignals } from '../../../src/margin/opening.js';
import { type MarginProof, signalList } from '../../../src/proof/marginProof.js';
import type { Expectations } from '../../../src/proof/verify.js';
import { buildRiskTable } from '../../../src/risk/riskTable.js';
import { keyHash, type VerificationKey } from '../../../src/setup/verificationKey.js';
import { freeSignals } from '../../support/freeSignals.js';
import { registry, rootOf, snapshot } from '../../support/market.js';

export interface FreeMargin {
  readonly key: VerificationKey;
  readonly proof: MarginProof;
  /** of a verifier who asked for just this proof */
  readonly expected: Expectations;
}

interface Choice {
  readonly context?: bigint;
  /** seconds since 1970 */
  readonly accountTime?: number;
  readonly snapshotTime?: number;
}

/**
 * A margin proof of whatever statement, by the circuit whose signals are free: what is tested with it is what a verifier
 * asks of a proof that is valid.
 */
export async function freeMargin({
  context = 6n,
  accountTime = snapshot.time,
  snapshotTime = snapshot.time,
}: Choice = {}): Promise<FreeMargin> {
  const { circuit, key, prove } = await freeSignals(7);
  const table = buildRiskTable({ ...snapshot, time: snapshotTime });
  const opening: AccountRootOpening = { ...rootOf(registry), treeRoot: 99n, time: BigInt(accountTime) };
  const publicSignals: PublicSignals = {
    accountRoot: accountRoot(opening),
    riskRoot: table.riskRoot,
    thresholdBps: 12_000n,
    equityFloor: 10n ** 20n,
    nullifier: 5n,
    scope: 9n,
    context,
  };
  return {
    key,
    proof: {
      circuit,
      keyHash: keyHash(key),
      setup: 'development',
      publicSignals,
      proof: await prove(signalList(publicSignals)),
      accountRootOpening: opening,
    },
    expected: {
      accountRoot: publicSignals.accountRoot,
      table,
      minimumThresholdBps: 12_000n,
      minimumEquityFloor: 10n ** 20n,
      scope: 9n,
      context,
      keyHash: keyHash(key),
    },
  };
}
