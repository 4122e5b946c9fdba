import { groth16 } from 'snarkjs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { accountRoot } from '../../src/account/accountRoot.js';
import { proofCalldata } from '../../src/chain/proofCalldata.js';
import type { ErrorCode } from '../../src/errors.js';
import { SolvencyError } from '../../src/errors.js';
import { parseProof, serializeProof } from '../../src/formats/proof.js';
import { checkGroth16 } from '../../src/proof/groth16.js';
import { type MarginProof, signalList } from '../../src/proof/marginProof.js';
import { prove } from '../../src/proof/prove.js';
import { type Expectations, verify } from '../../src/proof/verify.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import type { Artifacts } from '../../src/setup/artifacts.js';
import { smallestArtifacts } from '../support/artifacts.js';
import { proofArithmetic } from '../support/bn254.js';
import { OWNER_SECRET, packageOf, snapshot, table, usd } from '../support/market.js';

const REQUEST = { thresholdBps: 12_000n, equityFloor: 10n ** 16n, scope: 5n, context: 6n };
const HELD: Holdings = {
  collateral: [usd(500n), { assetId: 2, amount: -(10n ** 5n) }],
  positions: [
    { instrumentId: 100, size: -300n, cost: -(900n * 10n ** 8n) },
    { instrumentId: 103, size: 3000n, cost: 1900n * 10n ** 8n },
  ],
};
const NOW = snapshot.time + 100;

let artifacts: Artifacts;
let proof: MarginProof;
beforeAll(async () => {
  artifacts = await smallestArtifacts();
  proof = await prove({ account: packageOf(HELD), ownerSecret: OWNER_SECRET, table, request: REQUEST, artifacts });
});

const expectations = (): Expectations => ({
  accountRoot: accountRoot(packageOf(HELD).root),
  table,
  minimumThresholdBps: 12_000n,
  minimumEquityFloor: 10n ** 16n,
  scope: 5n,
  context: 6n,
  maxAge: 3600,
  now: NOW,
  keyHash: artifacts.keyHash,
});

const codeOf = (promise: Promise<unknown>): Promise<ErrorCode | 'none'> =>
  promise.then(
    () => 'none' as const,
    (error: unknown) => {
      if (error instanceof SolvencyError) return error.code;
      throw error;
    },
  );

