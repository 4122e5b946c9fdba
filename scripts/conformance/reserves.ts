import { readFileSync } from 'node:fs';
import { Contract, ContractFactory, type InterfaceAbi, id, type JsonRpcSigner, Wallet } from 'ethers';
import { compileContract } from '../../src/chain/compileContracts.js';
import type { OwnerSignature } from '../../src/formats/reserveOwners.js';
import { rational } from '../../src/numbers/rational.js';
import { collectEvidence } from '../../src/reserves/collectEvidence.js';
import type { ReserveEvidence } from '../../src/reserves/evidence.js';
import { type AttestationName, ownershipDigest } from '../../src/reserves/ownershipMessage.js';
import type { Policy } from '../../src/reserves/policy.js';
import { connectNode } from '../../src/reserves/rpc.js';
import { startAnvil } from '../support/anvil.js';
import { BLOCK_TIME, registry } from './market.js';

export const CHAIN_ID = 31337;
export const VENUE_KEY = new Wallet(id('venue of the corpus'));
/** Somebody whom no policy knows. */
export const STRANGER = new Wallet(id('stranger to the corpus'));
const FIRST = new Wallet(id('first reserve key of the corpus'));
const SECOND = new Wallet(id('second reserve key of the corpus'));
const WALLET_OWNER = new Wallet(id('owner of the contract wallet of the corpus'));
const ETHER = 10n ** 18n;
const SOURCE_PATH = 'test/reserves/tokens.sol';
const SOURCE = readFileSync(new URL(`../../${SOURCE_PATH}`, import.meta.url), 'utf8');

/** What the venue holds on a local chain, and the policy that counts it. */
export interface CorpusReserves {
  readonly policy: Policy;
  readonly blockHash: string;
  /** all addresses: covers strictly */
  readonly evidence: ReserveEvidence;
  /** the first address alone: covers less the loans only */
  readonly less: ReserveEvidence;
  /** the same addresses, signed for another account root */
  readonly ofAnother: ReserveEvidence;
  /** a later block of the chain */
  readonly later: ReserveEvidence;
}

/** Fills a local chain and collects evidence from it. `keys` are the key hashes that the policy pins. */
export async function collectReserves(
  attestation: AttestationName,
  keys: ReadonlyMap<string, string>,
): Promise<CorpusReserves> {
  const chain = await startAnvil();
  const node = await connectNode(chain.url);
  try {
    const [bank] = chain.signers;
    if (bank === undefined) throw new Error('no signer');
    // the chain's own time: every block one second after the other, the last at BLOCK_TIME
    await chain.provider.send('evm_setTime', [BLOCK_TIME - 1_000]);
    const usd = await deploy(bank, 'PackedToken');
    const btc = await deploy(bank, 'PlainToken');
    const wallet = await (await deploy(bank, 'Wallet', [WALLET_OWNER.address], ETHER)).getAddress();
    // other holders, so that tries have branches and paths of several nodes
    for (let k = 0; k < 20; k++) {
      const stranger = new Wallet(id(`stranger ${k} of the corpus`)).address;
      for (const token of [usd, btc]) await mint(token, stranger, BigInt(k + 1));
    }
    await mint(usd, FIRST.address, 36_000_000_000n);
    await mint(usd, SECOND.address, 4_000_000_000n);
    await mint(btc, FIRST.address, (37n * ETHER) / 10n);
    await send(bank, FIRST.address, 2n * ETHER);
    await chain.provider.send('evm_setNextBlockTimestamp', [BLOCK_TIME]);
    await send(bank, SECOND.address, 3n * ETHER);
    const block = await chain.provider.getBlockNumber();

    const policy = policyFor(
      await usd.getAddress(),
      BigInt(await usd.getFunction('LOCATION')()),
      await btc.getAddress(),
      keys,
    );
    const owners = (name: AttestationName): readonly OwnerSignature[] => [
      signature('eip191', FIRST, name),
      signature('eip712', SECOND, name),
      signature('eip1271', WALLET_OWNER, name, wallet),
    ];
    const collect = async (name: AttestationName, of: readonly OwnerSignature[], at: number) =>
      collectEvidence({ node, block: at, policy, owners: of, attestation: name });
    const all = await collect(attestation, owners(attestation), block);
    const another = { ...attestation, accountRoot: attestation.accountRoot - 1n };
    const less = await collect(attestation, owners(attestation).slice(0, 1), block);
    const ofAnother = await collect(another, owners(another), block);
    await mint(btc, FIRST.address, 1_000n * ETHER);
    const later = await collect(attestation, owners(attestation), block + 1);
    return {
      policy,
      blockHash: all.block.hash,
      evidence: all.evidence,
      less: less.evidence,
      ofAnother: ofAnother.evidence,
      later: later.evidence,
    };
  } finally {
    node.close();
    await chain.stop();
  }
}

function policyFor(usd: string, usdSlot: bigint, btc: string, keys: ReadonlyMap<string, string>): Policy {
  return {
    venue: registry.venue,
    venueKey: VENUE_KEY.address,
    tokens: [
      { asset: 'ETH', chainId: CHAIN_ID, token: null, decimals: 18, balance: null },
      {
        asset: 'USD',
        chainId: CHAIN_ID,
        token: usd,
        decimals: 6,
        balance: { order: 'solidity', slot: usdSlot, bits: 255 },
      },
      {
        asset: 'BTC',
        chainId: CHAIN_ID,
        token: btc,
        decimals: 18,
        balance: { order: 'solidity', slot: 0n, bits: 256 },
      },
    ],
    haircuts: new Map([
      ['USD', 1_000_000n],
      ['BTC', 980_000n],
      ['ETH', 980_000n],
    ]),
    issuedByVenue: new Set(['VTK']),
    marks: {
      assetsPpm: 10_000n,
      prices: new Map([
        ['USD', rational(1n)],
        ['BTC', rational(60_100n)],
        ['ETH', rational(2_490n)],
      ]),
      unpinned: 'accept',
    },
    verificationKeys: keys,
    maxAge: 600,
  };
}

function signature(
  kind: OwnerSignature['kind'],
  key: Wallet,
  attestation: AttestationName,
  address = key.address,
): OwnerSignature {
  const digest = ownershipDigest(kind, { ...attestation, chainId: CHAIN_ID, address });
  return { address, kind, signature: key.signingKey.sign(digest).serialized };
}

const mint = async (token: Contract, to: string, amount: bigint): Promise<void> => {
  await (await token.getFunction('mint')(to, amount)).wait();
};

const send = async (bank: JsonRpcSigner, to: string, value: bigint): Promise<void> => {
  await (await bank.sendTransaction({ to, value })).wait();
};

async function deploy(bank: JsonRpcSigner, name: string, args: readonly unknown[] = [], value = 0n): Promise<Contract> {
  const { abi, bytecode } = compileContract(SOURCE_PATH, SOURCE, name);
  const factory = new ContractFactory(abi as InterfaceAbi, bytecode, bank);
  const deployed = await factory.deploy(...args, ...(value === 0n ? [] : [{ value }]));
  await deployed.waitForDeployment();
  return new Contract(await deployed.getAddress(), abi as InterfaceAbi, bank);
}
