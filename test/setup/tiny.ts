import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CompiledCircuit, compileCircuit } from '../../src/setup/compileCircuit.js';

export const TINY = {
  file: fileURLToPath(new URL('tiny.circom', import.meta.url)),
  template: 'Tiny',
  parameters: [2],
  publicSignals: ['left', 'right'],
} as const;

export const TINY_INPUT = { left: 11n, right: 13n, secret: 17n };

/** Fixed secrets, for keys that are the same in every run. */
export const SECRETS = { tau: 2n ** 200n + 3n, alpha: 2n ** 201n + 5n, beta: 2n ** 202n + 7n, delta: 2n ** 203n + 11n };

/** A folder of its own with the compiled circuit. */
export async function compileTiny(): Promise<{ readonly folder: string; readonly compiled: CompiledCircuit }> {
  const folder = await mkdtemp(join(tmpdir(), 'zk-solvency-test-'));
  return { folder, compiled: await compileCircuit(TINY, folder) };
}

export const remove = (folder: string): Promise<void> => rm(folder, { recursive: true, force: true });
