import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseAccount, serializeAccount } from '../../src/formats/account.js';
import { parseAccountPackage, serializeAccountPackage } from '../../src/formats/accountPackage.js';
import { parseIdentity, serializeIdentity } from '../../src/formats/identity.js';
import { jsonSchemas } from '../../src/formats/jsonSchemas.js';
import { parseParameters, serializeParameters } from '../../src/formats/parameters.js';
import { parsePrices, serializePrices } from '../../src/formats/prices.js';
import { parseProof, serializeProof } from '../../src/formats/proof.js';
import { parseRegistry, serializeRegistry } from '../../src/formats/registry.js';
import { parseSnapshot, serializeSnapshot } from '../../src/formats/snapshot.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { buildSnapshot } from '../../src/snapshot/build.js';
import { parameters, prices, registry, small } from '../snapshot/example.js';
import { account, accountPackage, type FormatName, marginProof, texts } from './examples.js';

/** Reads and writes again. */
const rewrite: Record<FormatName, (text: string) => string> = {
  account: (text) => serializeAccount(parseAccount(text, 'x.json', registry), registry),
  'account-package': (text) => serializeAccountPackage(parseAccountPackage(text, 'x.json', registry), registry),
  identity: (text) => serializeIdentity(parseIdentity(text, 'x.json')),
  parameters: (text) => serializeParameters(parseParameters(text, 'x.json')),
  prices: (text) => serializePrices(parsePrices(text, 'x.json', registry), registry),
  proof: (text) => serializeProof(parseProof(text, 'x.json')),
  registry: (text) => serializeRegistry(parseRegistry(text, 'x.json')),
  snapshot: (text) => serializeSnapshot(parseSnapshot(text, 'x.json')),
};

const names = Object.keys(texts) as FormatName[];

type Json = { [key: string]: Json } & Json[];

/** The valid text of a format with one place changed; undefined takes the place out. */
function spoil(name: FormatName, path: readonly (string | number)[], value: unknown): string {
  const file = JSON.parse(texts[name]) as Json;
  const parent = path.slice(0, -1).reduce((node: Json, key) => node[key as number] as Json, file) as unknown as Record<
    string,
    unknown
  >;
  parent[path.at(-1) as string] = value;
  return JSON.stringify(file);
}

describe.each(names)('the format %s', (name) => {
  it('is written as it was read, in one form', () => {
    expect(rewrite[name](texts[name])).toBe(texts[name]);
    expect(rewrite[name](JSON.stringify(JSON.parse(texts[name])))).toBe(texts[name]);
  });

  it('names itself and its version', () => {
    expect(JSON.parse(texts[name])).toMatchObject({ format: `zk-solvency/${name}`, version: 1 });
    expect(() => rewrite[name](spoil(name, ['format'], 'zk-solvency/other'))).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
    expect(() => rewrite[name](spoil(name, ['version'], 2))).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED_VERSION' }),
    );
  });

  it('refuses an unknown field, and lacks none of its own', () => {
    expect(() => rewrite[name](spoil(name, ['extra'], 1))).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
    for (const key of Object.keys(JSON.parse(texts[name]))) {
      if (name === 'account' && key === 'venue') continue;
      expect(() => rewrite[name](spoil(name, [key], undefined))).toThrow(
        expect.objectContaining({ code: 'INVALID_INPUT' }),
      );
    }
  });

  it('has a JSON schema', () => {
    const schema = jsonSchemas()[name] as { title: string; anyOf?: readonly object[] };
    expect(schema.title).toBe(`zk-solvency/${name}`);
    // a snapshot has one form for each family of models
    for (const form of schema.anyOf ?? [schema]) {
      expect(form).toMatchObject({
        type: 'object',
        additionalProperties: false,
        required: expect.arrayContaining(['format', 'version']),
      });
    }
  });
});

