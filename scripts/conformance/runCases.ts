import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkInclusion } from '../../src/attestation/checkInclusion.js';
import { readBundleRoots } from '../../src/attestation/readBundleRoots.js';
import { verifyBundle } from '../../src/attestation/verifyBundle.js';
import { accountIdOf } from '../../src/book/accountId.js';
import { SolvencyError } from '../../src/errors.js';
import { parsePolicy } from '../../src/formats/policy.js';
import { CORPUS, type ConformanceCase, caseSchema } from './caseFile.js';

const at = (...parts: readonly string[]): string => join(fileURLToPath(CORPUS), ...parts);

/** What became of a case. */
export interface CaseResult {
  readonly name: string;
  readonly title: string;
  readonly expected: string;
  readonly found: string;
}

/** The names of all cases. */
export const caseNames = async (): Promise<readonly string[]> => (await readdir(at('cases'))).sort();

/** Runs one case with this implementation's verifier. */
export async function runCase(name: string): Promise<CaseResult> {
  const known = caseSchema.parse(JSON.parse(await readFile(at('cases', name, 'case.json'), 'utf8')));
  const folder = await mkdtemp(join(tmpdir(), 'zks-conformance-'));
  try {
    await cp(at('bases', known.base), folder, { recursive: true });
    await cp(at('cases', name, 'bundle'), folder, { recursive: true }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    for (const path of known.deleted) await rm(join(folder, path));
    return { name, title: known.title, expected: expectedOf(known), found: await outcome(known, folder) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function expectedOf(known: ConformanceCase): string {
  if (known.expect === 'reject') return `reject ${known.reason}`;
  return known.kind === 'bundle' ? `accept ${known.verdict}` : 'accept';
}

async function outcome(known: ConformanceCase, folder: string): Promise<string> {
  try {
    if (known.kind === 'inclusion') return await checkIncluded(known, folder);
    const policy = parsePolicy(await readFile(at(known.policy), 'utf8'), known.policy);
    const blockHashes = new Map(Object.entries(known.blockHashes).map(([chain, hash]) => [Number(chain), hash]));
    const { verdict } = await verifyBundle({ folder, policy, blockHashes });
    return verdict === 'not covered' ? 'reject NOT_COVERED' : `accept ${verdict}`;
  } catch (error) {
    if (error instanceof SolvencyError)
      return `reject ${error.details['reason'] ?? `without a reason: ${error.message}`}`;
    throw error;
  }
}

async function checkIncluded(known: ConformanceCase & { kind: 'inclusion' }, folder: string): Promise<string> {
  const roots = await readBundleRoots(folder);
  const accountId = accountIdOf(roots.table.snapshot.registry.venue, known.identifier);
  await checkInclusion(await readFile(at(known.file), 'utf8'), known.file, { ...roots, accountId });
  return 'accept';
}
