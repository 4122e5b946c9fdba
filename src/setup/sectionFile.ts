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
}

const FILE_HEADER = 12;
/** Bytes before a section's contents: its number and length. */
export const SECTION_HEADER = 12;

const NAMES = { r1cs: 'compiled circuit (.r1cs)', zkey: 'proving key (.zkey)' } as const;
type Kind = keyof typeof NAMES;

/** The refusal of a file that is not of its kind, or not the whole of one. */
export const damaged = (kind: Kind, why: string, cause?: unknown): SolvencyError =>
  new SolvencyError('UNREADABLE', `The ${NAMES[kind]} cannot be used: ${why}. Run the setup again.`, { cause });

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
      section: (id) => {
        const section = sections.get(id);
        if (section === undefined) throw damaged(kind, 'a part is missing');
        return section;
      },
    });
  } finally {
    await file.close();
  }
}

async function readSections(file: FileHandle, kind: Kind, count: number): Promise<ReadonlyMap<number, Section>> {
  const sections = new Map<number, Section>();
  let position = FILE_HEADER;
  for (let i = 0; i < count; i++) {
    const head = await readAt(file, kind, { position, length: SECTION_HEADER });
    const length = Number(head.readBigUInt64LE(4));
    position += SECTION_HEADER;
    sections.set(head.readUInt32LE(0), { position, length });
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
