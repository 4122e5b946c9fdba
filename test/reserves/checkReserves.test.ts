import { id, Wallet as Key, ZeroAddress } from 'ethers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseReserveEvidence, serializeReserveEvidence } from '../../src/formats/reserveEvidence.js';
import { balanceSlot } from '../../src/reserves/balanceSlot.js';
import { checkReserves } from '../../src/reserves/checkReserves.js';
import { collectEvidence } from '../../src/reserves/collectEvidence.js';
import type { AddressEvidence, ChainEvidence, ReserveEvidence } from '../../src/reserves/evidence.js';
import type { Policy, PolicyToken } from '../../src/reserves/policy.js';
import { askProof } from '../../src/reserves/rpc.js';
import { registry } from '../support/market.js';
import {
  ALICE,
  BOB,
  CHAIN_ID,
  changed,
  ETHER,
  type Mutable,
  mint,
  ownerSignature,
  startVenueChain,
  type VenueChain,
} from './venueChain.js';

let venue: VenueChain;

beforeAll(async () => {
  venue = await startVenueChain();
});
afterAll(() => venue?.stop());

const check = (
  evidence: ReserveEvidence,
  {
    policy = venue.policy,
    attestation = venue.attestation,
    blockHashes = new Map([[CHAIN_ID, venue.collected.block.hash]]),
  } = {},
) => checkReserves({ evidence, policy, registry, attestation, blockHashes });

const refused = (code: string, message: RegExp, details: object = {}) =>
  expect.objectContaining({
    code,
    message: expect.stringMatching(message),
    details: expect.objectContaining(details),
  });

/** The collected evidence with a change. */
const tampered = (change: (chain: Mutable<ChainEvidence>) => void) => changed(venue.collected.evidence, change);

function of(chain: Mutable<ChainEvidence>, address: string): Mutable<AddressEvidence> {
  const entry = chain.addresses.find((candidate) => candidate.address === address);
  if (entry === undefined) throw new Error('no such address');
  return entry;
}

function balanceOf(entry: Mutable<AddressEvidence>, token: string | null) {
  const balance = entry.balances.find((candidate) => candidate.token === token);
  if (balance === undefined) throw new Error('no such balance');
  return balance;
}

const plainAddress = (): string => tokenOf('PLAIN').token as string;

/** The tokens of the policy, in its order. */
function tokenOf(name: 'NATIVE' | 'PLAIN' | 'PACKED' | 'VYPER'): PolicyToken {
  const token = venue.policy.tokens[['NATIVE', 'PLAIN', 'PACKED', 'VYPER'].indexOf(name)];
  if (token === undefined) throw new Error('no such token');
  return token;
}

const withTokens = (tokens: readonly PolicyToken[]): Policy => ({ ...venue.policy, tokens });

