import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SolvencyError } from '../errors.js';
import { hashFile } from '../setup/hashFile.js';
import { keyPath, TRANSCRIPT } from './ceremonyFolder.js';
import { type CeremonyCircuit, compilePinned } from './compilePinned.js';
import { type CeremonyOptions, newKey, withLibrary } from './library.js';
import { checkPowersOfTau, type PhaseOne } from './powersOfTau.js';
import { neededPower } from './publishedPowersOfTau.js';
import { type Ceremony, serializeCeremony } from './transcript.js';

/**
 * Begins a ceremony in a new folder: the key without contribution, which proves nothing yet, and the record. The folder is
 * there whole or not at all. Errors: INVALID_INPUT (the folder exists), those of checkPowersOfTau and compilePinned,
 * UNWRITABLE, CANCELLED.
 */
export async function startCeremony(
  circuit: CeremonyCircuit,
  { folder, ...phaseOne }: PhaseOne & { readonly folder: string },
  { signal, onProgress }: CeremonyOptions = {},
): Promise<Ceremony> {
  if ((await stat(folder).catch(() => undefined)) !== undefined) {
    throw new SolvencyError('INVALID_INPUT', `${folder} exists already. A ceremony begins in a folder of its own.`, {
      details: { folder },
    });
  }
  const stage = `${folder}.${randomBytes(6).toString('hex')}.tmp`;
  const compileFolder = join(stage, 'compiled');
  try {
    return await withLibrary(signal, async (library) => {
      onProgress?.('checking the phase 1');
      const powersOfTau = await checkPowersOfTau(phaseOne, neededPower(circuit), library);
      await mkdir(stage, { recursive: true }).catch((cause: NodeJS.ErrnoException) => {
        throw new SolvencyError('UNWRITABLE', `Cannot write ${folder}: ${cause.code ?? 'unknown reason'}.`, { cause });
      });
      onProgress?.('compiling');
      const compiled = await compilePinned(circuit, compileFolder, signal);
      onProgress?.('making the first key');
      const key = keyPath(stage, 0);
      const circuitHash = await newKey(library, compiled.r1cs, phaseOne.ptau, key);
      await rm(compileFolder, { recursive: true });
      const ceremony: Ceremony = {
        circuit: circuit.name,
        r1cs: { sha256: circuit.r1cs.sha256, constraints: compiled.constraints },
        powersOfTau,
        circuitHash,
        initialKey: await hashFile(key),
        contributions: [],
        beacon: null,
      };
      await writeFile(join(stage, TRANSCRIPT), serializeCeremony(ceremony));
      if (signal?.aborted) throw new SolvencyError('CANCELLED', 'The ceremony was cancelled; nothing was changed.');
      await rename(stage, folder);
      return ceremony;
    });
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
}
