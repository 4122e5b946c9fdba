import { createMerkleProof, createMPT, type MerklePatriciaTrie } from '@ethereumjs/mpt';
import { getBytes, hexlify, id, keccak256 } from 'ethers';
import { beforeAll, describe, expect, it } from 'vitest';
import { accountRoot } from '../../src/account/accountRoot.js';
import { type AccountPackage, buildAccountTree, packageRoot, pathChildren } from '../../src/account/accountTree.js';
import { accountTreeRoot } from '../../src/account/accountTreeRoot.js';
import { leafOf } from '../../src/account/leaf.js';
import { checkInclusion } from '../../src/attestation/checkInclusion.js';
import { serializeAccountPackage } from '../../src/formats/accountPackage.js';
import { batchSignals } from '../../src/liabilities/batchInput.js';
import type { LiabilitiesBatchInput } from '../../src/liabilities/liabilitiesBatch.js';
import { subtreeInsertion } from '../../src/liabilities/subtreeInsertion.js';
import { ConstraintViolation } from '../../src/numbers/constraint.js';
import { ACCOUNT_TREE_DEPTH, TABLE_DEPTH, TAGS, TREE_ARITY } from '../../src/protocol/constants.js';
import { provenValue } from '../../src/reserves/trieProof.js';
import { openRow } from '../../src/risk/riskTable.js';
import { tableLookup } from '../../src/risk/tableLookup.js';
import { type TableRowFields, tableRowHash } from '../../src/risk/tableRow.js';
import { buildTree, childrenAbove, layerNodes } from '../../src/tree/tree.js';
import { brokenComponents } from '../liabilities/support/lab.js';
import { batchSource, bookOf, SHAPE } from '../support/book.js';
import { compileForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { packageOf, registry, table, usd } from '../support/market.js';
import { honestSignals, SMALL_FAMILIES } from './support/smallFamilies.js';

// A path that is not the one of a leaf of its tree: an index beyond the tree whose lower bits lead to a leaf, so that one
// leaf counts at two places, an inner node that passes for a leaf because depths vary (CVE-2017-12842), a leaf of another
// tree. Here depths are fixed, indices are ranged to their tree, and each tree hashes its nodes in a domain of its own and its
// leaves in another. The contracts' tree is attacked in test/chain/proofTree.test.ts and challenges.test.ts.

const PLACES = BigInt(TREE_ARITY ** ACCOUNT_TREE_DEPTH);
const ROWS = BigInt(TREE_ARITY ** TABLE_DEPTH);
/** Signals of RowPlace: the index, then all eight children of two levels. */
const PLACE_SIGNALS = 1 + 8 * (TABLE_DEPTH - 2);
/** Signals of AccountOpening before the leaf's index. */
const LEAF_INDEX = 3;

describe.each(SMALL_FAMILIES)('a margin proof of $family', (family) => {
  // one witness with a lie in every look-up: each constraint is held against it apart from the others
  it('takes no index beyond a tree, and no path of another position', async () => {
    const circuit = await compileForTest(family.source);
    const honest = honestSignals(family);
    const account = [...(honest['account'] as readonly bigint[])];
    account[LEAF_INDEX] = ((account[LEAF_INDEX] as bigint) ^ 1n) + PLACES;
    const places = Object.entries(honest).filter(([name]) => name.endsWith('Place'));
    expect(places.length).toBeGreaterThanOrEqual(2);
    // the first slot of each kind beyond the table, the second one with the path of its neighbour
    const moved = places.map(([name, signals]) => [
      name,
      (signals as readonly bigint[]).map((signal, i) => {
        if (i === 0) return signal + ROWS;
        return i === PLACE_SIGNALS ? signal + 1n : signal;
      }),
    ]);
    const broken = brokenComponents(
      circuit,
      await circuit.witness({ ...honest, ...Object.fromEntries(moved), account }),
    );

    expect(broken).toContain('main.owned.tree.level[0].own');
    expect(broken).toContain('main.owned.tree');
    const beyond = broken.filter((component) => /ookup(\[0\])?\.index$/.test(component));
    expect(beyond).toHaveLength(places.length);
    const elsewhere = broken.filter((component) => /ookup\[1\]\.level\[0\]\.own$/.test(component));
    expect(elsewhere).toHaveLength(
      places.filter(([, signals]) => (signals as readonly bigint[]).length > PLACE_SIGNALS).length,
    );
    // and nothing else has a reason to: what is looked up is honest
    expect(broken.filter((component) => !/\.tree(\.level\[0\]\.own)?$|\.index$|\.own$/.test(component))).toEqual([]);
  });
});

describe('paths through another tree', () => {
  const leaves = Array.from({ length: 20 }, (_, k) => BigInt(1000 + k));
  const LEAF = 9;
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest({
      file: 'account/accountTreeRoot.circom',
      template: 'AccountTreeRoot',
      parameters: [],
      publicSignals: [],
    });
  });

  it('a tree that is hashed under another tag, a table’s or a plain one, is no account tree', async () => {
    for (const tag of [TAGS.tableNode, TAGS.accountLeaf, TAGS.tableRow, 0n]) {
      const other = buildTree(tag, ACCOUNT_TREE_DEPTH, leaves);
      const children = childrenAbove(other, LEAF);
      const witness = await circuit.witness({ leaf: leaves[LEAF], index: BigInt(LEAF), children });
      expect(brokenComponents(circuit, witness), 'a node of the other tree is no node of this one').toContain(
        'main.level[1].own',
      );
      expect(() => accountTreeRoot(leaves[LEAF] as bigint, BigInt(LEAF), children)).toThrow(ConstraintViolation);
    }
  });

  it('an inner node is no leaf, at the place that its bits would have a level further up', async () => {
    const tree = buildAccountTree(leaves);
    const honest = childrenAbove(tree, LEAF);
    const node = tree.layers[1]?.[1] as bigint;
    const top = honest.at(-1) as readonly bigint[];
    for (const padding of [top, [tree.root, 0n, 0n, 0n, 0n, 0n, 0n, 0n], Array<bigint>(8).fill(0n)]) {
      const children = [...honest.slice(1), padding];
      const witness = await circuit.witness({ leaf: node, index: 1n, children });
      const broken = brokenComponents(circuit, witness);
      // a level has to be made up at the top: either it does not hold the root, or what holds it has another root
      const holdsRoot = padding[0] === tree.root;
      expect(broken.length === 0).toBe(holdsRoot);
      if (holdsRoot) expect(circuit.get(witness, 'main.out')).not.toBe(tree.root);
    }
  });

  it('an account’s leaf is no row of a table, and a table of a venue’s leaves gives no rates', () => {
    const opening = openRow<TableRowFields>(table, 3);
    const { key } = opening.row;
    const look = (hash: bigint, place = opening.place, nodes = table.nodes) =>
      tableLookup('instrument', 0n, 0n, { key, hash }, place, nodes);
    expect(() => look(tableRowHash(opening.row))).not.toThrow();
    const { account } = packageOf({ collateral: [usd(5n)], positions: [] });
    expect(() => look(leafOf(account))).toThrow(ConstraintViolation);
    const rows = table.rows.map(({ hash }) => hash);
    const asAccounts = buildTree(TAGS.accountNode, TABLE_DEPTH, rows);
    const place = { index: 3n, children: childrenAbove(asAccounts, 3, TABLE_DEPTH - 2) };
    expect(() => look(rows[3] as bigint, place, layerNodes(asAccounts, TABLE_DEPTH - 2))).toThrow(ConstraintViolation);
    // an inner node, a level up, under the node that it is
    const [low = [], high = []] = opening.place.children;
    expect(low.length).toBe(TREE_ARITY);
    const inner = { index: opening.place.index >> 3n, children: [high, [...table.nodes.slice(0, TREE_ARITY)]] };
    expect(() => look(high[0] as bigint, inner)).toThrow(ConstraintViolation);
  });
});

