import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startVenueChain, type VenueChain } from '../reserves/venueChain.js';
import { proveUnderKills } from '../support/killedRun.js';

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

it('more than 50 batches, killed at ten moments', { timeout: 3_600_000 }, async () => {
  const seed = process.env['SEED'] ?? 'moments';
  console.log(`seed ${seed}`);
  expect(await proveUnderKills(work, venue, { customers: 204, kills: 10, within: 25_000, seed })).toBeGreaterThan(50);
});