const bad: readonly (readonly [FormatName, readonly (string | number)[], unknown, string, RegExp])[] = [
  ['registry', ['registry', 'entries', 0, 'id'], '1', 'INVALID_INPUT', /registry\.entries\[0\]\.id/],
  [
    'registry',
    ['registry', 'entries', 0, 'id'],
    2 ** 32,
    'INVALID_INPUT',
    /registry\.entries\[0\]\.id: must be at most/,
  ],
  ['registry', ['registry', 'entries', 1, 'id'], 1, 'INVALID_SNAPSHOT', /already that of USDT/],
  ['registry', ['registry', 'entries', 0, 'kind'], 'swap', 'INVALID_INPUT', /kind: must be one of/],
  ['registry', ['registry', 'entries', 0, 'symbol'], 'a\u0000', 'INVALID_INPUT', /symbol: must be a name/],
  ['registry', ['registry', 'entries', 0, 'amountDecimals'], 17, 'INVALID_INPUT', /amountDecimals/],
  ['parameters', ['assets', 0, 'asset'], 'DOGE', 'UNKNOWN_ASSET', /assets\[0\]\.asset/],
  ['parameters', ['assets', 0, 'asset'], 'BTC/USDT:USDT', 'UNKNOWN_ASSET', /assets\[0\]\.asset/],
  ['parameters', ['assets', 0, 'asset'], '__proto__', 'UNKNOWN_ASSET', /assets\[0\]\.asset/],
  ['parameters', ['instruments', 0, 'instrument'], 'BTC', 'UNKNOWN_INSTRUMENT', /instruments\[0\]\.instrument/],
  [
    'parameters',
    ['instruments', 0, 'tiers', 0, 'initialRate'],
    '1/0',
    'INVALID_INPUT',
    /initialRate: must be a decimal string or a fraction/,
  ],
  ['parameters', ['instruments', 0, 'tiers', 0, 'initialRate'], '-0.1', 'INVALID_INPUT', /initialRate/],
  ['parameters', ['instruments', 0, 'tiers', 0, 'initialRate'], 0.1, 'INVALID_INPUT', /initialRate/],
  ['parameters', ['haircutRule'], 'both', 'INVALID_INPUT', /haircutRule: must be "marginal" or "whole"/],
  ['prices', ['venue'], 'Another', 'MISMATCH', /Another/],
  ['prices', ['time'], 1.5, 'INVALID_INPUT', /time/],
  ['prices', ['assets', 0, 'price'], '1/3', 'INVALID_INPUT', /assets\[0\]\.price/],
  ['prices', ['assets', 1, 'asset'], 'USDT', 'DUPLICATE', /assets\[1\]/],
  ['prices', ['instruments', 0, 'instrument'], 'X', 'UNKNOWN_INSTRUMENT', /instruments\[0\]/],
  ['snapshot', ['instruments', 0, 'mark'], '26000.123456789', 'NOT_REPRESENTABLE', /instruments\[0\]\.mark/],
  ['snapshot', ['instruments', 0, 'tiers', 0, 'rate'], '0.0040001', 'NOT_REPRESENTABLE', /tiers\[0\]\.rate/],
  ['snapshot', ['instruments', 0, 'tiers', 1, 'deduction'], '10.0000000000000000000001', 'INVALID_SNAPSHOT', /tier 1/],
  [
    'snapshot',
    ['instruments', 0, 'tiers', 1, 'deduction'],
    '10.00000000000000000000001',
    'NOT_REPRESENTABLE',
    /deduction/,
  ],
  ['snapshot', ['assets', 1, 'ladder', 0, 'valueCap'], '0.00000000000000001', 'NOT_REPRESENTABLE', /valueCap/],
  ['snapshot', ['assets', 1, 'ladder', 0, 'valueCap'], null, 'INVALID_SNAPSHOT', /only the last/],
  ['snapshot', ['assets', 0, 'price'], '0', 'INVALID_SNAPSHOT', /above zero/],
  ['snapshot', ['assets', 0, 'asset'], 'BTC', 'INVALID_SNAPSHOT', /twice/],
  ['snapshot', ['model', 'family'], 'other', 'INVALID_INPUT', /model\.family/],
  ['snapshot', ['model', 'version'], 2, 'INVALID_SNAPSHOT', /version/],
  ['snapshot', ['roundings'], [{ where: 'x', exact: 1, used: '1' }], 'INVALID_INPUT', /roundings\[0\]\.exact/],
  ['identity', ['ownerSecret'], '0x12', 'INVALID_INPUT', /ownerSecret: must be 0x/],
  ['identity', ['ownerSecret'], `0x${'0'.repeat(64)}`, 'INVALID_INPUT', /ownerSecret/],
  ['identity', ['ownerSecret'], `0x${FIELD_ORDER.toString(16)}`, 'INVALID_INPUT', /ownerSecret/],
  ['identity', ['ownerCommitment'], FIELD_ORDER.toString(), 'INVALID_INPUT', /ownerCommitment/],
  ['account', ['venue'], 'Another', 'MISMATCH', /another venue/],
  ['account', ['collateral', 0, 'amount'], 12.5, 'INVALID_INPUT', /collateral\[0\]\.amount/],
  ['account', ['collateral', 0, 'amount'], '0.123456789', 'NOT_REPRESENTABLE', /collateral\[0\]\.amount/],
  ['account', ['collateral', 0, 'amount'], '184467440737.09551616', 'OUT_OF_RANGE', /collateral\[0\]\.amount/],
  ['account', ['collateral', 0, 'asset'], 'ETH', 'UNKNOWN_ASSET', /collateral\[0\]\.asset/],
  ['account', ['collateral', 1, 'asset'], 'USDT', 'DUPLICATE', /collateral\[1\].*collateral\[0\]/],
  ['account', ['positions', 1, 'instrument'], 'ETH/BTC:BTC', 'DUPLICATE', /positions\[1\]/],
  ['account', ['positions', 0, 'instrument'], 'BTC', 'UNKNOWN_INSTRUMENT', /positions\[0\]\.instrument/],
  [
    'account',
    ['positions', 0, 'cost'],
    undefined,
    'INVALID_INPUT',
    /positions\[0\]: must have either cost or entryPrice/,
  ],
  [
    'account',
    ['positions', 0, 'entryPrice'],
    '1',
    'INVALID_INPUT',
    /positions\[0\]: must have either cost or entryPrice/,
  ],
  ['account', ['positions', 0, 'size'], '0', 'OUT_OF_RANGE', /size zero must have cost zero/],
  ['account', ['positions', 0, 'size'], '-18446744073709.551616', 'OUT_OF_RANGE', /positions\[0\]\.size/],
  ['account', ['positions', 0, 'cost'], '12089258196146291.74706176', 'OUT_OF_RANGE', /positions\[0\]\.cost/],
  ['account-package', ['venue'], 'Another', 'MISMATCH', /another venue/],
  ['account-package', ['accountRootOpening', 'venueId'], '1', 'MISMATCH', /another venue/],
  ['account-package', ['accountRootOpening', 'registryHash'], '1', 'MISMATCH', /another registry/],
  ['account-package', ['accountRootOpening', 'treeRoot'], '1', 'MISMATCH', /accountRoot/],
  ['account-package', ['accountRoot'], '1', 'MISMATCH', /accountRoot/],
  ['account-package', ['salt'], FIELD_ORDER.toString(), 'INVALID_INPUT', /salt/],
  ['account-package', ['collateral', 0, 'id'], 9, 'MISMATCH', /collateral\[0\]/],
  ['account-package', ['positions', 0, 'id'], 9, 'MISMATCH', /positions\[0\]/],
  ['account-package', ['collateral', 0, 'amount'], '0', 'NOT_REPRESENTABLE', /zero/],
  ['account-package', ['path', 'index'], 8 ** 9, 'INVALID_INPUT', /path\.index/],
  ['account-package', ['path', 'index'], -1, 'INVALID_INPUT', /path\.index/],
  ['account-package', ['path', 'siblings'], [], 'INVALID_INPUT', /must hold 9 levels/],
  ['account-package', ['path', 'siblings', 0], ['1'], 'INVALID_INPUT', /path\.siblings\[0\]: must hold 7 siblings/],
  ['account-package', ['path', 'siblings', 3, 6], FIELD_ORDER.toString(), 'INVALID_INPUT', /path\.siblings\[3\]\[6\]/],
  ['proof', ['circuit'], '../../etc/passwd', 'INVALID_INPUT', /circuit/],
  ['proof', ['keyHash'], 'AB'.repeat(32), 'INVALID_INPUT', /keyHash/],
  ['proof', ['setup'], 'trusted', 'INVALID_INPUT', /setup/],
  ['proof', ['publicSignals', 'scope'], FIELD_ORDER.toString(), 'INVALID_INPUT', /publicSignals\.scope/],
  ['proof', ['publicSignals', 'scope'], undefined, 'INVALID_INPUT', /publicSignals\.scope/],
  ['proof', ['publicSignals', 'more'], '1', 'INVALID_INPUT', /publicSignals: unknown field "more"/],
  ['proof', ['publicSignals', 'scope'], '-3', 'INVALID_INPUT', /publicSignals\.scope/],
  ['proof', ['publicSignals', 'scope'], 3, 'INVALID_INPUT', /publicSignals\.scope/],
  ['proof', ['proof', 'a'], ['1'], 'INVALID_INPUT', /proof\.a/],
  ['proof', ['proof', 'c'], ['1', '2', '3'], 'INVALID_INPUT', /proof\.c/],
  [
    'proof',
    ['proof', 'b', 0, 0],
    '21888242871839275222246405745257275088696311157297823662689037894645226208583',
    'INVALID_INPUT',
    /proof\.b\[0\]\[0\]/,
  ],
];

