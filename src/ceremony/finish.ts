import { copyFile, writeFile } from 'node:fs/promises';
import { installArtifacts } from '../setup/artifacts.js';
import { CEREMONY_SETUP, type Manifest } from '../setup/manifest.js';
import { TRANSCRIPT } from './ceremonyFolder.js';
import { type CeremonyCircuit, requirePinned } from './compilePinned.js';
import type { CeremonyOptions } from './library.js';
import type { PhaseOne } from './powersOfTau.js';
import { verifyCeremony } from './verify.js';

/**
 * Verifies a whole ceremony and puts its key into `<artifacts>/<circuit>/`, with the circuit compiled from its sources and
 * the record: in one step, or not at all. What was there is replaced. Errors: those of verifyCeremony, COMPILE_FAILED,
 * CANCELLED.
 */
export const finishCeremony = (
  circuit: CeremonyCircuit,
  { artifacts, ...source }: PhaseOne & { readonly folder: string; readonly artifacts: string },
  { signal, onProgress }: CeremonyOptions = {},
): Promise<Manifest> => {
  onProgress?.('compiling');
  return installArtifacts(
    circuit,
    artifacts,
    async ({ r1cs, zkey, at }) => {
      await requirePinned(circuit, r1cs);
      const options = {
        ...(signal === undefined ? {} : { signal }),
        ...(onProgress === undefined ? {} : { onProgress }),
      };
      const { ceremony, text, key } = await verifyCeremony(circuit, { ...source, compiled: r1cs }, options);
      await copyFile(key, zkey);
      await writeFile(at(TRANSCRIPT), text);
      const { source: event, value, iterationsExponent } = ceremony.beacon;
      return {
        setup: CEREMONY_SETUP,
        transcript: TRANSCRIPT,
        ceremony: {
          contributions: ceremony.contributions.length,
          beacon: { source: event, value, iterationsExponent },
          powersOfTau: ceremony.powersOfTau,
        },
      };
    },
    signal,
  );
};