describe('prove and verify', () => {
  it('a solvent account is proven, and the proof meets the verifier’s expectations', async () => {
    const shown = await verify(proof, artifacts.verificationKey, expectations());
    expect(shown).toMatchObject({ claim: 'maintenance', thresholdBps: 12_000n });
  });

  it('the library’s own verifier agrees', async () => {
    const pair = ([x, y]: readonly [bigint, bigint]) => [x.toString(), y.toString()];
    const { a, b, c } = proof.proof;
    const points = {
      pi_a: [...pair(a), '1'],
      pi_b: [pair(b[0]), pair(b[1]), ['1', '0']],
      pi_c: [...pair(c), '1'],
      protocol: 'groth16',
      curve: 'bn128',
    };
    expect(await groth16.verify(artifacts.verificationKey, signalList(proof.publicSignals).map(String), points)).toBe(
      true,
    );
    await (globalThis as unknown as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate();
  });

  it('survives its file format', async () => {
    const read = parseProof(serializeProof(proof), 'proof.json');
    expect(await codeOf(verify(read, artifacts.verificationKey, expectations()))).toBe('none');
  });

  it('a proof of another threshold, floor, scope, context, root, snapshot, age or key is refused', async () => {
    const other = buildRiskTable({ ...snapshot, time: snapshot.time + 1 });
    for (const change of [
      { minimumThresholdBps: 12_001n },
      { minimumEquityFloor: 10n ** 16n + 1n },
      { scope: 6n },
      { context: 7n },
      { accountRoot: 1n },
      { table: other },
      { now: NOW + 3600 },
      { now: snapshot.time - 1 },
      { keyHash: 'f'.repeat(64) },
    ]) {
      expect(await codeOf(verify(proof, artifacts.verificationKey, { ...expectations(), ...change }))).toBe(
        'EXPECTATION_NOT_MET',
      );
    }
  });

  it('a later time in the opening of the account root is refused', async () => {
    const opening = { ...proof.accountRootOpening, time: proof.accountRootOpening.time + 10n };
    expect(
      await codeOf(verify({ ...proof, accountRootOpening: opening }, artifacts.verificationKey, expectations())),
    ).toBe('EXPECTATION_NOT_MET');
  });

  it('a proof of threshold 0 never passes a policy of 10,000', async () => {
    const forged = { ...proof, publicSignals: { ...proof.publicSignals, thresholdBps: 0n } };
    expect(await codeOf(verify(forged, artifacts.verificationKey, expectations()))).toBe('EXPECTATION_NOT_MET');
  });

  it('each public signal changed makes the proof invalid; a signal of s + r is not taken for s', async () => {
    const signals = signalList(proof.publicSignals);
    for (let k = 0; k < signals.length; k++) {
      for (const change of [1n, FIELD_ORDER]) {
        const changed = signals.map((signal, i) => (i === k ? signal + change : signal));
        expect(await codeOf(checkGroth16(artifacts.verificationKey, proof.proof, changed))).toBe('PROOF_INVALID');
      }
    }
    expect(await codeOf(checkGroth16(artifacts.verificationKey, proof.proof, signals.slice(1)))).toBe('PROOF_INVALID');
  });

  it('a point changed, off its curve or not below the field order makes the proof invalid', async () => {
    const signals = signalList(proof.publicSignals);
    const { a, b, c } = proof.proof;
    const order = 21888242871839275222246405745257275088696311157297823662689037894645226208583n;
    for (const points of [
      { a: c, b, c: a },
      { a: [a[0], a[1] + 1n], b, c },
      { a: [a[0] + order, a[1]], b, c },
      { a: [a[0], order - a[1]], b, c },
      { a, b: [b[1], b[0]], c },
      { a: [0n, 0n], b, c },
    ] as const) {
      expect(await codeOf(checkGroth16(artifacts.verificationKey, points, signals))).toBe('PROOF_INVALID');
    }
  });

  it('a re-randomised proof says the same of the same signals: a replay is stopped by context and nullifier, not here', async () => {
    const { rerandomised } = await proofArithmetic();
    const again = proofCalldata(rerandomised(proofCalldata(proof.proof), 7n));
    expect(again.a).not.toEqual(proof.proof.a);
    expect(await codeOf(checkGroth16(artifacts.verificationKey, again, signalList(proof.publicSignals)))).toBe('none');
  });

  it('a B with a point of small order added is refused', async () => {
    const { withSmallOrderPoint, isSmallOrder } = await proofArithmetic();
    expect(isSmallOrder).toBe(true);
    const outside = proofCalldata(withSmallOrderPoint(proofCalldata(proof.proof)));
    await expect(checkGroth16(artifacts.verificationKey, outside, signalList(proof.publicSignals))).rejects.toThrow(
      /subgroup/,
    );
  });
});

describe('before proving', () => {
  const attempt = (
    held: Holdings,
    change: Partial<Parameters<typeof prove>[0]> = {},
    options: Parameters<typeof prove>[1] = {},
  ) =>
    codeOf(
      prove(
        { account: packageOf(held), ownerSecret: OWNER_SECRET, table, request: REQUEST, artifacts, ...change },
        options,
      ),
    );

  it('says why not', async () => {
    const short: Holdings = { collateral: [usd(1n)], positions: HELD.positions };
    expect(await attempt(short)).toBe('INSOLVENT');
    expect(await attempt(HELD, { request: { ...REQUEST, equityFloor: 10n ** 30n } })).toBe('BELOW_FLOOR');
    expect(await attempt(HELD, { request: { ...REQUEST, thresholdBps: 0n } })).toBe('OUT_OF_RANGE');
    expect(await attempt(HELD, { request: { ...REQUEST, scope: FIELD_ORDER } })).toBe('OUT_OF_RANGE');
    expect(await attempt(HELD, { ownerSecret: OWNER_SECRET + 1n })).toBe('MISMATCH');
    expect(await attempt(HELD, {}, { maxAge: 60, now: NOW })).toBe('STALE_SNAPSHOT');
    expect(await attempt({ ...HELD, positions: [{ instrumentId: 5, size: 1n, cost: 0n }] })).toBe('UNKNOWN_INSTRUMENT');
    const positions = Array.from({ length: 9 }, (_, k) => ({ instrumentId: 100 + 3 * k, size: 1n, cost: 0n }));
    expect(await attempt({ ...HELD, positions })).toBe('TOO_MANY_POSITIONS');
    const collateral = [1, 2, 3, 4, 9].map((assetId) => ({ assetId, amount: 10n ** 10n }));
    expect(await attempt({ ...HELD, collateral })).toBe('TOO_MANY_ASSETS');
    const damaged = packageOf(HELD);
    for (const index of [8, 8 ** 9, 9.5]) {
      expect(await attempt(HELD, { account: { ...damaged, path: { ...damaged.path, index } } })).toBe('MISMATCH');
    }
    expect(await attempt(HELD, { account: { ...damaged, root: { ...damaged.root, registryHash: 1n } } })).toBe(
      'MISMATCH',
    );
  });

  it('the shortfall is for the owner only', async () => {
    const error = await prove({
      account: packageOf({ collateral: [usd(1n)], positions: HELD.positions }),
      ownerSecret: OWNER_SECRET,
      table,
      request: REQUEST,
      artifacts,
    }).catch((caught: unknown) => caught);
    const { ownerOnly } = error as SolvencyError;
    expect(ownerOnly['shortfall']).toMatch(/^\d+\.\d{8}$/);
    expect(JSON.stringify(error)).not.toContain(String(ownerOnly['shortfall']));
    expect(Object.keys(error as object)).not.toContain('ownerOnly');
  });

  it('a cancelled proof stops, and leaves nothing running', async () => {
    const controller = new AbortController();
    const running = attempt(
      HELD,
      {},
      { signal: controller.signal, onProgress: (step) => step === 'prove' && setTimeout(() => controller.abort(), 50) },
    );
    expect(await running).toBe('CANCELLED');
    expect(await attempt(HELD, {}, { signal: AbortSignal.abort() })).toBe('CANCELLED');
  });

  it('a prover’s bad proof is caught before it is handed out', async () => {
    const prover = {
      name: 'broken',
      prove: async () => ({ ...proof.proof, a: proof.proof.c }),
    };
    expect(await attempt(HELD, {}, { prover })).toBe('PROOF_INVALID');
  });
});
