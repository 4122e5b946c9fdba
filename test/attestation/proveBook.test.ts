import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { batchProofPath } from '../../src/attestation/bookProofs.js';
import { withFolderLock } from '../../src/attestation/folderLock.js';
import { openAttestedBook } from '../../src/attestation/openAttestedBook.js';
import { type ProvingProgress, proveBook } from '../../src/attestation/proveBook.js';
import {
  type LiabilitiesProof,
  parseLiabilitiesProof,
  serializeLiabilitiesProof,
} from '../../src/formats/liabilitiesProof.js';
import { chainStateHash, FIRST_STATE } from '../../src/liabilities/chainState.js';
import { statementHash } from '../../src/liabilities/liabilitiesStatement.js';
import { ARTIFACTS } from '../support/artifacts.js';
import { commitTestBook, madeUpBook } from '../support/attestedBook.js';

let work: string;
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'zk-solvency-test-'));
  await commitTestBook(join(work, 'book'), madeUpBook(9));
});
afterAll(() => rm(work, { recursive: true, force: true }));

async function run(folder: string, onProgress: (at: ProvingProgress) => void = () => {}, signal?: AbortSignal) {
  const opened = await openAttestedBook(join(work, 'book'));
  try {
    return await proveBook(
      { ...opened, artifacts: ARTIFACTS, folder: join(work, folder) },
      { onProgress, ...(signal === undefined ? {} : { signal }) },
    );
  } finally {
    opened.close();
  }
}

describe('proving a book', () => {
  it('proves each batch once, keeps what is recorded, and proves anew what is not valid', async () => {
    const { plan, close } = await openAttestedBook(join(work, 'book'));
    close();
    const first = await run('bundle');
    const { hash } = statementHash(plan.claimed);
    expect(first.statesAfter.at(-1)).toBe(chainStateHash(first.last, hash));

    const at = (batch: number) => join(work, 'bundle', batchProofPath(batch));
    const texts = await Promise.all(first.statesAfter.map((_, batch) => readFile(at(batch), 'utf8')));
    const proofs = texts.map((text) => parseLiabilitiesProof(text, 'proof'));
    expect(proofs.length).toBeGreaterThan(3);
    // the chain begins at the public first state, and every state before is the one after the batch before
    expect(proofs[0]?.publicSignals[0]).toBe(chainStateHash(FIRST_STATE, hash));
    proofs.slice(1).forEach(({ publicSignals }, k) => {
      expect(publicSignals[0]).toBe(proofs[k]?.publicSignals[1]);
    });

    // one proof is lost, one has the points of another, one is half a file: these are proven, the others are kept
    await rm(at(0));
    const [one, two] = proofs as [LiabilitiesProof, LiabilitiesProof];
    await writeFile(at(1), serializeLiabilitiesProof({ ...two, proof: one.proof }));
    await writeFile(at(2), (texts[2] as string).slice(0, 300));
    const seen: ProvingProgress[] = [];
    const again = await run('bundle', (progress) => seen.push(progress));
    expect(again.statesAfter).toEqual(first.statesAfter);
    expect(seen.at(-1)).toMatchObject({ total: texts.length, done: texts.length, proven: 3 });
    for (let batch = 3; batch < texts.length; batch++) expect(await readFile(at(batch), 'utf8')).toBe(texts[batch]);
    for (const batch of [0, 1, 2]) {
      const { publicSignals } = parseLiabilitiesProof(await readFile(at(batch), 'utf8'), 'proof');
      expect(publicSignals).toEqual(proofs[batch]?.publicSignals);
    }
  });

  it('stops when it is told to, with nothing half written', async () => {
    const stop = new AbortController();
    const running = run('stopped', () => stop.abort(), stop.signal);
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    const text = await readFile(join(work, 'stopped', batchProofPath(0)), 'utf8').catch(() => undefined);
    if (text !== undefined) expect(parseLiabilitiesProof(text, 'proof').circuit).toMatch(/^liabilities-/);
  });

  it('lets one run at a time work in a folder, and takes over the lock of one that was killed', async () => {
    const folder = join(work, 'bundle');
    const lock = join(folder, '.lock');
    await withFolderLock(folder, () => expect(run('bundle')).rejects.toMatchObject({ code: 'UNWRITABLE' }));
    const locked: boolean[] = [];
    await run('bundle', () => locked.push(existsSync(lock)));
    expect([new Set(locked), existsSync(lock)]).toEqual([new Set([true]), false]);
    // no process has this number
    await writeFile(lock, '999999999');
    await expect(run('bundle')).resolves.toBeDefined();
  });
});
