import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Command } from 'commander';
import { hashMessage, TypedDataEncoder, Wallet } from 'ethers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { reservesCollectCommand } from '../../src/cli/commands/reserves/collect.js';
import { reservesOwnershipMessageCommand } from '../../src/cli/commands/reserves/ownershipMessage.js';
import { serializePolicy } from '../../src/formats/policy.js';
import { parseReserveEvidence } from '../../src/formats/reserveEvidence.js';
import { checkReserves } from '../../src/reserves/checkReserves.js';
import { type BlockChoice, collectEvidence } from '../../src/reserves/collectEvidence.js';
import { ownershipDigest, ownershipText, ownershipTypedData } from '../../src/reserves/ownershipMessage.js';
import { type ChainNode, connectNode } from '../../src/reserves/rpc.js';
import { registry } from '../support/market.js';
import { ALICE, CHAIN_ID, mint, ownerSignature, startVenueChain, type VenueChain } from './venueChain.js';

let venue: VenueChain;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reserves-'));
  venue = await startVenueChain();
});
afterAll(async () => {
  await venue?.stop();
  await rm(folder, { recursive: true });
});

const collect = (changes: Partial<Parameters<typeof collectEvidence>[0]> = {}): ReturnType<typeof collectEvidence> =>
  collectEvidence({
    node: venue.node,
    block: venue.collected.block.number,
    policy: venue.policy,
    owners: venue.owners,
    attestation: venue.attestation,
    ...changes,
  });

/** The node, with what it answers to one method changed. */
const lying = (method: string, change: (answer: never) => unknown): ChainNode => ({
  ...venue.node,
  ask: async (asked, params) => {
    const answer = await venue.node.ask(asked, params);
    return asked === method ? change(answer as never) : answer;
  },
});

