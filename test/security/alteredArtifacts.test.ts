import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { accountRoot } from '../../src/account/accountRoot.js';
import { ownerCommitment } from '../../src/account/ownerCommitment.js';
import { MANIFEST_PATH } from '../../src/attestation/attestation.js';
import { verifyBundle } from '../../src/attestation/verifyBundle.js';
import { contextOf } from '../../src/chain/context.js';
import { SolvencyError } from '../../src/errors.js';
import { serializeAccountPackage } from '../../src/formats/accountPackage.js';
import { type DeploymentRecord, parseDeployment, serializeDeployment } from '../../src/formats/deployment.js';
import { serializeIdentity } from '../../src/formats/identity.js';
import { serializeProof } from '../../src/formats/proof.js';
import { serializeSnapshot } from '../../src/formats/snapshot.js';
import { artifactsFromMemory, buildArtifacts, loadArtifacts, loadVerificationKey } from '../../src/setup/artifacts.js';
import { CIRCUITS } from '../../src/setup/circuits.js';
import type { Manifest } from '../../src/setup/manifest.js';
import { corpusBlocks, corpusPolicy, inCorpus, withCopy } from '../attestation/corpus.js';
import { runHere } from '../cli/command.js';
import { TINY } from '../setup/tiny.js';
import { ARTIFACTS } from '../support/artifacts.js';
import { releaseSnarkjs } from '../support/freeSignals.js';
import { OWNER_SECRET, packageOf, registry, snapshot, usd } from '../support/market.js';
import { freeMargin } from './support/freeMargin.js';

// Attack 17: one byte of a key, a witness calculator or a bundle is another than the one that was made, on a disk or on its
// way here; proofs then fail, or are of another statement. Every file is held against its hash before anything is done with
// it, what names the hashes is held against the circuit, and keys are known to verifiers by a hash of their own.

let work: string;
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'zk-solvency-test-'));
});
afterAll(async () => {
  await rm(work, { recursive: true, force: true });
  await releaseSnarkjs();
});

const sha256 = (data: Uint8Array | string): string => createHash('sha256').update(data).digest('hex');

/** Positions below a length, the same in every run. */
function positions(seed: string, length: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, i) => Number(BigInt(`0x${sha256(`${seed} ${i}`)}`) % BigInt(length)));
}

function flipped(data: Uint8Array, position: number, bits = 1): Buffer {
  const copy = Buffer.from(data);
  copy[position] = (copy[position] as number) ^ bits;
  return copy;
}

type Alteration = (data: Buffer, seed: string) => Buffer;
const ALTERATIONS: readonly (readonly [string, Alteration])[] = [
  ['the first byte flipped', (data) => flipped(data, 0)],
  ['the byte in the middle flipped', (data) => flipped(data, data.length >> 1)],
  ['the last byte flipped', (data) => flipped(data, data.length - 1)],
  ...[0, 1, 2].map(
    (i) =>
      [
        `seeded byte ${i} flipped`,
        (data: Buffer, seed: string) => flipped(data, positions(seed, data.length, 3)[i] as number, 0x80),
      ] as const,
  ),
  ['the last byte cut off', (data) => data.subarray(0, -1)],
  ['a byte appended', (data) => Buffer.concat([data, Buffer.from([0])])],
  ['nothing left', () => Buffer.alloc(0)],
];

/** The code of a typed error; anything else that is thrown is no refusal. */
async function refusal(call: () => unknown): Promise<string> {
  try {
    await call();
    return 'accepted';
  } catch (error) {
    if (error instanceof SolvencyError) return error.code;
    throw error;
  }
}

const FILES = ['r1cs', 'wasm', 'sym', 'zkey', 'verificationKey'] as const;

