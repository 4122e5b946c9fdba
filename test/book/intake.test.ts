import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkHoldings } from '../../src/account/slots.js';
import { accountIdOf } from '../../src/book/accountId.js';
import { type TakeInInput, takeIn } from '../../src/book/intake/takeIn.js';
import { SolvencyError } from '../../src/errors.js';
import { textHash } from '../../src/hash/textHash.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { registry } from '../support/market.js';
import { collect, fixedRandom, type Texts, takeInTexts, testFolder, writeFiles } from './support.js';

/** PERP-1 has 1 decimal, PERP-3 three; both settle in USD, the quote. */
const BALANCES = 'account,asset,amount\nalice,USD,10.5\nbob,BTC,0.00000001\nalice,BTC,2\n';
const POSITIONS = 'account,instrument,size,cost\nbob,PERP-3,-1.5,-30\ncarol,PERP-1,7,100\n';

const refusal = async (texts: Texts, options: Partial<TakeInInput> = {}): Promise<SolvencyError> => {
  const folder = testFolder();
  const error = await takeInTexts(folder, texts, options).catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(SolvencyError);
  // what was sorted is gone
  expect(readdirSync(folder).filter((name) => name.startsWith('zk-solvency'))).toEqual([]);
  return error as SolvencyError;
};
const rows = (header: string, ...lines: readonly string[]): string => `${[header, ...lines].join('\n')}\n`;
const balances = (...lines: readonly string[]): Texts => ({ balances: rows('account,asset,amount', ...lines) });
const positions = (...lines: readonly string[]): Texts => ({
  balances: BALANCES,
  positions: rows('account,instrument,size,cost', ...lines),
});
const priced = (...lines: readonly string[]): Texts => ({
  balances: BALANCES,
  positions: rows('account,instrument,size,cost,entry_price', ...lines),
});
const owners = (...lines: readonly string[]): Texts => ({
  balances: BALANCES,
  owners: rows('account,owner_commitment', ...lines),
});

