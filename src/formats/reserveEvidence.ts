import { getAddress } from 'ethers';
import { z } from 'zod';
import type { ReserveEvidence } from '../reserves/evidence.js';
import { addressText, chainIdNumber, hexBytes } from './chainFields.js';
import { noteText } from './fields.js';
import { fileSchema, readFormat, writeFormat } from './readFormat.js';

/** A branch has 532 bytes, and a path 64 nodes at most. */
const trieProof = z.array(hexBytes(1, 2048)).max(64, 'must hold at most 64 nodes');
const signature = hexBytes(65, 65);

const ownership = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({ kind: z.literal('eip191'), signature }),
    z.strictObject({ kind: z.literal('eip712'), signature }),
    z.strictObject({ kind: z.literal('eip1271'), signature: hexBytes(0, 65_536), checkedOnline: noteText }),
  ],
  'must have the kind "eip191", "eip712" or "eip1271"',
);

export const reserveEvidenceSchema = fileSchema('reserve-evidence', {
  chains: z.array(
    z.strictObject({
      chainId: chainIdNumber,
      header: hexBytes(1, 65_536),
      contracts: z.array(z.strictObject({ token: addressText, accountProof: trieProof })),
      addresses: z.array(
        z.strictObject({
          address: addressText,
          ownership,
          balances: z.array(
            z.strictObject({ token: addressText.nullable(), slot: hexBytes(32, 32).nullable(), proof: trieProof }),
          ),
        }),
      ),
    }),
  ),
});

/**
 * Reads `zk-solvency/reserve-evidence`: what a venue says it holds, with proofs. Nothing of it is true before
 * checkReserves has checked it. Errors: readFormat's.
 */
export function parseReserveEvidence(text: string, where: string): ReserveEvidence {
  const { chains } = readFormat(reserveEvidenceSchema, text, { name: 'reserve-evidence', where });
  return {
    chains: chains.map((chain) => ({
      ...chain,
      contracts: chain.contracts.map(({ token, accountProof }) => ({ token: getAddress(token), accountProof })),
      addresses: chain.addresses.map((entry) => ({
        ...entry,
        address: getAddress(entry.address),
        balances: entry.balances.map((balance) => ({
          ...balance,
          token: balance.token === null ? null : getAddress(balance.token),
        })),
      })),
    })),
  };
}

export const serializeReserveEvidence = ({ chains }: ReserveEvidence): string =>
  writeFormat('reserve-evidence', { chains });
