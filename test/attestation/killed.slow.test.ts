import { expect, it } from 'vitest';
import { proveUnderKills } from '../support/killedRun.js';
import { useVenue } from '../support/venueSide.js';

const venue = useVenue();

it('more than 50 batches, killed at ten moments', { timeout: 3_600_000 }, async () => {
  const seed = process.env['SEED'] ?? 'moments';
  console.log(`seed ${seed}`);
  expect(
    await proveUnderKills(venue.work, venue.chain, { customers: 204, kills: 10, within: 25_000, seed }),
  ).toBeGreaterThan(50);
});
