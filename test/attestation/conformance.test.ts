import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { CORPUS, caseSchema } from '../../scripts/conformance/caseFile.js';
import { caseNames, runCase } from '../../scripts/conformance/runCases.js';
import { REASONS } from '../../src/attestation/reasons.js';

const names = await caseNames();
const WITHOUT_CASE = ['FILE_OUTSIDE', 'INCLUSION_FIGURES'];

describe('the conformance corpus', () => {
  it.each(names)('%s', async (name) => {
    const { found, expected } = await runCase(name);
    expect(found).toBe(expected);
  });

  it('has a case for every reason, and its README says what each means', async () => {
    const cases = await Promise.all(
      names.map(async (name) =>
        caseSchema.parse(JSON.parse(await readFile(new URL(`cases/${name}/case.json`, CORPUS), 'utf8'))),
      ),
    );
    const known = Object.keys(REASONS).filter((reason) => !WITHOUT_CASE.includes(reason));
    expect(new Set(cases.flatMap(({ reason }) => reason ?? []))).toEqual(new Set(known));
    const readme = await readFile(new URL('README.md', CORPUS), 'utf8');
    const table = [...readme.matchAll(/^\| ([A-Z_]+) \| (.*) \|$/gm)].map(([, reason, text]) => [reason, text]);
    expect(Object.fromEntries(table)).toEqual(REASONS);
  });

  it('has cases of forgers who can sign, each with the manifest signed anew', async () => {
    const forged = await Promise.all(
      names.map(async (name) => {
        const known = caseSchema.parse(JSON.parse(await readFile(new URL(`cases/${name}/case.json`, CORPUS), 'utf8')));
        return known.kind === 'bundle' && known.forger === 'venue' && known.expect === 'reject' ? known.reason : null;
      }),
    );
    const reasons = forged.filter((reason) => reason !== null);
    expect(reasons.length).toBeGreaterThanOrEqual(100);
    // whoever forgets to sign is refused for that alone, and the case would test nothing
    expect(reasons).not.toContain('SIGNATURE');
    expect(reasons).not.toContain('FILE_ALTERED');
  });
});