describe('evidence of a chain', () => {
  it('counts coins and three layouts of tokens, rounded down to the units of the registry, wallets apart', async () => {
    const reserves = await check(venue.collected.evidence);
    expect(reserves.blocks).toEqual([{ chainId: CHAIN_ID, ...venue.collected.block }]);
    expect(reserves.assets).toEqual([
      // 5 units of 6 decimals, in units of 8; the flag above them is no money
      { assetId: 1, asset: 'USD', amount: 5_00000000n, checkedOnline: 0n },
      // 1.23456789|0123.. and 2.00000000|99.. of 18 decimals are cut at 8; 3 of the other token; 7 in the wallet
      { assetId: 2, asset: 'BTC', amount: 1_23456789n + 2_00000000n + 3_00000000n, checkedOnline: 7_00000000n },
      { assetId: 3, asset: 'ETH', amount: 3_000000n, checkedOnline: 5_000000n },
    ]);
    expect(reserves.addresses.map(({ address, ownership }) => [address, ownership])).toEqual([
      [ALICE.address, 'signed'],
      [BOB.address, 'signed'],
      [venue.wallet, 'checked online'],
    ]);
    const [alice] = reserves.addresses;
    expect(alice?.balances).toContainEqual({
      assetId: 2,
      asset: 'BTC',
      token: plainAddress(),
      balance: 1_234_567_890_123_456_789n,
      amount: 1_23456789n,
    });
    expect(reserves.labels).toEqual([expect.stringMatching(/^checked online: 1 contract wallet /)]);
  });

  it('adds up to what the contracts themselves say', async () => {
    const { addresses } = await check(venue.collected.evidence);
    for (const { address, balances } of addresses) {
      for (const { token, balance } of balances) {
        const contract = [venue.tokens.plain, venue.tokens.packed, venue.tokens.vyper].find((c) => c.target === token);
        const said =
          contract === undefined
            ? await venue.chain.provider.getBalance(address, venue.collected.block.number)
            : await contract.getFunction('balanceOf')(address, { blockTag: venue.collected.block.number });
        expect(balance).toBe(said);
      }
    }
  });

  it('is the same after a round trip through its file', async () => {
    const read = parseReserveEvidence(serializeReserveEvidence(venue.collected.evidence), 'evidence.json');
    expect(read).toEqual(venue.collected.evidence);
  });

  it('is refused under a block hash of somebody else, and without one', async () => {
    const other = new Map([[CHAIN_ID, `0x${'11'.repeat(32)}`]]);
    await expect(check(venue.collected.evidence, { blockHashes: other })).rejects.toThrow(
      refused('EXPECTATION_NOT_MET', /chain 31337: the header hashes to 0x/, { expectation: 'blockHash' }),
    );
    await expect(check(venue.collected.evidence, { blockHashes: new Map() })).rejects.toThrow(
      refused('EXPECTATION_NOT_MET', /named no block hash/, { expectation: 'blockHash' }),
    );
    await expect(check(venue.collected.evidence, { blockHashes: new Map([[CHAIN_ID, 'latest']]) })).rejects.toThrow(
      refused('INVALID_INPUT', /must be 0x and 64 hexadecimal digits/),
    );
  });

  it('is refused with a header whose state root was changed', async () => {
    const root = venue.collected.block.stateRoot.slice(2);
    const evidence = tampered((chain) => {
      chain.header = chain.header.replace(root, `${root.slice(0, -1)}${root.endsWith('0') ? '1' : '0'}`);
    });
    await expect(check(evidence)).rejects.toThrow(
      refused('EXPECTATION_NOT_MET', /header hashes to/, { expectation: 'blockHash' }),
    );
  });

  it('is refused with a header that is none', async () => {
    await expect(check(tampered((chain) => Object.assign(chain, { header: '0x00' })))).rejects.toThrow(
      refused('INVALID_INPUT', /header of chain 31337 is not the RLP/),
    );
  });

  it('is refused when a chain is listed twice', async () => {
    const { chains } = venue.collected.evidence;
    await expect(check({ chains: [...chains, ...chains] })).rejects.toThrow(
      refused('DUPLICATE', /chain 31337 occurs twice/),
    );
  });

  it.each(['the same', 'lower', 'upper'])('is refused when an address occurs twice, in %s case', async (letters) => {
    const evidence = tampered((chain) => {
      const copy = structuredClone(of(chain, ALICE.address));
      if (letters === 'lower') copy.address = copy.address.toLowerCase();
      if (letters === 'upper') copy.address = `0x${copy.address.slice(2).toUpperCase()}`;
      chain.addresses.push(copy);
    });
    await expect(check(evidence)).rejects.toThrow(refused('DUPLICATE', /address 0x[0-9a-fA-F]{40} occurs twice/));
  });

  it('is refused when a token or its contract occurs twice', async () => {
    const twice = tampered((chain) => {
      const entry = of(chain, ALICE.address);
      const balance = structuredClone(balanceOf(entry, plainAddress()));
      entry.balances.push({ ...balance, token: plainAddress().toLowerCase() });
    });
    await expect(check(twice)).rejects.toThrow(refused('DUPLICATE', /address .* token .* occurs twice/));
    const contracts = tampered((chain) => {
      chain.contracts.push(...structuredClone(chain.contracts));
    });
    await expect(check(contracts)).rejects.toThrow(refused('DUPLICATE', /token .* occurs twice/));
  });

  it('is held to the age that the policy allows, on both sides', async () => {
    const { timestamp } = venue.collected.block;
    const at = (time: number) => ({ ...venue.attestation, time });
    // without addresses nothing is signed over the time
    const evidence = tampered((chain) => Object.assign(chain, { addresses: [] }));
    for (const time of [timestamp - 3600, timestamp + 3600]) {
      await expect(check(evidence, { attestation: at(time) })).resolves.toBeDefined();
    }
    for (const time of [timestamp - 3601, timestamp + 3601]) {
      await expect(check(evidence, { attestation: at(time) })).rejects.toThrow(
        refused('EXPECTATION_NOT_MET', /3601 seconds from the attestation/, { expectation: 'maxAge' }),
      );
    }
  });

  it('is refused for another venue than the policy and the registry are for', async () => {
    await expect(
      check(venue.collected.evidence, { attestation: { ...venue.attestation, venue: 'other' } }),
    ).rejects.toThrow(refused('EXPECTATION_NOT_MET', /it is of other/, { expectation: 'venue' }));
    await expect(check(venue.collected.evidence, { policy: { ...venue.policy, venue: 'other' } })).rejects.toThrow(
      refused('EXPECTATION_NOT_MET', /the policy is for other/i, { expectation: 'venue' }),
    );
  });

  it.each([
    ['tokens', { tokens: [{ asset: 'XYZ', chainId: 1, token: null, decimals: 18, balance: null }] }],
    ['haircuts', { haircuts: new Map([['XYZ', 1n]]) }],
    ['issuedByVenue', { issuedByVenue: new Set(['PERP-0']) }],
    [
      'marks.prices',
      { marks: { assetsPpm: 0n, prices: new Map([['usd', { num: 1n, den: 1n }]]), unpinned: 'accept' } },
    ],
  ] satisfies [string, Partial<Policy>][])('is refused when %s of the policy name no asset', async (where, part) => {
    await expect(check(venue.collected.evidence, { policy: { ...venue.policy, ...part } })).rejects.toThrow(
      refused('UNKNOWN_ASSET', /which is no asset/, { where }),
    );
  });
});

