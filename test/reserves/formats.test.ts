import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parsePolicy, serializePolicy } from '../../src/formats/policy.js';
import { parseReserveEvidence } from '../../src/formats/reserveEvidence.js';
import { parseReserveOwners } from '../../src/formats/reserveOwners.js';
import { rational } from '../../src/numbers/rational.js';

const USDC = '0xA0b86991c6218b36c1d19D4a2e9Eb0cE3606eB48';
const KEY = '0x70997970C51812dc3A010C7d01b50e0d17dc79C8';
const NAMESPACE = '0x52c63247e1f47db19d5ce0460030c497f067ca4cebf71ba98eeadabe20bace00';

const TOKEN = {
  asset: 'USD',
  chainId: 1,
  token: USDC,
  decimals: 6,
  balance: { order: 'solidity', slot: '9', bits: 255 },
};
const POLICY = {
  format: 'zk-solvency/policy',
  version: 1,
  venue: 'test-venue',
  venueKey: KEY,
  tokens: [
    TOKEN,
    { asset: 'ETH', chainId: 1, token: null, decimals: 18, balance: null },
    { ...TOKEN, chainId: 10, balance: { order: 'vyper', slot: NAMESPACE, bits: 256 } },
  ],
  haircuts: [
    { asset: 'USD', ppm: 1_000_000 },
    { asset: 'ETH', ppm: 0 },
  ],
  issuedByVenue: ['TVT'],
  marks: { assetsPpm: 5_000, prices: [{ asset: 'ETH', price: '2500.5' }], unpinned: 'refuse' },
  verificationKeys: [{ circuit: 'tiered-8', keyHash: 'ab'.repeat(32) }],
  maxAge: 900,
};
const EVIDENCE = {
  format: 'zk-solvency/reserve-evidence',
  version: 1,
  chains: [
    {
      chainId: 1,
      header: '0xc0',
      contracts: [{ token: USDC, accountProof: ['0x80'] }],
      addresses: [
        {
          address: KEY,
          ownership: { kind: 'eip191', signature: `0x${'11'.repeat(65)}` },
          balances: [{ token: USDC, slot: `0x${'22'.repeat(32)}`, proof: [] }],
        },
      ],
    },
  ],
};
const OWNERS = {
  format: 'zk-solvency/reserve-owners',
  version: 1,
  owners: [{ address: KEY, kind: 'eip1271', signature: '0x' }],
};

type Json = Record<string, unknown>;

/** The file with the value at a path ("tokens.0.slot") replaced; undefined leaves it out. */
function replaced(file: object, path: string, value: unknown): string {
  const copy = structuredClone(file) as Json;
  const keys = path.split('.');
  const last = keys.pop() ?? '';
  const parent = keys.reduce<Json>((node, key) => node[key] as Json, copy);
  if (value === undefined) delete parent[last];
  else parent[last] = value;
  return JSON.stringify(copy);
}

const failure = (code: string, message: RegExp) =>
  expect.objectContaining({ code, message: expect.stringMatching(message) });

