import { SolvencyError } from '../errors.js';
import { addStep } from './ceremonyFolder.js';
import { type CeremonyOptions, contributeToKey, withLibrary } from './library.js';
import { type Ceremony, nameText, newestKey, stepsOf } from './transcript.js';

/**
 * Adds a contribution to the ceremony in a folder: delta times a secret that is drawn in a process of its own, from the
 * operating system's random bytes and from the contributor's words (any bytes, wiped here), and ends with it. As long as one
 * contributor's secret is gone, nobody can forge proofs.
 * Errors: INVALID_INPUT (the name; after the beacon), those of addStep, CANCELLED.
 */
export async function contribute(
  folder: string,
  { name, words }: { readonly name: string; readonly words: Uint8Array },
  { signal, onProgress }: CeremonyOptions = {},
): Promise<Ceremony> {
  if (!nameText.safeParse(name).success) {
    throw new SolvencyError('INVALID_INPUT', 'The name of a contributor must have 1 to 64 visible characters.');
  }
  return addStep(folder, async ({ ceremony, key }, out) => {
    requireUnfinished(ceremony);
    onProgress?.('contributing');
    const hash = await withLibrary(signal, (library) => contributeToKey(library, { key, out }, { name, words }));
    return async (after) => {
      const step = { index: stepsOf(ceremony).length + 1, name, hash, before: newestKey(ceremony), after };
      return { ...ceremony, contributions: [...ceremony.contributions, step] };
    };
  });
}

/** INVALID_INPUT when there is a beacon: nothing may come after it. */
export function requireUnfinished({ beacon }: Ceremony): void {
  if (beacon === null) return;
  throw new SolvencyError(
    'INVALID_INPUT',
    'The ceremony has its beacon, which is the last step: begin a new ceremony.',
  );
}