describe('attack 17: artifacts', () => {
  const CIRCUIT = { ...TINY, name: 'tiny', template: 'TinyInputs' };
  let manifest: Manifest;
  const at = (file: string): string => join(work, CIRCUIT.name, file);
  beforeAll(async () => {
    manifest = await buildArtifacts(CIRCUIT, work);
  });
  const inMemory = async () => ({
    manifest: await readFile(at('manifest.json'), 'utf8'),
    wasm: await readFile(at(manifest.files.wasm.file)),
    zkey: await readFile(at(manifest.files.zkey.file)),
    verificationKey: await readFile(at(manifest.files.verificationKey.file)),
  });

  it('the control: nothing altered', async () => {
    expect(await refusal(() => loadArtifacts(work, CIRCUIT.name))).toBe('accepted');
    expect(await refusal(async () => artifactsFromMemory(await inMemory()))).toBe('accepted');
  });

  it.each(FILES.flatMap((name) => ALTERATIONS.map(([what, alter]) => [name, what, alter] as const)))(
    '%s with %s',
    async (name, _, alter) => {
      const { file } = manifest.files[name];
      const data = await readFile(at(file));
      const altered = { code: 'ARTIFACT_ALTERED', details: { file } };
      try {
        await writeFile(at(file), alter(data, name));
        await expect(loadArtifacts(work, CIRCUIT.name)).rejects.toMatchObject(altered);
        if (name === 'verificationKey') {
          await expect(loadVerificationKey(work, CIRCUIT.name)).rejects.toMatchObject(altered);
        }
      } finally {
        await writeFile(at(file), data);
      }
      if (name === 'r1cs' || name === 'sym') return;
      const files = await inMemory();
      expect(() => artifactsFromMemory({ ...files, [name]: alter(files[name], name) })).toThrowError(
        expect.objectContaining(altered),
      );
    },
  );

  it('any byte of the manifest flipped: refused, or it says the same of files and key', async () => {
    const { manifest: _, ...honest } = await loadArtifacts(work, CIRCUIT.name);
    const text = await readFile(at('manifest.json'));
    const changed = new Set<string>();
    try {
      for (const position of positions('manifest', text.length, 120)) {
        await writeFile(at('manifest.json'), flipped(text, position));
        await refusal(async () => {
          const { manifest: read, ...rest } = await loadArtifacts(work, CIRCUIT.name);
          expect(rest).toEqual(honest);
          for (const [field, value] of Object.entries(read)) {
            if (!isDeepStrictEqual(value, manifest[field as keyof Manifest])) changed.add(field);
          }
        });
      }
    } finally {
      await writeFile(at('manifest.json'), text);
    }
    // how the files were made, and of a circuit that is not pinned what it is like
    const harmless = ['constraints', 'publicSignals', 'sourceHash', 'versions'];
    expect([...changed].filter((field) => !harmless.includes(field))).toEqual([]);
    expect(changed).toContain('sourceHash');
  });

  it.each<[string, (files: Manifest['files']) => object, string]>([
    ['a path out of the folder', ({ wasm }) => ({ wasm: { ...wasm, file: '../tiny/circuit.wasm' } }), 'INVALID_INPUT'],
    ['an absolute path', ({ zkey }) => ({ zkey: { ...zkey, file: '/dev/zero' } }), 'INVALID_INPUT'],
    ['a hidden name', ({ zkey }) => ({ zkey: { ...zkey, file: '.' } }), 'INVALID_INPUT'],
    ['a name with a zero byte', ({ zkey }) => ({ zkey: { ...zkey, file: 'a\0b' } }), 'INVALID_INPUT'],
    ['the name of another file', ({ zkey, wasm }) => ({ wasm: { ...wasm, file: zkey.file } }), 'ARTIFACT_ALTERED'],
    ['the hash of another file', ({ zkey, wasm }) => ({ wasm: { ...wasm, sha256: zkey.sha256 } }), 'ARTIFACT_ALTERED'],
    ['a file that is not there', ({ sym }) => ({ sym: { ...sym, file: 'gone.sym' } }), 'ARTIFACT_MISSING'],
  ])('a manifest with %s', async (_, change, code) => {
    const text = await readFile(at('manifest.json'), 'utf8');
    try {
      await writeFile(
        at('manifest.json'),
        JSON.stringify({ ...manifest, files: { ...manifest.files, ...change(manifest.files) } }),
      );
      expect(await refusal(() => loadArtifacts(work, CIRCUIT.name))).toBe(code);
    } finally {
      await writeFile(at('manifest.json'), text);
    }
  });
});

/** The smallest instance of each family and of each kind of signals. */
const SMALLEST = CIRCUITS.filter(
  (circuit, i) =>
    CIRCUITS.findIndex(({ family, signalKind }) => family === circuit.family && signalKind === circuit.signalKind) ===
    i,
);
const names = SMALLEST.map(({ name }) => name);

