import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SolvencyError } from '../errors.js';
import { writeFileAtomic } from '../files.js';
import {
  type LiabilitiesProof,
  parseLiabilitiesProof,
  serializeLiabilitiesProof,
} from '../formats/liabilitiesProof.js';

/** Where a bundle keeps the proof of a batch, in the order of the chain. */
export const batchProofPath = (batch: number): string => `proofs/batch-${batch.toString().padStart(6, '0')}.json`;
export const CLOSING_PROOF_PATH = 'proofs/closing.json';

/** Makes the folder of proofs and removes what a killed run left half written. UNWRITABLE names the folder. */
export async function openProofs(folder: string): Promise<void> {
  const proofs = join(folder, 'proofs');
  await mkdir(proofs, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
    throw new SolvencyError('UNWRITABLE', `Cannot make the folder ${proofs}: ${cause.code ?? 'unknown reason'}.`, {
      details: { path: proofs },
      cause,
    });
  });
  for (const name of await readdir(proofs)) {
    if (name.endsWith('.tmp')) await rm(join(proofs, name), { force: true });
  }
}

/** A proof that an earlier run recorded; undefined where there is none, or something that is no such file. */
export async function readRecorded(folder: string, path: string): Promise<LiabilitiesProof | undefined> {
  const text = await readFile(join(folder, path), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  try {
    return parseLiabilitiesProof(text, path);
  } catch {
    return undefined;
  }
}

/** Records a proof, whole or not at all. */
export const record = (folder: string, path: string, proof: LiabilitiesProof): Promise<void> =>
  writeFileAtomic(join(folder, path), serializeLiabilitiesProof(proof));
