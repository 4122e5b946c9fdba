import { type ChildProcess, spawn } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { commitAttestedBook } from '../../src/attestation/commitAttestedBook.js';
import { openAttestedBook } from '../../src/attestation/openAttestedBook.js';
import { proveBook } from '../../src/attestation/proveBook.js';
import { verifyBundle } from '../../src/attestation/verifyBundle.js';
import { writeAttestation } from '../../src/attestation/writeAttestation.js';
import { attestationId } from '../../src/formats/attestation.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import type { VenueChain } from '../reserves/venueChain.js';
import { ARTIFACTS } from './artifacts.js';
import { drawn, madeUpBook } from './attestedBook.js';
import { snapshot } from './market.js';
import { venueSide } from './venueSide.js';

const CLI = resolve(import.meta.dirname, '../../src/cli/main.ts');

/**
 * Proves a book of so many customers with the command, killing it at moments drawn from the seed until `kills` runs were
 * killed, and then undisturbed in another folder. Fails unless each proof that was recorded stays as it is, nothing is
 * missing at the end, the bundle verifies, and both runs state the same.
 */
export async function proveUnderKills(
  work: string,
  venue: VenueChain,
  { customers, kills, within, seed }: { customers: number; kills: number; within: number; seed: string },
): Promise<number> {
  const time = (await venue.chain.provider.getBlock('latest'))?.timestamp ?? 0;
  const book = join(work, 'book');
  const accounts = madeUpBook(customers);
  const { plan } = await commitAttestedBook(book, {
    accounts: async function* () {
      yield* accounts;
    },
    table: buildRiskTable({ ...snapshot, time }),
    size: 'small',
    time,
  });

  const killed = join(work, 'killed');
  const recorded = new Map<string, string>();
  for (let run = 0; run < kills; run++) {
    const child = start(book, killed);
    await sleep(2000 + drawn(`${seed} ${run}`, within));
    await end(child, 'SIGKILL');
    await compareRecorded(killed, recorded);
  }
  const child = start(book, killed);
  expect(await end(child)).toBe(0);
  await compareRecorded(killed, recorded);

  const side = await venueSide(venue, plan, time);
  const ids: string[] = [];
  for (const folder of [killed, join(work, 'undisturbed')]) {
    const opened = await openAttestedBook(book);
    // what was proven before is only verified here
    const proven = await proveBook({ ...opened, artifacts: ARTIFACTS, folder });
    await writeAttestation({ ...opened, folder, claim: 'opened', proven, artifacts: ARTIFACTS, ...side });
    opened.close();
    const { attestation } = await verifyBundle({ folder, policy: side.policy, blockHashes: side.blockHashes });
    expect(attestation.batches.length).toBe(recorded.size);
    ids.push(attestationId(attestation));
  }
  await compareRecorded(killed, recorded);
  expect(ids[0]).toBe(ids[1]);
  return recorded.size;
}

const start = (book: string, out: string): ChildProcess =>
  spawn(
    process.execPath,
    ['--import', 'tsx', CLI, 'reserves', 'prove', '--book', book, '--artifacts', ARTIFACTS, '--out', out],
    { stdio: 'ignore' },
  );

/** Waits for a process, or kills it first: its exit code. */
async function end(child: ChildProcess, signal?: 'SIGKILL'): Promise<number | null> {
  const ended = new Promise<number | null>((done) => child.once('exit', done));
  if (child.exitCode !== null) return child.exitCode;
  if (signal !== undefined) child.kill(signal);
  return ended;
}

/** Every batch proof that was there before is there unchanged: none was proven twice. Adds the new ones. */
async function compareRecorded(folder: string, recorded: Map<string, string>): Promise<void> {
  const proofs = join(folder, 'proofs');
  const names = await readdir(proofs).catch(() => []);
  const now = new Map<string, string>();
  for (const name of names.filter((file) => /^batch-\d+\.json$/.test(file))) {
    now.set(name, await readFile(join(proofs, name), 'utf8'));
  }
  for (const [name, text] of recorded) expect(now.get(name), `${name} changed`).toBe(text);
  for (const [name, text] of now) recorded.set(name, text);
}
