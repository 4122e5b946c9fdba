import { concat, decodeRlp, keccak256, toBeHex, zeroPadValue } from 'ethers';
import type { TrieProof } from './evidence.js';
import type { BalanceLayout } from './policy.js';
import { invalidProof } from './refusal.js';
import { provenValue } from './trieProof.js';

/** Storage key of a holder's balance: keccak256 of the padded holder and the mapping's slot, in the layout's order. */
export function balanceSlot({ order, slot }: BalanceLayout, holder: string): string {
  const [key, mapping] = [zeroPadValue(holder, 32), toBeHex(slot, 32)];
  return keccak256(concat(order === 'solidity' ? [key, mapping] : [mapping, key]));
}

/** The balance in a word: its low bits. What is packed above them (a block list's flag) is no money. */
export const balanceInWord = ({ bits }: BalanceLayout, word: bigint): bigint => BigInt.asUintN(bits, word);

/** The holder's balance under a storage root; a slot that is absent is zero. Error: PROOF_INVALID. */
export async function provenBalance(
  storageRoot: string,
  layout: BalanceLayout,
  holder: string,
  proof: TrieProof,
  where: string,
): Promise<bigint> {
  const value = await provenValue(storageRoot, balanceSlot(layout, holder), proof, where);
  if (value === undefined) return 0n;
  const word = decodeRlp(value);
  if (typeof word !== 'string' || word === '0x' || word.length > 66) {
    throw invalidProof(where, 'what the storage holds there is no word of 32 bytes');
  }
  return balanceInWord(layout, BigInt(word));
}
