import { Contract, ContractFactory, type InterfaceAbi, id, keccak256, toBeHex, ZeroHash } from 'ethers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type LocalChain, startAnvil } from '../../scripts/support/anvil.js';
import { type ChainEntry, chainEntries, entryCalldata, proofLeaf, proofTree } from '../../src/chain/proofTree.js';
import type { ProofPoints } from '../../src/proof/marginProof.js';
import { compiled } from '../support/contracts.js';

const word = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
const pair = fc.tuple(word, word);
const points: fc.Arbitrary<ProofPoints> = fc.record({ a: pair, b: fc.tuple(pair, pair), c: pair });
const entries: fc.Arbitrary<ChainEntry> = fc.record({
  verifier: fc.bigInt({ min: 0n, max: 2n ** 160n - 1n }).map((value) => toBeHex(value, 20)),
  proof: points,
  signals: fc.array(word, { maxLength: 27 }),
});
const leavesOf = (count: number): string[] => Array.from({ length: count }, (_, i) => id(`leaf ${i}`));

let chain: LocalChain;
let harness: Contract;

beforeAll(async () => {
  chain = await startAnvil();
  const { abi, bytecode } = compiled('ProofTreeHarness');
  const deployed = await new ContractFactory(abi as InterfaceAbi, bytecode, chain.signers[0]).deploy();
  await deployed.waitForDeployment();
  harness = new Contract(await deployed.getAddress(), abi as InterfaceAbi, chain.provider);
});

afterAll(() => chain?.stop());

const leafOf = (entry: ChainEntry): Promise<string> => harness.getFunction('leafOf')(entryCalldata(entry));
const rootOf = (leaf: string, position: number | bigint, path: readonly string[]): Promise<string> =>
  harness.getFunction('rootOf')(leaf, position, path);

describe('tree of proofs: twin and contract', () => {
  test('hash the same leaf', async () => {
    await fc.assert(
      fc.asyncProperty(entries, async (entry) => {
        expect(proofLeaf(entry)).toBe(await leafOf(entry));
      }),
      { seed: 20, numRuns: 40 },
    );
  });

  test('agree on root and path of each position', async () => {
    const lengths = fc.integer({ min: 1, max: 40 });
    await fc.assert(
      fc.asyncProperty(lengths, fc.integer({ min: 0, max: 2 ** 20 - 1 }), async (count, anywhere) => {
        const leaves = leavesOf(count);
        const tree = proofTree(leaves);
        for (const position of [0, count - 1, anywhere % count, count, anywhere]) {
          expect(await rootOf(leaves[position] ?? ZeroHash, position, tree.path(position))).toBe(tree.root);
        }
      }),
      { seed: 21, numRuns: 20 },
    );
  });

  test('the empty tree is zero all the way up', async () => {
    const tree = proofTree([]);
    expect(await rootOf(ZeroHash, 2 ** 20 - 1, tree.path(2 ** 20 - 1))).toBe(tree.root);
  });
});

describe('tree of proofs: attacks', () => {
  const leaves = leavesOf(11);
  const tree = proofTree(leaves);

  test('an entry stands at one position only, and not beyond the tree', async () => {
    const leaf = leaves[5] as string;
    for (const position of [4, 6, 7, 10, 11]) {
      expect(await rootOf(leaf, position, tree.path(5))).not.toBe(tree.root);
      expect(await rootOf(leaf, position, tree.path(position))).not.toBe(tree.root);
    }
    // the contracts refuse positions beyond the count; here the bits above the tree are not looked at
    expect(await rootOf(leaf, 2n ** 20n + 5n, tree.path(5))).toBe(tree.root);
  });

  test('one bit of leaf or path flipped gives another root', async () => {
    const flipped = (value: string): string => toBeHex(BigInt(value) ^ 1n, 32);
    const path = tree.path(3);
    expect(await rootOf(flipped(leaves[3] as string), 3, path)).not.toBe(tree.root);
    for (const level of path.keys()) {
      const changed = path.map((sibling, i) => (i === level ? flipped(sibling) : sibling));
      expect(await rootOf(leaves[3] as string, 3, changed)).not.toBe(tree.root);
    }
  });

  test('a path is 20 long', async () => {
    await expect(rootOf(leaves[3] as string, 3, tree.path(3).slice(1))).rejects.toThrow();
  });

  test('an inner node is no leaf: it does not lead to the root from one level further down', async () => {
    const [left, right] = leaves as [string, string];
    const node = keccak256(left + right.slice(2));
    expect(node).toBe(tree.path(2)[1]);
    for (const path of [
      [...tree.path(0).slice(1), ZeroHash],
      [ZeroHash, ...tree.path(0).slice(1)],
    ]) {
      expect(await rootOf(node, 0, path)).not.toBe(tree.root);
    }
  });

  test('each part of an entry is in its leaf', () => {
    const entry: ChainEntry = {
      verifier: toBeHex(7, 20),
      proof: { a: [1n, 2n], b: [[3n, 4n], [5n, 6n]], c: [7n, 8n] }, // biome-ignore format: one line
      signals: [9n, 10n],
    };
    const { a, b, c } = entry.proof;
    const others: ChainEntry[] = [
      { ...entry, verifier: toBeHex(8, 20) },
      { ...entry, signals: [9n] },
      { ...entry, signals: [9n, 11n] },
      { ...entry, signals: [10n, 9n] },
      { ...entry, signals: [9n, 10n, 0n] },
      { ...entry, proof: { a: [2n, 1n], b, c } },
      { ...entry, proof: { a, b: [b[1], b[0]], c } },
      { ...entry, proof: { a, b: [[4n, 3n], b[1]], c } },
      { ...entry, proof: { a: c, b, c: a } },
    ];
    expect(new Set([entry, ...others].map(proofLeaf)).size).toBe(others.length + 1);
  });
});

describe('tree of proofs: input', () => {
  const invalid = expect.objectContaining({ code: 'INVALID_INPUT' });

  test.each([-1, 0.5, 2 ** 20, Number.NaN])('no position %d', (position) => {
    expect(() => proofTree([]).path(position)).toThrowError(invalid);
  });

  test('more leaves than positions', () => {
    expect(() => proofTree(new Array<string>(2 ** 20 + 1).fill(ZeroHash))).toThrowError(invalid);
  });

  test('entries come in the order of the chain, with the verifiers of their circuits', async () => {
    const proof: ProofPoints = { a: [1n, 2n], b: [[3n, 4n], [5n, 6n]], c: [7n, 8n] }; // biome-ignore format: one line
    const of = (circuit: string, signal: bigint) => ({ circuit, proof, signals: [signal] });
    const proofs = { batches: [of('batch', 1n), of('other', 2n)], start: of('start', 3n), closing: of('closing', 4n) };
    const names = ['batch', 'other', 'start', 'closing'];
    const verifiers = new Map(names.map((name, i) => [name, toBeHex(i + 1, 20)]));
    const found: ChainEntry[] = [];
    for await (const entry of chainEntries(proofs, verifiers)) found.push(entry);
    expect(found).toEqual([1, 2, 3, 4].map((i) => ({ verifier: toBeHex(i, 20), proof, signals: [BigInt(i)] })));

    verifiers.delete('closing');
    const all = async () => {
      for await (const _ of chainEntries(proofs, verifiers));
    };
    await expect(all()).rejects.toEqual(invalid);
  });
});
