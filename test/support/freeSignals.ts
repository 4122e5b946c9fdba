import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { getCurveFromName } from 'ffjavascript';
import { groth16, powersOfTau, wtns, zKey } from 'snarkjs';
import type { ProofPoints } from '../../src/proof/marginProof.js';
import { proofFromSnarkjs } from '../../src/proof/prover.js';
import type { VerificationKey } from '../../src/setup/verificationKey.js';

const BUILD = fileURLToPath(new URL('../../build/', import.meta.url));
const TEMPLATE = 'freeSignals.circom';
const MAX_COUNT = 32;

export interface FreeSignals {
  readonly circuit: string;
  readonly key: VerificationKey;
  /** the key before its first contribution: gamma = delta */
  readonly uncontributedKey: VerificationKey;
  /** a proof for any `count` signals below the field's order */
  prove(signals: readonly bigint[]): Promise<ProofPoints>;
}

/** The library's curve with its threads, started once: two that start it at the same time leave one behind that never ends. */
let started: Promise<Awaited<ReturnType<typeof getCurveFromName>>> | undefined;
function libraryCurve() {
  started ??= getCurveFromName('bn128');
  return started;
}

/** A circuit with `count` free public signals, 1 to 32, and keys by the library's own setup, made once and kept under build/. */
export async function freeSignals(count: number): Promise<FreeSignals> {
  if (!Number.isInteger(count) || count < 1 || count > MAX_COUNT) throw new Error(`no circuit of ${count} signals`);
  const circuit = `free-signals-${count}`;
  const folder = join(BUILD, circuit);
  await libraryCurve();
  if (!existsSync(folder)) await make(count, folder);
  const json = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8')) as VerificationKey;
  return {
    circuit,
    key: await json('key.json'),
    uncontributedKey: await json('uncontributed.json'),
    prove: async (signals) => {
      if (signals.length !== count) throw new Error(`${signals.length} signals for a circuit of ${count}`);
      const witness = { type: 'mem' as const };
      await wtns.calculate({ signals: [...signals], secret: 7n }, join(folder, 'main.wasm'), witness);
      const { proof } = await groth16.prove(join(folder, 'final.zkey'), witness);
      return proofFromSnarkjs(proof);
    },
  };
}

/** Ends the library's worker threads, without which a test run would not end. */
export async function releaseSnarkjs(): Promise<void> {
  started = undefined;
  await (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate();
}

async function make(count: number, target: string): Promise<void> {
  await mkdir(BUILD, { recursive: true });
  const folder = await mkdtemp(`${target}-`);
  const at = (name: string): string => join(folder, name);
  try {
    await copyFile(new URL(TEMPLATE, import.meta.url), at(TEMPLATE));
    const main = `component main {public [signals]} = FreeSignals(${count});`;
    await writeFile(at('main.circom'), `pragma circom 2.2.2;\ninclude "${TEMPLATE}";\n${main}\n`);
    const circom = createRequire(import.meta.url).resolve('circom2/cli.js');
    await promisify(execFile)(process.execPath, [circom, 'main.circom', '--r1cs', '--wasm'], { cwd: folder });
    await copyFile(at('main_js/main.wasm'), at('main.wasm'));
    // a row for each product, each public signal and the constant
    const power = Math.ceil(Math.log2(2 * count + 1));
    await powersOfTau.newAccumulator(await libraryCurve(), power, at('0.ptau'));
    await powersOfTau.contribute(at('0.ptau'), at('1.ptau'), 'test', 'entropy of a test');
    await powersOfTau.preparePhase2(at('1.ptau'), at('final.ptau'));
    await zKey.newZKey(at('main.r1cs'), at('final.ptau'), at('0.zkey'));
    await zKey.contribute(at('0.zkey'), at('final.zkey'), 'test', 'entropy of a test');
    await writeFile(at('uncontributed.json'), JSON.stringify(await zKey.exportVerificationKey(at('0.zkey'))));
    await writeFile(at('key.json'), JSON.stringify(await zKey.exportVerificationKey(at('final.zkey'))));
    // of two runs that make it at once, the first to finish wins
    await rename(folder, target).catch((error: unknown) => {
      if (!existsSync(target)) throw error;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
