// Keys that look like a ceremony's and are not: made by one machine, without a contribution, with one whose secret everybody
// knows, with a record that was changed afterwards. Who has the secret of a key forges proofs of any statement; several
// circuits went live with a key that had no contribution, which the library's own check calls good. What stops it here: every
// step of a ceremony is checked against the key's own contributions, and the whole again from the sources.
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { curves, groth16, wtns, zKey } from 'snarkjs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { applyBeacon } from '../../src/ceremony/beacon.js';
import { keyPath } from '../../src/ceremony/ceremonyFolder.js';
import { contribute } from '../../src/ceremony/contribute.js';
import { finishCeremony } from '../../src/ceremony/finish.js';
import { readKeyChain } from '../../src/ceremony/keyChain.js';
import { startCeremony } from '../../src/ceremony/start.js';
import type { Ceremony } from '../../src/ceremony/transcript.js';
import { verifyCeremony } from '../../src/ceremony/verify.js';
import { buildArtifacts, loadArtifacts, loadVerificationKey, setupOf } from '../../src/setup/artifacts.js';
import { hashFile } from '../../src/setup/hashFile.js';
import { type CeremonyManifest, setupInWords } from '../../src/setup/manifest.js';
import { exportVerificationKey, keyHash } from '../../src/setup/verificationKey.js';
import { SECTION } from '../../src/setup/zkeyFormat.js';
import { remove, TINY_INPUT } from '../setup/tiny.js';
import { releaseSnarkjs } from '../support/freeSignals.js';
import { phaseOne, unpreparedPhaseOne } from './phaseOne.js';
import {
  BEACON,
  POWER,
  passOff,
  readCeremony,
  sectionIn,
  type TinyCeremony,
  tinyCeremony,
  withContributions,
  writeCeremony,
} from './tinyCeremony.js';

let tiny: TinyCeremony;
beforeAll(async () => {
  tiny = await tinyCeremony();
});
afterAll(async () => {
  await remove(tiny.root);
  await releaseSnarkjs();
});

const copyOf = async (folder: string): Promise<string> => {
  const copy = await mkdtemp(join(tiny.root, 'copy-'));
  await cp(folder, copy, { recursive: true });
  return copy;
};
const phase = () => ({ ptau: tiny.ptau, ptauHash: tiny.ptauHash });
const verifyIn = (folder: string) => verifyCeremony(tiny.circuit, { ...phase(), folder });
const unsound = (message: string | RegExp) => ({ code: 'INSECURE_KEY', message: expect.stringMatching(message) });

