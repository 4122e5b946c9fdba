import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { checkInclusion } from '../../src/attestation/checkInclusion.js';
import { describeInclusion } from '../../src/attestation/describeInclusion.js';
import { readBundleRoots } from '../../src/attestation/readBundleRoots.js';
import { accountIdOf } from '../../src/book/accountId.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import type { TieredSnapshot } from '../../src/snapshot/snapshot.js';
import { inCorpus } from './corpus.js';

const roots = await readBundleRoots(inCorpus('bases', 'opened'));
const fileOf = (identifier: string): Promise<string> =>
  readFile(inCorpus('cases', `inclusion-of-${identifier}`, 'account-package.json'), 'utf8');
const idOf = (identifier: string): bigint => accountIdOf('conformance venue', identifier);
const linesOf = async (identifier: string): Promise<string> =>
  describeInclusion(
    await checkInclusion(await fileOf(identifier), 'mine.json', { ...roots, accountId: idOf(identifier) }),
  ).join('\n');

describe('what a user is told', () => {
  it('every balance at its price, every position with its profit, and what was counted', async () => {
    const text = await linesOf('uid-2001');
    expect(text).toContain('balance   20000 USD at 1 = 20000.00 USD');
    expect(text).toContain('balance   2 BTC at 60000 = 120000.00 USD');
    expect(text).toContain('debt      -2 ETH at 2500 = -5000.00 USD');
    expect(text).toContain('position  -0.5 BTC-PERP at 60000, profit and loss 500.00 USD');
    expect(text).toContain('position  5 ETH-PERP at 2500, profit and loss 250.00 USD');
    expect(text).toContain('equity    135750.00 USD');
    expect(text).toContain('owes      5000.00 USD in ETH');
    expect(text).toContain('owed      135750.00 USD was counted');
    expect(text).not.toContain('no identifier was given');
  });

  it('an account under water learns that nothing is owed to it', async () => {
    const text = await linesOf('uid-1005');
    expect(text).toContain('deficit   500.00 USD: nothing is owed');
    expect(text).toContain('standing  no');
    expect(text).not.toContain('was counted');
  });

  it('without an identifier, that nothing shows whose leaf it is', async () => {
    const included = await checkInclusion(await fileOf('uid-1001'), 'mine.json', roots);
    expect(describeInclusion(included).join('\n')).toContain('no identifier was given');
  });
});

describe('refusals that the corpus has no case for', () => {
  it('an account that cannot be valued under the snapshot', async () => {
    const snapshot = roots.table.snapshot as TieredSnapshot;
    const table = buildRiskTable({ ...snapshot, instruments: snapshot.instruments.slice(0, 1) });
    await expect(checkInclusion(await fileOf('uid-2001'), 'mine.json', { ...roots, table })).rejects.toMatchObject({
      code: 'UNKNOWN_INSTRUMENT',
      details: { reason: 'INCLUSION_FIGURES' },
    });
  });

  it('tells nothing of the account in its errors', async () => {
    const text = (await fileOf('uid-2001')).replace('"amount": "20000"', '"amount": "20001"');
    const error = await checkInclusion(text, 'mine.json', roots).catch((caught: unknown) => caught);
    expect(JSON.stringify(error)).not.toMatch(/2000|uid/);
    expect(error).toMatchObject({ code: 'PROOF_INVALID', details: { reason: 'INCLUSION_ROOT', where: 'mine.json' } });
  });
});
