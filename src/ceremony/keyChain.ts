import { createHash } from 'node:crypto';
import { FIELD_ORDER } from '../protocol/constants.js';
import { curve } from '../setup/curve.js';
import { damaged, readAt, sectionOf, withSectionFile } from '../setup/sectionFile.js';
import { HEADER, POINT_BYTES, SECTION } from '../setup/zkeyFormat.js';
import { type Ceremony, notSound, stepsOf } from './transcript.js';

/** A contribution as the key file holds it. Points are affine, in the file's form. */
export interface KeyContribution {
  /** a claim of whoever wrote the file: no hash covers it */
  readonly name: string;
  /** of a beacon */
  readonly beacon?: { readonly value: string; readonly iterationsExponent: number };
  /** BLAKE2b-512 of its points and transcript, which its contributor publishes */
  readonly hash: string;
  readonly deltaAfter: Uint8Array;
}

/** How the delta of a key came about. */
export interface KeyChain {
  readonly circuitHash: string;
  readonly contributions: readonly KeyContribution[];
  readonly delta1: Uint8Array;
  readonly delta2: Uint8Array;
}

const { G1, G2 } = POINT_BYTES;
const HASH_BYTES = 64;
const CONTRIBUTION_BYTES = 3 * G1 + G2 + HASH_BYTES + 8;
const TYPE = { contribution: 0, beacon: 1 };
const PARAMETER = { name: 1, iterations: 2, beacon: 3 };
const MAX_SECTION = 2 ** 24;

/** Reads and checks the contributions in a key file, as keyChainOf does; UNREADABLE also for a part of a file. */
export const readKeyChain = (path: string): Promise<KeyChain> =>
  withSectionFile(path, 'zkey', async ({ file, section, requireWhole }) => {
    await requireWhole();
    const contributions = section(SECTION.contributions);
    if (contributions.length > MAX_SECTION) throw damaged('zkey', 'a part has an impossible length');
    return checked(await readAt(file, 'zkey', section(SECTION.header)), await readAt(file, 'zkey', contributions));
  });

/**
 * The contributions in a key file's bytes. What a key says of itself must be consistent: every contribution names the hash
 * of all before it, changes delta to a value that it did not have, and the last one's is the key's. Secrets are another
 * matter: the library's pairings show that each contributor knew theirs.
 * Errors: UNREADABLE, INSECURE_KEY.
 */
export function keyChainOf(zkey: Uint8Array): KeyChain {
  const data = Buffer.from(zkey.buffer, zkey.byteOffset, zkey.byteLength);
  return checked(sectionOf(data, 'zkey', SECTION.header), sectionOf(data, 'zkey', SECTION.contributions));
}

/** The key is the one that the transcript tells of: the same steps, of the same kinds, in the same order. INSECURE_KEY. */
export function requireTranscribed(chain: KeyChain, ceremony: Ceremony): void {
  const steps = stepsOf(ceremony);
  if (chain.circuitHash !== ceremony.circuitHash) throw notSound('the key is of another circuit or phase 1');
  if (chain.contributions.length !== steps.length) {
    throw notSound(`the key has ${chain.contributions.length} contributions, and its transcript ${steps.length}`);
  }
  for (const [i, { name, hash, beacon }] of chain.contributions.entries()) {
    const step = steps[i] as (typeof steps)[number];
    const number = `step ${i + 1}`;
    if (hash !== step.hash) throw notSound(`${number} of the key has another hash than in the transcript`);
    if (name !== ('name' in step ? step.name : step.source)) {
      throw notSound(`${number} of the key has another name than in the transcript`);
    }
    if ('name' in step) {
      if (beacon !== undefined) throw notSound(`${number} of the key is a beacon, which only the last step may be`);
    } else if (beacon?.value !== step.value || beacon.iterationsExponent !== step.iterationsExponent) {
      throw notSound(`${number} of the key is not the beacon of the transcript`);
    }
  }
}