describe('attack 17: keys of another circuit', () => {
  const KEY_FILES = ['manifest.json', 'verificationKey.json'];

  /** A folder with the key of one circuit under the name of another, its manifest changed. */
  async function renamed(of: string, as: string, change: (manifest: Manifest) => object): Promise<string> {
    const folder = await mkdtemp(join(work, 'keys-'));
    await mkdir(join(folder, as));
    for (const file of KEY_FILES) await cp(join(ARTIFACTS, of, file), join(folder, as, file));
    const { manifest } = await loadVerificationKey(ARTIFACTS, of);
    await writeFile(join(folder, as, 'manifest.json'), JSON.stringify(change(manifest)));
    return folder;
  }
  const altered = { code: 'ARTIFACT_ALTERED', details: { file: 'manifest.json' } };

  it.each(names)('%s: none of the next circuit that its name is put to', async (name) => {
    const folder = await renamed(name, name, (manifest) => manifest);
    await expect(loadVerificationKey(folder, name)).resolves.toMatchObject({ manifest: { circuit: name } });
    const other = names[(names.indexOf(name) + 1) % names.length] as string;
    // as it is, and with the name changed in the manifest too
    for (const change of [(manifest: Manifest) => manifest, (manifest: Manifest) => ({ ...manifest, circuit: name })]) {
      await expect(loadVerificationKey(await renamed(other, name, change), name)).rejects.toMatchObject(altered);
    }
  });

  it.each(names)('%s: its manifest with another count of constraints, or other signals', async (name) => {
    for (const change of [
      (manifest: Manifest) => ({ ...manifest, constraints: manifest.constraints - 1 }),
      (manifest: Manifest) => ({ ...manifest, publicSignals: manifest.publicSignals.with(0, 'another') }),
      (manifest: Manifest) => ({ ...manifest, publicSignals: manifest.publicSignals.toReversed() }),
    ]) {
      await expect(loadVerificationKey(await renamed(name, name, change), name)).rejects.toMatchObject(altered);
    }
  });

  it('one whose manifest tells everything of the other circuit: its hash is not the one that verifiers pin', async () => {
    const [first, second] = ['tiered-8', 'weighted-8'];
    const { manifest: told } = await loadVerificationKey(ARTIFACTS, first as string);
    const folder = await renamed(second as string, first as string, (manifest) => ({
      ...manifest,
      circuit: first,
      constraints: told.constraints,
    }));
    const { keyHash, verificationKey } = await loadVerificationKey(folder, first as string);
    const { keyHash: own } = await loadVerificationKey(ARTIFACTS, second as string);
    expect(keyHash).toBe(own);
    expect(keyHash).not.toBe(told.keyHash);
    expect(verificationKey.nPublic).toBe(7);
  });
});

