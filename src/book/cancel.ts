import { setImmediate } from 'node:timers/promises';
import { SolvencyError } from '../errors.js';

/** Ends long work that was cancelled. Error: CANCELLED. */
export function refuseCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new SolvencyError('CANCELLED', 'The work on the book was cancelled.');
}

/** Lets an interrupt through, which work that waits for nothing would never see; then as above. */
export async function pauseUnlessCancelled(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate();
  refuseCancelled(signal);
}