function checked(header: Buffer, section: Buffer): KeyChain {
  if (header.length !== HEADER.length) throw damaged('zkey', 'it is no Groth16 key over BN254');
  const delta1 = header.subarray(HEADER.delta1, HEADER.delta1 + G1);
  const delta2 = header.subarray(HEADER.delta2, HEADER.delta2 + G2);
  const read = reader(section);
  const circuitHash = read(HASH_BYTES);
  const count = read(4).readUInt32LE();
  if (count > section.length / CONTRIBUTION_BYTES) throw damaged('zkey', 'its contributions are cut off');

  const all = createHash('blake2b512').update(circuitHash);
  const deltas = new Set([g1Bytes(curve.G1.toAffine(curve.G1.g)).toString('hex')]);
  const contributions = Array.from({ length: count }, (_, i): KeyContribution => {
    const number = `contribution ${i + 1} of the key`;
    const [deltaAfter, s, sx] = [read(G1), read(G1), read(G1)];
    const spx = read(G2);
    const transcript = read(HASH_BYTES);
    const parameters = readParameters(read);
    // the library takes points as they are: off the curve or the subgroup its pairings mean nothing
    for (const point of [deltaAfter, s, sx]) if (!isG1(point)) throw notSound(`${number} has a point off the curve`);
    if (!isG2(spx)) throw notSound(`${number} has a point outside the subgroup`);
    const key = Buffer.concat([deltaAfter, s, sx].map(g1Bytes));
    const ownHash = all.copy().update(key.subarray(G1)).digest();
    if (!ownHash.equals(transcript)) throw notSound(`${number} does not follow from those before it`);
    // one that multiplies with 1, or undoes an earlier one, would leave a delta that somebody knows
    const delta = key.subarray(0, G1).toString('hex');
    if (deltas.has(delta)) throw notSound(`${number} leaves a delta that the key had before`);
    deltas.add(delta);
    const published = Buffer.concat([key, g2Bytes(spx), transcript]);
    all.update(published);
    return { ...parameters, hash: createHash('blake2b512').update(published).digest('hex'), deltaAfter };
  });
  if (read.rest() !== 0) throw damaged('zkey', 'there is something after its contributions');
  const last = contributions.at(-1)?.deltaAfter ?? curve.G1.toAffine(curve.G1.g);
  if (!curve.G1.eq(last, delta1)) throw notSound('the delta of the key is not that of its last contribution');
  return { circuitHash: circuitHash.toString('hex'), contributions, delta1, delta2 };
}

type Reader = ((length: number) => Buffer) & { rest(): number };

function reader(data: Buffer): Reader {
  let position = 0;
  const read = (length: number): Buffer => {
    if (position + length > data.length) throw damaged('zkey', 'its contributions are cut off');
    position += length;
    return data.subarray(position - length, position);
  };
  return Object.assign(read, { rest: () => data.length - position });
}

/** A contribution's kind, name and beacon; each parameter at most once, in the order of their numbers. */
function readParameters(read: Reader): Pick<KeyContribution, 'name' | 'beacon'> {
  const type = read(4).readUInt32LE();
  const parameters = reader(read(read(4).readUInt32LE()));
  const found = new Map<number, Buffer>();
  while (parameters.rest() > 0) {
    const id = parameters(1).readUInt8();
    if (id <= Math.max(0, ...found.keys()) || id > PARAMETER.beacon)
      throw damaged('zkey', 'a contribution is malformed');
    found.set(id, parameters(id === PARAMETER.iterations ? 1 : parameters(1).readUInt8()));
  }
  const name = (found.get(PARAMETER.name) ?? Buffer.alloc(0)).toString('utf8');
  const value = found.get(PARAMETER.beacon);
  const iterations = found.get(PARAMETER.iterations);
  if (type === TYPE.contribution && value === undefined && iterations === undefined) return { name };
  if (type !== TYPE.beacon || value === undefined || iterations === undefined) {
    throw damaged('zkey', 'a contribution is neither one nor a beacon');
  }
  return { name, beacon: { value: value.toString('hex'), iterationsExponent: iterations.readUInt8() } };
}

const isG1 = (point: Uint8Array): boolean => !curve.G1.isZero(point) && curve.G1.isValid(point);

const isG2 = (point: Uint8Array): boolean =>
  !curve.G2.isZero(point) && curve.G2.isValid(point) && curve.G2.isZero(curve.G2.timesScalar(point, FIELD_ORDER));

/** The form that the library hashes: big-endian words x, y; of x0 + x1 u the x1 first. */
const g1Bytes = (point: Uint8Array): Buffer => words((curve.G1.toObject(point) as bigint[]).slice(0, 2));

const g2Bytes = (point: Uint8Array): Buffer =>
  words((curve.G2.toObject(point) as bigint[][]).slice(0, 2).flatMap((pair) => pair.toReversed()));

const words = (values: readonly bigint[]): Buffer =>
  Buffer.from(values.map((value) => value.toString(16).padStart(64, '0')).join(''), 'hex');
