import { readFileSync } from 'node:fs';
import { Contract, ContractFactory, type InterfaceAbi, id, type JsonRpcSigner, Wallet } from 'ethers';
import { type LocalChain, startAnvil } from '../../scripts/support/anvil.js';
import { compileContract } from '../../src/chain/compileContracts.js';
import type { OwnerSignature } from '../../src/formats/reserveOwners.js';
import { rational } from '../../src/numbers/rational.js';
import { type CollectedEvidence, collectEvidence } from '../../src/reserves/collectEvidence.js';
import type { ChainEvidence, ReserveEvidence } from '../../src/reserves/evidence.js';
import { type AttestationName, ownershipDigest } from '../../src/reserves/ownershipMessage.js';
import type { Policy } from '../../src/reserves/policy.js';
import { type ChainNode, connectNode } from '../../src/reserves/rpc.js';

export const CHAIN_ID = 31337;
const SOURCE = readFileSync(new URL('tokens.sol', import.meta.url), 'utf8');

/** Two plain keys, of which the first signs texts and the second typed data, and the key behind the contract wallet. */
export const ALICE = new Wallet(id('alice'));
export const BOB = new Wallet(id('bob'));
const CAROL = new Wallet(id('carol'));

export const ETHER = 10n ** 18n;

/** A chain on which a venue holds coins and tokens of three storage layouts, with evidence collected from it. */
export interface VenueChain {
  readonly chain: LocalChain;
  readonly node: ChainNode;
  readonly tokens: { readonly plain: Contract; readonly packed: Contract; readonly vyper: Contract };
  /** address of the contract wallet */
  readonly wallet: string;
  readonly attestation: AttestationName;
  readonly policy: Policy;
  readonly owners: readonly OwnerSignature[];
  readonly collected: CollectedEvidence;
  stop(): Promise<void>;
}

export async function startVenueChain(): Promise<VenueChain> {
  const chain = await startAnvil();
  try {
    return await fillChain(chain);
  } catch (error) {
    await chain.stop();
    throw error;
  }
}

async function fillChain(chain: LocalChain): Promise<VenueChain> {
  const [bank] = chain.signers;
  if (bank === undefined) throw new Error('no signer');
  const plain = await deploy(bank, 'PlainToken');
  const packed = await deploy(bank, 'PackedToken');
  const vyper = await deploy(bank, 'VyperToken');
  const wallet = await (await deploy(bank, 'Wallet', [CAROL.address], 5n * ETHER)).getAddress();

  // other holders, so that tries have branches and paths of several nodes
  for (let k = 0; k < 40; k++) {
    const stranger = new Wallet(id(`stranger ${k}`)).address;
    for (const token of [plain, packed, vyper]) await mint(token, stranger, BigInt(k + 1));
  }
  await mint(plain, ALICE.address, 1_234_567_890_123_456_789n);
  await mint(plain, BOB.address, 2n * ETHER + 9_999_999_999n);
  await mint(plain, wallet, 7n * ETHER);
  await mint(packed, ALICE.address, 5_000_000n);
  await (await packed.getFunction('setBlocked')(ALICE.address)).wait();
  await mint(vyper, BOB.address, 300_000_000n);
  await (await bank.sendTransaction({ to: ALICE.address, value: 3n * ETHER + 1n })).wait();

  const time = (await chain.provider.getBlock('latest'))?.timestamp ?? 0;
  const attestation = { venue: 'test-venue', accountRoot: 123_456_789n, time };
  const policy = await policyFor({ plain, packed, vyper });
  const owners = [
    await ownerSignature('eip191', ALICE, attestation),
    await ownerSignature('eip712', BOB, attestation),
    await ownerSignature('eip1271', CAROL, attestation, wallet),
  ];
  const node = await connectNode(chain.url);
  const collected = await collectEvidence({ node, block: 'latest', policy, owners, attestation });
  const stop = async (): Promise<void> => {
    node.close();
    await chain.stop();
  };
  return { chain, node, tokens: { plain, packed, vyper }, wallet, attestation, policy, owners, collected, stop };
}

/** An owner's signature; `address` is the owner's unless a contract wallet is meant. */
export async function ownerSignature(
  kind: OwnerSignature['kind'],
  key: Wallet,
  attestation: AttestationName,
  address = key.address,
  chainId = CHAIN_ID,
): Promise<OwnerSignature> {
  const digest = ownershipDigest(kind, { ...attestation, chainId, address });
  return { address, kind, signature: key.signingKey.sign(digest).serialized };
}

export const mint = async (token: Contract, to: string, amount: bigint): Promise<void> => {
  await (await token.getFunction('mint')(to, amount)).wait();
};

/** The contents of a readonly type, to be changed in a copy. */
export type Mutable<Type> = { -readonly [Key in keyof Type]: Mutable<Type[Key]> };

/** A copy of the evidence with its one chain changed. */
export function changed(evidence: ReserveEvidence, change: (chain: Mutable<ChainEvidence>) => void): ReserveEvidence {
  const copy = structuredClone(evidence) as Mutable<ReserveEvidence>;
  const [chain] = copy.chains;
  if (chain === undefined) throw new Error('no chain');
  change(chain);
  return copy;
}

async function policyFor(tokens: VenueChain['tokens']): Promise<Policy> {
  const [plain, packed, vyper] = await Promise.all(
    [tokens.plain, tokens.packed, tokens.vyper].map((token) => token.getAddress()),
  );
  if (plain === undefined || packed === undefined || vyper === undefined) throw new Error('no address');
  const location = BigInt(await tokens.packed.getFunction('LOCATION')());
  return {
    venue: 'test-venue',
    venueKey: BOB.address,
    tokens: [
      { asset: 'ETH', chainId: CHAIN_ID, token: null, decimals: 18, balance: null },
      {
        asset: 'BTC',
        chainId: CHAIN_ID,
        token: plain,
        decimals: 18,
        balance: { order: 'solidity', slot: 0n, bits: 256 },
      },
      {
        asset: 'USD',
        chainId: CHAIN_ID,
        token: packed,
        decimals: 6,
        balance: { order: 'solidity', slot: location, bits: 255 },
      },
      { asset: 'BTC', chainId: CHAIN_ID, token: vyper, decimals: 8, balance: { order: 'vyper', slot: 3n, bits: 256 } },
    ],
    haircuts: new Map([
      ['USD', 1_000_000n],
      ['BTC', 900_000n],
    ]),
    issuedByVenue: new Set(['DUST']),
    marks: {
      assetsPpm: 10_000n,
      prices: new Map([
        ['USD', rational(1n)],
        ['BTC', rational(60_000n)],
      ]),
      unpinned: 'accept',
    },
    verificationKeys: new Map([['tiered-8', 'ab'.repeat(32)]]),
    maxAge: 3600,
  };
}

async function deploy(
  signer: JsonRpcSigner,
  name: string,
  args: readonly unknown[] = [],
  value = 0n,
): Promise<Contract> {
  const { abi, bytecode } = compileContract('test/reserves/tokens.sol', SOURCE, name);
  const factory = new ContractFactory(abi as InterfaceAbi, bytecode, signer);
  const deployed = await factory.deploy(...args, ...(value === 0n ? [] : [{ value }]));
  await deployed.waitForDeployment();
  return new Contract(await deployed.getAddress(), abi as InterfaceAbi, signer);
}
