import { join } from 'node:path';
import type { CircuitPaths } from '../proof/proverPool.js';
import { loadArtifacts } from '../setup/artifacts.js';
import type { VerificationKey } from '../setup/verificationKey.js';

/** What it takes to prove with a circuit in another process and to check the proof here. */
export interface CircuitKeys {
  readonly circuit: string;
  readonly paths: CircuitPaths;
  readonly verificationKey: VerificationKey;
  readonly keyHash: string;
}

/** Checks the artifacts of a circuit against their manifest. Errors: those of loadArtifacts. */
export async function circuitKeys(artifactsFolder: string, circuit: string): Promise<CircuitKeys> {
  const { manifest, verificationKey, keyHash } = await loadArtifacts(artifactsFolder, circuit);
  const at = (file: string): string => join(artifactsFolder, circuit, file);
  return {
    circuit,
    paths: { wasm: at(manifest.files.wasm.file), zkey: at(manifest.files.zkey.file) },
    verificationKey,
    keyHash,
  };
}
