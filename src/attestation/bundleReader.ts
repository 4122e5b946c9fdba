import { createHash } from 'node:crypto';
import { readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_TEXT_LENGTH } from '../formats/readFormat.js';
import { decodeText } from '../formats/textFile.js';
import { type BundleFile, MANIFEST_PATH } from './attestation.js';
import { refusal, withReason } from './reasons.js';

/** Reads the files of a bundle, each checked as it is read, so that what was hashed is what is used. */
export interface BundleReader {
  manifest(): Promise<string>;
  /** a file that the manifest names */
  text(file: BundleFile): Promise<string>;
}

/**
 * Opens a bundle. A file that leads out of the folder by a link is refused: what is checked here would not be what the
 * venue handed over. Reasons: FILE_MISSING, FILE_OUTSIDE, FILE_ALTERED, and MANIFEST_INVALID where there is no manifest.
 */
export async function openBundle(folder: string): Promise<BundleReader> {
  const root = await realpath(folder).catch(() => {
    throw refusal('MANIFEST_INVALID', 'UNREADABLE', folder, 'cannot be read: there is no such folder');
  });
  const read = async (path: string): Promise<Buffer> => {
    const place = join(root, path);
    const real = await realpath(place).catch(() => {
      throw refusal('FILE_MISSING', 'UNREADABLE', path, 'is missing from the bundle');
    });
    const { size, isFile } = await stat(real).then((found) => ({ size: found.size, isFile: found.isFile() }));
    if (real !== place || !isFile) {
      throw refusal('FILE_OUTSIDE', 'INVALID_INPUT', path, 'is a link or no plain file, which a bundle does not hold');
    }
    if (size > MAX_TEXT_LENGTH) {
      throw refusal('FILE_OUTSIDE', 'INVALID_INPUT', path, 'is longer than 64 MB, which no file of a bundle is');
    }
    return readFile(place).catch(() => {
      throw refusal('FILE_MISSING', 'UNREADABLE', path, 'cannot be read');
    });
  };
  return {
    manifest: async () => {
      const bytes = await read(MANIFEST_PATH).catch(() => {
        throw refusal('MANIFEST_INVALID', 'UNREADABLE', MANIFEST_PATH, 'is no file of the folder. Is it a bundle?');
      });
      return withReason('MANIFEST_INVALID', MANIFEST_PATH, () => decodeText(bytes, MANIFEST_PATH));
    },
    text: async ({ path, sha256 }) => {
      const bytes = await read(path);
      if (createHash('sha256').update(bytes).digest('hex') !== sha256) {
        throw refusal('FILE_ALTERED', 'ARTIFACT_ALTERED', path, 'is not the file that the manifest names by its hash');
      }
      return withReason('FILE_OUTSIDE', path, () => decodeText(bytes, path));
    },
  };
}
