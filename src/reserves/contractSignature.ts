import { Interface, isError } from 'ethers';
import type { OwnerSignature } from '../formats/reserveOwners.js';
import { type OwnershipClaim, ownershipDigest } from './ownershipMessage.js';
import { invalidProof } from './refusal.js';
import { type ChainNode, quantity } from './rpc.js';

const EIP1271 = new Interface(['function isValidSignature(bytes32, bytes) view returns (bytes4)']);
/** the selector, as a word: what a wallet returns for a signature that it accepts */
const ACCEPTED = `0x1626ba7e${'0'.repeat(56)}`;

/**
 * Asks a contract wallet, at a block, whether it accepts a signature over the typed data of the claim. PROOF_INVALID when
 * it does not, reverts, or is no contract; CHAIN when the node cannot be asked.
 */
export async function askContractWallet(
  node: ChainNode,
  { signature }: OwnerSignature,
  claim: OwnershipClaim,
  block: number,
): Promise<void> {
  const data = EIP1271.encodeFunctionData('isValidSignature', [ownershipDigest('eip1271', claim), signature]);
  const answer = await callAt(node, claim.address, data, block);
  if (answer === ACCEPTED) return;
  throw invalidProof(
    `chain ${claim.chainId}, address ${claim.address}`,
    'the contract wallet does not accept the signature over this attestation',
  );
}

/** What a call returns, undefined when it reverts. */
async function callAt(node: ChainNode, to: string, data: string, block: number): Promise<unknown> {
  // a node that lacks the state of the block says so here, so that what fails below is the call itself
  await node.ask('eth_getCode', [to, quantity(block)]);
  return node.ask('eth_call', [{ to, data }, quantity(block)]).catch((error: Error) => {
    if (isError(error.cause, 'CALL_EXCEPTION')) return undefined;
    throw error;
  });
}
