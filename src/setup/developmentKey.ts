import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { SolvencyError } from '../errors.js';
import { FIELD_ORDER } from '../protocol/constants.js';
import { BASE_FIELD_ORDER, ELEMENT_BYTES, modulo, power, toBytes } from './bn254Field.js';
import { curveCode } from './curve.js';
import { type DevelopmentSecrets, domainSize, hScalars, wireScalars } from './keyScalars.js';
import { type GroupName, type PointWorkers, startPointWorkers, TASK_SIZE } from './pointWorkers.js';
import { type R1cs, readR1cs } from './r1csFile.js';
import { SECTION_HEADER } from './sectionFile.js';
import { instantiateCurve, type WasmCurve } from './wasmCurve.js';
import { COEFFICIENT_BYTES, GROTH16, HEADER, POINT_BYTES, SECTION } from './zkeyFormat.js';

export type { DevelopmentSecrets } from './keyScalars.js';

export interface DevelopmentKeyOptions {
  /** drawn at random unless told */
  readonly secrets?: DevelopmentSecrets;
  readonly signal?: AbortSignal;
  /** told the part of the points that is done, up to 1 */
  readonly onProgress?: (fraction: number) => void;
}

/** The key maker's version: keys of another version are made anew. */
export const DEVELOPMENT_KEY_VERSION = 1;

/** What a multiple costs, in multiples in G1. */
const COST: Readonly<Record<GroupName, number>> = { G1: 1, G2: 4 };

/**
 * Makes a Groth16 key of a compiled circuit from secrets that this process knows, and writes it as a .zkey file of
 * snarkjs: all of it or nothing. INSECURE by design: who knows the secrets proves any statement. It takes seconds where
 * a ceremony takes days, and is for development and tests alone.
 * Errors: INSECURE_KEY (delta is 1), INVALID_INPUT (another secret that makes no key), UNREADABLE (the circuit),
 * CANCELLED.
 */
export async function writeDevelopmentKey(
  r1csPath: string,
  zkeyPath: string,
  { secrets = drawSecrets(), signal, onProgress }: DevelopmentKeyOptions = {},
): Promise<void> {
  const trapdoor = checkSecrets(secrets);
  const cancelled = (): SolvencyError => new SolvencyError('CANCELLED', 'Making the key was cancelled.');
  if (signal?.aborted) throw cancelled();

  const curve = await instantiateCurve(curveCode);
  const r1cs = await readR1cs(r1csPath, curve);
  const size = domainSize(r1cs);
  if (power(trapdoor.tau, BigInt(2 * size)) === 1n) {
    throw new SolvencyError('INVALID_INPUT', 'The secret tau must not be a root of unity of the domain. Draw another.');
  }

  await mkdir(dirname(zkeyPath), { recursive: true });
  const temporary = `${zkeyPath}.${randomBytes(6).toString('hex')}.tmp`;
  const file = await open(temporary, 'wx');
  const counts = { G1: 3 * r1cs.wires + size, G2: r1cs.wires };
  const workers = startPointWorkers(counts);
  const onAbort = (): void => void workers.close(cancelled());
  try {
    signal?.addEventListener('abort', onAbort);
    if (signal?.aborted) throw cancelled();
    await writeZkey(file, { curve, r1cs, size, secrets: trapdoor, workers, onProgress });
    await file.close();
    if (signal?.aborted) throw cancelled();
    await rename(temporary, zkeyPath);
  } finally {
    signal?.removeEventListener('abort', onAbort);
    await workers.close(cancelled());
    await file.close();
    await rm(temporary, { force: true });
  }
}

interface Making {
  readonly curve: WasmCurve;
  readonly r1cs: R1cs;
  /** of the domain */
  readonly size: number;
  readonly secrets: DevelopmentSecrets;
  readonly workers: PointWorkers;
  readonly onProgress: ((fraction: number) => void) | undefined;
}