describe('attack 17: the command', () => {
  const CIRCUIT = 'tiered-8';
  const HELD = { collateral: [usd(500n)], positions: [] };
  let inputs: readonly string[];
  beforeAll(async () => {
    const path = (name: string): string => join(work, name);
    await writeFile(path('account.json'), serializeAccountPackage(packageOf(HELD), registry));
    const identity = { ownerSecret: OWNER_SECRET, ownerCommitment: ownerCommitment(OWNER_SECRET) };
    await writeFile(path('identity.json'), serializeIdentity(identity), { mode: 0o600 });
    await writeFile(path('snapshot.json'), serializeSnapshot(snapshot));
    inputs = [
      ...['--account', path('account.json'), '--identity', path('identity.json'), '--snapshot', path('snapshot.json')],
      ...['--threshold', '10000', '--circuit', CIRCUIT, '--json'],
    ];
  });

  /** Artifacts of which one file is changed: the others are links. */
  async function artifactsWith(file: string, change: (data: Buffer) => Uint8Array): Promise<string> {
    const folder = await mkdtemp(join(work, 'artifacts-'));
    await mkdir(join(folder, CIRCUIT));
    for (const name of await readdir(join(ARTIFACTS, CIRCUIT))) {
      await symlink(join(ARTIFACTS, CIRCUIT, name), join(folder, CIRCUIT, name));
    }
    const data = await readFile(join(ARTIFACTS, CIRCUIT, file));
    await rm(join(folder, CIRCUIT, file));
    await writeFile(join(folder, CIRCUIT, file), change(data));
    return folder;
  }
  const proves = async (artifacts: string) => {
    const out = join(artifacts, 'proof.json');
    const { code, stdout, stderr } = await runHere(['prove', ...inputs, '--artifacts', artifacts, '--out', out]);
    return { code, said: stdout + stderr, isWritten: existsSync(out), left: (await readdir(artifacts)).toSorted() };
  };

  it.each(['circuit.r1cs', 'circuit.wasm', 'circuit.sym', 'circuit.zkey', 'verificationKey.json'])(
    'a byte of %s flipped: no proof is written',
    async (file) => {
      const folder = await artifactsWith(file, (data) => flipped(data, data.length >> 1));
      const { said, ...outcome } = await proves(folder);
      expect(outcome).toEqual({ code: 2, isWritten: false, left: [CIRCUIT] });
      expect(said).toContain('ARTIFACT_ALTERED');
      expect(said).toContain(file);
    },
  );

  // the control too: what is named by its hash is loaded, and the same arguments come as far as the witness
  it('half a witness calculator, under a manifest that names its hash: no proof is written', async () => {
    const folder = await artifactsWith('circuit.wasm', (data) => data.subarray(0, data.length >> 1));
    const wasm = await readFile(join(folder, CIRCUIT, 'circuit.wasm'));
    const place = join(folder, CIRCUIT, 'manifest.json');
    const manifest = JSON.parse(await readFile(place, 'utf8')) as Manifest;
    await rm(place);
    const files = { ...manifest.files, wasm: { ...manifest.files.wasm, sha256: sha256(wasm) } };
    await writeFile(place, JSON.stringify({ ...manifest, files }));
    const { code, isWritten, left } = await proves(folder);
    expect({ code, isWritten, left }).toEqual({ code: 3, isWritten: false, left: [CIRCUIT] });
  });
});

describe('attack 17: a bundle', () => {
  /** Every file of a small bundle, by its path in it. */
  const filesOf = async (folder: string): Promise<readonly string[]> =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
      .toSorted();

  it('with a byte of any of its files flipped, one cut off or one more', async () => {
    const [policy, blockHashes] = [await corpusPolicy(), await corpusBlocks()];
    await withCopy('opened', async (folder) => {
      const found: [string, string, string][] = [];
      const paths = await filesOf(folder);
      expect(paths).toEqual(await filesOf(inCorpus('bases', 'opened')));
      for (const path of paths.filter((known) => known !== MANIFEST_PATH)) {
        const data = await readFile(join(folder, path));
        for (const [what, alter] of ALTERATIONS.filter((_, i) => i % 2 === 1)) {
          await writeFile(join(folder, path), alter(data, path));
          const reason = await verifyBundle({ folder, policy, blockHashes }).then(
            () => 'accepted',
            (error: SolvencyError) => `${error.code} ${error.details['reason']}`,
          );
          if (reason !== 'ARTIFACT_ALTERED FILE_ALTERED') found.push([path, what, reason]);
        }
        await writeFile(join(folder, path), data);
      }
      expect(found).toEqual([]);
      await expect(verifyBundle({ folder, policy, blockHashes })).resolves.toMatchObject({ verdict: 'covered' });
    });
  });

  it('with a byte of its manifest flipped, which names the hashes and is signed', async () => {
    const [policy, blockHashes] = [await corpusPolicy(), await corpusBlocks()];
    await withCopy('opened', async (folder) => {
      const place = join(folder, MANIFEST_PATH);
      const data = await readFile(place);
      const accepted: string[] = [];
      for (const position of [0, data.length - 1, ...positions('attestation', data.length, 24)]) {
        await writeFile(place, flipped(data, position));
        const outcome = await refusal(() => verifyBundle({ folder, policy, blockHashes }));
        if (outcome === 'accepted') accepted.push(data.subarray(position - 20, position + 1).toString());
      }
      expect(accepted).toEqual([]);
    });
  });
});

