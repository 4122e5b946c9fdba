import { createHash } from 'node:crypto';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { accountRoot } from '../../src/account/accountRoot.js';
import { nullifier } from '../../src/account/nullifier.js';
import { openAttestedBook } from '../../src/attestation/openAttestedBook.js';
import { proveBook } from '../../src/attestation/proveBook.js';
import { verifyCommand } from '../../src/cli/commands/verify.js';
import { parseProof, serializeProof } from '../../src/formats/proof.js';
import { serializeSnapshot } from '../../src/formats/snapshot.js';
import { type MarginProof, signalList } from '../../src/proof/marginProof.js';
import { type Expectations, verify } from '../../src/proof/verify.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { loadVerificationKey } from '../../src/setup/artifacts.js';
import { parseManifest, serializeManifest } from '../../src/setup/manifest.js';
import {
  keyHash,
  parseVerificationKey,
  serializeVerificationKey,
  type VerificationKey,
} from '../../src/setup/verificationKey.js';
import { brokenComponents } from '../liabilities/support/lab.js';
import { ARTIFACTS } from '../support/artifacts.js';
import { bookAccount, commitTestBook } from '../support/attestedBook.js';
import { compileForTest, type TestCircuit } from '../support/circuit.js';
import { freeSignals, releaseSnarkjs } from '../support/freeSignals.js';
import { OWNER_SECRET, packageOf, snapshot, table, usd } from '../support/market.js';
import { SMALL } from '../support/smallCircuits.js';
import { honestSignals, SMALL_FAMILIES } from './support/smallFamilies.js';

// What is proven is not tied to what was committed: exchanges summed balances that their leaves did not hash, built range
// checks that no circuit called, took the verification key from the prover's own file, and recorded batches before they were
// verified. Here the leaf is hashed from the very signals that are valued, every range check reaches a signal of somebody
// else, a verifier pins keys, and a proof is recorded after it was verified.

/** In AccountOpening before the tree's children: secret, account id, salt, leaf index. */
const CHILDREN = 4;
const CHILDREN_SIGNALS = 9 * 8;

/** Fails when the bits of a range check reach no signal but its own, for all but the listed ones, or when there is none. */
function expectRangesCalled({ r1cs, symbols }: TestCircuit, ofConstants: readonly string[] = []): void {
  const names = Array.from({ length: r1cs.wires }, (_, wire) => (wire === 0 ? '' : symbols.nameOf(wire)));
  const checkOf = names.map((name) => /^(.*)\.bits\.out\[\d+\]$/.exec(name)?.[1]);
  const idle = new Set(checkOf.filter((check) => check !== undefined));
  expect(idle.size).toBeGreaterThan(ofConstants.length);
  for (const { a, b, c } of r1cs.constraints) {
    const wires = [...a.wires, ...b.wires, ...c.wires];
    for (const check of wires.map((wire) => checkOf[wire])) {
      if (check === undefined || !idle.has(check)) continue;
      const reaches = wires.some((wire) => wire !== 0 && !(names[wire] as string).startsWith(`${check}.`));
      if (reaches) idle.delete(check);
    }
  }
  expect([...idle]).toEqual(ofConstants);
}

/** Where a family gives a shared template a constant: no stress scenarios, and so no loss in the worst of them. */
const RANGED_CONSTANTS: Readonly<Record<string, readonly string[]>> = { tail: ['main.measures.worstRange'] };

describe.each(SMALL_FAMILIES)('a margin proof of $family', (family) => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest(family.source);
  });

  it('calls every range check that it builds', () => {
    expectRangesCalled(circuit, RANGED_CONSTANTS[family.family]);
  });

  it('is not made of a richer account over the path and the root of the one that was committed', async () => {
    const { held } = family;
    const [cash, ...others] = held.collateral as [(typeof held.collateral)[number], ...typeof held.collateral];
    const richer = honestSignals(family, { ...held, collateral: [{ ...cash, amount: cash.amount + 1n }, ...others] });
    const { account: opening, accountRoot: root } = honestSignals(family);
    const account = (richer['account'] as readonly bigint[]).toSpliced(
      CHILDREN,
      CHILDREN_SIGNALS,
      ...(opening as readonly bigint[]).slice(CHILDREN, CHILDREN + CHILDREN_SIGNALS),
    );
    const witness = await circuit.witness({ ...richer, account, accountRoot: root as bigint });
    // all the rest holds: values, look-ups, comparison. Nothing but the leaf's place in the tree refuses it
    expect(brokenComponents(circuit, witness)).toEqual(['main.owned.tree.level[0].own']);
  });
});

