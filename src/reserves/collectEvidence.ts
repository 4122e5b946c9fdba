import { SolvencyError } from '../errors.js';
import type { OwnerSignature } from '../formats/reserveOwners.js';
import { balanceSlot } from './balanceSlot.js';
import { type BlockHeader, readBlockHeader } from './blockHeader.js';
import { askContractWallet } from './contractSignature.js';
import type { BalanceEvidence, ChainEvidence, Ownership, ReserveEvidence, TrieProof } from './evidence.js';
import type { AttestationName } from './ownershipMessage.js';
import type { Policy, PolicyToken } from './policy.js';
import { askProof, type ChainNode, quantity } from './rpc.js';
import { rpcHeader } from './rpcHeader.js';
import { type ProvenAddress, verifyEvidence } from './verifyEvidence.js';

/** A block by its number or by a name that nodes know; "pending" is none that could be proven. */
export type BlockChoice = number | 'latest' | 'safe' | 'finalized';

export interface CollectInput {
  readonly node: ChainNode;
  readonly block: BlockChoice;
  readonly policy: Policy;
  readonly owners: readonly OwnerSignature[];
  readonly attestation: AttestationName;
}

/** Evidence of one chain, checked, with the block that a verifier has to confirm. */
export interface CollectedEvidence {
  readonly evidence: ReserveEvidence;
  readonly block: BlockHeader;
  readonly addresses: readonly ProvenAddress[];
}

/** Most storage keys of one request: nodes bound it. */
const KEYS_PER_REQUEST = 256;

/**
 * Collects what the owners hold of the policy's tokens on the node's chain at one block, and checks it as a verifier will
 * before it is handed out. Balances of zero are left out, since they prove nothing. Errors: CHAIN when the node does not
 * serve what is asked or its header does not hash to the block; EXPECTATION_NOT_MET (tokens) when the policy has none
 * on this chain; PROOF_INVALID for a signature; those of verifyEvidence.
 */
export async function collectEvidence(input: CollectInput): Promise<CollectedEvidence> {
  const { node, policy, owners, attestation } = input;
  const { chainId } = node;
  const tokens = policy.tokens.filter((token) => token.chainId === chainId);
  if (tokens.length === 0) {
    throw new SolvencyError(
      'EXPECTATION_NOT_MET',
      `The policy counts no token on chain ${chainId}, the node's chain.`,
      {
        details: { expectation: 'tokens', chainId },
      },
    );
  }
  const { header, block } = await askHeader(node, input.block);
  const balances = new Map<string, BalanceEvidence[]>(owners.map(({ address }) => [address, []]));
  const contracts: { token: string; accountProof: TrieProof }[] = [];
  for (const token of tokens) {
    const found = await askBalances(node, token, owners, block.number);
    for (const { address, balance } of found.balances) balances.get(address)?.push(balance);
    if (found.contract !== undefined && found.balances.length > 0) contracts.push(found.contract);
  }
  const addresses = [];
  for (const owner of owners) {
    const { address } = owner;
    const ownership = await askOwnership(node, owner, attestation, block);
    addresses.push({ address, ownership, balances: balances.get(address) ?? [] });
  }
  const chain: ChainEvidence = { chainId, header, contracts, addresses };
  const evidence = { chains: [chain] };
  const blockHashes = new Map([[chainId, block.hash]]);
  const proven = await verifyEvidence(evidence, { policy, attestation, blockHashes });
  return { evidence, block, addresses: proven.addresses };
}

async function askHeader(node: ChainNode, choice: BlockChoice): Promise<{ header: string; block: BlockHeader }> {
  const name = typeof choice === 'number' ? quantity(choice) : choice;
  const answer = (await node.ask('eth_getBlockByNumber', [name, false])) as Readonly<Record<string, unknown>> | null;
  if (typeof answer !== 'object' || answer === null) {
    throw new SolvencyError('CHAIN', `The node of chain ${node.chainId} has no block ${choice}.`, {
      details: { chainId: node.chainId, block: choice },
    });
  }
  const header = rpcHeader(answer);
  const block = readBlockHeader(header, "The node's block");
  if (block.hash !== answer['hash'] || (typeof choice === 'number' && block.number !== choice)) {
    throw new SolvencyError(
      'CHAIN',
      `The header of block ${choice} does not hash to the block that the node of chain ${node.chainId} names. Headers with the fields of London to Prague are supported.`,
      { details: { chainId: node.chainId, block: choice } },
    );
  }
  return { header, block };
}

interface TokenBalances {
  readonly balances: readonly { readonly address: string; readonly balance: BalanceEvidence }[];
  /** undefined for the native coin */
  readonly contract?: { readonly token: string; readonly accountProof: TrieProof };
}

async function askBalances(
  node: ChainNode,
  { token, balance: layout }: PolicyToken,
  owners: readonly OwnerSignature[],
  block: number,
): Promise<TokenBalances> {
  const balances: { address: string; balance: BalanceEvidence }[] = [];
  if (token === null || layout === null) {
    for (const { address } of owners) {
      const { balance, accountProof } = await askProof(node, address, [], block);
      if (!isZero(balance)) balances.push({ address, balance: { token: null, slot: null, proof: accountProof } });
    }
    return { balances };
  }
  let accountProof: TrieProof = [];
  for (let from = 0; from < owners.length; from += KEYS_PER_REQUEST) {
    const holders = owners.slice(from, from + KEYS_PER_REQUEST).map(({ address }) => address);
    const slots = holders.map((holder) => balanceSlot(layout, holder));
    const answer = await askProof(node, token, slots, block);
    accountProof = answer.accountProof;
    for (const [index, { value, proof }] of answer.storageProof.entries()) {
      const [address, slot] = [holders[index], slots[index]];
      if (address === undefined || slot === undefined || isZero(value)) continue;
      balances.push({ address, balance: { token, slot, proof } });
    }
  }
  return { balances, contract: { token, accountProof } };
}

async function askOwnership(
  node: ChainNode,
  owner: OwnerSignature,
  attestation: AttestationName,
  block: BlockHeader,
): Promise<Ownership> {
  const { kind, signature, address } = owner;
  if (kind !== 'eip1271') return { kind, signature };
  await askContractWallet(node, owner, { ...attestation, chainId: node.chainId, address }, block.number);
  return {
    kind,
    signature,
    checkedOnline: `isValidSignature accepted the typed data at block ${block.number} (${block.hash})`,
  };
}

const isZero = (quantityText: string): boolean => /^0x0*$/.test(quantityText);
