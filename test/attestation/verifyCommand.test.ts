import { readFile } from 'node:fs/promises';
import { Command } from 'commander';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { reservesCheckInclusionCommand } from '../../src/cli/commands/reserves/checkInclusion.js';
import { reservesVerifyCommand } from '../../src/cli/commands/reserves/verify.js';
import { corpusBlocks, inCorpus } from './corpus.js';

const blocks = [...(await corpusBlocks())].flatMap(([chain, hash]) => ['--block-hash', `${chain}:${hash}`]);
const bundle = inCorpus('bases', 'opened');
const file = inCorpus('cases', 'inclusion-of-uid-1001', 'account-package.json');

let printed = '';
beforeEach(() => {
  printed = '';
  vi.spyOn(console, 'log').mockImplementation((text: string) => {
    printed += `${text}\n`;
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  process.exitCode = undefined;
});

async function run(...args: readonly string[]): Promise<void> {
  const program = new Command().exitOverride();
  reservesVerifyCommand(program);
  reservesCheckInclusionCommand(program);
  await program.parseAsync(args, { from: 'user' });
}

const verify = (...args: readonly string[]) =>
  run('verify', bundle, '--policy', inCorpus('policy.json'), '--artifacts', inCorpus('nowhere'), ...args);

describe('reserves verify', () => {
  it('prints what was verified and ends with 0', async () => {
    await verify(...blocks);
    expect(printed).toContain('Verified: the reserves of conformance venue');
    expect(process.exitCode).toBeUndefined();
  });

  it('--json has every figure, values as strings', async () => {
    await verify(...blocks, '--json');
    expect(JSON.parse(printed)).toMatchObject({
      ok: true,
      verdict: 'covered',
      claim: 'opened',
      developmentKeys: [],
      ceremonyKeys: [],
      totals: { customers: { assets: { 1: { positive: '378500000000000000000' } } } },
      comparison: { strict: true },
    });
  });

  it('ends with 1 when the totals are true and not covered, and prints them all the same', async () => {
    const policy = inCorpus('cases', 'policy-issued-by-the-venue', 'policy.json');
    await run('verify', bundle, '--policy', policy, ...blocks);
    expect(printed).toContain('NOT COVERED');
    expect(process.exitCode).toBe(1);
  });

  it('a statement that does not hold is an error of exit code 1, a bundle that cannot be read one of 2', async () => {
    await expect(verify()).rejects.toMatchObject({ exitCode: 1, details: { reason: 'RESERVES_BLOCK' } });
    await expect(
      run('verify', inCorpus('nowhere'), '--policy', inCorpus('policy.json'), ...blocks),
    ).rejects.toMatchObject({ exitCode: 2, details: { reason: 'MANIFEST_INVALID' } });
  });
});

describe('reserves check-inclusion', () => {
  it('from a bundle, with an identifier', async () => {
    await run('check-inclusion', file, '--bundle', bundle, '--account', 'uid-1001');
    expect(printed).toContain('owed      40000.00 USD was counted');
    expect(printed).toContain(
      'That the bundle itself is true, and with which keys it was proven, is for: zk-solvency reserves verify',
    );
  });

  it('from an account root and a snapshot', async () => {
    const { accountRoot } = JSON.parse(await readFile(file, 'utf8'));
    const given = ['--account-root', accountRoot, '--snapshot', inCorpus('bases', 'opened', 'snapshot.json')];
    await run('check-inclusion', file, ...given, '--json');
    expect(JSON.parse(printed)).toMatchObject({ ok: true, index: 0, identified: false, owed: '400000000000000000000' });
    await expect(run('check-inclusion', file, ...given, '--venue-start', '0')).rejects.toMatchObject({
      details: { reason: 'INCLUSION_VENUE' },
    });
  });

  it.each([
    ['neither a bundle nor a root', []],
    ['both', ['--bundle', bundle, '--account-root', '1']],
    ['a root without a snapshot', ['--account-root', '1']],
    ['an identifier that is none', ['--bundle', bundle, '--account', '']],
  ])('refuses %s', async (_, args) => {
    await expect(run('check-inclusion', file, ...args)).rejects.toMatchObject({ code: 'INVALID_INPUT', exitCode: 2 });
  });

  it('another identifier is an error of exit code 1', async () => {
    await expect(run('check-inclusion', file, '--bundle', bundle, '--account', 'uid-1002')).rejects.toMatchObject({
      exitCode: 1,
      details: { reason: 'INCLUSION_ACCOUNT' },
    });
  });
});
