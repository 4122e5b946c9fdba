import { getAddress, hashMessage, type TypedDataDomain, TypedDataEncoder, type TypedDataField } from 'ethers';
import { SolvencyError } from '../errors.js';
import { FIELD_ORDER } from '../protocol/constants.js';
import { NAME } from '../snapshot/validateRegistry.js';

/** The attestation that reserves are shown for. */
export interface AttestationName {
  readonly venue: string;
  readonly accountRoot: bigint;
  /** seconds since 1970 */
  readonly time: number;
}

/**
 * What an owner signs. It names the attestation, so that a signature given for one is no evidence for a later one, by
 * when the address may be sold; the chain, since the same key has an address on each; and the address, since a contract
 * wallet may accept any digest that its owners signed for another wallet.
 */
export interface OwnershipClaim extends AttestationName {
  readonly chainId: number;
  readonly address: string;
}

const TYPES: Record<string, TypedDataField[]> = {
  ReserveOwnership: [
    { name: 'venue', type: 'string' },
    { name: 'accountRoot', type: 'uint256' },
    { name: 'time', type: 'uint256' },
    { name: 'owner', type: 'address' },
  ],
};

/** The text to sign with EIP-191 (personal_sign). INVALID_INPUT for a claim that cannot be named. */
export function ownershipText(claim: OwnershipClaim): string {
  const { venue, accountRoot, time, chainId, address } = checked(claim);
  return [
    'zk-solvency proof of reserves, version 1',
    '',
    'The venue below controls this address, and counts what it holds on this chain among its reserves.',
    '',
    `Venue: ${venue}`,
    `Account root: ${accountRoot}`,
    `Time: ${time}`,
    `Chain: ${chainId}`,
    `Address: ${address}`,
  ].join('\n');
}

/** The typed data to sign with EIP-712, as eth_signTypedData_v4 takes it. INVALID_INPUT as above. */
export function ownershipTypedData(claim: OwnershipClaim): object {
  const { domain, value } = typedData(claim);
  return TypedDataEncoder.getPayload(domain, TYPES, value) as object;
}

/** What is signed under each kind: the hash of the text, or of the typed data; contract wallets take the latter. */
export function ownershipDigest(kind: 'eip191' | 'eip712' | 'eip1271', claim: OwnershipClaim): string {
  if (kind === 'eip191') return hashMessage(ownershipText(claim));
  const { domain, value } = typedData(claim);
  return TypedDataEncoder.hash(domain, TYPES, value);
}

function typedData(claim: OwnershipClaim): { domain: TypedDataDomain; value: Record<string, unknown> } {
  const { venue, accountRoot, time, chainId, address } = checked(claim);
  return {
    domain: { name: 'zk-solvency proof of reserves', version: '1', chainId },
    value: { venue, accountRoot, time, owner: address },
  };
}

/** A venue's name with a line break in it could write the lines after it. */
function checked(claim: OwnershipClaim): OwnershipClaim {
  const { venue, accountRoot, time, chainId, address } = claim;
  const faults = [
    [NAME.test(venue), 'the venue must be a name of 1 to 64 visible characters'],
    [accountRoot >= 0n && accountRoot < FIELD_ORDER, "the account root must be below the field's order"],
    [Number.isSafeInteger(time) && time >= 0, 'the time must be in whole seconds since 1970'],
    [Number.isSafeInteger(chainId) && chainId >= 1, 'the chain must be a whole number from 1'],
    [/^0x[0-9a-fA-F]{40}$/.test(address), 'the address must be 0x and 40 hexadecimal digits'],
  ] as const;
  const fault = faults.find(([holds]) => !holds);
  if (fault !== undefined) {
    throw new SolvencyError('INVALID_INPUT', `An ownership message cannot be made: ${fault[1]}.`);
  }
  return { ...claim, address: getAddress(address.toLowerCase()) };
}
