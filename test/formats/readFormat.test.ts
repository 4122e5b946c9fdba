import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { decimalText, fieldElement } from '../../src/formats/fields.js';
import { fileSchema, MAX_TEXT_LENGTH, readFormat, writeFormat } from '../../src/formats/readFormat.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';

const schema = fileSchema('thing', {
  amount: decimalText,
  element: fieldElement.optional(),
  list: z.array(z.strictObject({ amount: decimalText })).optional(),
});
const read = (text: string) => readFormat(schema, text, { name: 'thing', where: 'thing.json' });
const file = (fields: object) => JSON.stringify({ format: 'zk-solvency/thing', version: 1, amount: '1', ...fields });
const failure = (code: string, message: RegExp) =>
  expect.objectContaining({
    code,
    message: expect.stringMatching(message),
    details: expect.objectContaining({ where: 'thing.json' }),
  });

describe('readFormat', () => {
  it('reads what writeFormat writes', () => {
    expect(read(writeFormat('thing', { amount: '-1.5' }))).toEqual({
      format: 'zk-solvency/thing',
      version: 1,
      amount: '-1.5',
    });
  });

  it.each([
    ['{"format": "zk-solvency/thing",\n "version": 1, "amount": 777333x}', /line 2, column 32/],
    ['"zk-solvency/thing"', /must hold a JSON object/],
    ['null', /must hold a JSON object/],
    ['[]', /must hold a JSON object/],
    ['{}', /"format": "zk-solvency\/thing"/],
    [file({ format: 'zk-solvency/snapshot' }), /says zk-solvency\/snapshot/],
    [file({ format: 'a secret' }), /says something else/],
    [file({ format: { toString: 1 } }), /says something else/],
    [file({ version: 0 }), /version/],
    [file({ version: '2' }), /version/],
    [file({ version: 1.5 }), /version/],
    [file({ amount: undefined }), /amount: must be a string, and is missing/],
    [file({ amount: 777333 }), /amount: must be a string, and is missing or of another type/],
    [file({ amount: '777333e1' }), /amount: must be a decimal string/],
    [file({ amount: '1'.repeat(101) }), /at most 100 characters/],
    [file({ list: {} }), /list: must be an array/],
    [file({ list: [{ amount: '1' }, { amount: '+1' }] }), /list\[1\]\.amount: must be a decimal string/],
    [file({ list: [{ amount: '1', more: '777333' }] }), /list\[0\]: unknown field "more"/],
    [file({ extra: 1 }), /unknown field "extra"/],
    [file({ element: FIELD_ORDER.toString() }), /element: .*below the field's order/],
    [file({ element: '-1' }), /element: .*below the field's order/],
    [file({ element: '01' }), /element: .*below the field's order/],
    [file({ element: '9'.repeat(200) }), /element: .*below the field's order/],
    [file({}).replace('"amount"', '"__proto__"'), /that of a prototype/],
    [file({}).replace('{', '{"__proto__":{"amount":"1"},'), /that of a prototype/],
    [file({ constructor: 1 }), /unknown field "constructor"/],
  ])('refuses %#', (text, message) => {
    expect(() => read(text)).toThrow(failure('INVALID_INPUT', message));
    try {
      read(text);
    } catch (error) {
      const shown = JSON.stringify(error) + String(error) + String((error as Error).cause);
      expect(shown).not.toMatch(/777333|secret/);
    }
  });

  it('accepts the largest field element', () => {
    expect(read(file({ element: (FIELD_ORDER - 1n).toString() })).element).toBe((FIELD_ORDER - 1n).toString());
  });

  it('names format and versions of a file from a newer release, whatever else it holds', () => {
    expect(() => read(file({ version: 2, extra: 1 }))).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED_VERSION',
        details: { where: 'thing.json', format: 'zk-solvency/thing', found: 2, supported: 1 },
      }),
    );
  });

  it('shows the first few of many faults', () => {
    const text = file({ list: Array.from({ length: 100 }, () => ({ amount: 1 })) });
    expect(() => read(text)).toThrow(failure('INVALID_INPUT', /list\[4\]\.amount.*; and 95 more\.$/));
  });

  it('refuses a text over 64 MB before it reads it', () => {
    expect(() => read(' '.repeat(MAX_TEXT_LENGTH + 1))).toThrow(failure('INVALID_INPUT', /64 MB/));
  });
});