describe('a ceremony', () => {
  it('ends with keys that prove, and artifacts that say how they came about', async () => {
    const { ceremony } = await verifyIn(tiny.done);
    expect(ceremony).toMatchObject({
      circuit: 'tiny',
      powersOfTau: { origin: 'own', blake2b512: tiny.ptauHash, power: POWER },
      contributions: [
        { index: 1, name: 'Alice' },
        { index: 2, name: 'Bob' },
      ],
      beacon: { index: 3, ...BEACON },
    });
    const artifacts = join(tiny.root, 'artifacts');
    const manifest = await finishCeremony(tiny.circuit, { ...phase(), folder: tiny.done, artifacts });
    expect(manifest).toMatchObject({ setup: 'ceremony', keyHash: ceremony.beacon.keyHash });
    expect(setupInWords(manifest)).toBe(
      `ceremony of 2 contributions and a beacon (block 1 of a test), on a phase 1 of its own, BLAKE2b ${tiny.ptauHash.slice(0, 16)}`,
    );
    expect(await setupOf(artifacts, 'tiny')).toBe('ceremony');
    const loaded = await loadArtifacts(artifacts, 'tiny');
    expect(loaded).toMatchObject({ setup: 'ceremony', manifest });
    expect((await loadVerificationKey(artifacts, 'tiny')).keyHash).toBe(ceremony.beacon.keyHash);
    const witness = { type: 'mem' as const };
    await wtns.calculate(TINY_INPUT, loaded.wasm, witness);
    const { proof, publicSignals } = await groth16.prove(loaded.zkey, witness);
    expect(await groth16.verify(loaded.verificationKey, publicSignals, proof)).toBe(true);
    expect(await groth16.verify(loaded.verificationKey, ['11', '14'], proof)).toBe(false);
    // `setup` leaves them alone, and never puts a development key in their place
    expect(await buildArtifacts(tiny.circuit, artifacts)).toEqual(manifest);
    const changed = { ...tiny.circuit, parameters: [3] };
    await expect(buildArtifacts(changed, artifacts)).rejects.toMatchObject({ code: 'ARTIFACT_ALTERED' });
    expect(await setupOf(artifacts, 'tiny')).toBe('ceremony');
  });

  it('is made of contributions that nobody can make again, each with a hash of the library', async () => {
    const [once, again] = [await copyOf(tiny.begun), await copyOf(tiny.begun)];
    const same = () => ({ name: 'Alice', words: Buffer.from('the same words') });
    const [first, second] = [await contribute(once, same()), await contribute(again, same())];
    expect(first.contributions[0]?.hash).not.toBe(second.contributions[0]?.hash);
    const out = join(once, 'library.zkey');
    const hash = (await zKey.contribute(keyPath(once, 1), out, 'Carol', 'entropy of a test')) as Uint8Array;
    expect((await readKeyChain(out)).contributions.map((step) => step.hash)).toEqual([
      first.contributions[0]?.hash,
      Buffer.from(hash).toString('hex'),
    ]);
  });

  it('wipes the words of a contributor', async () => {
    const words = Buffer.from('dice 3 1 6');
    await contribute(await copyOf(tiny.begun), { name: 'Alice', words });
    expect(words).toEqual(Buffer.alloc(words.length));
  });

  it.each([
    ['a name that is none', { name: ' ', words: Buffer.alloc(0) }],
    ['a name that the library would cut', { name: '\u{1F3B2}'.repeat(33), words: Buffer.alloc(0) }],
  ])('takes no contribution with %s', async (_what, given) => {
    await expect(contribute(tiny.open, given)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('takes a beacon once, last, and after a contribution', async () => {
    await expect(applyBeacon(tiny.begun, BEACON)).rejects.toMatchObject(unsound('there is no contribution'));
    await expect(applyBeacon(tiny.done, BEACON)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
    const late = contribute(tiny.done, { name: 'Carol', words: Buffer.alloc(0) });
    await expect(late).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it.each([
    ['a value that is no hexadecimal', { ...BEACON, value: 'zz'.repeat(32) }],
    ['a value that can be guessed', { ...BEACON, value: '07' }],
    ['too few iterations', { ...BEACON, iterationsExponent: 9 }],
    ['iterations that nobody can check', { ...BEACON, iterationsExponent: 33 }],
    ['no source', { ...BEACON, source: '' }],
  ])('takes no beacon with %s', async (_what, beacon) => {
    await expect(applyBeacon(tiny.open, beacon)).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it('changes nothing when cancelled, and works in a folder alone', async () => {
    const folder = await copyOf(tiny.open);
    const before = await readdir(folder);
    const controller = new AbortController();
    const cancelled = { code: 'CANCELLED' };
    const given = { name: 'Carol', words: Buffer.alloc(0) };
    const onProgress = () => setTimeout(() => controller.abort(), 50);
    await expect(contribute(folder, given, { signal: controller.signal, onProgress })).rejects.toMatchObject(cancelled);
    expect(await readdir(folder)).toEqual(before);
    const started = startCeremony(
      tiny.circuit,
      { ...phase(), folder: join(folder, 'new') },
      { signal: AbortSignal.abort() },
    );
    await expect(started).rejects.toMatchObject(cancelled);
    const artifacts = join(folder, 'artifacts');
    const finished = finishCeremony(
      tiny.circuit,
      { ...phase(), folder: tiny.done, artifacts },
      { signal: AbortSignal.abort() },
    );
    await expect(finished).rejects.toMatchObject(cancelled);
    expect(await readdir(artifacts).catch(() => [])).toEqual([]);

    const [one, other] = await Promise.allSettled([contribute(folder, given), contribute(folder, given)]);
    expect([one.status, other.status].sort()).toEqual(['fulfilled', 'rejected']);
    expect((await readCeremony(folder)).contributions).toHaveLength(3);
    await expect(startCeremony(tiny.circuit, { ...phase(), folder })).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });
});

describe('attack: a phase 1 that is another', () => {
  const startWith = (ptau: string, ptauHash?: string) =>
    startCeremony(tiny.circuit, {
      ptau,
      ...(ptauHash === undefined ? {} : { ptauHash }),
      folder: join(tiny.root, 'none'),
    });
  const changed = async (name: string, change: (data: Buffer) => Buffer): Promise<string> => {
    const path = join(tiny.root, name);
    await writeFile(path, change(await readFile(tiny.ptau)));
    return path;
  };
  const flip = (data: Buffer, at: number): Buffer => Buffer.from(data).fill((data[at] as number) ^ 1, at, at + 1);

  it('none of the published files, unless its hash is named', async () => {
    await expect(startWith(tiny.ptau)).rejects.toMatchObject({
      code: 'MISMATCH',
      message: expect.stringContaining(tiny.ptauHash),
    });
  });

  it('one byte changed, one cut off, or one added', async () => {
    const flipped = await changed('flipped.ptau', (data) => flip(data, data.length - 1));
    await expect(startWith(flipped, tiny.ptauHash)).rejects.toMatchObject({ code: 'MISMATCH' });
    const cut = await changed('cut.ptau', (data) => data.subarray(0, -1));
    await expect(startWith(cut, await hashFile(cut, 'blake2b512'))).rejects.toMatchObject({ code: 'UNREADABLE' });
    const longer = await changed('longer.ptau', (data) => Buffer.concat([data, Buffer.from([0])]));
    await expect(startWith(longer, await hashFile(longer, 'blake2b512'))).rejects.toMatchObject({ code: 'UNREADABLE' });
  });

  it('another file, one not prepared, or one too small, under its own hash', async () => {
    const key = keyPath(tiny.done, 3);
    await expect(startWith(key, await hashFile(key, 'blake2b512'))).rejects.toMatchObject({ code: 'UNREADABLE' });
    await expect(startWith(join(tiny.root, 'absent.ptau'))).rejects.toMatchObject({ code: 'UNREADABLE' });
    const raw = await unpreparedPhaseOne(POWER);
    await expect(startWith(raw, await hashFile(raw, 'blake2b512'))).rejects.toMatchObject({
      code: 'UNREADABLE',
      message: expect.stringContaining('not prepared'),
    });
    const small = await phaseOne(2);
    await expect(startWith(small.ptau, small.ptauHash)).rejects.toMatchObject({ code: 'OUT_OF_RANGE' });
  });

  it('a point of it changed, under its own hash', async () => {
    const twice = await changed('points.ptau', (data) => {
      const { start } = sectionIn(data, 4);
      const copy = Buffer.from(data);
      // alpha tau^2 in place of alpha tau
      data.copy(copy, start + 64, start + 128, start + 192);
      return copy;
    });
    await expect(startWith(twice, await hashFile(twice, 'blake2b512'))).rejects.toMatchObject(unsound('phase 1 wrong'));
    expect(await readdir(tiny.root)).not.toContain('none');
  });
});

describe('attack: a key without a secret', () => {
  it('no contribution: the library calls it good, and it is refused', async () => {
    const key = keyPath(tiny.begun, 0);
    expect(await zKey.verifyFromR1cs(join(tiny.root, 'compiled/circuit.r1cs'), tiny.ptau, key)).toBe(true);
    await expect(verifyIn(tiny.begun)).rejects.toMatchObject(unsound('it has no contribution'));
  });

  it('a beacon alone, whose secret everybody computes', async () => {
    const folder = await copyOf(tiny.begun);
    const { source, value, iterationsExponent } = BEACON;
    const hash = (await zKey.beacon(
      keyPath(folder, 0),
      keyPath(folder, 1),
      source,
      value,
      iterationsExponent,
    )) as Uint8Array;
    const ceremony = await readCeremony(folder);
    const after = await hashFile(keyPath(folder, 1));
    const key = keyHash(await exportVerificationKey(keyPath(folder, 1)));
    const step = { index: 1, hash: Buffer.from(hash).toString('hex'), before: ceremony.initialKey, after };
    await writeCeremony(folder, { ...ceremony, beacon: { ...step, ...BEACON, keyHash: key } });
    await expect(verifyIn(folder)).rejects.toMatchObject(unsound('it has no contribution'));
    // nor as what it is not
    await writeCeremony(folder, { ...ceremony, contributions: [{ ...step, name: source }] });
    await expect(verifyIn(folder)).rejects.toMatchObject(unsound('is a beacon'));
  });

  it('a contribution with the secret 1, which the library calls good', async () => {
    const folder = await copyOf(tiny.begun);
    const curve = (await curves.getCurveFromName('bn128')) as unknown as {
      readonly Fr: { fromRng(rng: unknown): Uint8Array; readonly one: Uint8Array };
    };
    const secret = vi.spyOn(curve.Fr, 'fromRng').mockReturnValue(curve.Fr.one);
    const hash = (await zKey.contribute(keyPath(folder, 0), keyPath(folder, 1), 'Mallory', 'none')) as Uint8Array;
    secret.mockRestore();
    expect(await zKey.verifyFromInit(keyPath(folder, 0), tiny.ptau, keyPath(folder, 1))).toBe(true);
    const ceremony = await readCeremony(folder);
    const after = await hashFile(keyPath(folder, 1));
    const step = { index: 1, name: 'Mallory', before: ceremony.initialKey, after };
    await writeCeremony(folder, { ...ceremony, contributions: [{ ...step, hash: Buffer.from(hash).toString('hex') }] });
    await expect(verifyIn(folder)).rejects.toMatchObject(unsound('leaves a delta that the key had before'));
    await expect(applyBeacon(folder, BEACON)).rejects.toMatchObject(unsound('leaves a delta that the key had before'));
  });

  it('no beacon yet: everything else holds, and it is not finished', async () => {
    await expect(verifyIn(tiny.open)).rejects.toMatchObject(
      unsound(/in order up to its 2 contributions, but there is no beacon/),
    );
    const artifacts = join(tiny.root, 'unfinished');
    await expect(finishCeremony(tiny.circuit, { ...phase(), folder: tiny.open, artifacts })).rejects.toMatchObject({
      code: 'INSECURE_KEY',
    });
    expect(await readdir(artifacts)).toEqual([]);
  });
});

type Finished = Ceremony & { readonly beacon: NonNullable<Ceremony['beacon']> };
const zeros = (length: number): string => '0'.repeat(length);

describe('attack: a record that was changed', () => {
  it.each<[string, (ceremony: Finished) => object, string]>([
    [
      'a contribution removed',
      (c) => ({ ...c, contributions: c.contributions.slice(0, 1), beacon: { ...c.beacon, index: 2 } }),
      'begins with another key',
    ],
    [
      'a contribution removed, and the rest joined',
      ({ contributions: [first], beacon, ...c }) => ({
        ...c,
        contributions: [first],
        beacon: { ...beacon, index: 2, before: first?.after },
      }),
      'the key has 3 contributions, and its transcript 2',
    ],
    ['contributions reordered', (c) => ({ ...c, contributions: c.contributions.toReversed() }), 'has the number 2'],
    [
      'hashes of contributions swapped',
      ({ contributions: [a, b], ...c }) => ({
        ...c,
        contributions: [
          { ...a, hash: b?.hash },
          { ...b, hash: a?.hash },
        ],
      }),
      'step 1 of the key has another hash',
    ],
    [
      'the name of a contributor',
      ({ contributions: [a, b], ...c }) => ({ ...c, contributions: [{ ...a, name: 'Mallory' }, b] }),
      'step 1 of the key has another name',
    ],
    [
      'the value of the beacon',
      (c) => ({ ...c, beacon: { ...c.beacon, value: '08'.repeat(32) } }),
      'is not the beacon',
    ],
    [
      'the iterations of the beacon',
      (c) => ({ ...c, beacon: { ...c.beacon, iterationsExponent: 11 } }),
      'is not the beacon',
    ],
    [
      'the event of the beacon',
      (c) => ({ ...c, beacon: { ...c.beacon, source: 'another' } }),
      'step 3 of the key has another name',
    ],
    ['the beacon left out', (c) => ({ ...c, beacon: null }), 'newest key'],
    [
      'the verification key',
      (c) => ({ ...c, beacon: { ...c.beacon, keyHash: zeros(64) } }),
      'another verification key',
    ],
    [
      'the first key',
      ({ contributions: [a, b], ...c }) => ({
        ...c,
        initialKey: zeros(64),
        contributions: [{ ...a, before: zeros(64) }, b],
      }),
      'first key was not made',
    ],
    ['the hash of the circuit', (c) => ({ ...c, circuitHash: zeros(128) }), 'another circuit or phase 1'],
    ['another circuit', (c) => ({ ...c, circuit: 'other' }), 'not one of the circuit'],
    ['another r1cs', (c) => ({ ...c, r1cs: { ...c.r1cs, sha256: zeros(64) } }), 'not one of the circuit'],
    [
      'another phase 1',
      (c) => ({ ...c, powersOfTau: { ...c.powersOfTau, blake2b512: zeros(128) } }),
      'built on another Powers of Tau',
    ],
    [
      'a phase 1 of its own called published',
      (c) => ({ ...c, powersOfTau: { ...c.powersOfTau, origin: 'published' } }),
      'where the phase 1 comes from',
    ],
  ])('%s', async (_what, change, message) => {
    const folder = await copyOf(tiny.done);
    await writeCeremony(folder, change((await readCeremony(folder)) as Finished));
    // whatever number of steps the record tells of, the newest key is the finished one
    for (const steps of [1, 2]) await cp(keyPath(folder, 3), keyPath(folder, steps));
    const refusal: unknown = await verifyIn(folder).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ message: expect.stringContaining(message) });
    expect(['INSECURE_KEY', 'MISMATCH', 'UNREADABLE']).toContain((refusal as { code: string }).code);
  });
});

describe('attack: a key that was changed', () => {
  const changedKey = async (change: (zkey: Buffer) => Buffer): Promise<string> => {
    const folder = await copyOf(tiny.done);
    await passOff(folder, change(await readFile(keyPath(folder, 3))));
    return folder;
  };
  /** Bytes of a contribution without parameters; those of Alice and Bob follow a head of 68 bytes. */
  const FIXED = 3 * 64 + 128 + 64 + 8;
  const ALICE = 68;
  const BOB = ALICE + FIXED + 'Alice'.length + 2;

  it('the control: the same bytes put in place again', async () => {
    await expect(verifyIn(await changedKey((zkey) => zkey))).resolves.toMatchObject({ ceremony: { circuit: 'tiny' } });
  });

  it('another file than the record names', async () => {
    const folder = await copyOf(tiny.done);
    await cp(keyPath(folder, 2), keyPath(folder, 3));
    await expect(verifyIn(folder)).rejects.toMatchObject({ code: 'MISMATCH' });
    await rm(keyPath(folder, 3));
    await expect(verifyIn(folder)).rejects.toMatchObject({ code: 'UNREADABLE' });
  });

  it.each<[string, (zkey: Buffer) => Buffer]>([
    ['cut off', (zkey) => zkey.subarray(0, -1)],
    ['with a tail', (zkey) => Buffer.concat([zkey, Buffer.alloc(8)])],
    ['of another kind', (zkey) => Buffer.concat([Buffer.from('ptau'), zkey.subarray(4)])],
    ['with contributions cut off', (zkey) => withContributions(zkey, (section) => section.subarray(0, -1))],
    ['with more contributions told than there are', (zkey) => withContributions(zkey, (s) => s.fill(255, 64, 68))],
    [
      'with a contribution of no known kind',
      (zkey) => withContributions(zkey, (s) => s.fill(2, ALICE + 384, ALICE + 385)),
    ],
  ])('%s', async (_what, change) => {
    await expect(verifyIn(await changedKey(change))).rejects.toMatchObject({ code: 'UNREADABLE' });
  });

  it.each<[string, (section: Buffer) => Buffer, string | RegExp]>([
    [
      'a contribution that does not follow',
      (s) => s.fill(1, BOB + 320, BOB + 321),
      'contribution 2 of the key does not follow',
    ],
    ['a point off the curve', (s) => s.fill(1, ALICE, ALICE + 1), 'a point off the curve'],
    ['a point at infinity', (s) => s.fill(0, ALICE, ALICE + 64), 'a point off the curve'],
    [
      'contributions reordered',
      (s) => {
        const end = BOB + FIXED + 'Bob'.length + 2;
        return Buffer.concat([s.subarray(0, ALICE), s.subarray(BOB, end), s.subarray(ALICE, BOB), s.subarray(end)]);
      },
      'contribution 1 of the key does not follow',
    ],
    [
      'another delta after the last contribution',
      (s) => {
        const beacon = BOB + FIXED + 'Bob'.length + 2;
        s.copy(s, beacon, BOB, BOB + 64);
        return s;
      },
      'leaves a delta that the key had before',
    ],
  ])('%s', async (_what, change, message) => {
    const folder = await changedKey((zkey) => withContributions(zkey, change));
    await expect(verifyIn(folder)).rejects.toMatchObject(unsound(message));
  });

  it('a beacon in the middle', async () => {
    const folder = await copyOf(tiny.begun);
    const ceremony = await readCeremony(folder);
    const hex = (hash: unknown): string => Buffer.from(hash as Uint8Array).toString('hex');
    const at = (index: number): string => keyPath(folder, index);
    const hashes = [
      hex(await zKey.contribute(at(0), at(1), 'Alice', 'entropy of a test')),
      hex(await zKey.beacon(at(1), at(2), BEACON.source, BEACON.value, BEACON.iterationsExponent)),
      hex(await zKey.contribute(at(2), at(3), 'Bob', 'entropy of a test')),
      hex(await zKey.beacon(at(3), at(4), BEACON.source, BEACON.value, BEACON.iterationsExponent)),
    ];
    const keys = await Promise.all([0, 1, 2, 3, 4].map((index) => hashFile(at(index))));
    const names = ['Alice', BEACON.source, 'Bob'];
    const step = (i: number) => ({ index: i + 1, hash: hashes[i], before: keys[i], after: keys[i + 1] });
    const beacon = { ...step(3), ...BEACON, keyHash: keyHash(await exportVerificationKey(at(4))) };
    await writeCeremony(folder, { ...ceremony, contributions: names.map((name, i) => ({ ...step(i), name })), beacon });
    expect(await zKey.verifyFromInit(at(0), tiny.ptau, at(4))).toBe(true);
    await expect(verifyIn(folder)).rejects.toMatchObject(
      unsound('step 2 of the key is a beacon, which only the last step may be'),
    );
  });

  it.each([
    ['the private part, which only the pairings find', SECTION.privates],
    ['the part of the quotient, which only the pairings find', SECTION.h],
    ['the public part, which the verification key has too', SECTION.publics],
  ])('a point of %s', async (_what, section) => {
    const folder = await changedKey((zkey) => {
      const { start } = sectionIn(zkey, section);
      const copy = Buffer.from(zkey);
      zkey.copy(copy, start, start + 64, start + 128);
      return copy;
    });
    await expect(verifyIn(folder)).rejects.toMatchObject({ code: 'INSECURE_KEY' });
  });
});

describe('attack: a development key passed off as a ceremony', () => {
  it('with a manifest and a record that both pin it', async () => {
    const artifacts = join(tiny.root, 'passed-off');
    const manifest = await buildArtifacts(tiny.circuit, artifacts);
    const ceremony = (await readCeremony(tiny.done)) as Finished;
    const { zkey, r1cs } = manifest.files;
    expect(r1cs.sha256).toBe(ceremony.r1cs.sha256);
    const place = join(artifacts, 'tiny');
    await writeCeremony(place, {
      ...ceremony,
      beacon: { ...ceremony.beacon, after: zkey.sha256, keyHash: manifest.keyHash },
    });
    const transcript = { file: 'ceremony.json', sha256: await hashFile(join(place, 'ceremony.json')) };
    const { source, value, iterationsExponent } = ceremony.beacon;
    const told = { contributions: 2, beacon: { source, value, iterationsExponent }, powersOfTau: ceremony.powersOfTau };
    const forged = { ...manifest, setup: 'ceremony', ceremony: told, files: { ...manifest.files, transcript } };
    await writeFile(join(place, 'manifest.json'), JSON.stringify(forged));
    await expect(loadArtifacts(artifacts, 'tiny')).rejects.toMatchObject({ code: 'INSECURE_KEY' });
  });

  it.each<[string, (manifest: CeremonyManifest) => object, string]>([
    [
      'told to have more contributions',
      (m) => ({ ...m, ceremony: { ...m.ceremony, contributions: 3 } }),
      'INSECURE_KEY',
    ],
    [
      'told to be on a published phase 1',
      (m) => ({
        ...m,
        ceremony: { ...m.ceremony, powersOfTau: { ...m.ceremony.powersOfTau, origin: 'published' } },
      }),
      'INSECURE_KEY',
    ],
    [
      'without its record',
      (m) => ({ ...m, files: { ...m.files, transcript: { ...m.files.transcript, file: 'none.json' } } }),
      'ARTIFACT_MISSING',
    ],
    [
      'with a record that was changed',
      (m) => ({ ...m, files: { ...m.files, transcript: { ...m.files.transcript, sha256: zeros(64) } } }),
      'ARTIFACT_ALTERED',
    ],
    [
      'of another circuit',
      (m) => ({ ...m, files: { ...m.files, zkey: { ...m.files.zkey, sha256: zeros(64) } } }),
      'INSECURE_KEY',
    ],
  ])('a ceremony key %s', async (_what, change, code) => {
    const artifacts = await copyOf(join(tiny.root, 'artifacts'));
    const path = join(artifacts, 'tiny/manifest.json');
    await writeFile(path, JSON.stringify(change(JSON.parse(await readFile(path, 'utf8')))));
    await expect(loadVerificationKey(artifacts, 'tiny')).rejects.toMatchObject({ code });
  });
});