/** Circuits of a book that range something; those that start a chain and open its totals compare nothing. */
const OF_A_BOOK = SMALL.filter(({ file }) => /liabilities(Batch|Coverage)\.circom$/.test(file));

describe.each(OF_A_BOOK)('$template', (source) => {
  it('calls every range check that it builds', async () => {
    expectRangesCalled(await compileForTest(source));
  });
});

describe('a key of the prover’s own', () => {
  const { root } = packageOf({ collateral: [usd(1n)], positions: [] });
  const publicSignals = {
    accountRoot: accountRoot(root),
    riskRoot: table.riskRoot,
    thresholdBps: 1_000_000n,
    equityFloor: 10n ** 30n,
    nullifier: nullifier(OWNER_SECRET, 5n),
    scope: 5n,
    context: 6n,
  };
  let own: VerificationKey;
  let trusted: { readonly verificationKey: VerificationKey; readonly keyHash: string };
  let forged: MarginProof;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'zk-solvency-test-'));
    trusted = await loadVerificationKey(ARTIFACTS, 'tiered-8');
    // a circuit with as many public signals that constrains none of them
    const { key, prove } = await freeSignals(PUBLIC_SIGNALS.length);
    own = parseVerificationKey(serializeVerificationKey(key), 'key.json');
    forged = {
      circuit: 'tiered-8',
      keyHash: keyHash(own),
      setup: 'ceremony',
      publicSignals,
      proof: await prove(signalList(publicSignals)),
      accountRootOpening: root,
    };
  });
  afterAll(async () => {
    await releaseSnarkjs();
    await rm(folder, { recursive: true, force: true });
  });
  const expectations = (hash: string): Expectations => ({
    accountRoot: publicSignals.accountRoot,
    table,
    minimumThresholdBps: 10_000n,
    minimumEquityFloor: 0n,
    scope: 5n,
    context: 6n,
    keyHash: hash,
  });

  it('proves anything to who trusts it, which is why keys are pinned', async () => {
    expect(await verify(forged, own, expectations(keyHash(own)))).toMatchObject({ thresholdBps: 1_000_000n });
  });

  it('is refused beside the hash that a verifier pins, whatever the proof says of itself', async () => {
    const pinned = expectations(trusted.keyHash);
    const notMet = { code: 'EXPECTATION_NOT_MET', details: { expectation: 'keyHash' } };
    await expect(verify(forged, own, pinned)).rejects.toMatchObject(notMet);
    await expect(verify(forged, trusted.verificationKey, pinned)).rejects.toMatchObject(notMet);
    const claimed = { ...forged, keyHash: trusted.keyHash };
    await expect(verify(claimed, own, pinned)).rejects.toMatchObject(notMet);
    await expect(verify(claimed, trusted.verificationKey, pinned)).rejects.toMatchObject({ code: 'PROOF_INVALID' });
  });

  describe('with the command', () => {
    const at = (name: string): string => join(folder, name);
    beforeAll(async () => {
      await writeFile(at('own.json'), serializeVerificationKey(own));
      await writeFile(at('snapshot.json'), serializeSnapshot(snapshot));
    });
    const run = async (proof: string, ...more: readonly string[]): Promise<void> => {
      const program = new Command().exitOverride();
      verifyCommand(program);
      const given = ['--proof', at(proof), '--snapshot', at('snapshot.json'), '--scope', '5', '--context', '6'];
      const root = ['--account-root', publicSignals.accountRoot.toString(), '--artifacts', ARTIFACTS];
      await program.parseAsync(['verify', ...given, ...root, ...more], { from: 'user' });
    };
    const proofFile = async (name: string, change: Partial<MarginProof>): Promise<string> => {
      const text = serializeProof({ ...forged, ...change });
      expect(parseProof(text, name)).toEqual({ ...forged, ...change });
      await writeFile(at(name), text);
      return name;
    };

    it('a proof file brings no key and chooses none', async () => {
      const log = vi.spyOn(console, 'log').mockImplementation(() => {});
      const proof = await proofFile('forged.json', {});
      await run(proof, '--key', at('own.json'), '--key-hash', keyHash(own));
      expect(log).toHaveBeenCalledOnce();
      log.mockRestore();
      const notMet = { code: 'EXPECTATION_NOT_MET', exitCode: 1 };
      await expect(run(proof)).rejects.toMatchObject(notMet);
      await expect(run(proof, '--key', at('own.json'))).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await expect(run(proof, '--key', at('own.json'), '--key-hash', trusted.keyHash)).rejects.toMatchObject(notMet);
      await expect(run(proof, '--key-hash', keyHash(own))).rejects.toMatchObject(notMet);
      const claimed = await proofFile('claimed.json', { keyHash: trusted.keyHash });
      await expect(run(claimed)).rejects.toMatchObject({ code: 'PROOF_INVALID', exitCode: 1 });
    });

    it('nor does the name of another circuit, one that is not there, or a path', async () => {
      const { keyHash: otherHash } = await loadVerificationKey(ARTIFACTS, 'quantized-8');
      // a circuit of another model with as many signals: its key is the verifier's own, and the proof none under it
      const other = await proofFile('other.json', { circuit: 'quantized-8', keyHash: otherHash });
      await expect(run(other)).rejects.toMatchObject({ code: 'PROOF_INVALID' });
      const fewer = await loadVerificationKey(ARTIFACTS, 'liabilities-start');
      const start = await proofFile('start.json', { circuit: 'liabilities-start', keyHash: fewer.keyHash });
      await expect(run(start)).rejects.toMatchObject({ code: 'PROOF_INVALID' });
      await expect(run(await proofFile('none.json', { circuit: 'tiered-9' }))).rejects.toMatchObject({
        code: 'ARTIFACT_MISSING',
      });
      await writeFile(at('path.json'), serializeProof({ ...forged, circuit: '../evil' }));
      await expect(run('path.json')).rejects.toMatchObject({ code: 'INVALID_INPUT' });
      await expect(loadVerificationKey(ARTIFACTS, '../artifacts/tiered-8')).rejects.toMatchObject({
        code: 'INVALID_INPUT',
      });
    });
  });
});