describe('tokens and slots', () => {
  it("are the policy's: a token of the venue's own making is refused by name", async () => {
    const without = withTokens([tokenOf('NATIVE'), tokenOf('PACKED'), tokenOf('VYPER')]);
    await expect(check(venue.collected.evidence, { policy: without })).rejects.toThrow(
      refused('EXPECTATION_NOT_MET', new RegExp(`token ${plainAddress()}: the policy counts no such token`), {
        expectation: 'tokens',
      }),
    );
    const unheld = tampered((chain) => Object.assign(chain, { addresses: [] }));
    await expect(check(unheld, { policy: without })).rejects.toThrow(
      refused('EXPECTATION_NOT_MET', new RegExp(`chain 31337, token ${plainAddress()}: the policy`)),
    );
    const noNative = withTokens(venue.policy.tokens.slice(1));
    await expect(check(venue.collected.evidence, { policy: noNative })).rejects.toThrow(
      refused('EXPECTATION_NOT_MET', /the native coin: the policy counts no such token/, { expectation: 'tokens' }),
    );
    const elsewhere = withTokens(venue.policy.tokens.map((token) => ({ ...token, chainId: 1 })));
    await expect(check(venue.collected.evidence, { policy: elsewhere })).rejects.toThrow(
      refused('EXPECTATION_NOT_MET', /no such token on this chain/, { expectation: 'tokens' }),
    );
  });

  it('are refused by name when a slot is not where the policy finds the balance', async () => {
    const otherSlot = balanceSlot({ order: 'solidity', slot: 1n, bits: 256 }, ALICE.address);
    const evidence = tampered((chain) => {
      balanceOf(of(chain, ALICE.address), plainAddress()).slot = otherSlot;
    });
    await expect(check(evidence)).rejects.toThrow(
      refused('EXPECTATION_NOT_MET', new RegExp(`token ${plainAddress()}: it names slot ${otherSlot}`), {
        expectation: 'slot',
      }),
    );
    const none = tampered((chain) => {
      balanceOf(of(chain, ALICE.address), plainAddress()).slot = null;
    });
    await expect(check(none)).rejects.toThrow(refused('EXPECTATION_NOT_MET', /it names no slot/));
    const native = tampered((chain) => {
      balanceOf(of(chain, ALICE.address), null).slot = otherSlot;
    });
    await expect(check(native)).rejects.toThrow(refused('EXPECTATION_NOT_MET', /the balance in no slot/));
  });

  it('are refused when the policy hashes the key in the other order', async () => {
    const reversed = venue.policy.tokens.map((token) =>
      token.token === plainAddress() && token.balance !== null
        ? { ...token, balance: { ...token.balance, order: 'vyper' as const } }
        : token,
    );
    await expect(check(venue.collected.evidence, { policy: withTokens(reversed) })).rejects.toThrow(
      refused('EXPECTATION_NOT_MET', /it names slot/, { expectation: 'slot' }),
    );
  });

  it('count a packed flag only when the policy says that it is money', async () => {
    const whole = venue.policy.tokens.map((token) =>
      token.balance === null ? token : { ...token, balance: { ...token.balance, bits: 256 } },
    );
    const { assets } = await check(venue.collected.evidence, { policy: withTokens(whole) });
    expect(assets[0]?.amount).toBe(((1n << 255n) + 5_000_000n) * 100n);
  });
});

