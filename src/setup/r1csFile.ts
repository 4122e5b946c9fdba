import { FIELD_ORDER } from '../protocol/constants.js';
import { ELEMENT_BYTES } from './bn254Field.js';
import { damaged, readAt, readInto, withSectionFile } from './sectionFile.js';
import type { WasmCurve } from './wasmCurve.js';

/** The constraints of a circuit as the file holds them, in the memory of a curve module. */
export interface R1cs {
  /** wires, the constant 1 among them */
  readonly wires: number;
  /** outputs and public inputs, without the constant 1 */
  readonly publics: number;
  readonly constraints: number;
  /** address and length of the constraint section; coefficients in it are plain, little-endian */
  readonly address: number;
  readonly length: number;
}

const SECTION = { header: 1, constraints: 2 } as const;
const HEADER_BYTES = 4 + ELEMENT_BYTES + 28;

/** Reads an .r1cs file over BN254 into the module's memory. UNREADABLE when it is none. */
export const readR1cs = (path: string, curve: WasmCurve): Promise<R1cs> =>
  withSectionFile(path, 'r1cs', async ({ file, section }) => {
    const header = await readAt(file, 'r1cs', { position: section(SECTION.header).position, length: HEADER_BYTES });
    const prime = BigInt(
      `0x${Buffer.from(header.subarray(4, 4 + ELEMENT_BYTES))
        .reverse()
        .toString('hex')}`,
    );
    if (header.readUInt32LE(0) !== ELEMENT_BYTES || prime !== FIELD_ORDER)
      throw damaged('r1cs', 'it is not over BN254');
    // wires, outputs, public inputs, private inputs, labels (8 bytes), constraints
    const counts = header.subarray(4 + ELEMENT_BYTES);

    const { position, length } = section(SECTION.constraints);
    const address = curve.allocate(length);
    await readInto(file, 'r1cs', position, curve.bytes(address, length));
    return {
      wires: counts.readUInt32LE(0),
      publics: counts.readUInt32LE(4) + counts.readUInt32LE(8),
      constraints: counts.readUInt32LE(24),
      address,
      length,
    };
  });
