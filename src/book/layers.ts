import { readSync } from 'node:fs';
import { join } from 'node:path';
import { EMPTY_ACCOUNT_NODES } from '../account/accountTree.js';
import { SolvencyError } from '../errors.js';
import { ELEMENT_BYTES } from '../setup/bn254Field.js';
import { fieldBytes } from './fieldBytes.js';
import { type Extent, storedParts } from './regions.js';

/** The file of a layer of the tree: its stored nodes, 32 bytes little-endian each. */
export const layerPath = (folder: string, level: number): string => join(folder, `layer-${level}.bin`);

/** The node of each layer that stands above empty places only, as bytes. */
const EMPTY_NODES = EMPTY_ACCOUNT_NODES.map((node) => fieldBytes([node]));

/** An open layer. */
export interface Layer {
  readonly file: number;
  readonly level: number;
  readonly extents: readonly Extent[];
}

/** The bytes of a run of nodes, those above empty places included. */
export function readNodes({ file, level, extents }: Layer, first: number, count: number): Buffer {
  const nodes = Buffer.alloc(count * ELEMENT_BYTES, EMPTY_NODES[level]);
  for (const part of storedParts(extents, first, count)) {
    const begin = part.at * ELEMENT_BYTES;
    readExactly(file, nodes.subarray(begin, begin + part.count * ELEMENT_BYTES), part.offset * ELEMENT_BYTES);
  }
  return nodes;
}

/** Fills the buffer from a place of a file of the book. Error: MISMATCH when the file ends before. */
export function readExactly(file: number, into: Buffer, position: number): void {
  for (let done = 0; done < into.length; ) {
    const read = readSync(file, into, done, into.length - done, position + done);
    if (read === 0) {
      throw new SolvencyError(
        'MISMATCH',
        'A file of the book is shorter than the book says. Commit the accounts again.',
      );
    }
    done += read;
  }
}