async function writeZkey(file: FileHandle, making: Making): Promise<void> {
  const { curve, r1cs, size, secrets, workers, onProgress } = making;
  const { wires, publics } = r1cs;
  const { G1, G2 } = POINT_BYTES;

  // every length but that of the coefficients is known beforehand, so they come last
  const protocol = uint32(GROTH16);
  const header = concat(
    ...[BASE_FIELD_ORDER, FIELD_ORDER].flatMap((order) => [uint32(ELEMENT_BYTES), littleEndian(order)]),
    ...[wires, publics, size].map(uint32),
  );
  // the hash of a ceremony's circuit, all zero, and the number of contributions: none, for there is no ceremony
  const contributions = concat(new Uint8Array(64), uint32(0));
  const lengths: readonly (readonly [number, number])[] = [
    [SECTION.protocol, protocol.length],
    [SECTION.header, HEADER.length],
    [SECTION.publics, (publics + 1) * G1],
    [SECTION.a, wires * G1],
    [SECTION.b1, wires * G1],
    [SECTION.b2, wires * G2],
    [SECTION.privates, (wires - publics - 1) * G1],
    [SECTION.h, size * G1],
    [SECTION.contributions, contributions.length],
  ];
  await writeAll(file, concat(Buffer.from('zkey', 'latin1'), uint32(1), uint32(lengths.length + 1)), 0);
  const starts = new Map<number, number>();
  let position = SECTION_HEADER;
  for (const [section, length] of lengths) {
    await writeAll(file, sectionHeader(section, length), position);
    starts.set(section, position + SECTION_HEADER);
    position += SECTION_HEADER + length;
  }
  const at = (section: number): number => starts.get(section) as number;
  await writeAll(file, protocol, at(SECTION.protocol));
  await writeAll(file, contributions, at(SECTION.contributions));

  const total = (3 * wires + size) * COST.G1 + wires * COST.G2;
  let done = 0;
  /** Multiplies a vector of scalars with a generator and writes the points where they belong. */
  const writePoints = async (section: number, group: GroupName, scalars: Uint8Array): Promise<void> => {
    const pieces = Array.from({ length: Math.ceil(scalars.length / (TASK_SIZE * ELEMENT_BYTES)) }, async (_, i) => {
      const piece = scalars.slice(i * TASK_SIZE * ELEMENT_BYTES, (i + 1) * TASK_SIZE * ELEMENT_BYTES);
      await writeAll(file, await workers.multiply(group, piece), at(section) + i * TASK_SIZE * POINT_BYTES[group]);
      done += (piece.length / ELEMENT_BYTES) * COST[group];
      onProgress?.(Math.min(1, done / total));
    });
    await Promise.all(pieces);
  };
  const writeHeader = async (): Promise<void> => {
    const { alpha, beta, delta } = secrets;
    // gamma is 1, as in every key of the library
    const [points1, points2] = await Promise.all([
      workers.multiply('G1', concat(...[alpha, beta, delta].map(toBytes))),
      workers.multiply('G2', concat(...[beta, 1n, delta].map(toBytes))),
    ]);
    const [alpha1, beta1, delta1] = cut(points1, G1);
    const [beta2, gamma2, delta2] = cut(points2, G2);
    const points = [alpha1, beta1, beta2, gamma2, delta1, delta2] as readonly Uint8Array[];
    await writeAll(file, concat(header, ...points), at(SECTION.header));
  };
  const writeWires = async (): Promise<void> => {
    const start = position + SECTION_HEADER;
    let length = 4;
    const scalars = await wireScalars(curve, r1cs, size, secrets, async (entries) => {
      await writeAll(file, entries, start + length);
      length += entries.length;
    });
    await writeAll(file, sectionHeader(SECTION.coefficients, length), position);
    await writeAll(file, uint32((length - 4) / COEFFICIENT_BYTES), start);
    await Promise.all([
      writePoints(SECTION.publics, 'G1', scalars.publics),
      writePoints(SECTION.b2, 'G2', scalars.b),
      writePoints(SECTION.a, 'G1', scalars.a),
      writePoints(SECTION.b1, 'G1', scalars.b),
      writePoints(SECTION.privates, 'G1', scalars.privates),
    ]);
  };
  // the threads begin with H, which does not depend on the constraints, while this one sums them up
  const h = hScalars(curve, size, secrets);
  await Promise.all([writeHeader(), writePoints(SECTION.h, 'G1', h), writeWires()]);
}

/** Random secrets, each uniform below r but for 0 and 1. */
function drawSecrets(): DevelopmentSecrets {
  const draw = (): bigint => {
    const value = modulo(BigInt(`0x${randomBytes(48).toString('hex')}`));
    return value > 1n ? value : draw();
  };
  return { tau: draw(), alpha: draw(), beta: draw(), delta: draw() };
}

function checkSecrets({ tau, alpha, beta, delta }: DevelopmentSecrets): DevelopmentSecrets {
  const reduced = { tau: modulo(tau), alpha: modulo(alpha), beta: modulo(beta), delta: modulo(delta) };
  if (reduced.delta === 1n) {
    // gamma is 1: see assertUsableKey
    throw new SolvencyError('INSECURE_KEY', 'The secret delta must not be 1: anyone could forge proofs from the key.');
  }
  const zero = Object.entries(reduced).find(([, value]) => value === 0n)?.[0];
  if (zero !== undefined) throw new SolvencyError('INVALID_INPUT', `The secret ${zero} must not be 0.`);
  return reduced;
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value, true);
  return bytes;
}

function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: ELEMENT_BYTES }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}

function sectionHeader(section: number, length: number): Uint8Array {
  const bytes = new Uint8Array(SECTION_HEADER);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, section, true);
  view.setBigUint64(4, BigInt(length), true);
  return bytes;
}

const concat = (...parts: readonly Uint8Array[]): Uint8Array => Buffer.concat(parts);

const cut = (bytes: Uint8Array, size: number): readonly Uint8Array[] =>
  Array.from({ length: bytes.length / size }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

async function writeAll(file: FileHandle, data: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < data.length; ) {
    const { bytesWritten } = await file.write(data, done, data.length - done, position + done);
    done += bytesWritten;
  }
}
