import { getAddress } from 'ethers';
import { SolvencyError } from '../errors.js';
import { provenAccount } from './accountState.js';
import { balanceSlot, provenBalance } from './balanceSlot.js';
import { type BlockHeader, readBlockHeader } from './blockHeader.js';
import type { AddressEvidence, BalanceEvidence, ChainEvidence, ReserveEvidence } from './evidence.js';
import type { AttestationName } from './ownershipMessage.js';
import { type OwnershipLabel, verifyOwnership } from './ownershipSignature.js';
import type { Policy, PolicyToken } from './policy.js';
import { duplicate, invalidProof, unmet } from './refusal.js';

/** The block at which a chain's balances were proven. */
export interface ProvenBlock extends BlockHeader {
  readonly chainId: number;
}

/** What one address was proven to hold on one chain. */
export interface ProvenAddress {
  readonly chainId: number;
  /** checksummed */
  readonly address: string;
  readonly ownership: OwnershipLabel;
  /** in units of 10^-decimals of the token; only tokens that the evidence shows */
  readonly balances: readonly { readonly token: PolicyToken; readonly balance: bigint }[];
}

export interface ProvenReserves {
  readonly blocks: readonly ProvenBlock[];
  readonly addresses: readonly ProvenAddress[];
}

/** What evidence is checked against: nothing of it comes from the evidence. */
export interface EvidenceExpectations {
  readonly policy: Policy;
  readonly attestation: AttestationName;
  /** the verifier's own block hash for each chain id, 0x hexadecimal */
  readonly blockHashes: ReadonlyMap<number, string>;
}

/**
 * Checks evidence offline: each header is the block that the caller named, each proof leads to its state root, each owner
 * signed this attestation, and tokens and slots are the policy's. Balances are in the tokens' own units.
 * Errors: EXPECTATION_NOT_MET with `expectation` venue, blockHash, maxAge, tokens or slot; PROOF_INVALID; DUPLICATE;
 * INVALID_INPUT.
 */
export async function verifyEvidence(
  evidence: ReserveEvidence,
  expected: EvidenceExpectations,
): Promise<ProvenReserves> {
  const { policy, attestation } = expected;
  if (policy.venue !== attestation.venue) {
    throw unmet('venue', 'the attestation', `it is of ${attestation.venue}, and the policy is for ${policy.venue}`);
  }
  const blocks: ProvenBlock[] = [];
  const addresses: ProvenAddress[] = [];
  for (const chain of evidence.chains) {
    if (blocks.some(({ chainId }) => chainId === chain.chainId)) throw duplicate(`chain ${chain.chainId}`);
    const block = verifyBlock(chain, expected);
    blocks.push({ chainId: chain.chainId, ...block });
    addresses.push(...(await verifyChain(chain, block, expected)));
  }
  return { blocks, addresses };
}

/** The header is that of the caller's block: a hash out of the evidence would be of a chain of the venue's making. */
function verifyBlock(
  { chainId, header }: ChainEvidence,
  { policy, attestation, blockHashes }: EvidenceExpectations,
): BlockHeader {
  const where = `chain ${chainId}`;
  const expectedHash = blockHashes.get(chainId);
  if (expectedHash === undefined) throw unmet('blockHash', where, 'you named no block hash of your own for it');
  if (!/^0x[0-9a-fA-F]{64}$/.test(expectedHash)) {
    throw new SolvencyError('INVALID_INPUT', `The block hash for ${where} must be 0x and 64 hexadecimal digits.`, {
      details: { where },
    });
  }
  const block = readBlockHeader(header, `The header of ${where}`);
  if (block.hash !== expectedHash.toLowerCase()) {
    throw unmet('blockHash', where, `the header hashes to ${block.hash}, and you named ${expectedHash}`);
  }
  const apart = Math.abs(attestation.time - block.timestamp);
  if (apart > policy.maxAge) {
    throw unmet(
      'maxAge',
      where,
      `block ${block.number} lies ${apart} seconds from the attestation, and the policy allows ${policy.maxAge}`,
    );
  }
  return block;
}

