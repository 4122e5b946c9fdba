import { type FileHandle, open } from 'node:fs/promises';
import { SolvencyError } from '../errors.js';
import { FIELD_ORDER } from '../protocol/constants.js';
import type { WasmCurve } from './wasmCurve.js';

/** The constraints of a circuit as the file holds them, in the memory of a curve module. */
export interface R1cs {
  readonly variables: number;
  /** outputs and public inputs, without the constant 1 */
  readonly publics: number;
  readonly constraints: number;
  /** address and length of the constraint section; coefficients in it are plain, little-endian */
  readonly address: number;
  readonly length: number;
}

const HEADER_SECTION = 1;
const CONSTRAINT_SECTION = 2;
const FILE_HEADER = 12;
const SECTION_HEADER = 12;
const FIELD_BYTES = 32;

/** Reads an .r1cs file (iden3's binary format, version 1, over BN254). UNREADABLE when it is none. */
export async function readR1cs(path: string, curve: WasmCurve): Promise<R1cs> {
  let file: FileHandle;
  try {
    file = await open(path);
  } catch (cause) {
    throw new SolvencyError('UNREADABLE', 'The compiled circuit (.r1cs) cannot be opened. Compile it first.', {
      cause,
    });
  }
  try {
    const head = await readAt(file, 0, FILE_HEADER);
    if (head.toString('latin1', 0, 4) !== 'r1cs' || head.readUInt32LE(4) !== 1)
      throw damaged('it is no r1cs, version 1');
    const sections = await readSections(file, head.readUInt32LE(8));

    const header = await readAt(file, sections.get(HEADER_SECTION));
    const prime = BigInt(
      `0x${header
        .subarray(4, 4 + FIELD_BYTES)
        .reverse()
        .toString('hex')}`,
    );
    if (header.readUInt32LE(0) !== FIELD_BYTES || prime !== FIELD_ORDER) throw damaged('it is not over BN254');
    const counts = header.subarray(4 + FIELD_BYTES);

    const { position, length } = present(sections.get(CONSTRAINT_SECTION));
    const address = curve.allocate(length);
    await readInto(file, position, curve.bytes(address, length));
    return {
      variables: counts.readUInt32LE(0),
      publics: counts.readUInt32LE(4) + counts.readUInt32LE(8),
      constraints: counts.readUInt32LE(24),
      address,
      length,
    };
  } finally {
    await file.close();
  }
}

interface Section {
  readonly position: number;
  readonly length: number;
}

async function readSections(file: FileHandle, count: number): Promise<ReadonlyMap<number, Section>> {
  const sections = new Map<number, Section>();
  let position = FILE_HEADER;
  for (let i = 0; i < count; i++) {
    const head = await readAt(file, position, SECTION_HEADER);
    const length = Number(head.readBigUInt64LE(4));
    position += SECTION_HEADER;
    sections.set(head.readUInt32LE(0), { position, length });
    position += length;
  }
  return sections;
}

const present = (section: Section | undefined): Section => {
  if (section === undefined) throw damaged('a section is missing');
  return section;
};

async function readAt(file: FileHandle, where: number | Section | undefined, bytes?: number): Promise<Buffer> {
  const { position, length } =
    typeof where === 'number' ? { position: where, length: bytes as number } : present(where);
  const data = Buffer.alloc(length);
  await readInto(file, position, data);
  return data;
}

async function readInto(file: FileHandle, position: number, target: Uint8Array): Promise<void> {
  // one read returns at most 2 GB
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await file.read(target, done, Math.min(target.length - done, 2 ** 30), position + done);
    if (bytesRead === 0) throw damaged('it ends early');
    done += bytesRead;
  }
}

/** The refusal of a file that is no circuit, or not the whole of one. */
export const damaged = (why: string): SolvencyError =>
  new SolvencyError('UNREADABLE', `The compiled circuit (.r1cs) cannot be used: ${why}. Compile it again.`);
