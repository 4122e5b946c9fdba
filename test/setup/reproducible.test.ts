import { createHash } from 'node:crypto';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { circuitsFolder, compileCircuit } from '../../src/setup/compileCircuit.js';
import { compileOnce } from '../support/compileOnce.js';

// Keys of a ceremony are for one R1CS. Whoever checks them compiles it again, elsewhere, and has to get the same bytes.
// Those of all shipped circuits are pinned in circuits.json, and CI compiles and compares them.

const TIERED = {
  file: 'tiered/tieredMargin.circom',
  template: 'TieredMargin',
  parameters: [2, 2],
  publicSignals: PUBLIC_SIGNALS,
};
const FILES = ['circuit.r1cs', 'circuit.wasm', 'circuit.sym'];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reproducible-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const hashesIn = (place: string): Promise<readonly string[]> =>
  Promise.all(
    FILES.map(async (file) =>
      createHash('sha256')
        .update(await readFile(join(place, file)))
        .digest('hex'),
    ),
  );

test('a circuit compiles to the same bytes again, in another folder, from a copy of its sources', async () => {
  const before = await hashesIn(await compileOnce(TIERED));
  await cp(circuitsFolder, join(folder, 'copy/circuits'), { recursive: true });
  const copied = { ...TIERED, file: join(folder, 'copy/circuits', TIERED.file) };
  await compileCircuit(copied, join(folder, 'elsewhere'));
  expect(await hashesIn(join(folder, 'elsewhere'))).toEqual(before);
});
