// A bundle comes from whoever hands it over: files that lead out of its folder, links in a circle, folders and endless files
// in the place of files, and files that are well hashed and well signed and hold anything at all.
import { createHash } from 'node:crypto';
import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { getBytes, id, Wallet } from 'ethers';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { REASONS } from '../../src/attestation/reasons.js';
import { attestationId, parseAttestation, serializeAttestation } from '../../src/formats/attestation.js';
import { corpusBlocks, inCorpus } from '../attestation/corpus.js';
import { runHere } from '../cli/command.js';
import { fuzz } from './settings.js';
import { spoilt } from './spoilt.js';

const MANIFEST = 'attestation.json';
const OVER_64_MB = 64 * 1024 * 1024 + 1;
const venueKey = new Wallet(id('venue of the corpus'));
const blocks = [...(await corpusBlocks())].flatMap(([chain, hash]) => ['--block-hash', `${chain}:${hash}`]);
const manifest = await readFile(inCorpus('bases', 'opened', MANIFEST), 'utf8');

let home: string;
let bundle: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'zk-solvency-bundle-'));
  bundle = join(home, 'bundle');
  await cp(inCorpus('bases', 'opened'), bundle, { recursive: true });
});
afterEach(() => rm(home, { recursive: true }));

interface Verified {
  readonly code: number | null;
  readonly verdict?: string;
  readonly error?: { readonly code: string; readonly details: { readonly reason: string } };
}

async function verify(): Promise<Verified> {
  const words = ['reserves', 'verify', bundle, '--policy', inCorpus('policy.json'), ...blocks, '--json'];
  const { code, stdout } = await runHere(words);
  return { code, ...(JSON.parse(stdout) as object) };
}

/** Puts a link to `target` in the place of a file of the bundle. */
async function linked(path: string, target: string): Promise<void> {
  await rm(join(bundle, path), { recursive: true });
  await symlink(target, join(bundle, path));
}

/** Moves a file of the bundle out of it and leaves a link to it. */
async function movedOut(path: string): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await rename(join(bundle, path), join(home, path));
  await symlink(join(home, path), join(bundle, path));
}

/** Replaces files by their path, hashes every file anew and signs as the venue. */
async function resealed(
  manifestText: string,
  files: Readonly<Record<string, string | Uint8Array>> = {},
): Promise<void> {
  const attestation = parseAttestation(manifestText, MANIFEST);
  for (const [path, file] of Object.entries(files)) await writeFile(join(bundle, path), file);
  const hashed = async <File extends { readonly path: string; readonly sha256: string }>(file: File): Promise<File> => {
    const bytes = await readFile(join(bundle, file.path)).catch(() => undefined);
    return bytes === undefined ? file : { ...file, sha256: createHash('sha256').update(bytes).digest('hex') };
  };
  const { batches, closing, verificationKeys, snapshot, evidence, totals } = attestation;
  const complete = {
    ...attestation,
    batches: await Promise.all(batches.map(async (batch) => ({ ...batch, proof: await hashed(batch.proof) }))),
    closing: { ...closing, proof: await hashed(closing.proof) },
    verificationKeys: await Promise.all(
      verificationKeys.map(async (entry) => ({ ...entry, file: await hashed(entry.file) })),
    ),
    snapshot: await hashed(snapshot),
    evidence: await hashed(evidence),
    totals: totals === null ? null : await hashed(totals),
  };
  const signature = venueKey.signMessageSync(getBytes(attestationId(complete)));
  await writeFile(join(bundle, MANIFEST), serializeAttestation({ ...complete, signature }));
}

const KEY = 'keys/liabilities-4x4.json';
const PROOF = 'proofs/batch-000000.json';
const NO_UTF_8 = Buffer.from([0x7b, 0xff, 0x7d]);