describe('a proof of state', () => {
  const broken = refused('PROOF_INVALID', /does not lead from the root/);

  it('of another holder is refused', async () => {
    const evidence = tampered((chain) => {
      balanceOf(of(chain, BOB.address), plainAddress()).proof = balanceOf(
        of(chain, ALICE.address),
        plainAddress(),
      ).proof;
    });
    await expect(check(evidence)).rejects.toThrow(broken);
  });

  it('of another contract is refused, for the account and for the slot', async () => {
    const [plain, packed] = [plainAddress(), tokenOf('PACKED').token as string];
    const slots = tampered((chain) => {
      const entry = of(chain, ALICE.address);
      balanceOf(entry, plain).proof = balanceOf(entry, packed).proof;
    });
    await expect(check(slots)).rejects.toThrow(broken);
    const accounts = tampered((chain) => {
      const [first, second] = chain.contracts;
      if (first !== undefined && second !== undefined) first.accountProof = second.accountProof;
    });
    await expect(check(accounts)).rejects.toThrow(broken);
  });

  it('of another slot of the same contract is refused', async () => {
    // slot 2 of the contract is its total supply, greater than any balance
    const supply = await askProof(venue.node, plainAddress(), [`0x${'0'.repeat(63)}2`], venue.collected.block.number);
    expect(supply.storageProof[0]?.value).not.toBe('0x0');
    const evidence = tampered((chain) => {
      balanceOf(of(chain, ALICE.address), plainAddress()).proof = [...(supply.storageProof[0]?.proof ?? [])];
    });
    await expect(check(evidence)).rejects.toThrow(broken);
  });

  it('of another block is refused', async () => {
    const { owners, policy, attestation, node } = venue;
    await mint(venue.tokens.plain, ALICE.address, 1000n * ETHER);
    const later = await collectEvidence({ node, block: 'latest', policy, owners, attestation });
    const laterProof = later.evidence.chains[0]?.addresses[0]?.balances.find(({ token }) => token === plainAddress());
    const slots = tampered((chain) => {
      balanceOf(of(chain, ALICE.address), plainAddress()).proof = [...(laterProof?.proof ?? [])];
    });
    await expect(check(slots)).rejects.toThrow(broken);
    const contracts = tampered((chain) => {
      chain.contracts = structuredClone(later.evidence.chains[0]?.contracts ?? []) as typeof chain.contracts;
    });
    await expect(check(contracts)).rejects.toThrow(broken);
    const whole = { chains: later.evidence.chains };
    await expect(check(whole)).rejects.toThrow(refused('EXPECTATION_NOT_MET', /header hashes to/));
  });

  it('is refused when any of its nodes is missing, doubled in place of the next, or changed', async () => {
    const paths = [
      (chain: Mutable<ChainEvidence>) => balanceOf(of(chain, ALICE.address), null),
      (chain: Mutable<ChainEvidence>) => balanceOf(of(chain, ALICE.address), plainAddress()),
      (chain: Mutable<ChainEvidence>) => balanceOf(of(chain, BOB.address), tokenOf('VYPER').token),
    ];
    for (const path of paths) {
      const nodes = path(structuredClone(venue.collected.evidence).chains[0] as Mutable<ChainEvidence>).proof;
      expect(nodes.length).toBeGreaterThan(1);
      for (const [at, node] of nodes.entries()) {
        const half = Math.floor(node.length / 4) * 2;
        const flipped = (Number.parseInt(node.slice(half, half + 2), 16) ^ 1).toString(16).padStart(2, '0');
        for (const proof of [
          nodes.toSpliced(at, 1),
          nodes.slice(0, at),
          nodes.with(at, nodes[at === 0 ? 1 : 0] ?? ''),
          nodes.with(at, `${node.slice(0, half)}${flipped}${node.slice(half + 2)}`),
          nodes.with(at, node.slice(0, -2)),
          nodes.with(at, '0x'),
          nodes.with(at, '0xc0'),
        ]) {
          const evidence = tampered((chain) => Object.assign(path(chain), { proof }));
          await expect(check(evidence)).rejects.toThrow(broken);
        }
      }
    }
  });

  it("that is missing for a token's contract is refused", async () => {
    await expect(check(tampered((chain) => Object.assign(chain, { contracts: [] })))).rejects.toThrow(
      refused('PROOF_INVALID', /account proof of the token contract is missing/),
    );
  });

  it('of absence is a balance of zero: no account, no slot, no contract', async () => {
    const nobody = new Key(id('nobody'));
    const owner = await ownerSignature('eip191', nobody, venue.attestation);
    const { number } = venue.collected.block;
    const layout = tokenOf('PLAIN').balance;
    if (layout === null) throw new Error('no layout');
    const slot = balanceSlot(layout, nobody.address);
    const undeployed = new Key(id('undeployed')).address;
    const [account, token, contract] = await Promise.all([
      askProof(venue.node, nobody.address, [], number),
      askProof(venue.node, plainAddress(), [slot], number),
      askProof(venue.node, undeployed, [slot], number),
    ]);
    const [inToken, inContract] = [token.storageProof[0]?.proof ?? [], contract.storageProof[0]?.proof ?? []];
    const policy = withTokens([
      ...venue.policy.tokens,
      { asset: 'USD', chainId: CHAIN_ID, token: undeployed, decimals: 6, balance: layout },
    ]);
    const absent = (proof: readonly string[]) =>
      tampered((chain) => {
        chain.contracts.push({ token: undeployed, accountProof: contract.accountProof });
        chain.addresses = [
          {
            address: owner.address,
            ownership: { kind: 'eip191', signature: owner.signature },
            balances: [
              { token: null, slot: null, proof: account.accountProof },
              { token: plainAddress(), slot, proof: inToken },
              { token: undeployed, slot, proof: [...proof] },
            ],
          },
        ];
      });
    // nodes write the proof of an empty trie as one empty node or as none
    for (const proof of [inContract, ['0x80'], []]) {
      const { addresses, assets } = await check(absent(proof), { policy });
      expect(addresses[0]?.balances.map(({ balance }) => balance)).toEqual([0n, 0n, 0n]);
      expect(assets.map(({ amount }) => amount)).toEqual([0n, 0n, 0n]);
    }
    // in an empty trie nothing can be shown, and a cut proof of absence shows nothing
    await expect(check(absent(inToken), { policy })).rejects.toThrow(refused('PROOF_INVALID', /the trie is empty/));
    const cut = changed(absent([]), (chain) => {
      const balance = chain.addresses[0]?.balances[1];
      if (balance !== undefined) balance.proof = balance.proof.slice(0, -1);
    });
    await expect(check(cut, { policy })).rejects.toThrow(broken);
  });
});

