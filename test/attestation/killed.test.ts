import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startVenueChain, type VenueChain } from '../reserves/venueChain.js';
import { proveUnderKills } from '../support/killedRun.js';

// The same with more than 50 batches is killed.slow.test.ts.
let work: string;
let venue: VenueChain;
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'zk-solvency-test-'));
  venue = await startVenueChain();
});
afterAll(async () => {
  await venue?.stop();
  await rm(work, { recursive: true, force: true });
});

it('a run that is killed ends with the statement of one that is not', async () => {
  expect(await proveUnderKills(work, venue, { customers: 8, kills: 2, within: 6000, seed: 'short' })).toBe(3);
});
