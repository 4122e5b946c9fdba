import { decodeRlp } from 'ethers';
import type { TrieProof } from './evidence.js';
import { invalidProof } from './refusal.js';
import { EMPTY_ROOT, provenValue } from './trieProof.js';

/** What an account of a chain holds, as far as reserves need it. */
export interface AccountState {
  /** of the native coin, in its smallest unit */
  readonly balance: bigint;
  readonly storageRoot: string;
}

/** An address that the state does not know: nothing in it, nothing stored. */
const ABSENT: AccountState = { balance: 0n, storageRoot: EMPTY_ROOT };

/** The account of an address under a state root; an account that is absent holds nothing. Error: PROOF_INVALID. */
export async function provenAccount(
  stateRoot: string,
  address: string,
  proof: TrieProof,
  where: string,
): Promise<AccountState> {
  const value = await provenValue(stateRoot, address, proof, where);
  if (value === undefined) return ABSENT;
  const fields = decodeRlp(value);
  const [, balance, storageRoot] = Array.isArray(fields) ? fields : [];
  if (fields.length !== 4 || typeof balance !== 'string' || typeof storageRoot !== 'string') {
    throw invalidProof(where, 'what the state holds there is no account');
  }
  return { balance: balance === '0x' ? 0n : BigInt(balance), storageRoot };
}