describe('a batch', () => {
  const HELD = [1n, 2n, 3n, 4n].map((amount) => ({ collateral: [usd(amount)], positions: [] }));
  const HONEST = bookOf(HELD).batches[1] as LiabilitiesBatchInput;
  const { treeChildren } = HONEST;
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest(batchSource(SHAPE));
  });
  const shifted = [...treeChildren.slice(1), treeChildren.at(-1) as readonly bigint[]];

  it.each<readonly [string, Partial<LiabilitiesBatchInput>, string]>([
    [
      'with the path of another node’s run',
      { signals: { ...HONEST.signals, firstIndex: 10n } },
      'main.insertion.level[1]',
    ],
    [
      'at a place of the right bits beyond the tree',
      { signals: { ...HONEST.signals, firstIndex: HONEST.signals.firstIndex + PLACES } },
      'main.insertion',
    ],
    ['with a path that is a level shorter', { treeChildren: shifted }, 'main.insertion'],
    [
      'with the nodes of another tag',
      {
        treeChildren: childrenAbove(
          buildTree(TAGS.tableNode, ACCOUNT_TREE_DEPTH, HONEST.treeChildren[0] as readonly bigint[]),
          Number(HONEST.signals.firstIndex),
        ),
      },
      'main.insertion.level[1]',
    ],
  ])('%s is put nowhere', async (_, change, where) => {
    const input = { ...HONEST, ...change };
    const { firstIndex } = input.signals;
    expect(() => {
      const { before } = subtreeInsertion(SHAPE.height, firstIndex, [1n, 2n], input.treeChildren);
      if (before !== input.before.treeRoot) throw new ConstraintViolation('SubtreeInsertion', 'another tree');
    }).toThrow(ConstraintViolation);
    const broken = brokenComponents(circuit, await circuit.witness(batchSignals(input)));
    expect(broken.filter((component) => component.startsWith(where))).not.toEqual([]);
  });

  it('with the path of its own place passes', async () => {
    expectAccepted(circuit, await circuit.witness(batchSignals(HONEST)));
  });
});

