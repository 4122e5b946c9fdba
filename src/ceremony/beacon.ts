import { z } from 'zod';
import { SolvencyError } from '../errors.js';
import { assertUsableKey, exportVerificationKey, keyHash } from '../setup/verificationKey.js';
import { addStep } from './ceremonyFolder.js';
import { requireUnfinished } from './contribute.js';
import { beaconToKey, type CeremonyOptions, withLibrary } from './library.js';
import { beaconFields, type Ceremony, newestKey, notSound, stepsOf } from './transcript.js';

const beaconSchema = z.strictObject(beaconFields);

/**
 * Ends a ceremony with a public random value that nobody could know before the last contribution, hashed 2^iterationsExponent
 * times. It takes away what a last contributor could gain by trying secrets; it is no contribution, since everybody knows it.
 * Errors: INVALID_INPUT (source, value or exponent; a second beacon), INSECURE_KEY (no contribution yet), those of addStep,
 * CANCELLED.
 */
export async function applyBeacon(
  folder: string,
  given: z.infer<typeof beaconSchema>,
  { signal, onProgress }: CeremonyOptions = {},
): Promise<Ceremony> {
  const parsed = beaconSchema.safeParse(given);
  if (!parsed.success) {
    const { path, message } = parsed.error.issues[0] as z.core.$ZodIssue;
    throw new SolvencyError('INVALID_INPUT', `The ${String(path[0])} of the beacon ${message}.`);
  }
  const beacon = parsed.data;
  return addStep(folder, async ({ ceremony, key }, out) => {
    requireUnfinished(ceremony);
    if (ceremony.contributions.length === 0) {
      throw notSound('there is no contribution, and with a beacon alone everybody knows the secret');
    }
    onProgress?.('applying the beacon');
    const hash = await withLibrary(signal, (library) => beaconToKey(library, { key, out }, beacon));
    return async (after) => {
      const verificationKey = await exportVerificationKey(out);
      assertUsableKey(verificationKey);
      const step = { index: stepsOf(ceremony).length + 1, hash, before: newestKey(ceremony), after };
      return { ...ceremony, beacon: { ...step, ...beacon, keyHash: keyHash(verificationKey) } };
    };
  });
}
