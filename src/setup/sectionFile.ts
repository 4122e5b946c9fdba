import { type FileHandle, open } from 'node:fs/promises';
import { SolvencyError } from '../errors.js';

/** Where a section's contents lie in a file. */
export interface Section {
  readonly position: number;
  readonly length: number;
}

/** The binary files of the iden3 tools: a kind, a version, and numbered sections, each with its length. */
export interface SectionFile {
  readonly file: FileHandle;
  section(id: number): Section;
  /** UNREADABLE unless the file ends where its last section does: a part of a file, or one with a tail, is none. */
  requireWhole(): Promise<void>;
}

const FILE_HEADER = 12;
/** Bytes before a section's contents: its number and length. */
export const SECTION_HEADER = 12;

const KINDS = {
  r1cs: ['compiled circuit (.r1cs)', 'Run the setup again.'],
  zkey: ['proving key (.zkey)', 'Run the setup again, or get the file again.'],
  ptau: ['Powers of Tau file (.ptau)', 'Get the file again.'],
} as const;
type Kind = keyof typeof KINDS;

/** The refusal of a file that is not of its kind, or not the whole of one. */
export const damaged = (kind: Kind, why: string, cause?: unknown): SolvencyError => {
  const [name, advice] = KINDS[kind];
  return new SolvencyError('UNREADABLE', `The ${name} cannot be used: ${why}. ${advice}`, { cause });
};

/** Opens a file of version 1 for the time of `use`. UNREADABLE when it cannot be opened or is of another kind. */
export async function withSectionFile<Result>(
  path: string,
  kind: Kind,
  use: (file: SectionFile) => Promise<Result>,
): Promise<Result> {
  const file = await open(path).catch((cause: unknown) => {
    throw damaged(kind, 'it cannot be opened', cause);
  });
  try {
    const head = await readAt(file, kind, { position: 0, length: FILE_HEADER });
    if (head.toString('latin1', 0, 4) !== kind || head.readUInt32LE(4) !== 1) throw damaged(kind, 'it is another file');
    const sections = await readSections(file, kind, head.readUInt32LE(8));
    return await use({
      file,
      section: (id) => sections.get(id) ?? missing(kind),
      async requireWhole() {
        const ends = [...sections.values()].map(({ position, length }) => position + length);
        if (Math.max(FILE_HEADER, ...ends) !== (await file.stat()).size) throw damaged(kind, 'it is not whole');
      },
    });
  } finally {
    await file.close();
  }
}

/** A section of a file in memory. UNREADABLE as for a file. */
export function sectionOf(data: Buffer, kind: Kind, id: number): Buffer {
  if (data.length < FILE_HEADER || data.toString('latin1', 0, 4) !== kind) throw damaged(kind, 'it is another file');
  for (let position = FILE_HEADER; position + SECTION_HEADER <= data.length; ) {
    const start = position + SECTION_HEADER;
    const end = start + Number(data.readBigUInt64LE(position + 4));
    if (end > data.length) throw damaged(kind, 'it ends early');
    if (data.readUInt32LE(position) === id) return data.subarray(start, end);
    position = end;
  }
  return missing(kind);
}

function missing(kind: Kind): never {
  throw damaged(kind, 'a part is missing');
}

async function readSections(file: FileHandle, kind: Kind, count: number): Promise<ReadonlyMap<number, Section>> {
  const sections = new Map<number, Section>();
  let position = FILE_HEADER;
  for (let i = 0; i < count; i++) {
    const head = await readAt(file, kind, { position, length: SECTION_HEADER });
    const length = Number(head.readBigUInt64LE(4));
    position += SECTION_HEADER;
    const id = head.readUInt32LE(0);
    // which of two is meant, this reader and the library's may not agree on
    if (sections.has(id)) throw damaged(kind, 'a part is there twice');
    sections.set(id, { position, length });
    position += length;
  }
  return sections;
}

/** A short section; UNREADABLE when the file ends before. */
export async function readAt(file: FileHandle, kind: Kind, { position, length }: Section): Promise<Buffer> {
  if (length > MAX_READ) throw damaged(kind, 'a part has an impossible length');
  const data = Buffer.alloc(length);
  await readInto(file, kind, position, data);
  return data;
}

/** A read of more would be cut short. */
const MAX_READ = 2 ** 30;

/** Fills `target` from a position on; UNREADABLE when the file ends before. */
export async function readInto(file: FileHandle, kind: Kind, position: number, target: Uint8Array): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const { bytesRead } = await file.read(target, done, Math.min(target.length - done, MAX_READ), position + done);
    if (bytesRead === 0) throw damaged(kind, 'it ends early');
    done += bytesRead;
  }
}