describe('an inclusion file', () => {
  const included = packageOf({ collateral: [usd(5n)], positions: [] });
  const trusted = { accountRoot: accountRoot(included.root), table, venueStart: TREE_ARITY ** ACCOUNT_TREE_DEPTH };
  type PathOf = { index: number | string; siblings: string[][] };
  const withPath = (change: (path: PathOf) => void): string => {
    const file = JSON.parse(serializeAccountPackage(included, registry)) as { path: PathOf };
    change(file.path);
    return JSON.stringify(file);
  };

  it('with its own path is accepted', async () => {
    expect(
      (
        await checkInclusion(
          withPath(() => {}),
          'mine.json',
          trusted,
        )
      ).index,
    ).toBe(included.path.index);
  });

  it.each<readonly [string, string, (path: PathOf) => void]>([
    ['a level more', 'INCLUSION_INVALID', ({ siblings }) => siblings.push(siblings[0] as string[])],
    ['no levels', 'INCLUSION_INVALID', ({ siblings }) => siblings.splice(0)],
    ['eight siblings', 'INCLUSION_INVALID', ({ siblings }) => siblings[0]?.push('0')],
    ['six siblings', 'INCLUSION_INVALID', ({ siblings }) => siblings[8]?.pop()],
    ['a sibling of r', 'INCLUSION_INVALID', ({ siblings }) => siblings[0]?.splice(0, 1, `${2n ** 254n}`)],
    ['the first index beyond the tree', 'INCLUSION_INVALID', (path) => Object.assign(path, { index: Number(PLACES) })],
    ['a negative index', 'INCLUSION_INVALID', (path) => Object.assign(path, { index: -1 })],
    ['half an index', 'INCLUSION_INVALID', (path) => Object.assign(path, { index: 9.5 })],
    ['an index in quotes', 'INCLUSION_INVALID', (path) => Object.assign(path, { index: '9' })],
    ['its levels in another order', 'INCLUSION_ROOT', ({ siblings }) => siblings.reverse()],
    ['its siblings in another order', 'INCLUSION_ROOT', ({ siblings }) => siblings[0]?.reverse()],
    ['the place of a neighbour', 'INCLUSION_ROOT', (path) => Object.assign(path, { index: included.path.index - 1 })],
  ])('with %s is refused', async (_, reason, change) => {
    await expect(checkInclusion(withPath(change), 'mine.json', trusted)).rejects.toMatchObject({ details: { reason } });
  });

  it('a package that was never a file leads nowhere either, with an index beyond the tree or between two places', () => {
    const at = (index: number): AccountPackage => ({ ...included, path: { ...included.path, index } });
    expect(packageRoot(at(included.path.index))).toBe(trusted.accountRoot);
    for (const index of [included.path.index + Number(PLACES), included.path.index - Number(PLACES)]) {
      expect(pathChildren(leafOf(included.account), at(index).path)).toHaveLength(ACCOUNT_TREE_DEPTH);
      expect(() => packageRoot(at(index))).toThrow();
    }
    expect(() => packageRoot(at(included.path.index + 0.5))).toThrow();
  });
});