describe('a policy', () => {
  it('is read as it says, and written as it was read', () => {
    const policy = parsePolicy(JSON.stringify(POLICY), 'policy.json');
    expect(policy.tokens).toEqual([
      { ...TOKEN, balance: { order: 'solidity', slot: 9n, bits: 255 } },
      { asset: 'ETH', chainId: 1, token: null, decimals: 18, balance: null },
      { ...TOKEN, chainId: 10, balance: { order: 'vyper', slot: BigInt(NAMESPACE), bits: 256 } },
    ]);
    expect(policy.haircuts).toEqual(
      new Map([
        ['USD', 1_000_000n],
        ['ETH', 0n],
      ]),
    );
    expect(policy.issuedByVenue).toEqual(new Set(['TVT']));
    expect(policy.marks).toEqual({
      assetsPpm: 5_000n,
      prices: new Map([['ETH', rational(5001n, 2n)]]),
      unpinned: 'refuse',
    });
    expect(policy.verificationKeys).toEqual(new Map([['tiered-8', 'ab'.repeat(32)]]));
    expect(JSON.parse(serializePolicy(policy))).toEqual(POLICY);
  });

  it('is read from the example in docs/reserves.md', () => {
    const page = readFileSync(new URL('../../docs/reserves.md', import.meta.url), 'utf8');
    const example = /```json\n(.*?)```/s.exec(page)?.[1] ?? '';
    expect(JSON.parse(serializePolicy(parsePolicy(example, 'the example')))).toEqual(JSON.parse(example));
  });

  it('reads addresses in lower case, and slots in hexadecimal', () => {
    const text = replaced(POLICY, 'tokens.0', {
      ...TOKEN,
      token: USDC.toLowerCase(),
      balance: { ...TOKEN.balance, slot: '0x09' },
    });
    expect(serializePolicy(parsePolicy(text, 'policy.json'))).toBe(
      serializePolicy(parsePolicy(JSON.stringify(POLICY), 'policy.json')),
    );
  });

  it.each([
    ['venue', undefined, /venue: must be a string/],
    ['venue', 'a\nb', /venue: must be a name/],
    ['venueKey', '0x1234', /venueKey: must be an address/],
    ['venueKey', KEY.replace('C51812', 'c51812'), /venueKey: must be an address/],
    ['venueKey', `0x${'0'.repeat(40)}`, /venueKey: must be an address/],
    ['tokens', {}, /tokens: must be an array/],
    ['tokens.0.chainId', '1', /tokens\[0\]\.chainId: must be a whole number/],
    ['tokens.0.chainId', 0, /tokens\[0\]\.chainId: must be at least 1/],
    ['tokens.0.decimals', 256, /tokens\[0\]\.decimals: must be at most 255/],
    ['tokens.0.token', null, /tokens\[0\]: token and balance must both be given/],
    ['tokens.1.token', USDC, /tokens\[1\]: token and balance must both be given/],
    ['tokens.0.balance.order', 'rust', /order: must be "solidity" or "vyper"/],
    ['tokens.0.balance.slot', '-1', /slot: must be a whole number below 2\^256/],
    ['tokens.0.balance.slot', 9, /slot: must be a string/],
    ['tokens.0.balance.slot', (1n << 256n).toString(), /slot: must be a whole number below 2\^256/],
    ['tokens.0.balance.bits', 0, /bits: must be at least 1/],
    ['tokens.0.balance.bits', 257, /bits: must be at most 256/],
    ['tokens.0.balance.mask', 1, /unknown field "mask"/],
    ['haircuts.0.ppm', 1_000_001, /haircuts\[0\]\.ppm: must be at most 1000000/],
    ['haircuts.0.ppm', -1, /haircuts\[0\]\.ppm: must be at least 0/],
    ['marks.prices.0.price', 2500, /price: must be a string/],
    ['marks.prices.0.price', '-1', /price: must be a decimal string without sign/],
    ['marks.prices.0.price', '0.00', /price: must be above zero/],
    ['marks.unpinned', undefined, /unpinned: must be "accept" or "refuse"/],
    ['verificationKeys.0.keyHash', 'AB'.repeat(32), /keyHash: must be a key hash/],
    ['verificationKeys.0.circuit', '../key', /circuit: must be the name of a circuit/],
    ['maxAge', 1.5, /maxAge: must be a whole number/],
    ['more', 1, /unknown field "more"/],
  ])('with a wrong %s (%s) is refused', (path, value, message) => {
    expect(() => parsePolicy(replaced(POLICY, path, value), 'policy.json')).toThrow(failure('INVALID_INPUT', message));
  });

  it.each([
    ['tokens.1', { ...TOKEN, token: USDC.toLowerCase(), asset: 'ETH' }, 'tokens[1]'],
    ['tokens.0', { asset: 'USD', chainId: 1, token: null, decimals: 18, balance: null }, 'tokens[1]'],
    ['haircuts.1.asset', 'USD', 'haircuts[1]'],
    ['issuedByVenue', ['TVT', 'TVT'], 'issuedByVenue[1]'],
    ['marks.prices', [POLICY.marks.prices[0], { asset: 'ETH', price: '1' }], 'marks.prices[1]'],
    ['verificationKeys', [POLICY.verificationKeys[0], POLICY.verificationKeys[0]], 'verificationKeys[1]'],
  ])('that says %s twice is refused', (path, value, where) => {
    expect(() => parsePolicy(replaced(POLICY, path, value), 'policy.json')).toThrow(
      expect.objectContaining({
        code: 'DUPLICATE',
        details: expect.objectContaining({ where: `policy.json: ${where}` }),
      }),
    );
  });
});

