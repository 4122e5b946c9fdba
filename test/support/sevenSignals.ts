import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { groth16, powersOfTau, wtns, zKey } from 'snarkjs';
import type { ProofPoints } from '../../src/proof/marginProof.js';
import { proofFromSnarkjs } from '../../src/proof/prover.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import type { VerificationKey } from '../../src/setup/verificationKey.js';

export const CIRCUIT = 'seven-signals';

const BUILD = fileURLToPath(new URL('../../build/', import.meta.url));
const FOLDER = join(BUILD, 'seven-signals');

export interface SevenSignalsKeys {
  readonly key: VerificationKey;
  /** the key before its first contribution: gamma = delta */
  readonly uncontributedKey: VerificationKey;
  prove(signals: readonly bigint[]): Promise<ProofPoints>;
}

/** Keys of sevenSignals.circom by the library's own setup, made once and kept under build/. */
export async function sevenSignals(): Promise<SevenSignalsKeys> {
  if (!existsSync(FOLDER)) await make();
  const json = async (name: string) => JSON.parse(await readFile(join(FOLDER, name), 'utf8')) as VerificationKey;
  const wasm = join(FOLDER, 'sevenSignals.wasm');
  return {
    key: await json('key.json'),
    uncontributedKey: await json('uncontributed.json'),
    prove: async (signals) => {
      const inputs = Object.fromEntries(PUBLIC_SIGNALS.map((name, i) => [name, signals[i]]));
      const witness = { type: 'mem' as const };
      await wtns.calculate({ ...inputs, secret: 7n }, wasm, witness);
      const { proof } = await groth16.prove(join(FOLDER, 'final.zkey'), witness);
      return proofFromSnarkjs(proof);
    },
  };
}

/** Ends the library's worker threads, without which a test run would not end. */
export async function releaseSnarkjs(): Promise<void> {
  await (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate();
}

async function make(): Promise<void> {
  await mkdir(BUILD, { recursive: true });
  const folder = await mkdtemp(join(BUILD, 'seven-signals-'));
  const at = (name: string): string => join(folder, name);
  try {
    await copyFile(new URL('sevenSignals.circom', import.meta.url), at('sevenSignals.circom'));
    const circom = createRequire(import.meta.url).resolve('circom2/cli.js');
    await promisify(execFile)(process.execPath, [circom, 'sevenSignals.circom', '--r1cs', '--wasm'], { cwd: folder });
    await copyFile(at('sevenSignals_js/sevenSignals.wasm'), at('sevenSignals.wasm'));
    const { getCurveFromName } = await import('ffjavascript');
    await powersOfTau.newAccumulator(await getCurveFromName('bn128'), 4, at('0.ptau'));
    await powersOfTau.contribute(at('0.ptau'), at('1.ptau'), 'test', 'entropy of a test');
    await powersOfTau.preparePhase2(at('1.ptau'), at('final.ptau'));
    await zKey.newZKey(at('sevenSignals.r1cs'), at('final.ptau'), at('0.zkey'));
    await zKey.contribute(at('0.zkey'), at('final.zkey'), 'test', 'entropy of a test');
    await writeFile(at('uncontributed.json'), JSON.stringify(await zKey.exportVerificationKey(at('0.zkey'))));
    await writeFile(at('key.json'), JSON.stringify(await zKey.exportVerificationKey(at('final.zkey'))));
    // of two runs that make it at once, the first to finish wins
    await rename(folder, FOLDER).catch((error: unknown) => {
      if (!existsSync(FOLDER)) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
