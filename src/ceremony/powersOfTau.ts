import { basename } from 'node:path';
import { SolvencyError } from '../errors.js';

import { BASE_FIELD_ORDER, ELEMENT_BYTES } from '../setup/bn254Field.js';
import { hashFile } from '../setup/hashFile.js';
import { damaged, readAt, withSectionFile } from '../setup/sectionFile.js';
import { type Library, verifyPowers } from './library.js';
import { publishedPowersOfTau } from './publishedPowersOfTau.js';
import type { PowersOfTau } from './transcript.js';

/** Sections of a .ptau file: its header; what phase 2 needs, which only a prepared file has. */
const SECTION = { header: 1, prepared: [12, 13, 14, 15] };
const HEADER_BYTES = 4 + ELEMENT_BYTES + 8;

/** A phase 1 to build a ceremony on. */
export interface PhaseOne {
  readonly ptau: string;
  /** BLAKE2b-512 of a file that is none of the published ones: whoever names it answers for it */
  readonly ptauHash?: string;
}

/**
 * Checks that a Powers of Tau file is whole, prepared for phase 2, large enough, and the one that is trusted: a published
 * one, or the one whose hash is named. Of one that is not published, all contributions are verified as well.
 * Errors: UNREADABLE, OUT_OF_RANGE (too small), MISMATCH (another hash), INSECURE_KEY, CANCELLED.
 */
export async function checkPowersOfTau(
  { ptau, ptauHash }: PhaseOne,
  needed: number,
  library: Library,
): Promise<PowersOfTau> {
  const power = await readPower(ptau);
  if (power < needed) {
    throw new SolvencyError(
      'OUT_OF_RANGE',
      `The Powers of Tau file goes up to 2^${power}, and the circuit needs 2^${needed}. Take a larger file.`,
      { details: { power, needed } },
    );
  }
  const blake2b512 = await hashFile(ptau, 'blake2b512');
  const published = publishedPowersOfTau(blake2b512);
  if (ptauHash === undefined ? published === undefined : ptauHash !== blake2b512) {
    const expected = ptauHash === undefined ? 'none of the published files' : 'not the file of the hash that you named';
    throw new SolvencyError(
      'MISMATCH',
      `The Powers of Tau file is ${expected}: its BLAKE2b-512 hash is ${blake2b512}. Who knows the secrets of a phase 1 forges proofs; get the file again, or name the hash of a phase 1 that you trust with --ptau-hash.`,
      { details: { blake2b512 } },
    );
  }
  if (published !== undefined) return { origin: 'published', ...published };
  await verifyPowers(library, ptau);
  return { origin: 'own', name: plainName(ptau), power, blake2b512 };
}

const plainName = (path: string): string =>
  basename(path)
    .replace(/[^A-Za-z0-9._-]/g, '-')
    .replace(/^[^A-Za-z0-9]+/, '')
    .slice(0, 64) || 'phase1.ptau';

const readPower = (path: string): Promise<number> =>
  withSectionFile(path, 'ptau', async ({ file, section, requireWhole }) => {
    await requireWhole();
    const header = await readAt(file, 'ptau', section(SECTION.header));
    const prime = BigInt(
      `0x${Buffer.from(header.subarray(4, 4 + ELEMENT_BYTES))
        .reverse()
        .toString('hex')}`,
    );
    if (header.length !== HEADER_BYTES || prime !== BASE_FIELD_ORDER) throw damaged('ptau', 'it is not over BN254');
    try {
      SECTION.prepared.map(section);
    } catch (cause) {
      throw damaged('ptau', 'it is not prepared for phase 2', cause);
    }
    return header.readUInt32LE(4 + ELEMENT_BYTES);
  });