describe('a signature', () => {
  const HALF = 0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0n;
  const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
  const signedBy = (address: string, ownership: AddressEvidence['ownership']) =>
    tampered((chain) => {
      of(chain, address).ownership = ownership;
    });
  const notTheirs = refused('PROOF_INVALID', /signature is not this address's over this attestation/);

  it.each(['eip191', 'eip712'] as const)('of the kind %s is accepted, and not under the other kind', async (kind) => {
    const { signature } = await ownerSignature(kind, ALICE, venue.attestation);
    await expect(check(signedBy(ALICE.address, { kind, signature }))).resolves.toBeDefined();
    const other = kind === 'eip191' ? 'eip712' : 'eip191';
    await expect(check(signedBy(ALICE.address, { kind: other, signature }))).rejects.toThrow(notTheirs);
  });

  it.each(['eip191', 'eip712'] as const)('of the kind %s over anything else is refused', async (kind) => {
    const { attestation } = venue;
    const others = [
      await ownerSignature(kind, ALICE, { ...attestation, venue: 'other' }),
      await ownerSignature(kind, ALICE, { ...attestation, accountRoot: attestation.accountRoot + 1n }),
      await ownerSignature(kind, ALICE, { ...attestation, time: attestation.time + 1 }),
      await ownerSignature(kind, ALICE, attestation, ALICE.address, CHAIN_ID + 1),
      // another address in the message, and another key under it
      await ownerSignature(kind, ALICE, attestation, BOB.address),
      await ownerSignature(kind, BOB, attestation, ALICE.address),
    ];
    for (const { signature } of others) {
      await expect(check(signedBy(ALICE.address, { kind, signature }))).rejects.toThrow(notTheirs);
    }
  });

  it('with a high s is refused, though it recovers to the owner', async () => {
    const { signature } = await ownerSignature('eip191', ALICE, venue.attestation);
    const s = BigInt(`0x${signature.slice(66, 130)}`);
    expect(s <= HALF).toBe(true);
    const high = (ORDER - s).toString(16).padStart(64, '0');
    const malleated = `${signature.slice(0, 66)}${high}${signature.endsWith('1b') ? '1c' : '1b'}`;
    await expect(check(signedBy(ALICE.address, { kind: 'eip191', signature: malleated }))).rejects.toThrow(
      refused('PROOF_INVALID', /high s/),
    );
  });

  it.each([
    ['empty', '0x', /65 bytes/],
    ['compact', `0x${'11'.repeat(64)}`, /65 bytes/],
    ['with a v of 0', `0x${'11'.repeat(64)}00`, /65 bytes/],
    ['with a v of 29', `0x${'11'.repeat(64)}1d`, /65 bytes/],
    ['no hexadecimal', 'signed, the venue', /65 bytes/],
    ['all zero', `0x${'00'.repeat(64)}1b`, /not this address's/],
    ['with an r beyond the curve', `0x${'ff'.repeat(32)}${'11'.repeat(32)}1b`, /not this address's/],
    ['of somebody', `0x${'11'.repeat(64)}1b`, /not this address's/],
  ])('that is garbage, %s, is refused', async (_what, signature, message) => {
    await expect(check(signedBy(ALICE.address, { kind: 'eip191', signature }))).rejects.toThrow(
      refused('PROOF_INVALID', message),
    );
  });

  it.each(['eip191', 'eip1271'] as const)('for the zero address is refused, kind %s', async (kind) => {
    const evidence = tampered((chain) => {
      const entry = of(chain, ALICE.address);
      entry.address = ZeroAddress;
      const signature = `0x${'00'.repeat(64)}1b`;
      entry.ownership = kind === 'eip1271' ? { kind, signature, checkedOnline: '' } : { kind, signature };
    });
    await expect(check(evidence)).rejects.toThrow(refused('PROOF_INVALID', /nobody controls the zero address/));
  });

  it('that is missing is no way to count: a plain key as a contract wallet is counted apart', async () => {
    const { assets } = await check(
      signedBy(ALICE.address, { kind: 'eip1271', signature: '0x', checkedOnline: 'trust us' }),
    );
    expect(assets.find(({ asset }) => asset === 'ETH')).toEqual({
      assetId: 3,
      asset: 'ETH',
      amount: 0n,
      checkedOnline: 8_000000n,
    });
  });
});
