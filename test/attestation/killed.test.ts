import { expect, it } from 'vitest';
import { proveUnderKills } from '../support/killedRun.js';
import { useVenue } from '../support/venueSide.js';

// The same with more than 50 batches is killed.slow.test.ts.
const venue = useVenue();

it('a run that is killed ends with the statement of one that is not', async () => {
  expect(await proveUnderKills(venue.work, venue.chain, { customers: 8, kills: 2, within: 6000, seed: 'short' })).toBe(
    3,
  );
});
