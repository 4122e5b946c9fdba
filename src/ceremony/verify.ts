import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SolvencyError } from '../errors.js';
import { curve } from '../setup/curve.js';
import { hashFile } from '../setup/hashFile.js';
import { assertUsableKey, exportVerificationKey, keyHash } from '../setup/verificationKey.js';
import { type OpenCeremony, openCeremony } from './ceremonyFolder.js';
import { type CeremonyCircuit, compilePinned } from './compilePinned.js';
import { type CeremonyOptions, newKey, verifyKey, withLibrary } from './library.js';
import { checkPowersOfTau, type PhaseOne } from './powersOfTau.js';
import { neededPower } from './publishedPowersOfTau.js';
import { type Ceremony, type CeremonyBeacon, notSound } from './transcript.js';

/** A finished ceremony of which everything was checked. */
export interface VerifiedCeremony {
  readonly ceremony: Ceremony & { readonly beacon: CeremonyBeacon };
  /** the record as it is in the file, and its SHA-256 */
  readonly text: string;
  readonly transcript: string;
  /** path of the finished key */
  readonly key: string;
}

/**
 * Checks a whole ceremony from what the verifier has: the circuit's sources and the Powers of Tau file. The first key is made
 * again from both, the finished key must follow from it by the steps of the record, and the record must be a ceremony's: at
 * least one contribution, and a beacon as the last step.
 * `compiled` is the .r1cs file where the caller has compiled the circuit. Errors: MISMATCH (another circuit, phase 1 or key),
 * INSECURE_KEY, those of checkPowersOfTau, compilePinned and openCeremony, CANCELLED.
 */
export async function verifyCeremony(
  circuit: CeremonyCircuit,
  { folder, compiled, ...phaseOne }: PhaseOne & { readonly folder: string; readonly compiled?: string },
  { signal, onProgress }: CeremonyOptions = {},
): Promise<VerifiedCeremony> {
  onProgress?.('reading the record and the key');
  const opened = await openCeremony(folder);
  const { ceremony, text, key } = opened;
  if (ceremony.circuit !== circuit.name || ceremony.r1cs.sha256 !== circuit.r1cs.sha256) {
    throw mismatch(`The ceremony is not one of the circuit ${circuit.name} as circuits.json pins it.`);
  }
  // the library's own check says yes to such a key, under which anybody forges proofs
  if (ceremony.contributions.length === 0) throw notSound('it has no contribution');
  const stage = await mkdtemp(join(tmpdir(), 'zk-solvency-'));
  try {
    await withLibrary(signal, async (library) => {
      onProgress?.('checking the phase 1');
      const powersOfTau = await checkPowersOfTau(phaseOne, neededPower(circuit), library);
      if (powersOfTau.blake2b512 !== ceremony.powersOfTau.blake2b512) {
        throw mismatch('The ceremony was built on another Powers of Tau file than this one.');
      }
      if (compiled === undefined) onProgress?.('compiling');
      const r1cs = compiled ?? (await compilePinned(circuit, stage, signal)).r1cs;
      onProgress?.('making the first key again');
      const initial = join(stage, 'initial.zkey');
      const circuitHash = await newKey(library, r1cs, phaseOne.ptau, initial);
      if ((await hashFile(initial)) !== ceremony.initialKey || circuitHash !== ceremony.circuitHash) {
        throw notSound('its first key was not made from this circuit and this phase 1');
      }
      onProgress?.('checking every contribution');
      await verifyKey(library, initial, phaseOne.ptau, key);
    });
  } finally {
    await rm(stage, { recursive: true, force: true });
  }
  const beacon = await requireFinished(opened);
  const transcript = createHash('sha256').update(text).digest('hex');
  return { ceremony: { ...ceremony, beacon }, text, transcript, key };
}

async function requireFinished({
  ceremony: { beacon, contributions },
  key,
  chain,
}: OpenCeremony): Promise<CeremonyBeacon> {
  const verificationKey = await exportVerificationKey(key);
  assertUsableKey(verificationKey);
  // proofs use both deltas, contracts only the one in G2
  const [g1, g2] = [curve.G1.toAffine(curve.G1.g), curve.G2.toAffine(curve.G2.g)];
  if (!(await curve.pairingEq(chain.delta1, g2, curve.G1.neg(g1), chain.delta2))) {
    throw notSound('the two deltas of its key differ');
  }
  if (beacon === null) {
    const count = `${contributions.length} ${contributions.length === 1 ? 'contribution' : 'contributions'}`;
    throw notSound(`everything is in order up to its ${count}, but there is no beacon: it is not finished`);
  }
  if (keyHash(verificationKey) !== beacon.keyHash) throw notSound('its record names another verification key');
  return beacon;
}

const mismatch = (message: string): SolvencyError => new SolvencyError('MISMATCH', message);