describe('a spoilt file', () => {
  it.each(bad)('%s %j = %j: %s', (name, path, value, code, message) => {
    expect(() => rewrite[name](spoil(name, path, value))).toThrow(
      expect.objectContaining({ code, message: expect.stringMatching(message) }),
    );
  });
});

describe('what was written is what is read', () => {
  it('for every format', () => {
    expect(parseRegistry(texts.registry, 'x')).toEqual(registry);
    expect(parseParameters(texts.parameters, 'x')).toEqual(parameters);
    expect(parsePrices(texts.prices, 'x', registry)).toEqual(prices);
    expect(parseSnapshot(texts.snapshot, 'x')).toEqual(small);
    expect(parseIdentity(texts.identity, 'x')).toEqual({ ownerSecret: 255n, ownerCommitment: 4n });
    expect(parseAccount(texts.account, 'x', registry)).toEqual({
      collateral: account.collateral,
      positions: account.positions,
    });
    expect(parseAccountPackage(texts['account-package'], 'x', registry)).toEqual(accountPackage);
    expect(parseProof(texts.proof, 'x')).toEqual(marginProof);
  });

  it('for built snapshots with roundings', () => {
    for (const claim of ['maintenance', 'initial'] as const) {
      const snapshot = buildSnapshot(parameters, prices, claim);
      expect(parseSnapshot(serializeSnapshot(snapshot), 'x')).toEqual(snapshot);
    }
  });

  it('for any holdings', () => {
    const signed = (bits: bigint) =>
      fc.bigInt({ min: 1n - 2n ** bits, max: 2n ** bits - 1n }).filter((value) => value !== 0n);
    const anyHoldings = fc.record({
      collateral: fc
        .subarray([1, 7, 9])
        .chain((ids) =>
          fc.tuple(...ids.map((assetId) => fc.record({ assetId: fc.constant(assetId), amount: signed(64n) }))),
        ),
      positions: fc
        .subarray([4, 5])
        .chain((ids) =>
          fc.tuple(
            ...ids.map((instrumentId) =>
              fc.record({ instrumentId: fc.constant(instrumentId), size: signed(64n), cost: signed(80n) }),
            ),
          ),
        ),
    });
    fc.assert(
      fc.property(anyHoldings, (holdings) => {
        expect(parseAccount(serializeAccount(holdings, registry), 'x', registry)).toEqual(holdings);
      }),
      { seed: 6 },
    );
  });

  it('has its public signals in the order of the circuits', () => {
    expect(Object.keys(JSON.parse(texts.proof).publicSignals)).toEqual([
      'accountRoot',
      'riskRoot',
      'thresholdBps',
      'equityFloor',
      'nullifier',
      'scope',
      'context',
    ]);
  });
});

