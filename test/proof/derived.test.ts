import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { accountRoot } from '../../src/account/accountRoot.js';
import { rational } from '../../src/numbers/rational.js';
import type { MarginProof } from '../../src/proof/marginProof.js';
import { prove } from '../../src/proof/prove.js';
import { verify } from '../../src/proof/verify.js';
import { buildRiskTable, type RiskTable } from '../../src/risk/riskTable.js';
import type { Artifacts } from '../../src/setup/artifacts.js';
import { deriveSnapshot } from '../../src/snapshot/derive.js';
import type { Derivation } from '../../src/snapshot/derived/claim.js';
import type { TieredSnapshot } from '../../src/snapshot/snapshot.js';
import { smallestArtifacts } from '../support/artifacts.js';
import { OWNER_SECRET, packageOf, snapshot, table, usd } from '../support/market.js';

const HELD: Holdings = {
  collateral: [usd(500n)],
  positions: [{ instrumentId: 100, size: 300n, cost: 900n * 10n ** 8n }],
};
const FALL: Derivation = { kind: 'shock', change: rational(-1n, 5n) };
const derived = (derivation: Derivation, base = snapshot) => buildRiskTable(deriveSnapshot(base, derivation));

let artifacts: Artifacts;
beforeAll(async () => {
  artifacts = await smallestArtifacts();
});

const proveUnder = (under: RiskTable) =>
  prove({
    account: packageOf(HELD),
    ownerSecret: OWNER_SECRET,
    table: under,
    request: { thresholdBps: 10_000n, equityFloor: 0n, scope: 0n, context: 0n },
    artifacts,
  });
const check = (proof: MarginProof, trusted: RiskTable, derivations: readonly Derivation[]) =>
  verify(proof, artifacts.verificationKey, {
    accountRoot: accountRoot(packageOf(HELD).root),
    table: trusted,
    derivations,
    minimumThresholdBps: 10_000n,
    minimumEquityFloor: 0n,
    scope: 0n,
    context: 0n,
    keyHash: artifacts.keyHash,
  });

describe('a proof under a derived snapshot', () => {
  it('is verified with the base alone, and of nothing but its own derivation', async () => {
    const proof = await proveUnder(derived(FALL));
    expect(await check(proof, table, [FALL])).toMatchObject({
      claim: 'maintenance after -20%',
      riskRoot: proof.publicSignals.riskRoot,
    });
    for (const derivations of [
      [],
      [{ kind: 'shock', change: rational(-21n, 100n) }],
      [FALL, FALL],
      [{ kind: 'leverage', most: rational(5n) }],
    ] as const) {
      await expect(check(proof, table, derivations)).rejects.toMatchObject({
        code: 'EXPECTATION_NOT_MET',
        details: { expectation: 'snapshot' },
      });
    }
    // as the snapshot to begin with it would be the prover's word
    for (const derivations of [[], [FALL]]) {
      await expect(check(proof, derived(FALL), derivations)).rejects.toMatchObject({
        code: 'INVALID_INPUT',
        message: expect.stringMatching(/base snapshot that you trust, and the derivation/),
      });
    }
  });

  it('is worth nothing when the prover made up the snapshot, whatever its claim says', async () => {
    const free: TieredSnapshot = {
      ...snapshot,
      instruments: snapshot.instruments.map((each) => ({
        ...each,
        tiers: [{ notionalCap: null, rate: 0n, deduction: 0n }],
      })),
    };
    const lax = derived(FALL, free);
    expect(lax.snapshot.model).toEqual(derived(FALL).snapshot.model);
    const proof = await proveUnder(lax);
    await expect(check(proof, table, [FALL])).rejects.toMatchObject({ code: 'EXPECTATION_NOT_MET' });
    await expect(check(proof, lax, [])).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    // nor does it help to write the root that the verifier computes into the proof
    const relabelled = { ...proof, publicSignals: { ...proof.publicSignals, riskRoot: derived(FALL).riskRoot } };
    await expect(check(relabelled, table, [FALL])).rejects.toMatchObject({ code: 'PROOF_INVALID' });
  });
});