describe('collecting', () => {
  it('takes the state of the block that is named, also when the chain has moved on', async () => {
    await mint(venue.tokens.plain, ALICE.address, 1n);
    expect(await collect()).toEqual(venue.collected);
    const latest = await collect({ block: 'latest' });
    expect(latest.block.number).toBe(venue.collected.block.number + 1);
    expect(latest.evidence).not.toEqual(venue.collected.evidence);
  });

  it('leaves out balances of zero and contracts that nobody holds', async () => {
    const nobody = Wallet.createRandom();
    const owner = await ownerSignature('eip191', new Wallet(nobody.privateKey), venue.attestation);
    const [chain] = (await collect({ owners: [owner] })).evidence.chains;
    expect(chain?.addresses).toEqual([
      { address: owner.address, ownership: { kind: 'eip191', signature: owner.signature }, balances: [] },
    ]);
    expect(chain?.contracts).toEqual([]);
  });

  it('asks in parts when there are many addresses', async () => {
    const keys = Array.from({ length: 300 }, () => new Wallet(Wallet.createRandom().privateKey));
    const owners = await Promise.all(keys.map((key) => ownerSignature('eip191', key, venue.attestation)));
    const last = owners.at(-1)?.address ?? '';
    await mint(venue.tokens.plain, last, 55n);
    const tokens = venue.policy.tokens.filter(({ token }) => token !== null);
    const { addresses } = await collect({ block: 'latest', owners, policy: { ...venue.policy, tokens } });
    expect(addresses.at(-1)).toMatchObject({ address: last, balances: [{ balance: 55n }] });
  });

  it('asks contract wallets, and refuses what they refuse', async () => {
    const wallet = venue.owners.find(({ kind }) => kind === 'eip1271');
    if (wallet === undefined) throw new Error('no wallet');
    const refused = expect.objectContaining({
      code: 'PROOF_INVALID',
      message: expect.stringMatching(/contract wallet does not accept/),
    });
    const bySomebody = await ownerSignature('eip1271', ALICE, venue.attestation, wallet.address);
    const overAnother = { ...venue.attestation, time: venue.attestation.time + 1 };
    // the wallet returns zero for a signature of somebody, reverts on garbage, and a plain address has no code
    await expect(collect({ owners: [bySomebody] })).rejects.toThrow(refused);
    await expect(collect({ owners: [{ ...wallet, signature: '0x1234' }] })).rejects.toThrow(refused);
    await expect(collect({ owners: [{ ...wallet, address: ALICE.address }] })).rejects.toThrow(refused);
    await expect(collect({ owners: [wallet], attestation: overAnother })).rejects.toThrow(refused);
    const { evidence } = await collect({ owners: [wallet] });
    expect(evidence.chains[0]?.addresses[0]?.ownership).toEqual({
      kind: 'eip1271',
      signature: wallet.signature,
      checkedOnline: expect.stringContaining(venue.collected.block.hash),
    });
  });

  it('refuses signatures that a verifier would refuse', async () => {
    const attestation = { ...venue.attestation, accountRoot: 1n };
    await expect(collect({ attestation })).rejects.toThrow(expect.objectContaining({ code: 'PROOF_INVALID' }));
  });

  it('refuses a chain on which the policy counts nothing', async () => {
    await expect(collect({ policy: { ...venue.policy, tokens: [] } })).rejects.toThrow(
      expect.objectContaining({ code: 'EXPECTATION_NOT_MET', details: { expectation: 'tokens', chainId: CHAIN_ID } }),
    );
  });

  it.each([
    [
      'whose header is another',
      'eth_getBlockByNumber',
      (block: object) => ({ ...block, gasUsed: '0x1' }),
      'CHAIN',
      /does not hash to/,
    ],
    ['that gives another block', 'eth_getBlockByNumber', () => null, 'CHAIN', /has no block/],
    ['that gives no JSON object', 'eth_getBlockByNumber', () => 'block', 'CHAIN', /has no block/],
    ['that gives no proofs', 'eth_getProof', () => ({}), 'CHAIN', /not that of EIP-1186/],
    [
      'that leaves proofs out',
      'eth_getProof',
      (answer: object) => ({ ...answer, storageProof: [] }),
      'CHAIN',
      /not that of EIP-1186/,
    ],
    [
      'that inflates a balance without a proof',
      'eth_getProof',
      (answer: { accountProof: string[] }) => ({
        ...answer,
        balance: '0xffff',
        accountProof: answer.accountProof.slice(1),
      }),
      'PROOF_INVALID',
      /does not lead/,
    ],
  ])('refuses a node %s', async (_what, method, change, code, message) => {
    await expect(collect({ node: lying(method, change as (answer: never) => unknown) })).rejects.toThrow(
      expect.objectContaining({ code: expect.stringMatching(code), message: expect.stringMatching(message) }),
    );
  });

  it('says when a node has no such block or cannot be reached, and keeps its URL to itself', async () => {
    await expect(collect({ block: 10_000_000 })).rejects.toThrow(
      expect.objectContaining({ code: 'CHAIN', message: expect.stringMatching(/no block 10000000/) }),
    );
    await expect(connectNode('http://127.0.0.1:1/secret-key')).rejects.toThrow(
      expect.objectContaining({ code: 'CHAIN', message: expect.not.stringMatching(/secret-key/) }),
    );
    await expect(connectNode('ws://127.0.0.1:1')).rejects.toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }));
  });
});

describe('the ownership message', () => {
  const claim = () => ({ ...venue.attestation, chainId: CHAIN_ID, address: ALICE.address });

  it('names venue, account root, time, chain and address in both forms', () => {
    const { venue: name, accountRoot, time, address } = claim();
    expect(ownershipText(claim()).split('\n').slice(-5)).toEqual([
      `Venue: ${name}`,
      `Account root: ${accountRoot}`,
      `Time: ${time}`,
      `Chain: ${CHAIN_ID}`,
      `Address: ${address}`,
    ]);
    expect(ownershipTypedData(claim())).toMatchObject({
      primaryType: 'ReserveOwnership',
      domain: { name: 'zk-solvency proof of reserves', version: '1', chainId: `0x${CHAIN_ID.toString(16)}` },
      message: { venue: name, accountRoot: `${accountRoot}`, time: `${time}`, owner: address.toLowerCase() },
    });
  });

  it('is what wallets sign: the text under EIP-191, the typed data under EIP-712', async () => {
    expect(hashMessage(ownershipText(claim()))).toBe(ownershipDigest('eip191', claim()));
    const data = ownershipTypedData(claim()) as { domain: object; types: Record<string, never>; message: object };
    const { EIP712Domain: _, ...types } = data.types;
    expect(TypedDataEncoder.hash(data.domain, types, data.message)).toBe(ownershipDigest('eip712', claim()));
    expect(ownershipDigest('eip1271', claim())).toBe(ownershipDigest('eip712', claim()));
    // the node's own signer, another implementation, takes the payload as it is
    const [signer] = venue.chain.signers;
    const signed = await venue.chain.provider.send('eth_signTypedData_v4', [signer?.address, data]);
    const owner = { address: signer?.address ?? '', kind: 'eip712' as const, signature: signed as string };
    // that signer signed Alice's claim, not its own
    await expect(collect({ owners: [owner] })).rejects.toThrow(expect.objectContaining({ code: 'PROOF_INVALID' }));
    const own = ownershipTypedData({ ...claim(), address: owner.address });
    const signature = await venue.chain.provider.send('eth_signTypedData_v4', [owner.address, own]);
    await expect(collect({ owners: [{ ...owner, signature }] })).resolves.toBeDefined();
  });

  it.each([
    ['venue', 'a\nAccount root: 5'],
    ['venue', ''],
    ['accountRoot', -1n],
    ['accountRoot', 1n << 255n],
    ['time', 1.5],
    ['time', -1],
    ['chainId', 0],
    ['address', '0x12'],
  ])('cannot be made with a wrong %s, case %#', (name, value) => {
    expect(() => ownershipText({ ...claim(), [name]: value })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT' }),
    );
  });
});

