import { readFileSync } from 'node:fs';
import { decodeRlp, encodeRlp } from 'ethers';
import { describe, expect, it } from 'vitest';
import { readBlockHeader } from '../../src/reserves/blockHeader.js';
import { rpcHeader } from '../../src/reserves/rpcHeader.js';

/** Headers of public chains, one of each form since the beginning, as their nodes gave them. */
const HEADERS = JSON.parse(readFileSync(new URL('headers.json', import.meta.url), 'utf8')) as readonly {
  readonly block: string;
  readonly fork: string;
  readonly header: Readonly<Record<string, string>>;
}[];
const PRAGUE = HEADERS.at(-1)?.header ?? {};

describe('a block header', () => {
  it.each(HEADERS)('of $fork, block $block, is rebuilt to its hash', ({ header }) => {
    expect(readBlockHeader(rpcHeader(header), 'the header')).toEqual({
      hash: header['hash'],
      stateRoot: header['stateRoot'],
      number: Number(header['number']),
      timestamp: Number(header['timestamp']),
    });
  });

  it('hashes to something else when a field is changed, missing or shortened', () => {
    const hashOf = (header: Readonly<Record<string, string>>) => readBlockHeader(rpcHeader(header), '').hash;
    const { requestsHash: _, ...cancun } = PRAGUE;
    for (const changed of [
      cancun,
      { ...PRAGUE, stateRoot: `0x${'11'.repeat(32)}` },
      { ...PRAGUE, nonce: '0x00' },
      { ...PRAGUE, timestamp: '0x1' },
    ]) {
      expect(hashOf(changed)).not.toBe(PRAGUE['hash']);
    }
  });

  it.each([
    ['missing', { stateRoot: undefined }],
    ['a number', { number: 12 }],
    ['no hexadecimal', { miner: 'nobody' }],
    ['half a byte', { extraData: '0x1' }],
    ['half a digit too many in a nonce', { nonce: '0x000' }],
  ])('from a node with a field that is %s is refused', (_what, fields) => {
    const name = Object.keys(fields)[0];
    expect(() => rpcHeader({ ...PRAGUE, ...fields })).toThrow(
      expect.objectContaining({ code: 'CHAIN', details: { field: name } }),
    );
  });

  const fields = decodeRlp(rpcHeader(PRAGUE)) as string[];
  it.each([
    ['no RLP', '0xffff'],
    ['a string', encodeRlp('0x1234')],
    ['too short', encodeRlp(fields.slice(0, 14))],
    ['with a long state root', encodeRlp(fields.with(3, `${fields[3]}00`))],
    ['with a list for a timestamp', encodeRlp(fields.map((field, at) => (at === 11 ? [] : field)))],
    ['with a timestamp beyond six bytes', encodeRlp(fields.with(11, '0x01000000000000'))],
  ])('that is %s is refused', (_what, rlp) => {
    expect(() => readBlockHeader(rlp, 'the header')).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', details: { where: 'the header' } }),
    );
  });
});