describe('attack 17: a deployment', () => {
  const address = (n: number): string => new Wallet(`0x${n.toString(16).padStart(64, '0')}`).address;
  const subject = new Wallet(`0x${'33'.repeat(32)}`);
  const DEADLINE = 2_000_000_000n;
  let record: DeploymentRecord;
  let text: Buffer;
  let args: (deployment: string) => readonly string[];

  beforeAll(async () => {
    const [gate, accountRoots, riskOracle, scopeRegistry, verifier] = [1, 2, 3, 4, 5].map(address) as [
      string,
      string,
      string,
      string,
      string,
    ];
    const [chainId, actionHash] = [31337, `0x${'00'.repeat(32)}`];
    const context = contextOf({
      chainId: BigInt(chainId),
      gate,
      consumer: gate,
      subject: subject.address,
      actionHash,
      deadline: DEADLINE,
    });
    const { proof } = await freeMargin({ context });
    expect(accountRoot(proof.accountRootOpening)).toBe(proof.publicSignals.accountRoot);
    record = {
      chainId,
      scope: 9n,
      owner: address(6),
      contracts: { gate, accountRoots, riskOracle, scopeRegistry },
      verifiers: [{ circuit: proof.circuit, address: verifier, keyHash: proof.keyHash, setup: 'development' }],
    };
    text = Buffer.from(serializeDeployment(record));
    const [key, proofFile] = [join(work, 'key'), join(work, 'submitted.json')];
    await writeFile(key, subject.privateKey, { mode: 0o600 });
    await writeFile(proofFile, serializeProof(proof));
    args = (deployment) => [
      ...['submit', '--rpc', 'http://127.0.0.1:1', '--key', key, '--deployment', deployment, '--proof', proofFile],
      ...['--venue', address(7), '--deadline', DEADLINE.toString(), '--json'],
    ];
  });

  it('with any byte flipped: it cannot be read, or names other numbers, and no other address', () => {
    const changed = new Set<string>();
    for (let position = 0; position < text.length; position++) {
      let read: DeploymentRecord;
      try {
        read = parseDeployment(flipped(text, position).toString('utf8'), 'deployment.json');
      } catch (error) {
        expect(error).toBeInstanceOf(SolvencyError);
        continue;
      }
      const { chainId, scope, verifiers, ...rest } = read;
      const addresses = verifiers.map((verifier) => verifier.address);
      expect({ ...rest, addresses }).toEqual({
        owner: record.owner,
        contracts: record.contracts,
        addresses: record.verifiers.map((verifier) => verifier.address),
      });
      if (chainId !== record.chainId) changed.add('chainId');
      if (scope !== record.scope) changed.add('scope');
      const [verifier] = verifiers;
      if (verifier?.circuit !== record.verifiers[0]?.circuit) changed.add('circuit');
      if (verifier?.keyHash !== record.verifiers[0]?.keyHash) changed.add('keyHash');
    }
    expect([...changed].toSorted()).toEqual(['chainId', 'circuit', 'keyHash', 'scope']);
  });

  it.each<[string, (record: DeploymentRecord) => DeploymentRecord, string]>([
    ['nothing changed: the node is asked, which is not there', (same) => same, 'CHAIN'],
    ['another chain', (same) => ({ ...same, chainId: 31336 }), 'EXPECTATION_NOT_MET'],
    ['another scope', (same) => ({ ...same, scope: 8n }), 'EXPECTATION_NOT_MET'],
    [
      'another gate',
      (same) => ({ ...same, contracts: { ...same.contracts, gate: address(8) } }),
      'EXPECTATION_NOT_MET',
    ],
    [
      'another circuit',
      (same) => ({ ...same, verifiers: same.verifiers.map((entry) => ({ ...entry, circuit: 'free-signals-6' })) }),
      'MISMATCH',
    ],
    [
      'another key',
      (same) => ({ ...same, verifiers: same.verifiers.map((entry) => ({ ...entry, keyHash: 'ab'.repeat(32) })) }),
      'MISMATCH',
    ],
  ])('nothing is sent: %s', async (_, change, code) => {
    const file = join(work, 'deployment.json');
    await writeFile(file, serializeDeployment(change(record)));
    const { stdout, stderr } = await runHere(args(file));
    expect(stdout + stderr).toContain(`"${code}"`);
  });
});