describe('a state proof of reserves', () => {
  const keys = Array.from({ length: 40 }, (_, k) => id(`slot ${k}`));
  const worth = (k: number): Uint8Array => getBytes(id(`value ${k}`));
  let trie: MerklePatriciaTrie;
  let root: string;
  beforeAll(async () => {
    trie = await createMPT({ useKeyHashing: true });
    for (const [k, key] of keys.entries()) await trie.put(getBytes(key), worth(k));
    root = hexlify(trie.root());
  });
  const proofOf = async (key: string): Promise<string[]> =>
    (await createMerkleProof(trie, getBytes(key))).map((node) => hexlify(node));
  const [first, second] = keys as [string, string];
  const read = (at: string, key: string, proof: readonly string[]) => provenValue(at, key, proof, 'evidence.json');
  const invalid = expect.objectContaining({ code: 'PROOF_INVALID' });

  it('leads from its root to its value', async () => {
    expect(await read(root, first, await proofOf(first))).toEqual(worth(0));
  });

  it('from an inner node on is a shorter path, and no proof', async () => {
    const proof = await proofOf(first);
    expect(proof.length).toBeGreaterThan(2);
    for (let from = 1; from < proof.length; from++) {
      await expect(read(root, first, proof.slice(from))).rejects.toEqual(invalid);
      // under the root that the shorter path does have, it leads to another key than this one
      const under = keccak256(proof[from] as string);
      const found = await read(under, first, proof.slice(from)).catch(() => undefined);
      expect(found).not.toEqual(worth(0));
    }
  });

  it('of another key, also one that shares the way down, shows nothing of this one', async () => {
    const proof = await proofOf(second);
    await expect(read(root, first, proof)).rejects.toEqual(invalid);
    // both paths together prove each its own value only
    const both = [...new Set([...(await proofOf(first)), ...proof])];
    expect([await read(root, first, both), await read(root, second, both)]).toEqual([worth(0), worth(1)]);
  });

  it('with nodes of a made-up trie added says what it said without them', async () => {
    const madeUp = await createMPT({ useKeyHashing: true });
    await madeUp.put(getBytes(first), worth(7));
    const forged = (await createMerkleProof(madeUp, getBytes(first))).map((node) => hexlify(node));
    expect(await read(hexlify(madeUp.root()), first, forged)).toEqual(worth(7));
    const proof = await proofOf(first);
    expect(await read(root, first, [...proof, ...forged])).toEqual(worth(0));
    await expect(read(root, first, forged)).rejects.toEqual(invalid);
  });

  it('of a trie whose keys are not hashed, or hashed twice, is of another tree', async () => {
    const plain = await createMPT();
    for (const [k, key] of keys.entries()) await plain.put(getBytes(key), worth(k));
    const proof = (await createMerkleProof(plain, getBytes(first))).map((node) => hexlify(node));
    const found = await read(hexlify(plain.root()), first, proof).catch(() => undefined);
    expect(found).toBeUndefined();
    await expect(read(root, keccak256(first), await proofOf(first))).rejects.toEqual(invalid);
  });

  it('a value that looks like a node, or is the hash of one, is a value', async () => {
    const madeUp = await createMPT({ useKeyHashing: true });
    await madeUp.put(getBytes(second), worth(7));
    const [node = ''] = (await createMerkleProof(madeUp, getBytes(second))).map((each) => hexlify(each));
    const hostile = await createMPT({ useKeyHashing: true });
    await hostile.put(getBytes(first), getBytes(keccak256(node)));
    await hostile.put(getBytes(keys[2] as string), getBytes(node));
    const at = hexlify(hostile.root());
    for (const [key, value] of [
      [first, keccak256(node)],
      [keys[2] as string, node],
    ] as const) {
      const proof = (await createMerkleProof(hostile, getBytes(key))).map((each) => hexlify(each));
      expect(hexlify((await read(at, key, [...proof, node])) ?? '0x')).toBe(value);
      const other = await read(at, second, [...proof, node]).catch(() => undefined);
      expect(other).toBeUndefined();
    }
  });
});
