// A Powers of Tau file from somewhere: whoever made one alone knows its secrets and forges proofs under every key that is
// built on it. What stops it here: only the files of the published ceremony are taken, by their hashes.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { neededPower, PUBLISHED_POWERS_OF_TAU, publishedPowersOfTau } from '../../src/ceremony/publishedPowersOfTau.js';
import { CIRCUITS } from '../../src/setup/circuits.js';

const library = join(dirname(createRequire(import.meta.url).resolve('snarkjs')), '..');
const document = readFileSync(new URL('../../docs/ceremony.md', import.meta.url), 'utf8');

describe('the published files', () => {
  it('are those that the installed library documents, all powers from 8 to 28', () => {
    const readme = readFileSync(join(library, 'README.md'), 'utf8');
    const rows = [...readme.matchAll(/\|\s*(\d+)\s*\|[^|]*\|\s*\[([\w.]+)\]\([^)]*\)\s*\|\s*([0-9a-f]{128})\s*\|/g)];
    expect(PUBLISHED_POWERS_OF_TAU).toEqual(
      rows.map(([, power, name, blake2b512]) => ({ power: Number(power), name, blake2b512 })),
    );
    expect(PUBLISHED_POWERS_OF_TAU.map(({ power }) => power)).toEqual(Array.from({ length: 21 }, (_, i) => i + 8));
    expect(publishedPowersOfTau('0'.repeat(128))).toBeUndefined();
  });

  it('suffice for every circuit, and the document names the one that each needs', () => {
    const rows = CIRCUITS.map(({ name, r1cs, ...circuit }) => {
      const power = neededPower({ r1cs, ...circuit });
      const file = PUBLISHED_POWERS_OF_TAU.find((published) => published.power === power)?.name;
      return `| ${name} | ${r1cs.constraints} | 2^${power} | \`${file}\` |`;
    });
    expect(document.match(/^\| [a-z0-9-]+ \| \d+ \|.*$/gm)).toEqual(rows);
  });

  it.each([
    [1, 0, 1],
    [2, 1, 2],
    [3, 1, 3],
    [1015, 8, 10],
    [1016, 8, 11],
  ])('%i constraints and %i public signals need 2^%i', (constraints, signals, power) => {
    expect(neededPower({ r1cs: { constraints }, publicSignals: Array<string>(signals).fill('s') })).toBe(power);
  });
});
