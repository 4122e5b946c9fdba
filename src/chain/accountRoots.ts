import { type ContractRunner, type TransactionReceipt, ZeroAddress } from 'ethers';
import { accountRootsAbi } from './abi/accountRoots.js';
import { type ContractClient, connect, type ResultOf } from './contractClient.js';

/** An AccountRoots. Its functions beside those below are called with `read` and `send`. */
export type AccountRoots = ContractClient<typeof accountRootsAbi>;

/** An account root as it was posted; all zero if it never was: IAccountRoots.AccountRoot. */
export type PostedAccountRoot = ResultOf<typeof accountRootsAbi, 'accountRoot'>;

/** What a venue registers with, for good but for the poster. */
export interface VenueRegistration {
  /** seconds after its time for which a root may be used, 1 to 2^32 */
  readonly maxAge: bigint;
  /** address of a key that posts and revokes beside the venue itself */
  readonly poster?: string;
  /** address of a ReserveAttestations in which an attestation has to be final before its root is posted */
  readonly attestations?: string;
}

/** The contract at an address. Reading needs a provider, everything else a signer. */
export const connectAccountRoots = (address: string, runner: ContractRunner): AccountRoots =>
  connect(accountRootsAbi, address, runner);

/** Registers the signer as a venue, once. A venue calls from an address that it keeps for good. */
export const registerVenue = (
  roots: AccountRoots,
  { maxAge, poster = ZeroAddress, attestations = ZeroAddress }: VenueRegistration,
): Promise<TransactionReceipt> => roots.send('register', [poster, maxAge, attestations]);

/** Posts an account root with its time under a venue's name. Only the venue or its poster; times never go back. */
export const postAccountRoot = (
  roots: AccountRoots,
  post: {
    readonly venue: string;
    readonly root: bigint;
    readonly time: bigint;
    /** id of the attestation that carries the root: `attestationId` */
    readonly bundleHash: string;
  },
): Promise<TransactionReceipt> => roots.send('post', [post.venue, post.root, post.time, post.bundleHash]);

/** Revokes an account root of a venue for good, posted or not. Only the venue or its poster. */
export const revokeAccountRoot = (roots: AccountRoots, venue: string, root: bigint): Promise<TransactionReceipt> =>
  roots.send('revoke', [venue, root]);

/** A root under a venue's name. */
export const accountRootOf = (roots: AccountRoots, venue: string, root: bigint): Promise<PostedAccountRoot> =>
  roots.read('accountRoot', [venue, root]);
