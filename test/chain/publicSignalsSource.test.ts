import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { publicSignalsLibrary } from '../../src/chain/publicSignalsSource.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';

test('contracts/PublicSignals.sol is what the constants say', async () => {
  const file = await readFile(new URL('../../contracts/PublicSignals.sol', import.meta.url), 'utf8');
  expect(file).toBe(publicSignalsLibrary());
});

test('names each signal by its place in the proof', () => {
  const indices = [...publicSignalsLibrary().matchAll(/constant ([A-Z_]+) = (\d+);/g)];
  const names = PUBLIC_SIGNALS.map((name) => name.replace(/([A-Z])/g, '_$1').toUpperCase());
  expect(indices.map(([, name, index]) => [name, Number(index)])).toEqual(names.map((name, i) => [name, i]));
});
