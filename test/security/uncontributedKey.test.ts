import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { groth16 } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type LocalChain, startAnvil } from '../../scripts/support/anvil.js';
import { MANIFEST_PATH } from '../../src/attestation/attestation.js';
import { openBundle } from '../../src/attestation/bundleReader.js';
import { verifyKeys } from '../../src/attestation/verifyKeys.js';
import { keyChainOf } from '../../src/ceremony/keyChain.js';
import { deployVerifier } from '../../src/chain/deploy.js';
import { verifierSource } from '../../src/chain/verifierSource.js';
import { parseAttestation } from '../../src/formats/attestation.js';
import { checkGroth16 } from '../../src/proof/groth16.js';
import { findInvalidProof } from '../../src/proof/groth16Batch.js';
import { type ProofPoints, signalList } from '../../src/proof/marginProof.js';
import { verify } from '../../src/proof/verify.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { loadVerificationKey } from '../../src/setup/artifacts.js';
import { CIRCUITS } from '../../src/setup/circuits.js';
import { curve } from '../../src/setup/curve.js';
import { sectionOf } from '../../src/setup/sectionFile.js';
import {
  assertUsableKey,
  exportVerificationKey,
  keyHash,
  parseVerificationKey,
  serializeVerificationKey,
  type VerificationKey,
} from '../../src/setup/verificationKey.js';
import { HEADER, SECTION } from '../../src/setup/zkeyFormat.js';
import { corpusPolicy, inCorpus } from '../attestation/corpus.js';
import { ARTIFACTS } from '../support/artifacts.js';
import { proofArithmetic, Q } from '../support/bn254.js';
import { type FreeSignals, freeSignals, releaseSnarkjs } from '../support/freeSignals.js';
import { packageOf, table } from '../support/market.js';
import {
  AT_INFINITY,
  forgedWithDelta,
  forgedWithoutAlpha,
  forgedWithoutC,
  of2,
  pointOf1,
  RELATED,
  textOf1,
  textOf2,
  with2,
  withAlphaAtInfinity,
  withInputAtInfinity,
} from './support/weakKeys.js';

// Attack 1: a key that nobody contributed to has delta equal to gamma, and whoever reads it proves any statement; Veil Cash
// and FoomCash were emptied through such keys in 2026. The pairing equation cannot tell, and neither can the library's
// verifier, so that every door by which a key comes in has to: the file's reader, the loader of artifacts, the generator and
// the deployment of contracts, the verifier of bundles, whatever hash the caller has pinned.

const { G1, G2 } = curve;

/** The smallest instance of each family and of each kind of signals. */
const SMALLEST = CIRCUITS.filter(
  (circuit, i) =>
    CIRCUITS.findIndex(({ family, signalKind }) => family === circuit.family && signalKind === circuit.signalKind) ===
    i,
);

/** A statement that nobody has proven. */
const signalsFor = (key: VerificationKey): readonly bigint[] =>
  Array.from({ length: key.nPublic }, (_, i) => FIELD_ORDER - 1n - BigInt(i));

const texts = ([x, y]: readonly [bigint, bigint]): string[] => [x.toString(), y.toString()];
const forLibrary = ({ a, b, c }: ProofPoints) => ({
  pi_a: [...texts(a), '1'],
  pi_b: [texts(b[0]), texts(b[1]), ['1', '0']],
  pi_c: [...texts(c), '1'],
  protocol: 'groth16',
  curve: 'bn128',
});

const codeOf = (call: () => unknown): Promise<unknown> =>
  Promise.resolve()
    .then(call)
    .then(
      () => 'accepted',
      ({ code, details, message }) => details?.reason ?? code ?? message,
    );

/** What each verifier that is handed the key says of a proof. */
async function verdicts(key: VerificationKey, proof: ProofPoints, signals: readonly bigint[]) {
  return {
    library: await groth16.verify(key, signals.map(String), forLibrary(proof)),
    pairing: await codeOf(() => checkGroth16(key, proof, signals)),
    batch: await codeOf(async () => {
      if ((await findInvalidProof(key, [{ proof, signals }])) !== undefined) throw new Error('invalid');
    }),
  };
}
/** Under a key that cannot be used: the verifier of batches looks at the key first, who checks the equation alone does not. */
const BELIEVED = { library: true, pairing: 'accepted', batch: 'INSECURE_KEY' };
const REFUSED = { library: false, pairing: 'PROOF_INVALID', batch: 'invalid' };

