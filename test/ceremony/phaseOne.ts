import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { curves, powersOfTau } from 'snarkjs';
import { hashFile } from '../../src/setup/hashFile.js';

const BUILD = resolve(import.meta.dirname, '../../build');

/** A phase 1 of the tests' own, prepared for phase 2: made by the library once, and kept under build/. */
export async function phaseOne(power: number): Promise<{ readonly ptau: string; readonly ptauHash: string }> {
  const folder = join(BUILD, `phase-1-${power}`);
  if (!existsSync(folder)) await make(power, folder);
  const ptau = join(folder, 'prepared.ptau');
  return { ptau, ptauHash: await hashFile(ptau, 'blake2b512') };
}

/** Before it is prepared. */
export const unpreparedPhaseOne = async (power: number): Promise<string> => {
  await phaseOne(power);
  return join(BUILD, `phase-1-${power}`, 'contributed.ptau');
};

async function make(power: number, target: string): Promise<void> {
  await mkdir(BUILD, { recursive: true });
  const folder = await mkdtemp(`${target}-`);
  const at = (name: string): string => join(folder, name);
  try {
    await powersOfTau.newAccumulator(await curves.getCurveFromName('bn128'), power, at('0.ptau'));
    await powersOfTau.contribute(at('0.ptau'), at('contributed.ptau'), 'test', 'entropy of a test');
    await powersOfTau.preparePhase2(at('contributed.ptau'), at('prepared.ptau'));
    await rm(at('0.ptau'));
    // of two runs that make it at once, the first to finish wins
    await rename(folder, target).catch((error: unknown) => {
      if (!existsSync(target)) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