describe('takeIn', () => {
  it('groups rows of all files by account, sorted by id', async () => {
    const { accounts, counts } = await takeInTexts(testFolder(), {
      balances: BALANCES,
      positions: POSITIONS,
      owners: rows('owner_commitment,account', '123,alice', '456,carol'),
      venueAccounts: rows('account', 'bob'),
      assetTotals: rows('asset,positive,negative', 'USD,10.5,0', 'BTC,2.00000001,0'),
      instrumentTotals: rows('instrument,long,short,cost', 'PERP-1,7,0,100', 'PERP-3,0,1.5,-30'),
    });
    const [alice, bob, carol] = accounts;
    expect(alice).toEqual({
      identifier: 'alice',
      accountId: textHash('zk-solvency account\ntest-venue\nalice'),
      ownerCommitment: 123n,
      provable: true,
      venueOwned: false,
      holdings: {
        collateral: [
          { assetId: 1, amount: 1_050_000_000n },
          { assetId: 2, amount: 200_000_000n },
        ],
        positions: [],
      },
    });
    expect(bob).toMatchObject({
      identifier: 'bob',
      provable: false,
      venueOwned: true,
      holdings: {
        collateral: [{ assetId: 2, amount: 1n }],
        positions: [{ instrumentId: 109, size: -1_500n, cost: -3_000_000_000n }],
      },
    });
    // a position without any balance is an account
    expect(carol).toMatchObject({ ownerCommitment: 456n, provable: true, holdings: { collateral: [] } });
    expect(counts).toEqual({
      accounts: 3,
      balances: 3,
      positions: 2,
      notProvable: 1,
      venueOwned: 1,
      zeroEntries: 0,
      emptyAccounts: 0,
    });
  });

  it('gives the same accounts each time they are asked for, owners that it made included', async () => {
    const folder = testFolder();
    const input = {
      files: writeFiles(folder, { balances: BALANCES }),
      registry,
      most: { assets: 5, positions: 8 },
      workFolder: folder,
    };
    await takeIn(input, async ({ accounts }) => {
      const first = await collect(accounts());
      expect(first).toHaveLength(2);
      expect(await collect(accounts())).toEqual(first);
      expect(new Set(first.map(({ ownerCommitment }) => ownerCommitment)).size).toBe(2);
      for (const { ownerCommitment } of first) expect(ownerCommitment < FIELD_ORDER).toBe(true);
    });
  });

  it('takes quoted cells, a byte order mark, CRLF, blank rows and columns in any order', async () => {
    const { accounts } = await takeInTexts(testFolder(), {
      balances: '\uFEFFamount,account,asset\r\n1,"Smith, ""Al""",USD\r\n\r\n2,zoë,USD\r\n',
    });
    expect(accounts.map(({ identifier }) => identifier)).toEqual(['Smith, "Al"', 'zoë']);
  });

  it('leaves out and counts entries of zero, and accounts of nothing else', async () => {
    const { accounts, counts } = await takeInTexts(testFolder(), {
      balances: rows('account,asset,amount', 'a,USD,0', 'b,USD,0.000', 'b,BTC,1'),
      positions: rows('account,instrument,size,cost', 'a,PERP-1,0,0'),
      owners: rows('account,owner_commitment', 'a,5'),
    });
    expect(accounts.map(({ identifier }) => identifier)).toEqual(['b']);
    expect(counts).toMatchObject({ zeroEntries: 3, emptyAccounts: 1, accounts: 1, balances: 1 });
  });

  it('allows debts in a book with positions, and on demand', async () => {
    const debt = rows('account,asset,amount', 'a,USD,-3');
    const held = [{ assetId: 1, amount: -300_000_000n }];
    const withPositions = await takeInTexts(testFolder(), { balances: debt, positions: 'account,instrument,size\n' });
    expect(withPositions.accounts[0]?.holdings.collateral).toEqual(held);
    const demanded = await takeInTexts(testFolder(), { balances: debt }, { debts: true });
    expect(demanded.accounts[0]?.holdings.collateral).toEqual(held);
    const error = await refusal({ balances: debt, positions: 'account,instrument,size\n' }, { debts: false });
    expect(error.code).toBe('OUT_OF_RANGE');
  });

  it('computes costs from entry prices exactly', async () => {
    const { accounts } = await takeInTexts(testFolder(), priced('x,PERP-3,-1.5,,20.125', 'x,PERP-1,2,41,'));
    expect(accounts.find(({ identifier }) => identifier === 'x')?.holdings.positions).toEqual([
      { instrumentId: 103, size: 20n, cost: 4_100_000_000n },
      { instrumentId: 109, size: -1_500n, cost: -3_018_750_000n },
    ]);
  });

  it('knows one account by either way of writing its letters', async () => {
    const { accounts } = await takeInTexts(testFolder(), balances('zo\u00eb,USD,1', 'zoe\u0308,BTC,1'));
    expect(accounts).toHaveLength(1);
    expect(accounts[0]?.accountId).toBe(accountIdOf('test-venue', 'zo\u00eb'));
  });

  it('takes the largest values that fit, and no more entries than told', async () => {
    const largest = 2n ** 63n - 1n;
    const { accounts } = await takeInTexts(testFolder(), balances(`a,DUST,${largest}`), {
      most: { assets: 1, positions: 0 },
    });
    expect(accounts[0]?.holdings.collateral).toEqual([{ assetId: 4, amount: largest }]);
  });

  it('gives the accounts of a shuffled book whatever the order of the rows', async () => {
    const folder = testFolder();
    const symbols = (kind: 'asset' | 'perpetual') => registry.entries.filter((entry) => entry.kind === kind);
    const amount = fc.integer({ min: -1_000_000, max: 1_000_000 }).map(String);
    const account = fc.record({
      collateral: fc.subarray(symbols('asset'), { maxLength: 5 }),
      positions: fc.subarray(symbols('perpetual'), { maxLength: 8 }),
      amounts: fc.array(amount, { minLength: 21, maxLength: 21 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(account, { maxLength: 12 }), fc.infiniteStream(fc.nat()), async (book, order) => {
        const lines = book.flatMap(({ collateral, amounts }, k) =>
          collateral.map(({ symbol }, j) => `user ${k},${symbol},${amounts[j]}`),
        );
        const held = book.flatMap(({ positions: own, amounts }, k) =>
          own.map(({ symbol }, j) => {
            const size = amounts[5 + j] as string;
            return `user ${k},${symbol},${size},${size === '0' ? '0' : amounts[13 + j]}`;
          }),
        );
        const shuffled = (all: readonly string[]): readonly string[] =>
          all
            .map((line) => ({ line, key: order.next().value as number }))
            .sort((a, b) => a.key - b.key)
            .map(({ line }) => line);
        const take = (a: readonly string[], b: readonly string[]) =>
          takeInTexts(folder, {
            balances: rows('account,asset,amount', ...a),
            positions: rows('account,instrument,size,cost', ...b),
          });
        const straight = await take(lines, held);
        for (const { holdings } of straight.accounts) checkHoldings(holdings);
        expect(straight.counts.balances + straight.counts.positions + straight.counts.zeroEntries).toBe(
          lines.length + held.length,
        );
        expect(await take(shuffled(lines), shuffled(held))).toEqual(straight);
      }),
      { seed: 20503, numRuns: 60 },
    );
  });
});

describe('takeIn refuses', () => {
  const long = 'x'.repeat(201);
  const tooMany = ['USD', 'BTC', 'ETH'].map((asset) => `a,${asset},1`);
  it.each<[string, Texts, string, string]>([
    [
      'an unknown asset',
      balances('alice,DOGE,5'),
      'UNKNOWN_ASSET',
      'balances.csv: row 2, column asset is not the symbol',
    ],
    ['an instrument as an asset', balances('alice,PERP-1,5'), 'UNKNOWN_ASSET', 'row 2, column asset'],
    [
      'an unknown instrument',
      positions('alice,USD,5,1'),
      'UNKNOWN_INSTRUMENT',
      'positions.csv: row 2, column instrument',
    ],
    [
      'a number that is none',
      balances('alice,USD,1e5'),
      'INVALID_INPUT',
      'row 2, column amount must be a decimal string',
    ],
    ['a thousands separator', balances('alice,USD,"1,000"'), 'INVALID_INPUT', 'row 2, column amount'],
    ['an empty amount', balances('alice,USD,'), 'INVALID_INPUT', 'row 2, column amount'],
    ['a space before a number', balances('alice,USD, 1'), 'INVALID_INPUT', 'row 2, column amount'],
    ['too many decimals', balances('alice,DUST,0.5'), 'NOT_REPRESENTABLE', 'row 2, column amount has 1 decimals'],
    ['too many decimals of a cost', positions('a,PERP-1,1,0.000000001'), 'NOT_REPRESENTABLE', 'row 2, column cost'],
    ['2^63 units', balances(`a,DUST,${2n ** 63n}`), 'OUT_OF_RANGE', 'row 2, column amount does not fit 63 bits'],
    ['a size of 2^63 units', positions(`a,PERP-0,-${2n ** 63n},1`), 'OUT_OF_RANGE', 'row 2, column size'],
    ['a cost of 2^80', positions(`a,PERP-0,1,${2n ** 80n}`), 'OUT_OF_RANGE', 'row 2, column cost'],
    ['a debt in a spot book', balances('a,USD,-1'), 'OUT_OF_RANGE', 'row 2, column amount is a debt'],
    ['a cost without a size', positions('a,PERP-1,0,1'), 'OUT_OF_RANGE', 'row 2, column cost must be zero'],
    ['neither cost nor entry price', priced('a,PERP-1,1,,'), 'INVALID_INPUT', 'row 2 must have either'],
    ['both cost and entry price', priced('a,PERP-1,1,1,1'), 'INVALID_INPUT', 'row 2 must have either'],
    [
      'a negative entry price',
      priced('a,PERP-1,1,,-3'),
      'INVALID_INPUT',
      'row 2, column entry_price must be a decimal',
    ],
    [
      'an inexact entry price',
      priced('a,PERP-1,0.1,,0.00000001'),
      'NOT_REPRESENTABLE',
      'row 2, column entry_price times',
    ],
    ['a huge entry price', priced(`a,PERP-1,1,,${2n ** 80n}`), 'OUT_OF_RANGE', 'row 2, column entry_price times size'],
    ['no identifier', balances(',USD,1'), 'INVALID_INPUT', 'row 2, column account must be an identifier'],
    ['an identifier that ends in a space', balances('alice ,USD,1'), 'INVALID_INPUT', 'row 2, column account'],
    ['an invisible character', balances('ali\u200bce,USD,1'), 'INVALID_INPUT', 'row 2, column account'],
    ['an identifier of 201 characters', balances(`${long},USD,1`), 'INVALID_INPUT', 'row 2, column account'],
    [
      'one asset twice',
      balances('alice,USD,1', 'bob,USD,2', 'alice,USD,3'),
      'DUPLICATE',
      'row 4 is about the same account and asset as row 2',
    ],
    ['one asset twice, once as zero', balances('alice,USD,1', 'alice,USD,0'), 'DUPLICATE', 'row 3 is about the same'],
    [
      'one instrument twice',
      positions('a,PERP-1,1,1', 'a,PERP-1,-1,1'),
      'DUPLICATE',
      'row 3 is about the same account and instrument as row 2',
    ],
    [
      'two owners of an account',
      owners('alice,1', 'alice,2'),
      'DUPLICATE',
      'owners.csv: row 3 is about the same account as row 2',
    ],
    [
      'two accounts with one owner',
      owners('alice,7', 'bob,7'),
      'DUPLICATE',
      'row 3, column owner_commitment is that of row 2',
    ],
    [
      'an owner of no account',
      owners('alice,7', 'dora,8'),
      'MISMATCH',
      'owners.csv: row 3, column account has neither',
    ],
    ['a commitment of r', owners(`alice,${FIELD_ORDER}`), 'OUT_OF_RANGE', 'row 2, column owner_commitment'],
    ['a commitment in hexadecimal', owners('alice,0x12'), 'OUT_OF_RANGE', 'row 2, column owner_commitment'],
    [
      'a venue account twice',
      { balances: BALANCES, venueAccounts: 'account\nbob\nbob\n' },
      'DUPLICATE',
      'row 3 is about',
    ],
    [
      'a venue account that is none',
      { balances: BALANCES, venueAccounts: 'account\nbobby\n' },
      'MISMATCH',
      'venueAccounts.csv: row 2, column account',
    ],
    [
      'an unknown column',
      { balances: 'account,asset,amount,note\n' },
      'INVALID_INPUT',
      'row 1 has an unknown name in column 4',
    ],
    ['a missing column', { balances: 'account,asset\n' }, 'INVALID_INPUT', 'row 1 lacks the column amount'],
    [
      'a column twice',
      { balances: 'account,asset,amount,amount\n' },
      'DUPLICATE',
      'row 1 names the column amount twice',
    ],
    ['an empty file', { balances: '' }, 'INVALID_INPUT', 'row 1 is missing'],
    ['a row with too few cells', balances('alice,USD'), 'INVALID_INPUT', 'row 2 has 2 cells, and the header has 3'],
    ['a row with too many cells', balances('alice,USD,1,2'), 'INVALID_INPUT', 'row 2 has 4 cells'],
    ['an open quote', balances('alice,USD,"1', 'bob,USD,2'), 'INVALID_INPUT', 'opens a quote that is never closed'],
    [
      'an open quote in a long file',
      balances('alice,USD,"1', ...Array(600).fill('bob,USD,2')),
      'INVALID_INPUT',
      'is longer than 4096 characters',
    ],
    ['a quote in a cell', balances('al"ice,USD,1'), 'INVALID_INPUT', 'has a quote in the middle of a cell'],
    [
      'a line break in a cell',
      balances('"ali\nce",USD,1', 'bob,NONE,1'),
      'INVALID_INPUT',
      'row 2 has a line break inside a cell; ',
    ],
    [
      'the row after a line break by its own number',
      balances('"ali\nce",USD,1', 'bob,NONE,1'),
      'INVALID_INPUT',
      'row 4, column asset',
    ],
  ])('%s', async (_, texts, code, message) => {
    const error = await refusal(texts);
    expect(error.code).toBe(code);
    expect(error.message).toContain(message);
    // nothing of an account in what a log keeps
    expect(JSON.stringify(error)).not.toMatch(/alice|bob|carol|dora|DOGE|1e5|1,000/);
  });

  it.each<[string, number, number, Texts, string, string]>([
    ['an asset too many', 2, 8, balances(...tooMany), 'TOO_MANY_ASSETS', 'row 4 is one more than the 2 assets'],
    [
      'a position too many',
      5,
      1,
      positions('a,PERP-1,1,1', 'a,PERP-2,1,1'),
      'TOO_MANY_POSITIONS',
      'row 3 is one more than the 1 positions',
    ],
  ])('%s', async (_, assets, most, texts, code, message) => {
    const error = await refusal(texts, { most: { assets, positions: most } });
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(message)]);
  });

  it.each<[string, Texts, string, string]>([
    [
      'another sum owned',
      { assetTotals: rows('asset,positive,negative', 'USD,10.4,0', 'BTC,2.00000001,0') },
      'MISMATCH',
      'assetTotals.csv: row 2, column positive is not the sum',
    ],
    [
      'another sum owed',
      { assetTotals: rows('asset,positive,negative', 'USD,10.5,0', 'BTC,2.00000001,1') },
      'MISMATCH',
      'row 3, column negative',
    ],
    [
      'an asset without its row',
      { assetTotals: rows('asset,positive,negative', 'USD,10.5,0') },
      'MISMATCH',
      'no row about BTC',
    ],
    [
      'an asset twice',
      { assetTotals: rows('asset,positive,negative', 'USD,10.5,0', 'USD,10.5,0') },
      'DUPLICATE',
      'row 3 is about the same asset as row 2',
    ],
    [
      'an unknown asset',
      { assetTotals: rows('asset,positive,negative', 'NONE,1,0') },
      'UNKNOWN_ASSET',
      'row 2, column asset',
    ],
    [
      'another sum of shorts',
      { instrumentTotals: rows('instrument,long,short,cost', 'PERP-1,7,0,100', 'PERP-3,0,2,-30') },
      'MISMATCH',
      'row 3, column short',
    ],
    [
      'another cost',
      { instrumentTotals: rows('instrument,long,short,cost', 'PERP-1,7,0,-100', 'PERP-3,0,1.5,-30') },
      'MISMATCH',
      'row 2, column cost',
    ],
  ])('control totals with %s', async (_, totals, code, message) => {
    const error = await refusal({ balances: BALANCES, positions: POSITIONS, ...totals });
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(message)]);
    expect(error.message).not.toMatch(/10\.5|2\.00000001/);
  });

  it('all faults together, by file and row, with the code of the first', async () => {
    // b, whose only row could not be read, is not said to be missing as well
    const error = await refusal({
      ...balances('a,USD,x', 'b,NONE,1', 'c,USD,1', 'c,USD,2'),
      owners: rows('account,owner_commitment', 'c,5', 'c,6', 'a,7', 'b,8'),
    });
    expect(error.code).toBe('INVALID_INPUT');
    expect(
      (error.details['faults'] as readonly string[]).map((fault) =>
        fault.replace(/^(\w+): .*\/(.*?)( is| must| has).*/, '$1 $2'),
      ),
    ).toEqual([
      'INVALID_INPUT balances.csv: row 2, column amount',
      'UNKNOWN_ASSET balances.csv: row 3, column asset',
      'DUPLICATE balances.csv: row 5',
      'DUPLICATE owners.csv: row 3',
    ]);
  });

  it('no more than 20 faults, and says that it stopped', async () => {
    const error = await refusal(balances(...Array.from({ length: 50 }, (_, k) => `user${k},NONE,1`)));
    expect(error.details['faults']).toHaveLength(20);
    expect(error.message).toContain('Reading ended at 20');
  });

  it('bytes that are no UTF-8: two accounts would become one', async () => {
    const folder = testFolder();
    const path = join(folder, 'balances.csv');
    writeFileSync(
      path,
      Buffer.concat([Buffer.from('account,asset,amount\nal'), Buffer.from([0xff]), Buffer.from('ce,USD,1\n')]),
    );
    const input = { files: { balances: path }, registry, most: { assets: 5, positions: 8 }, workFolder: folder };
    await expect(takeIn(input, collect as never)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('row 2, column account'),
    });
  });

  it('a file or a folder that is not there, and a cancelled run', async () => {
    const folder = testFolder();
    const most = { assets: 5, positions: 8 };
    const files = writeFiles(folder, { balances: BALANCES });
    const gone = takeIn(
      { files: { balances: join(folder, 'gone.csv') }, registry, most, workFolder: folder },
      collect as never,
    );
    await expect(gone).rejects.toMatchObject({ code: 'UNREADABLE' });
    const nowhere = takeIn({ files, registry, most, workFolder: join(folder, 'gone') }, collect as never);
    await expect(nowhere).rejects.toMatchObject({ code: 'UNWRITABLE' });
    const cancelled = takeIn(
      { files, registry, most, workFolder: folder, signal: AbortSignal.abort() },
      collect as never,
    );
    await expect(cancelled).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(readdirSync(folder)).toEqual(['balances.csv']);
  });

  it('and removes what it sorted when the user of the accounts fails', async () => {
    const folder = testFolder();
    const input = {
      files: writeFiles(folder, { balances: BALANCES }),
      registry,
      most: { assets: 5, positions: 8 },
      workFolder: folder,
      random: fixedRandom('x'),
    };
    let work = '';
    const failing = takeIn(input, async () => {
      work = join(folder, readdirSync(folder).find((name) => name.startsWith('zk-solvency')) ?? '');
      expect(existsSync(join(work, 'accounts'))).toBe(true);
      throw new Error('no');
    });
    await expect(failing).rejects.toThrow('no');
    expect(existsSync(work)).toBe(false);
  });
});
