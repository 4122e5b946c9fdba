import { expect, test } from 'vitest';
import { isoTime, LAST_TIME } from '../../src/numbers/isoTime.js';

test('a time has a date up to the last one, and words after it', () => {
  expect(isoTime(0)).toBe('1970-01-01T00:00:00Z');
  expect(isoTime(LAST_TIME)).toBe('+275760-09-13T00:00:00Z');
  expect(isoTime(LAST_TIME + 1)).toBe('beyond all dates');
});
