import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Base, CORPUS, caseSchema } from '../../scripts/conformance/caseFile.js';
import { parsePolicy } from '../../src/formats/policy.js';
import type { Policy } from '../../src/reserves/policy.js';

/** A path of the corpus. */
export const inCorpus = (...parts: readonly string[]): string => join(fileURLToPath(CORPUS), ...parts);

export const corpusPolicy = async (): Promise<Policy> =>
  parsePolicy(await readFile(inCorpus('policy.json'), 'utf8'), 'policy.json');

/** The block that the evidence of the corpus is of, as `case.json` names it. */
export async function corpusBlocks(): Promise<ReadonlyMap<number, string>> {
  const known = caseSchema.parse(JSON.parse(await readFile(inCorpus('cases', 'opened', 'case.json'), 'utf8')));
  if (known.kind !== 'bundle') throw new Error('the case "opened" is no bundle');
  return new Map(Object.entries(known.blockHashes).map(([chain, hash]) => [Number(chain), hash]));
}

/** Runs a task with a copy of a base bundle that it may change. */
export async function withCopy<Result>(base: Base, task: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'zks-bundle-'));
  try {
    await cp(inCorpus('bases', base), folder, { recursive: true });
    return await task(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
