import { cp, mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { applyBeacon } from '../../src/ceremony/beacon.js';
import { keyPath, TRANSCRIPT } from '../../src/ceremony/ceremonyFolder.js';
import type { CeremonyCircuit } from '../../src/ceremony/compilePinned.js';
import { contribute } from '../../src/ceremony/contribute.js';
import { startCeremony } from '../../src/ceremony/start.js';
import { type Ceremony, stepsOf } from '../../src/ceremony/transcript.js';
import { compileCircuit } from '../../src/setup/compileCircuit.js';
import { hashFile } from '../../src/setup/hashFile.js';
import { SECTION } from '../../src/setup/zkeyFormat.js';
import { TINY } from '../setup/tiny.js';
import { phaseOne } from './phaseOne.js';

export const POWER = 4;
export const BEACON = { source: 'block 1 of a test', value: '07'.repeat(32), iterationsExponent: 10 };

export interface TinyCeremony {
  /** everything lies below */
  readonly root: string;
  readonly circuit: CeremonyCircuit;
  readonly ptau: string;
  readonly ptauHash: string;
  /** two contributions and a beacon; and the same before the beacon, and before any contribution */
  readonly done: string;
  readonly open: string;
  readonly begun: string;
}

/** A circuit of a few constraints, pinned as in circuits.json. */
export async function tinyInstance(folder: string): Promise<CeremonyCircuit> {
  const source = { ...TINY, template: 'TinyInputs' };
  const { r1cs, constraints } = await compileCircuit(source, folder);
  return { ...source, name: 'tiny', r1cs: { constraints, sha256: await hashFile(r1cs), sources: '' } };
}

/** A ceremony of it. */
export async function tinyCeremony(): Promise<TinyCeremony> {
  const root = await mkdtemp(join(tmpdir(), 'zk-solvency-ceremony-'));
  const circuit = await tinyInstance(join(root, 'compiled'));
  const phase = await phaseOne(POWER);
  const [begun, open, done] = ['begun', 'open', 'done'].map((name) => join(root, name)) as [string, string, string];
  await startCeremony(circuit, { ...phase, folder: begun });
  await cp(begun, open, { recursive: true });
  await contribute(open, { name: 'Alice', words: Buffer.from('dice 3 1 6') });
  await contribute(open, { name: 'Bob', words: Buffer.alloc(0) });
  await cp(open, done, { recursive: true });
  await applyBeacon(done, BEACON);
  return { root, circuit, ...phase, done, open, begun };
}

export const readCeremony = async (folder: string): Promise<Ceremony> => {
  const {
    format: _format,
    version: _version,
    ...ceremony
  } = JSON.parse(await readFile(join(folder, TRANSCRIPT), 'utf8'));
  return ceremony as Ceremony;
};

/** Writes a record unchecked. */
export const writeCeremony = (folder: string, ceremony: object): Promise<void> =>
  writeFile(join(folder, TRANSCRIPT), JSON.stringify({ format: 'zk-solvency/ceremony', version: 1, ...ceremony }));

/** Puts another newest key in place, with a record that pins it: what somebody would do who passes it off. */
export async function passOff(folder: string, zkey: Uint8Array): Promise<void> {
  const ceremony = await readCeremony(folder);
  const path = keyPath(folder, stepsOf(ceremony).length);
  await writeFile(path, zkey);
  const after = await hashFile(path);
  const { beacon, contributions } = ceremony;
  await writeCeremony(
    folder,
    beacon === null
      ? {
          ...ceremony,
          contributions: contributions.with(-1, { ...(contributions.at(-1) as (typeof contributions)[number]), after }),
        }
      : { ...ceremony, beacon: { ...beacon, after } },
  );
}

/** Where a section's contents lie in a key file. */
export function sectionIn(zkey: Buffer, id: number): { readonly start: number; readonly end: number } {
  for (let at = 12; at < zkey.length; ) {
    const end = at + 12 + Number(zkey.readBigUInt64LE(at + 4));
    if (zkey.readUInt32LE(at) === id) return { start: at + 12, end };
    at = end;
  }
  throw new Error(`no section ${id}`);
}

/** The key file with other contributions. */
export function withContributions(zkey: Buffer, edit: (section: Buffer) => Buffer): Buffer {
  const { start, end } = sectionIn(zkey, SECTION.contributions);
  const section = edit(Buffer.from(zkey.subarray(start, end)));
  const head = Buffer.from(zkey.subarray(0, start));
  head.writeBigUInt64LE(BigInt(section.length), start - 8);
  return Buffer.concat([head, section, zkey.subarray(end)]);
}
