import { mkdir, rename, rm, symlink, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { describeAttestation } from '../../src/attestation/describeAttestation.js';
import { type VerifyProgress, verifyBundle } from '../../src/attestation/verifyBundle.js';
import { corpusBlocks, corpusPolicy, inCorpus, withCopy } from './corpus.js';

const [policy, blockHashes] = [await corpusPolicy(), await corpusBlocks()];
const UNIT = 10n ** 16n;
const opened = { folder: inCorpus('bases', 'opened'), policy, blockHashes };

describe('what a verified bundle tells', () => {
  it('opened: totals, reserves, coverage, standing of both sides', async () => {
    const result = await verifyBundle({ ...opened, now: 1_760_003_630 });
    const customers = result.totals?.customers;
    expect(customers).toMatchObject({ accounts: 8n, standing: 6n, owed: 245_350n * UNIT, deficits: 700n * UNIT });
    expect(customers?.assets.get(1)).toMatchObject({
      positive: 37_850n * UNIT,
      goodNegative: 5_000n * UNIT,
      otherNegative: 700n * UNIT,
    });
    expect(result.totals?.venue.accounts).toBe(2n);
    expect(result.comparison.assets.map(({ asset, strict }) => [asset, strict.covered, strict.coveragePpm])).toEqual([
      ['USD', true, 1_056_803n],
      ['BTC', true, 1_057_142n],
      ['ETH', true, 1_250_000n],
    ]);
    expect(result).toMatchObject({ verdict: 'covered', riskClaim: 'maintenance', age: 3_600 });
  });

  it('in words: figures, labels, and what is not shown', async () => {
    const text = describeAttestation(await verifyBundle(opened)).join('\n');
    expect(text).toContain('Verified: the reserves of conformance venue cover what its customers are owed (all totals');
    expect(text).toContain('USD      held 40000, worth 40000.00; owed 37850.00: 105.6803%, less loans 32850.00');
    expect(text).toContain('deficits 700.00 USD');
    expect(text).toContain(
      'loans to accounts with standing 12500.00 USD; one account owes at most 5000.00 of it (40.00%)',
    );
    expect(text).toContain('every long has its short');
    expect(text).toContain('BTC-PERP balances: customers long 0.2, short 0.5; venue long 0.3, short 0');
    expect(text).toContain('note: checked online: 1 contract wallet');
    expect(text).toContain('how the verification keys were made is for you to know');
    expect(text.match(/not shown:/g)).toHaveLength(4);
  });

  it('development keys that the verifier knows are named', async () => {
    const result = await verifyBundle(opened);
    const told = (developmentKeys: readonly string[], ceremonyKeys: readonly string[]): string =>
      describeAttestation(result, { developmentKeys, ceremonyKeys }).join('\n');
    const development = told(['liabilities-4x4'], ['liabilities-opening']);
    expect(development).toContain('DEVELOPMENT KEYS (liabilities-4x4)');
    expect(development).not.toContain('is for you to know');
    const all = result.keys.map(({ circuit }) => circuit);
    expect(told([], all)).toContain(`keys of a ceremony that your artifacts hold: ${all.join(', ')}`);
    expect(told([], all)).not.toContain('is for you to know');
    expect(told([], all.slice(1))).toContain('is for you to know');
  });

  it('a covered claim tells what the proof took and nothing of the totals', async () => {
    const covered = await verifyBundle({ ...opened, folder: inCorpus('bases', 'covered') });
    expect(covered.totals).toBeNull();
    const text = describeAttestation(covered).join('\n');
    expect(text).toContain('(the totals stay hidden)');
    expect(text).toContain('the proof took 40000.00');
    expect(text).not.toMatch(/37850|245350|deficits [0-9]/);
  });

  it('the claim with loans is labelled, with what was lent and the largest debtor', async () => {
    const text = describeAttestation(
      await verifyBundle({ ...opened, folder: inCorpus('bases', 'covered-with-loans') }),
    ).join('\n');
    expect(text).toContain('if those who borrowed pay back');
    expect(text).toContain('one account owes at most 5000.00 of it (40.00%)');
  });

  it('what reserves do not cover is a verdict with all figures, not an error', async () => {
    const issuedByVenue = new Set(['BTC', 'VTK']);
    const result = await verifyBundle({ ...opened, policy: { ...policy, issuedByVenue } });
    expect(result.verdict).toBe('not covered');
    const text = describeAttestation(result).join('\n');
    expect(text).toContain('VERIFIED, AND NOT COVERED');
    expect(text).toContain('BTC is issued by the venue: what it holds of it counts zero');
    expect(text).toMatch(/BTC {6}held 0, worth 0.00; owed 210000.00: 0% NOT covered/);
  });

  it('contract wallets count only when the verifier says so', async () => {
    const held = async (countCheckedOnline: boolean) =>
      (await verifyBundle({ ...opened, countCheckedOnline })).comparison.assets.find(({ asset }) => asset === 'ETH')
        ?.reserves;
    expect([await held(false), await held(true)]).toEqual([5_000_000n, 6_000_000n]);
  });

  it('a price of the venue’s own is labelled', async () => {
    const prices = new Map([...policy.marks.prices].filter(([asset]) => asset !== 'ETH'));
    const result = await verifyBundle({ ...opened, policy: { ...policy, marks: { ...policy.marks, prices } } });
    expect(describeAttestation(result).join('\n')).toContain("the price of ETH is the venue's own");
  });

  it('progress ends at the number of batches', async () => {
    const told: VerifyProgress[] = [];
    await verifyBundle(opened, { onProgress: (progress) => told.push(progress) });
    expect(told.at(-1)).toEqual({ done: 4, total: 4 });
  });
});

describe('what the corpus cannot hold', () => {
  const refused = (folder: string, reason: string, code: string) =>
    expect(verifyBundle({ ...opened, folder })).rejects.toMatchObject({ code, details: { reason } });

  it('a folder that is not there, or holds no bundle', async () => {
    await refused(inCorpus('nowhere'), 'MANIFEST_INVALID', 'UNREADABLE');
    await refused(inCorpus('cases'), 'MANIFEST_INVALID', 'UNREADABLE');
  });

  it('a file that is a link, even to the right text', () =>
    withCopy('opened', async (folder) => {
      await rename(join(folder, 'totals.json'), join(folder, 'elsewhere.json'));
      await symlink('elsewhere.json', join(folder, 'totals.json'));
      await refused(folder, 'FILE_OUTSIDE', 'INVALID_INPUT');
    }));

  it('a folder of proofs that is a link out of the bundle', () =>
    withCopy('opened', async (folder) => {
      await rm(join(folder, 'proofs'), { recursive: true });
      await symlink(inCorpus('bases', 'opened', 'proofs'), join(folder, 'proofs'));
      await refused(folder, 'FILE_OUTSIDE', 'INVALID_INPUT');
    }));

  it('a folder in the place of a file', () =>
    withCopy('opened', async (folder) => {
      await rm(join(folder, 'totals.json'));
      await mkdir(join(folder, 'totals.json'));
      await refused(folder, 'FILE_OUTSIDE', 'INVALID_INPUT');
    }));

  it('a file too large to be one of a bundle', () =>
    withCopy('opened', async (folder) => {
      await truncate(join(folder, 'totals.json'), 64 * 1024 * 1024 + 1);
      await refused(folder, 'FILE_OUTSIDE', 'INVALID_INPUT');
    }));

  it('a clock before the attestation', () =>
    expect(verifyBundle({ ...opened, now: 1_760_000_000 })).rejects.toMatchObject({
      code: 'EXPECTATION_NOT_MET',
      details: { reason: 'AGE' },
    }));
});