describe('a malformed folder', () => {
  it('is accepted before it is made malformed, and with its hashes made anew', async () => {
    expect((await verify()).code).toBe(0);
    await resealed(manifest);
    expect((await verify()).code).toBe(0);
  });

  it.each<[cause: string, change: () => Promise<unknown>, code: string, reason: string]>([
    ['is not there', () => rm(bundle, { recursive: true }), 'UNREADABLE', 'MANIFEST_INVALID'],
    [
      'is a file',
      () => rm(bundle, { recursive: true }).then(() => writeFile(bundle, '{}')),
      'UNREADABLE',
      'MANIFEST_INVALID',
    ],
    ['has no manifest', () => rm(join(bundle, MANIFEST)), 'UNREADABLE', 'MANIFEST_INVALID'],
    ['has a link for a manifest', () => movedOut(MANIFEST), 'UNREADABLE', 'MANIFEST_INVALID'],
    ['has a link to itself for a manifest', () => linked(MANIFEST, MANIFEST), 'UNREADABLE', 'MANIFEST_INVALID'],
    ['has a manifest without an end', () => linked(MANIFEST, '/dev/zero'), 'UNREADABLE', 'MANIFEST_INVALID'],
    ['has a manifest of 64 MB', () => truncate(join(bundle, MANIFEST), OVER_64_MB), 'UNREADABLE', 'MANIFEST_INVALID'],
    [
      'has a manifest that is no UTF-8',
      () => writeFile(join(bundle, MANIFEST), NO_UTF_8),
      'INVALID_INPUT',
      'MANIFEST_INVALID',
    ],
    ['lacks a file', () => rm(join(bundle, KEY)), 'UNREADABLE', 'FILE_MISSING'],
    ['has a link to itself for a file', () => linked(KEY, 'liabilities-4x4.json'), 'UNREADABLE', 'FILE_MISSING'],
    [
      'has links in a circle',
      () => linked(KEY, 'a').then(() => symlink('liabilities-4x4.json', join(bundle, 'keys/a'))),
      'UNREADABLE',
      'FILE_MISSING',
    ],
    ['has a link to where nothing is', () => linked(KEY, '/no-such-file'), 'UNREADABLE', 'FILE_MISSING'],
    ['has a link out of it', () => movedOut(KEY), 'INVALID_INPUT', 'FILE_OUTSIDE'],
    ['has a link to another of its files', () => linked(KEY, 'liabilities-16x1.json'), 'INVALID_INPUT', 'FILE_OUTSIDE'],
    ['has a folder that is a link out of it', () => movedOut('keys'), 'INVALID_INPUT', 'FILE_OUTSIDE'],
    ['has a link to a device', () => linked(KEY, '/dev/zero'), 'INVALID_INPUT', 'FILE_OUTSIDE'],
    [
      'has a folder for a file',
      () => rm(join(bundle, KEY)).then(() => mkdir(join(bundle, KEY))),
      'INVALID_INPUT',
      'FILE_OUTSIDE',
    ],
    ['has a file of 64 MB', () => truncate(join(bundle, KEY), OVER_64_MB), 'INVALID_INPUT', 'FILE_OUTSIDE'],
    ['has an empty file', () => truncate(join(bundle, KEY), 0), 'ARTIFACT_ALTERED', 'FILE_ALTERED'],
    [
      'has an empty key under the venue’s signature',
      () => resealed(manifest, { [KEY]: '' }),
      'INVALID_INPUT',
      'KEY_INVALID',
    ],
    ['has a key that is no UTF-8', () => resealed(manifest, { [KEY]: NO_UTF_8 }), 'INVALID_INPUT', 'FILE_OUTSIDE'],
    ['has an empty snapshot', () => resealed(manifest, { 'snapshot.json': '' }), 'INVALID_INPUT', 'SNAPSHOT_INVALID'],
    ['has a proof that is a list', () => resealed(manifest, { [PROOF]: '[]' }), 'INVALID_INPUT', 'BATCH_FILE'],
    ['has a deep proof', () => resealed(manifest, { [PROOF]: '['.repeat(100_000) }), 'INVALID_INPUT', 'BATCH_FILE'],
    [
      'has an empty closing proof',
      () => resealed(manifest, { 'proofs/closing.json': '' }),
      'INVALID_INPUT',
      'CLOSING_FILE',
    ],
    [
      'has totals of another format',
      () => resealed(manifest, { 'totals.json': manifest }),
      'INVALID_INPUT',
      'TOTALS_INVALID',
    ],
    [
      'has evidence with a field twice',
      () => resealed(manifest, { 'evidence.json': '{"a":1,"a":2}' }),
      'INVALID_INPUT',
      'RESERVES_INVALID',
    ],
    [
      'names its own manifest as a key',
      () => resealed(manifest.replaceAll(KEY, MANIFEST)),
      'ARTIFACT_ALTERED',
      'FILE_ALTERED',
    ],
  ])('that %s', async (_, change, code, reason) => {
    await change();
    expect(await verify()).toMatchObject({ code: 2, error: { code, details: { reason } } });
  });
});

/** True totals over too few reserves are no error: the verdict says so, with exit code 1. */
function requireReason({ code, verdict, error }: Verified): void {
  expect([0, 1, 2]).toContain(code);
  if (code === 0 || (code === 1 && verdict === 'not covered')) return;
  expect(Object.keys(REASONS)).toContain(error?.details.reason);
}

fuzz(
  'a spoilt manifest, signed anew, is refused for a reason or verified',
  8,
  fc.asyncProperty(spoilt(manifest), async ({ text }) => {
    // where the manifest itself is malformed it cannot be signed, and stands as it is
    await resealed(text).catch(() => writeFile(join(bundle, MANIFEST), text));
    requireReason(await verify());
  }),
);

const texts = await Promise.all(
  [PROOF, KEY, 'proofs/closing.json', 'snapshot.json', 'totals.json', 'evidence.json'].map(
    async (path) => [path, await readFile(inCorpus('bases', 'opened', path), 'utf8')] as const,
  ),
);

fuzz(
  'a spoilt file, hashed and signed anew, is refused for a reason or verified',
  8,
  fc.asyncProperty(
    fc
      .constantFrom(...texts)
      .chain(([path, original]) => spoilt(original).map(({ text }) => ({ path, original, text }))),
    async ({ path, original, text }) => {
      await resealed(manifest, { [path]: text });
      const verified = await verify();
      await writeFile(join(bundle, path), original);
      requireReason(verified);
    },
  ),
);
