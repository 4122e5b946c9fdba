import { randomBytes } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { withFolderLock } from '../attestation/folderLock.js';
import { SolvencyError } from '../errors.js';
import { writeFileAtomic } from '../files.js';
import { readTextFile } from '../formats/textFile.js';
import { hashFile } from '../setup/hashFile.js';
import { type KeyChain, readKeyChain, requireTranscribed } from './keyChain.js';
import { type Ceremony, newestKey, parseCeremony, serializeCeremony, stepsOf } from './transcript.js';

/** The record in the folder of a ceremony. */
export const TRANSCRIPT = 'ceremony.json';

/** The key after so many steps. Who takes part needs the record and the newest key alone. */
export const keyPath = (folder: string, steps: number): string => join(folder, `key-${steps}.zkey`);

/** A ceremony as it stands in a folder. */
export interface OpenCeremony {
  readonly ceremony: Ceremony;
  /** the record as it is in the file */
  readonly text: string;
  /** path of the newest key */
  readonly key: string;
  readonly chain: KeyChain;
}

/**
 * Reads the record and checks the newest key against it: it must be that file, and hold the steps that the record tells of.
 * Errors: UNREADABLE, MISMATCH (another key), INSECURE_KEY, and those of parseCeremony.
 */
export async function openCeremony(folder: string): Promise<OpenCeremony> {
  const path = join(folder, TRANSCRIPT);
  const text = await readTextFile(path);
  const ceremony = parseCeremony(text, path);
  const key = keyPath(folder, stepsOf(ceremony).length);
  if ((await hashFile(key).catch((cause) => unreadable(key, cause))) !== newestKey(ceremony)) {
    throw new SolvencyError('MISMATCH', `${key} is not the newest key of the ceremony: it was changed or is damaged.`, {
      details: { path: key },
    });
  }
  const chain = await readKeyChain(key);
  requireTranscribed(chain, ceremony);
  return { ceremony, text, key, chain };
}

/**
 * Adds a step to a ceremony in its folder: `make` writes the new key, which is checked before the record names it. The
 * record changes last, so that after a kill the ceremony stands where it stood. Errors: those of openCeremony and of `make`;
 * UNWRITABLE while another process adds a step.
 */
export const addStep = (
  folder: string,
  make: (opened: OpenCeremony, out: string) => Promise<(after: string) => Promise<Ceremony>>,
): Promise<Ceremony> =>
  withFolderLock(folder, async () => {
    const opened = await openCeremony(folder);
    const out = join(folder, `${randomBytes(6).toString('hex')}.tmp`);
    try {
      const record = await make(opened, out);
      const ceremony = await record(await hashFile(out));
      requireTranscribed(await readKeyChain(out), ceremony);
      await rename(out, keyPath(folder, stepsOf(ceremony).length));
      await writeFileAtomic(join(folder, TRANSCRIPT), serializeCeremony(ceremony));
      return ceremony;
    } finally {
      await rm(out, { force: true });
    }
  });

function unreadable(path: string, cause: unknown): never {
  const reason = (cause as NodeJS.ErrnoException).code ?? 'unknown reason';
  const hint = reason === 'ENOENT' ? 'there is no such file' : reason;
  throw new SolvencyError('UNREADABLE', `Cannot read ${path}: ${hint}.`, { details: { path, reason }, cause });
}