describe('a batch whose proof is not valid', () => {
  let work: string;
  beforeAll(async () => {
    work = await mkdtemp(join(tmpdir(), 'zk-solvency-test-'));
  });
  afterAll(() => rm(work, { recursive: true, force: true }));

  it('is not recorded: a prover that makes bad proofs leaves nothing behind', async () => {
    const book = join(work, 'book');
    const { plan } = await commitTestBook(book, [bookAccount('user', { collateral: [usd(5n)], positions: [] }, 1)]);
    // the prover is the real one; the key that its proofs are verified with belongs to another setup
    const artifacts = join(work, 'artifacts');
    for (const { circuit } of plan.tables) {
      const place = join(artifacts, circuit);
      await cp(join(ARTIFACTS, circuit), place, { recursive: true });
      const { verificationKey, manifest } = await loadVerificationKey(ARTIFACTS, circuit);
      const [first, second, ...more] = verificationKey.IC;
      if (first === undefined || second === undefined) throw new Error('a key without inputs');
      const other = { ...verificationKey, IC: [second, first, ...more] };
      const text = serializeVerificationKey(other);
      await writeFile(join(place, manifest.files.verificationKey.file), text);
      const altered = {
        ...manifest,
        keyHash: keyHash(other),
        files: {
          ...manifest.files,
          verificationKey: {
            ...manifest.files.verificationKey,
            sha256: createHash('sha256').update(text).digest('hex'),
          },
        },
      } as typeof manifest;
      await writeFile(join(place, 'manifest.json'), serializeManifest(altered));
      expect(parseManifest(await readFile(join(place, 'manifest.json'), 'utf8'), circuit).keyHash).toBe(keyHash(other));
    }
    const opened = await openAttestedBook(book);
    const told: number[] = [];
    const folder = join(work, 'bundle');
    try {
      await expect(
        proveBook({ ...opened, artifacts, folder }, { onProgress: ({ done }) => told.push(done) }),
      ).rejects.toMatchObject({ code: 'PROOF_INVALID' });
    } finally {
      opened.close();
    }
    expect(told).toEqual([]);
    expect(await readdir(join(folder, 'proofs'))).toEqual([]);
  });
});