/** What is known of a chain while its addresses are checked. */
interface ChainContext {
  readonly chainId: number;
  readonly block: BlockHeader;
  /** the policy's tokens on the chain, by address in lower case or 'native' */
  readonly tokens: ReadonlyMap<string, PolicyToken>;
  /** proven storage roots of token contracts, by the same keys */
  readonly storageRoots: ReadonlyMap<string, string>;
}

async function verifyChain(
  chain: ChainEvidence,
  block: BlockHeader,
  { policy, attestation }: EvidenceExpectations,
): Promise<readonly ProvenAddress[]> {
  const { chainId } = chain;
  const tokens = new Map(
    policy.tokens.filter((token) => token.chainId === chainId).map((token) => [tokenKey(token.token), token]),
  );
  const storageRoots = new Map<string, string>();
  for (const { token, accountProof } of chain.contracts) {
    const where = `chain ${chainId}, token ${token}`;
    policyToken(tokens, token, where);
    if (storageRoots.has(tokenKey(token))) throw duplicate(where);
    const { storageRoot } = await provenAccount(block.stateRoot, token, accountProof, where);
    storageRoots.set(tokenKey(token), storageRoot);
  }
  const seen = new Set<string>();
  const proven: ProvenAddress[] = [];
  for (const entry of chain.addresses) {
    const key = entry.address.toLowerCase();
    if (seen.has(key)) throw duplicate(`chain ${chainId}, address ${entry.address}`);
    seen.add(key);
    const ownership = verifyOwnership(entry.ownership, { ...attestation, chainId, address: entry.address });
    const balances = await verifyBalances(entry, { chainId, block, tokens, storageRoots });
    proven.push({ chainId, address: getAddress(key), ownership, balances });
  }
  return proven;
}

async function verifyBalances(
  { address, balances }: AddressEvidence,
  context: ChainContext,
): Promise<ProvenAddress['balances']> {
  const seen = new Set<string>();
  const proven: { token: PolicyToken; balance: bigint }[] = [];
  for (const entry of balances) {
    const name = entry.token === null ? 'the native coin' : `token ${entry.token}`;
    const where = `chain ${context.chainId}, address ${address}, ${name}`;
    if (seen.has(tokenKey(entry.token))) throw duplicate(where);
    seen.add(tokenKey(entry.token));
    const token = policyToken(context.tokens, entry.token, where);
    proven.push({ token, balance: await verifyBalance(address, entry, token, context, where) });
  }
  return proven;
}

async function verifyBalance(
  address: string,
  { slot, proof }: BalanceEvidence,
  { token, balance: layout }: PolicyToken,
  { block, storageRoots }: ChainContext,
  where: string,
): Promise<bigint> {
  // the slot is compared for a clear answer: what is proven below is always the policy's
  const expectedSlot = layout === null ? null : balanceSlot(layout, address);
  if ((slot?.toLowerCase() ?? null) !== expectedSlot) {
    const named = slot === null ? 'no slot' : `slot ${slot}`;
    throw unmet('slot', where, `it names ${named}, and the policy finds the balance in ${expectedSlot ?? 'no slot'}`);
  }
  if (layout === null) return (await provenAccount(block.stateRoot, address, proof, where)).balance;
  const storageRoot = storageRoots.get(tokenKey(token));
  if (storageRoot === undefined) throw invalidProof(where, 'the account proof of the token contract is missing');
  return provenBalance(storageRoot, layout, address, proof, where);
}

const tokenKey = (token: string | null): string => token?.toLowerCase() ?? 'native';

/** Tokens are the policy's: anybody can deploy one, and write any balance into it. */
function policyToken(tokens: ReadonlyMap<string, PolicyToken>, token: string | null, where: string): PolicyToken {
  const found = tokens.get(tokenKey(token));
  if (found === undefined) throw unmet('tokens', where, 'the policy counts no such token on this chain');
  return found;
}
