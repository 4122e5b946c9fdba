import { ZeroHash } from 'ethers';
import { describe, expect, test } from 'vitest';
import { contextOf } from '../../src/chain/context.js';

const INPUT = {
  chainId: 1n,
  gate: `0x${'11'.repeat(20)}`,
  consumer: `0x${'33'.repeat(20)}`,
  subject: `0x${'22'.repeat(20)}`,
  actionHash: ZeroHash,
  deadline: 1n,
};

describe('contextOf', () => {
  test('depends on every part', () => {
    const contexts = [
      INPUT,
      { ...INPUT, chainId: 2n },
      { ...INPUT, gate: INPUT.subject },
      { ...INPUT, consumer: INPUT.gate },
      { ...INPUT, subject: INPUT.gate },
      { ...INPUT, gate: INPUT.subject, subject: INPUT.gate },
      { ...INPUT, actionHash: `0x${'00'.repeat(31)}01` },
      { ...INPUT, deadline: 2n },
    ].map(contextOf);
    expect(new Set(contexts).size).toBe(contexts.length);
  });

  test.each([
    ['gate', '0x1234'],
    ['consumer', ''],
    ['subject', `0x${'22'.repeat(21)}`],
    ['actionHash', '0x00'],
    ['deadline', 1n << 64n],
    ['chainId', -1n],
  ])('refuses a malformed %s', (name, value) => {
    expect(() => contextOf({ ...INPUT, [name]: value })).toThrowError(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
});