describe('reserve evidence', () => {
  const OWNERSHIP = 'chains.0.addresses.0.ownership';
  const BALANCE = 'chains.0.addresses.0.balances.0';

  it.each([
    ['format', 'zk-solvency/proof', /says zk-solvency\/proof/],
    ['chains', {}, /chains: must be an array/],
    ['chains.0.chainId', 2 ** 53, /chainId: must be/],
    ['chains.0.header', 'c0c0', /header: must be 0x and an even number/],
    ['chains.0.header', '0xc', /header: must/],
    ['chains.0.header', '0x', /header: must have at least 1 bytes/],
    ['chains.0.header', `0x${'00'.repeat(65_537)}`, /header: must have at most 65536 bytes/],
    ['chains.0.contracts', undefined, /contracts: must be an array/],
    ['chains.0.contracts.0.token', null, /token: must be a string/],
    ['chains.0.contracts.0.accountProof', '0x80', /accountProof: must be an array/],
    ['chains.0.contracts.0.accountProof', ['0xzz'], /accountProof\[0\]: must be 0x/],
    ['chains.0.contracts.0.accountProof', Array.from({ length: 65 }, () => '0x80'), /at most 64 nodes/],
    ['chains.0.contracts.0.accountProof', [`0x${'00'.repeat(2049)}`], /accountProof\[0\]: must have at most 2048/],
    ['chains.0.addresses.0.address', 'vitalik.eth', /address: must be an address/],
    ['chains.0.addresses.0.address', USDC.replace('A0b', 'a0b'), /address: must be an address/],
    [OWNERSHIP, undefined, /ownership: must be an object/],
    [`${OWNERSHIP}.kind`, 'verbal', /kind "eip191", "eip712" or "eip1271"/],
    [`${OWNERSHIP}.signature`, '0x1234', /signature: must have at least 65 bytes/],
    [`${OWNERSHIP}.checkedOnline`, 'yes', /unknown field "checkedOnline"/],
    [OWNERSHIP, { kind: 'eip1271', signature: '0x' }, /checkedOnline: must be a string/],
    [OWNERSHIP, { kind: 'eip1271', signature: '0x', checkedOnline: 'x'.repeat(201) }, /at most 200 characters/],
    [`${BALANCE}.slot`, '0x09', /slot: must have at least 32 bytes/],
    [`${BALANCE}.slot`, 9, /slot: must be a string/],
    [`${BALANCE}.proof`, [1], /proof\[0\]: must be a string/],
    [`${BALANCE}.value`, '0x01', /unknown field "value"/],
  ])('with a wrong %s is refused, case %#', (path, value, message) => {
    expect(() => parseReserveEvidence(replaced(EVIDENCE, path, value), 'evidence.json')).toThrow(
      failure('INVALID_INPUT', message),
    );
  });

  it('is read with its addresses checksummed', () => {
    const text = JSON.stringify(EVIDENCE).replaceAll(USDC, USDC.toLowerCase()).replaceAll(KEY, KEY.toLowerCase());
    expect(parseReserveEvidence(text, 'evidence.json')).toEqual({ chains: EVIDENCE.chains });
  });
});

describe('reserve owners', () => {
  it('are read with their addresses checksummed', () => {
    const text = replaced(OWNERS, 'owners.0.address', KEY.toLowerCase());
    expect(parseReserveOwners(text, 'owners.json')).toEqual(OWNERS.owners);
  });

  it.each([
    ['owners.0.kind', 'eip7702', /kind: must be "eip191", "eip712" or "eip1271"/],
    ['owners.0.signature', 'sig', /signature: must/],
    ['owners.0.address', 'me', /address: must be an address/],
    ['owners.0.chainId', 1, /unknown field "chainId"/],
  ])('with a wrong %s are refused', (path, value, message) => {
    expect(() => parseReserveOwners(replaced(OWNERS, path, value), 'owners.json')).toThrow(
      failure('INVALID_INPUT', message),
    );
  });

  it('with an address twice, in another letter case, are refused', () => {
    const owners = [...OWNERS.owners, { ...OWNERS.owners[0], address: KEY.toLowerCase() }];
    expect(() => parseReserveOwners(replaced(OWNERS, 'owners', owners), 'owners.json')).toThrow(
      failure('DUPLICATE', /owners\[1\] repeats/),
    );
  });
});
