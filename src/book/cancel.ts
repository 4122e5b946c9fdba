import { SolvencyError } from '../errors.js';

/** Ends long work that was cancelled. Error: CANCELLED. */
export function refuseCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new SolvencyError('CANCELLED', 'The work on the book was cancelled.');
}
