import { getAddress } from 'ethers';
import { z } from 'zod';
import { SolvencyError } from '../errors.js';
import { addressText, hexBytes } from './chainFields.js';
import { fileSchema, readFormat } from './readFormat.js';

/** An address of the venue and its signature over the ownership message of one attestation on one chain. */
export interface OwnerSignature {
  /** checksummed */
  readonly address: string;
  readonly kind: 'eip191' | 'eip712' | 'eip1271';
  readonly signature: string;
}

export const reserveOwnersSchema = fileSchema('reserve-owners', {
  owners: z.array(
    z.strictObject({
      address: addressText,
      kind: z.enum(['eip191', 'eip712', 'eip1271'], 'must be "eip191", "eip712" or "eip1271"'),
      signature: hexBytes(0, 65_536),
    }),
  ),
});

/** Reads `zk-solvency/reserve-owners`. Errors: readFormat's, DUPLICATE for an address that is given twice. */
export function parseReserveOwners(text: string, where: string): readonly OwnerSignature[] {
  const { owners } = readFormat(reserveOwnersSchema, text, { name: 'reserve-owners', where });
  const seen = new Set<string>();
  return owners.map(({ address: written, kind, signature }, index) => {
    const address = getAddress(written);
    if (seen.has(address)) {
      const place = `${where}: owners[${index}]`;
      throw new SolvencyError('DUPLICATE', `${place} repeats the address ${address}. Leave one.`, {
        details: { where: place, address },
      });
    }
    seen.add(address);
    return { address, kind, signature };
  });
}
