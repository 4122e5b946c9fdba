import { Signature, TypedDataEncoder, toBeHex, Wallet } from 'ethers';
import { describe, expect, test } from 'vitest';
import {
  type SnapshotPost,
  signSnapshot,
  signTables,
  snapshotTypedData,
  sortSignatures,
  tablesTypedData,
} from '../../src/chain/riskOracleMessages.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';

const DOMAIN = { chainId: 1n, oracle: '0x5FbDB2315678afecb367f032d93F642f64180aa3' };
const POST: SnapshotPost = {
  root: 5n,
  time: 6n,
  modelHash: 7n,
  dataHash: `0x${'da'.repeat(32)}`,
  marks: [
    { instrument: 1, price: 2n },
    { instrument: 4, price: 3n },
  ],
};
const TABLES = { root: 5n, tableHashes: [1n, 2n] };
const WALLETS = Array.from({ length: 8 }, (_, i) => new Wallet(toBeHex(i + 1, 32)));

// that the contract takes these signatures is shown in riskOracle.test.ts
describe('messages of the risk oracle', () => {
  test('have the types that the contract hashes', () => {
    const encoded = (types: typeof data.types) => TypedDataEncoder.from(types).encodeType(Object.keys(types)[0] ?? '');
    const data = snapshotTypedData(DOMAIN, POST);
    expect(encoded(data.types)).toBe(
      'Snapshot(uint256 root,uint64 time,uint256 modelHash,bytes32 dataHash,Mark[] marks)Mark(uint32 instrument,uint128 price)',
    );
    expect(encoded(tablesTypedData(DOMAIN, TABLES).types)).toBe('Tables(uint256 root,uint256[] tableHashes)');
  });

  test('are signed in the order of the signers, whatever the order in which they sign', async () => {
    const byAddress = [...WALLETS].sort((a, b) => (BigInt(a.address) < BigInt(b.address) ? -1 : 1));
    expect(byAddress).not.toEqual(WALLETS);
    expect(await signSnapshot(WALLETS, DOMAIN, POST)).toEqual(await signSnapshot(byAddress, DOMAIN, POST));
    const { domain, types, value } = tablesTypedData(DOMAIN, TABLES);
    const one = await Promise.all(byAddress.map((wallet) => wallet.signTypedData(domain, types, value)));
    expect(await signTables(WALLETS, DOMAIN, TABLES)).toEqual(one);
    expect(sortSignatures({ domain, types, value }, [...one].reverse())).toEqual(one);
  });

  test('take signatures of 65 bytes', async () => {
    const data = snapshotTypedData(DOMAIN, POST);
    const [good] = (await signSnapshot(WALLETS.slice(0, 1), DOMAIN, POST)) as [string];
    const { compactSerialized } = Signature.from(good);
    for (const bad of ['0x', 'signature', compactSerialized, `0x${'00'.repeat(65)}`]) {
      expect(() => sortSignatures(data, [good, bad])).toThrowError(
        expect.objectContaining({ code: 'INVALID_INPUT', details: { index: 1 } }),
      );
    }
  });

  const invalid = expect.objectContaining({ code: 'INVALID_INPUT' });

  test.each<readonly [string, Partial<SnapshotPost>]>([
    ['a root of zero', { root: 0n }],
    ['a root beyond the field', { root: FIELD_ORDER }],
    ['no time', { time: 0n }],
    ['a time of more than 64 bits', { time: 2n ** 64n }],
    ['a negative model hash', { modelHash: -1n }],
    ['a model hash of more than 256 bits', { modelHash: 2n ** 256n }],
    ['a data hash of 31 bytes', { dataHash: `0x${'da'.repeat(31)}` }],
    ['a data hash in other digits', { dataHash: `0x${'zz'.repeat(32)}` }],
    ['an id of zero', { marks: [{ instrument: 0, price: 1n }] }],
    ['an id of 33 bits', { marks: [{ instrument: 2 ** 32, price: 1n }] }],
    ['half an id', { marks: [{ instrument: 1.5, price: 1n }] }],
    ['marks out of order', { marks: [...POST.marks].reverse() }],
    ['a mark twice', { marks: [POST.marks[0], POST.marks[0]] as SnapshotPost['marks'] }],
    ['a mark of zero', { marks: [{ instrument: 1, price: 0n }] }],
    ['a mark of 129 bits', { marks: [{ instrument: 1, price: 2n ** 128n }] }],
  ])('are not made of %s', (_, change) => {
    expect(() => snapshotTypedData(DOMAIN, { ...POST, ...change })).toThrowError(invalid);
  });

  test('are not made of tables that are no numbers of the contract, or of no root', () => {
    for (const change of [{ root: 0n }, { root: FIELD_ORDER }, { tableHashes: [-1n] }, { tableHashes: [2n ** 256n] }]) {
      expect(() => tablesTypedData(DOMAIN, { ...TABLES, ...change })).toThrowError(invalid);
    }
  });

  test('are not made for an oracle that has no address or no chain', () => {
    for (const change of [{ chainId: 0n }, { oracle: 'oracle.eth' }, { oracle: DOMAIN.oracle.replace('D', 'd') }]) {
      expect(() => snapshotTypedData({ ...DOMAIN, ...change }, POST)).toThrowError(invalid);
      expect(() => tablesTypedData({ ...DOMAIN, ...change }, TABLES)).toThrowError(invalid);
    }
  });
});