const CIRCUIT = 'liabilities-opening';
let own: VerificationKey;
let work: string;
let chain: LocalChain;

beforeAll(async () => {
  [{ verificationKey: own }, work, chain] = await Promise.all([
    loadVerificationKey(ARTIFACTS, CIRCUIT),
    mkdtemp(join(tmpdir(), 'zk-solvency-test-')),
    startAnvil({ chainId: 5n }),
  ]);
});
afterAll(async () => {
  await rm(work, { recursive: true, force: true });
  await chain?.stop();
  await releaseSnarkjs();
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** A folder of artifacts whose manifest names this key as its own. */
async function loaded(key: VerificationKey, hash = keyHash(key)): Promise<void> {
  const { manifest } = await loadVerificationKey(ARTIFACTS, CIRCUIT);
  const { verificationKey } = manifest.files;
  const text = serializeVerificationKey(key);
  const files = { ...manifest.files, verificationKey: { ...verificationKey, sha256: sha256(text) } };
  await mkdir(join(work, CIRCUIT), { recursive: true });
  await writeFile(join(work, CIRCUIT, verificationKey.file), text);
  await writeFile(join(work, CIRCUIT, 'manifest.json'), JSON.stringify({ ...manifest, files, keyHash: hash }));
  await loadVerificationKey(work, CIRCUIT);
}

/** The keys of a bundle that holds this one as its closing key, under a policy that pins `pinned`. */
async function bundled(key: VerificationKey, pinned = keyHash(key)): Promise<void> {
  const manifest = await readFile(inCorpus('bases', 'opened', MANIFEST_PATH), 'utf8');
  const attestation = parseAttestation(manifest, MANIFEST_PATH);
  const policy = await corpusPolicy();
  const text = serializeVerificationKey(key);
  const verificationKeys = attestation.verificationKeys.map((entry) =>
    entry.circuit === CIRCUIT
      ? { ...entry, keyHash: keyHash(key), file: { ...entry.file, sha256: sha256(text) } }
      : entry,
  );
  const honest = await openBundle(inCorpus('bases', 'opened'));
  await writeFile(join(work, 'closing-key.json'), text);
  const altered = await openBundle(work);
  await verifyKeys(
    {
      ...honest,
      text: (file) =>
        file.path.includes(CIRCUIT) ? altered.text({ ...file, path: 'closing-key.json' }) : honest.text(file),
    },
    { ...attestation, verificationKeys },
    { ...policy, verificationKeys: new Map([...policy.verificationKeys, [CIRCUIT, pinned]]) },
  );
}

async function deployedVerifier(key: VerificationKey): Promise<void> {
  const [signer] = chain.signers;
  if (signer === undefined) throw new Error('the chain has no accounts');
  await deployVerifier(signer, { key, setup: 'ceremony', circuit: CIRCUIT });
}

/** Every door by which a key comes in, and how it refuses one. */
const DOORS: readonly (readonly [string, (key: VerificationKey) => unknown, string])[] = [
  ['the check of a key', assertUsableKey, 'INSECURE_KEY'],
  ["the key file's reader", (key) => parseVerificationKey(serializeVerificationKey(key), 'key.json'), 'INSECURE_KEY'],
  ['the loader of artifacts, though the manifest names it', (key) => loaded(key), 'INSECURE_KEY'],
  ["the verifier contract's generator", (key) => verifierSource(key, CIRCUIT), 'INSECURE_KEY'],
  ['deployment, though it is called a key of a ceremony', deployedVerifier, 'INSECURE_KEY'],
  ['the verifier of bundles, though the policy pins it', (key) => bundled(key), 'KEY_INSECURE'],
];

const refusals = async (key: VerificationKey) => {
  const seen: [string, unknown][] = [];
  for (const [door, enter] of DOORS) seen.push([door, await codeOf(() => enter(key))]);
  return seen;
};
const ALL_REFUSE = DOORS.map(([door, , code]) => [door, code]);

describe('attack 1: a proof of any statement, from a key without a contribution', () => {
  it('no door refuses a key that was contributed to', async () => {
    expect(await refusals(own)).toEqual(DOORS.map(([door]) => [door, 'accepted']));
  });

  it.each(SMALLEST.map(({ name }) => name))('%s', async (name) => {
    const { verificationKey: contributed } = await loadVerificationKey(ARTIFACTS, name);
    // contributions change delta alone, in the verification key
    const key = with2(contributed, 'delta', of2(contributed, 'gamma'));
    const signals = signalsFor(key);
    const forged = forgedWithDelta(key, signals, 1n);
    expect(await verdicts(key, forged, signals)).toEqual(BELIEVED);
    expect(await verdicts(contributed, forged, signals)).toEqual(REFUSED);
    expect(await codeOf(() => parseVerificationKey(serializeVerificationKey(key), name))).toBe('INSECURE_KEY');
    expect(await codeOf(() => verifierSource(key, name))).toBe('INSECURE_KEY');
  });

  it.each(RELATED)('%s: believed by who checks the equation alone, refused at every door', async (_, change, forge) => {
    const key = change(own);
    const signals = signalsFor(key);
    const forged = forge(key, signals);
    expect(await verdicts(key, forged, signals)).toEqual(BELIEVED);
    expect(await verdicts(own, forged, signals)).toEqual(REFUSED);
    const [signer] = chain.signers;
    const before = await signer?.getNonce();
    expect(await refusals(key)).toEqual(ALL_REFUSE);
    expect(await signer?.getNonce()).toBe(before);
  });
});

describe('attack 1: a proof of a margin account that nobody has', () => {
  const WANTED = { minimumThresholdBps: 10_000n, minimumEquityFloor: 0n, scope: 5n, context: 6n, accountRoot: 77n };

  it('under a key whose hash the verifier trusts', async () => {
    const { verificationKey: contributed } = await loadVerificationKey(ARTIFACTS, 'tiered-8');
    const publicSignals = {
      accountRoot: WANTED.accountRoot,
      riskRoot: table.riskRoot,
      thresholdBps: 50_000n,
      equityFloor: 10n ** 30n,
      nullifier: 1n,
      scope: WANTED.scope,
      context: WANTED.context,
    };
    const key = with2(contributed, 'delta', of2(contributed, 'gamma'));
    const proof = {
      circuit: 'tiered-8',
      keyHash: keyHash(key),
      setup: 'ceremony' as const,
      publicSignals,
      proof: forgedWithDelta(key, signalList(publicSignals), 1n),
      accountRootOpening: packageOf({ collateral: [], positions: [] }).root,
    };
    expect(await codeOf(() => checkGroth16(key, proof.proof, signalList(publicSignals)))).toBe('accepted');
    const trusting = { ...WANTED, table, keyHash: keyHash(key) };
    expect(await codeOf(() => verify(proof, key, trusting))).toBe('INSECURE_KEY');
    expect(await codeOf(() => verify(proof, contributed, trusting))).toBe('EXPECTATION_NOT_MET');
  });
});

/** A proving key holds delta in both groups: provers use both, and what is exported for verifiers is the one in G2. */
describe('attack 1: a proving key whose delta is another in one group', () => {
  const FACTOR = 5n;
  const { g: g1 } = G1;
  const affine1 = (point: Uint8Array): Uint8Array => G1.toAffine(point);
  const affine2 = (point: Uint8Array): Uint8Array => G2.toAffine(point);

  let zkey: Buffer;
  let honest: FreeSignals;
  beforeAll(async () => {
    honest = await freeSignals(2);
    zkey = await readFile(new URL(`../../build/${honest.circuit}/final.zkey`, import.meta.url));
  });

  /** The key with other bytes at a place of its header. */
  function patched(at: number, point: Uint8Array): Buffer {
    const copy = Buffer.from(zkey);
    sectionOf(copy, 'zkey', SECTION.header).set(point, at);
    return copy;
  }
  async function exported(data: Buffer): Promise<VerificationKey> {
    const path = join(work, 'altered.zkey');
    await writeFile(path, data);
    return exportVerificationKey(path);
  }

  it('the control: nothing changed', async () => {
    expect(keyChainOf(zkey).contributions).toHaveLength(1);
    expect(await exported(zkey)).toMatchObject({ vk_delta_2: honest.key.vk_delta_2, IC: honest.key.IC });
    expect(await codeOf(async () => assertUsableKey(await exported(zkey)))).toBe('accepted');
  });

  it.each<[string, () => Uint8Array]>([
    ['the generator', () => affine1(g1)],
    ['another point', () => affine1(G1.timesScalar(g1, FACTOR))],
    ['infinity', () => affine1(G1.zero)],
  ])('%s in G1: not what its contributions led to', async (_, point) => {
    const altered = patched(HEADER.delta1, point());
    expect(await codeOf(() => keyChainOf(altered))).toBe('INSECURE_KEY');
    // nothing that a verifier reads has changed: the prover would make proofs that are none
    expect(await exported(altered)).toEqual(await exported(zkey));
  });

  it.each<[string, (gamma: Uint8Array) => Uint8Array]>([
    ['gamma', (gamma) => gamma],
    ['the opposite of gamma', (gamma) => G2.neg(gamma)],
    ['infinity', () => G2.zero],
  ])('%s in G2: no key is taken from it', async (_, point) => {
    const altered = patched(HEADER.delta2, affine2(point(of2(honest.key, 'gamma'))));
    expect(await codeOf(async () => assertUsableKey(await exported(altered)))).toBe('INSECURE_KEY');
  });

  it('a known multiple of gamma in G2, under contributions that are in order: proofs of one half are none of the other', async () => {
    const gamma = of2(honest.key, 'gamma');
    const altered = patched(HEADER.delta2, affine2(G2.timesScalar(gamma, FACTOR)));
    const key = await exported(altered);
    // contributions are hashed with the delta in G1: that the other is the same is for the pairing to show
    const { delta1, delta2 } = keyChainOf(altered);
    const agree = (inG2: Uint8Array) => curve.pairingEq(delta1, affine2(G2.g), G1.neg(g1), inG2);
    expect(await agree(keyChainOf(zkey).delta2)).toBe(true);
    expect(await agree(delta2)).toBe(false);
    const proof = await honest.prove([7n, 8n]);
    expect(await codeOf(() => checkGroth16(honest.key, proof, [7n, 8n]))).toBe('accepted');
    expect(await codeOf(() => checkGroth16(key, proof, [7n, 8n]))).toBe('PROOF_INVALID');
    // and its maker proves anything, which is why verifiers pin the hash
    const forged = forgedWithDelta(key, [1n, 2n], FACTOR);
    expect(await codeOf(() => checkGroth16(key, forged, [1n, 2n]))).toBe('accepted');
    expect(keyHash(key)).not.toBe(keyHash(honest.key));
  });
});

describe('attack 1: points that are none', () => {
  const plusQ = (text: string | undefined): string => (BigInt(text as string) + Q).toString();
  const withAlpha = (point: readonly string[]) => (key: VerificationKey) => ({ ...key, vk_alpha_1: point });
  const withInput = (i: number, point: readonly string[]) => (key: VerificationKey) => ({
    ...key,
    IC: key.IC.with(i, point),
  });
  /** BN254's first group has no smaller subgroups, so what is on that curve is in it. */
  const ROWS: readonly (readonly [string, (key: VerificationKey) => VerificationKey])[] = [
    ['alpha off its curve', withAlpha(['1', '3', '1'])],
    ['the constant input point off its curve', withInput(0, ['1', '3', '1'])],
    ["a signal's input point off its curve", withInput(2, ['2', '2', '1'])],
    ...(['beta', 'gamma', 'delta'] as const).map(
      (name) =>
        [
          `${name} off its curve`,
          (key: VerificationKey) => {
            const [x, y, last] = key[`vk_${name}_2`] as readonly (readonly string[])[];
            return { ...key, [`vk_${name}_2`]: [y, x, last] } as VerificationKey;
          },
        ] as const,
    ),
  ];

  it.each(ROWS)('%s: refused at every door', async (_, change) => {
    expect(await refusals(change(own))).toEqual(ALL_REFUSE);
  });

  it.each(['beta', 'gamma', 'delta'] as const)(
    '%s outside of its subgroup, where pairings mean nothing',
    async (name) => {
      const { outsideSubgroup } = await proofArithmetic();
      // the contract's order of parts is the other one
      const [[x1, x0], [y1, y0]] = outsideSubgroup;
      const outside = G2.fromObject([
        [x0, x1],
        [y0, y1],
        [1n, 0n],
      ]);
      expect(G2.isValid(outside)).toBe(true);
      for (const point of [outside, G2.add(of2(own, name), G2.timesScalar(outside, FIELD_ORDER))]) {
        expect(await refusals(with2(own, name, point))).toEqual(ALL_REFUSE);
      }
    },
  );

  it('a coordinate plus q, the same point under another name: refused as the file is read, or by the check', async () => {
    const [x, y, last] = own.vk_alpha_1;
    const key = { ...own, vk_alpha_1: [plusQ(x), y, last] as string[] };
    const expected = ALL_REFUSE.map(([door, code]) => {
      const isFile = /reader|artifacts/.test(door as string);
      if (isFile) return [door, 'INVALID_INPUT'];
      return [door, code === 'KEY_INSECURE' ? 'KEY_INVALID' : code];
    });
    expect(await refusals(key)).toEqual(expected);
  });
});

describe('attack 1: points at infinity, with which a part of the equation is lost', () => {
  it.each(AT_INFINITY)('%s: refused at every door', async (_, change) => {
    expect(await refusals(change(own))).toEqual(ALL_REFUSE);
  });

  it('alpha: who checks the equation alone believes a proof of any statement', async () => {
    const key = withAlphaAtInfinity(own);
    const signals = signalsFor(key);
    const forged = forgedWithoutAlpha(key, signals);
    expect(await verdicts(key, forged, signals)).toMatchObject({ pairing: 'accepted', batch: 'INSECURE_KEY' });
    expect(await verdicts(own, forged, signals)).toEqual(REFUSED);
  });

  it.each([0, 1])('the point of signal %i: one proof is one for every value of the signal', async (signal) => {
    const { key, prove } = await freeSignals(2);
    const proven = [7n, 8n].with(signal, 0n);
    const proof = await prove(proven);
    const other = proven.with(signal, 12_345n);
    expect(await codeOf(() => checkGroth16(key, proof, proven))).toBe('accepted');
    expect(await codeOf(() => checkGroth16(key, proof, other))).toBe('PROOF_INVALID');
    expect(await codeOf(() => checkGroth16(withInputAtInfinity(key, signal + 1), proof, other))).toBe('accepted');
  });

  it('C of a proof: refused, as the contract refuses it, even where the equation holds', async () => {
    const key = withAlphaAtInfinity(own);
    const signals = signalsFor(key);
    const proof = forgedWithoutC(key, signals);
    expect(await verdicts(key, proof, signals)).toMatchObject({ pairing: 'PROOF_INVALID', batch: 'INSECURE_KEY' });
  });
});

describe('attack 1: a key whose secrets are known', () => {
  const FACTOR = 5n;
  /** of the forger's making: nothing in its form shows that the factor is known */
  const known = () => with2(own, 'delta', G2.timesScalar(of2(own, 'gamma'), FACTOR));

  it('passes every check of form, and proves anything', async () => {
    const signals = signalsFor(own);
    const forged = forgedWithDelta(known(), signals, FACTOR);
    expect(await verdicts(known(), forged, signals)).toEqual({ ...BELIEVED, batch: 'accepted' });
    expect(await refusals(known())).toEqual(DOORS.map(([door]) => [door, 'accepted']));
  });

  const another1 = (text: readonly string[]): string[] => textOf1(G1.add(pointOf1(text), G1.g));
  it.each<[string, (key: VerificationKey) => VerificationKey]>([
    ['alpha', (key) => ({ ...key, vk_alpha_1: another1(key.vk_alpha_1) })],
    ['beta', (key) => with2(key, 'beta', G2.add(of2(key, 'beta'), G2.g))],
    ['gamma', (key) => with2(key, 'gamma', G2.timesScalar(of2(key, 'gamma'), FACTOR))],
    ['delta', known],
    ['the constant input point', (key) => ({ ...key, IC: key.IC.with(0, another1(key.IC[0] as readonly string[])) })],
    ['the last input point', (key) => ({ ...key, IC: key.IC.with(-1, another1(key.IC.at(-1) as readonly string[])) })],
  ])('is stopped by the hash that who verifies has pinned: %s changed', async (_, change) => {
    const key = change(own);
    expect(() => assertUsableKey(key)).not.toThrow();
    expect(textOf2(of2(key, 'delta'))).toEqual(key.vk_delta_2);
    expect(await codeOf(() => loaded(key, keyHash(own)))).toBe('ARTIFACT_ALTERED');
    expect(await codeOf(() => bundled(key, keyHash(own)))).toBe('KEY_NOT_PINNED');
  });
});
