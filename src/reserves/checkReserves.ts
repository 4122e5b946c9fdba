import { SolvencyError } from '../errors.js';
import type { Registry, RegistryEntry } from '../snapshot/registry.js';
import type { ReserveEvidence } from './evidence.js';
import type { OwnershipLabel } from './ownershipSignature.js';
import type { PolicyToken } from './policy.js';
import { policyAssets } from './policyAssets.js';
import { type EvidenceExpectations, type ProvenBlock, verifyEvidence } from './verifyEvidence.js';

/** What one address held of one token, and what of it counts. */
export interface CountedBalance {
  readonly assetId: number;
  /** symbol */
  readonly asset: string;
  /** null is the native coin */
  readonly token: string | null;
  /** in units of 10^-decimals of the token */
  readonly balance: bigint;
  /** in units of 10^-amountDecimals of the asset, rounded down */
  readonly amount: bigint;
}

export interface CountedAddress {
  readonly chainId: number;
  readonly address: string;
  readonly ownership: OwnershipLabel;
  readonly balances: readonly CountedBalance[];
}

/** Reserves of one asset in units of 10^-amountDecimals. The two amounts have no address in common. */
export interface AssetReserves {
  readonly assetId: number;
  /** symbol */
  readonly asset: string;
  /** of addresses whose signature was checked here */
  readonly amount: bigint;
  /** of contract wallets, whose signature is a call that was made online: whether it counts is the verifier's choice */
  readonly checkedOnline: bigint;
}

export interface CheckedReserves {
  readonly blocks: readonly ProvenBlock[];
  /** each asset that the policy has a token for, zero included, in the registry's order */
  readonly assets: readonly AssetReserves[];
  readonly addresses: readonly CountedAddress[];
  /** what a reader has to know beside the figures, in words */
  readonly labels: readonly string[];
}

/**
 * Checks evidence offline and counts it in the registry's units. Each balance is rounded down by itself, so that
 * the rows add up to the totals. Errors: those of verifyEvidence and policyAssets.
 */
export async function checkReserves(
  input: EvidenceExpectations & { readonly evidence: ReserveEvidence; readonly registry: Registry },
): Promise<CheckedReserves> {
  const { evidence, policy, registry } = input;
  const entries = policyAssets(policy, registry);
  const { blocks, addresses: proven } = await verifyEvidence(evidence, input);
  const addresses = proven.map((address) => ({
    ...address,
    balances: address.balances.map(({ token, balance }) => counted(token, balance, entries)),
  }));
  const held = new Set(policy.tokens.map(({ asset }) => asset));
  const assets = registry.entries
    .filter(({ kind, symbol }) => kind === 'asset' && held.has(symbol))
    .map(({ id, symbol }) => ({
      assetId: id,
      asset: symbol,
      amount: total(addresses, id, 'signed'),
      checkedOnline: total(addresses, id, 'checked online'),
    }));
  return { blocks, assets, addresses, labels: labelsOf(addresses) };
}

function counted(
  { asset, token, decimals }: PolicyToken,
  balance: bigint,
  entries: ReadonlyMap<string, RegistryEntry>,
): CountedBalance {
  const entry = entries.get(asset);
  if (entry === undefined) throw new SolvencyError('INTERNAL', 'A token of the policy has no asset.');
  const amount = (balance * 10n ** BigInt(entry.amountDecimals)) / 10n ** BigInt(decimals);
  return { assetId: entry.id, asset, token, balance, amount };
}

const total = (addresses: readonly CountedAddress[], assetId: number, label: OwnershipLabel): bigint =>
  addresses
    .filter(({ ownership }) => ownership === label)
    .flatMap(({ balances }) => balances)
    .reduce((sum, balance) => (balance.assetId === assetId ? sum + balance.amount : sum), 0n);

function labelsOf(addresses: readonly CountedAddress[]): readonly string[] {
  const online = addresses.filter(({ ownership }) => ownership === 'checked online');
  if (online.length === 0) return [];
  return [
    `checked online: ${online.length} contract ${online.length === 1 ? 'wallet' : 'wallets'} (EIP-1271), counted apart, since no proof replays the call that accepted the signature`,
  ];
}