describe('an account file', () => {
  const read = (collateral: object[], positions: object[]) =>
    parseAccount(
      JSON.stringify({ format: 'zk-solvency/account', version: 1, collateral, positions }),
      'x.json',
      registry,
    );

  it('may give an entry price instead of the cost, and its lines in any order', () => {
    const holdings = read(
      [
        { asset: 'BTC', amount: '1' },
        { asset: 'USDT', amount: '12.5' },
      ],
      [{ instrument: 'BTC/USDT:USDT', size: '-0.5', entryPrice: '26001' }],
    );
    expect(holdings).toEqual({
      collateral: [
        { assetId: 1, amount: 1_250_000_000n },
        { assetId: 7, amount: 100_000_000n },
      ],
      positions: [{ instrumentId: 5, size: -50_000_000n, cost: -1_300_050_000_000n }],
    });
  });

  it('leaves out lines of zero', () => {
    expect(
      read([{ asset: 'BTC', amount: '-0.0' }], [{ instrument: 'BTC/USDT:USDT', size: '0', entryPrice: '26001' }]),
    ).toEqual({ collateral: [], positions: [] });
  });

  it('refuses a cost that 8 decimals cannot hold, and an entry price in another asset than the quote', () => {
    expect(() => read([], [{ instrument: 'BTC/USDT:USDT', size: '0.00000001', entryPrice: '0.5' }])).toThrow(
      expect.objectContaining({ code: 'NOT_REPRESENTABLE', message: expect.stringContaining('entryPrice x size') }),
    );
    expect(() => read([], [{ instrument: 'ETH/BTC:BTC', size: '1', entryPrice: '0.06' }])).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining('cost in USDT') }),
    );
  });

  it('shows no amount and no symbol in any error', () => {
    const wrong: (() => unknown)[] = [
      () => read([{ asset: 'SECRET', amount: '1' }], []),
      () => read([{ asset: 'BTC', amount: '777333.1234567891' }], []),
      () => read([{ asset: 'BTC', amount: '777333777333777333' }], []),
      () => read([{ asset: 'BTC', amount: '777333x' }], []),
      () => read([], [{ instrument: 'SECRET', size: '777333', cost: '0' }]),
      () =>
        read(
          [
            { asset: 'BTC', amount: '1' },
            { asset: 'BTC', amount: '777333' },
          ],
          [],
        ),
    ];
    for (const attempt of wrong) {
      expect.hasAssertions();
      try {
        attempt();
      } catch (error) {
        const { message, details, cause } = error as Error & { details: object };
        expect(JSON.stringify([message, details, error, cause ?? ''])).not.toMatch(/777333|SECRET|BTC/);
      }
      expect(attempt).toThrow();
    }
  });
});