describe('the commands', () => {
  /** What a command prints on standard output. */
  async function run(...args: readonly string[]): Promise<string> {
    const program = new Command().exitOverride();
    reservesCollectCommand(program);
    reservesOwnershipMessageCommand(program);
    const log = vi.spyOn(console, 'log').mockImplementation(() => undefined);
    try {
      await program.parseAsync([...args], { from: 'user' });
      return log.mock.calls.flat().join('\n');
    } finally {
      log.mockRestore();
    }
  }

  async function collectArgs(block: BlockChoice | string): Promise<readonly string[]> {
    const [policy, owners] = [join(folder, 'policy.json'), join(folder, 'owners.json')];
    await writeFile(policy, serializePolicy(venue.policy));
    await writeFile(owners, JSON.stringify({ format: 'zk-solvency/reserve-owners', version: 1, owners: venue.owners }));
    const { accountRoot, time } = venue.attestation;
    const files = ['--policy', policy, '--owners', owners, '--out', join(folder, 'evidence.json')];
    return [
      'collect',
      '--rpc',
      venue.chain.url,
      '--block',
      `${block}`,
      ...files,
      '--account-root',
      `${accountRoot}`,
      '--time',
      `${time}`,
    ];
  }

  it('collect evidence that a verifier accepts', async () => {
    const { block } = venue.collected;
    const printed = JSON.parse(await run(...(await collectArgs(block.number)), '--json'));
    expect(printed).toMatchObject({ ok: true, chainId: CHAIN_ID, block: block.number, blockHash: block.hash });
    expect(printed.balances).toContainEqual({
      address: ALICE.address,
      ownership: 'signed',
      asset: 'ETH',
      token: null,
      balance: '3.000000000000000001',
    });
    const evidence = parseReserveEvidence(await readFile(join(folder, 'evidence.json'), 'utf8'), 'evidence.json');
    const { policy, attestation } = venue;
    const blockHashes = new Map([[CHAIN_ID, block.hash]]);
    const { assets } = await checkReserves({ evidence, policy, registry, attestation, blockHashes });
    expect(assets.map(({ amount }) => amount)).toEqual([5_00000000n, 6_23456789n, 3_000000n]);
    expect(await run(...(await collectArgs('latest')))).toMatch(/3 addresses.*checked online/s);
  });

  it('refuse a block that is none', async () => {
    await expect(run(...(await collectArgs('pending')))).rejects.toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', details: { flag: '--block' } }),
    );
  });

  it('print both texts to sign', async () => {
    const { venue: name, accountRoot, time } = venue.attestation;
    const args = ['ownership-message', '--venue', name, '--account-root', `${accountRoot}`, '--time', `${time}`];
    const all = [...args, '--chain', `${CHAIN_ID}`, '--address', ALICE.address.toLowerCase()];
    const claim = { ...venue.attestation, chainId: CHAIN_ID, address: ALICE.address };
    expect(JSON.parse(await run(...all, '--json'))).toEqual({
      ok: true,
      text: ownershipText(claim),
      typedData: ownershipTypedData(claim),
    });
    expect(await run(...all)).toContain(ownershipText(claim));
  });
});
