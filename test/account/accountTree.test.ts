import { beforeAll, describe, expect, it } from 'vitest';
import { buildAccountTree, commitAccounts, packageRoot, pathChildren, pathOf } from '../../src/account/accountTree.js';
import { accountTreeRoot } from '../../src/account/accountTreeRoot.js';
import { leafOf } from '../../src/account/leaf.js';
import { compileForTest, expectAccepted, expectRejected, type TestCircuit } from '../support/circuit.js';
import { accountOf, packageOf, usd } from '../support/market.js';

describe('AccountTreeRoot', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest({
      file: 'account/accountTreeRoot.circom',
      template: 'AccountTreeRoot',
      parameters: [],
      publicSignals: [],
    });
  });
  const leaves = Array.from({ length: 70 }, (_, k) => BigInt(1000 + k));
  const tree = buildAccountTree(leaves);
  const inputs = (index: number) => {
    const leaf = leaves[index] as bigint;
    return { leaf, index: BigInt(index), children: pathChildren(leaf, pathOf(tree, index)) };
  };

  it('agrees with its twin and the built tree', async () => {
    for (const index of [0, 7, 8, 63, 64, 69]) {
      const given = inputs(index);
      const witness = await circuit.witness(given);
      expectAccepted(circuit, witness);
      expect(circuit.get(witness, 'main.out')).toBe(tree.root);
      expect(accountTreeRoot(given.leaf, given.index, given.children)).toBe(tree.root);
    }
  });

  it('an index beyond the tree, another place, and another leaf are refused', async () => {
    const given = inputs(9);
    for (const index of [2n ** 27n + 9n, 10n]) expectRejected(circuit, await circuit.witness({ ...given, index }));
    expectRejected(circuit, await circuit.witness({ ...given, leaf: 5n }));
  });

  it('an inner node does not pass for a leaf: the path would be a level short', async () => {
    const given = inputs(9);
    const node = tree.layers[1]?.[1] as bigint;
    const children = [...given.children.slice(1), given.children.at(-1) as readonly bigint[]];
    const witness = await circuit.witness({ leaf: node, index: 1n, children });
    expectRejected(circuit, witness);
  });
});

describe('an account package', () => {
  it('leads to the root that was committed, for every account', () => {
    const accounts = Array.from({ length: 9 }, (_, k) =>
      accountOf({ collateral: [usd(BigInt(k + 1))], positions: [] }, BigInt(k)),
    );
    const packages = commitAccounts(accounts, { venueId: 1n, registryHash: 2n, time: 3n });
    expect(new Set(packages.map(packageRoot)).size).toBe(1);
  });

  it('changes its root with every part of the account', () => {
    const { account, path, root } = packageOf({ collateral: [usd(5n)], positions: [] });
    const honest = packageRoot({ account, path, root });
    for (const changed of [
      { ...account, salt: account.salt + 1n },
      { ...account, accountId: 1n },
      { ...account, ownerCommitment: 1n },
      { ...account, collateral: [usd(6n)] },
      { ...account, positions: [{ instrumentId: 100, size: 1n, cost: 0n }] },
    ]) {
      expect(packageRoot({ account: changed, path, root })).not.toBe(honest);
      expect(leafOf(changed)).not.toBe(leafOf(account));
    }
  });
});
