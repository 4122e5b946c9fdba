import { accountRoot } from '../../../src/account/accountRoot.js';
import type { AccountPackage } from '../../../src/account/accountTree.js';
import type { Reason } from '../../../src/attestation/reasons.js';
import { serializeAccountPackage } from '../../../src/formats/accountPackage.js';
import { draftOf, type Mutable, seal } from '../draft.js';
import { registry } from '../market.js';
import { editJson, type InclusionSpec, type Workshop } from '../workshop.js';

/** What users check with the file that the venue gave them. */
export async function inclusionCases({ chains, openings, reserves }: Workshop): Promise<readonly InclusionSpec[]> {
  const packageOf = (identifier: string): AccountPackage => chains.honest.packages.get(identifier) as AccountPackage;
  const honest = (
    identifier: string,
    title: string,
    reason?: Reason,
    name = `inclusion-of-${identifier}`,
  ): InclusionSpec => ({
    kind: 'inclusion',
    name,
    title,
    base: 'opened',
    reason,
    identifier,
    file: serializeAccountPackage(packageOf(identifier), registry),
  });
  const changed = (
    name: string,
    reason: Reason,
    title: string,
    change: (included: Mutable<AccountPackage>) => void,
  ): InclusionSpec => {
    const included = structuredClone(packageOf('uid-2001')) as Mutable<AccountPackage>;
    change(included);
    return {
      ...honest('uid-2001', title, reason, name),
      file: serializeAccountPackage(included as AccountPackage, registry),
    };
  };
  const edited = (
    name: string,
    reason: Reason,
    title: string,
    change: Parameters<typeof editJson>[2],
  ): InclusionSpec => {
    const files = new Map([['file', serializeAccountPackage(packageOf('uid-2001'), registry)]]);
    editJson(files, 'file', change);
    return { ...honest('uid-2001', title, reason, name), file: files.get('file') as string };
  };
  const insiders = await seal(await draftOf(chains.insiders, openings.insiders, reserves.evidence));
  return [
    honest('uid-1001', 'Two balances'),
    honest('uid-1002', 'A debt against a coin'),
    honest('uid-1005', 'Under water: nothing is owed to the account'),
    honest('uid-2001', 'Balances, a debt and two positions'),
    {
      ...honest(
        'uid-1001',
        'A second user is given the leaf of the first',
        'INCLUSION_ACCOUNT',
        'inclusion-of-one-leaf-for-two',
      ),
      identifier: 'uid-1009',
    },
    honest('house-1', 'An account among the venue’s own', 'INCLUSION_VENUE', 'inclusion-among-the-own'),
    {
      ...honest(
        'uid-2001',
        'A customer whom the venue filed among its own, in a bundle that is valid',
        'INCLUSION_VENUE',
        'inclusion-of-a-customer-among-insiders',
      ),
      bundle: insiders,
    },
    changed(
      'inclusion-with-another-balance',
      'INCLUSION_ROOT',
      'The file shows the balance that the user expects, and another one was committed',
      ({ account }) => {
        const [balance] = account.collateral;
        if (balance !== undefined) balance.amount += 1n;
      },
    ),
    changed(
      'inclusion-without-a-position',
      'INCLUSION_ROOT',
      'A position that was committed is not shown',
      ({ account }) => {
        account.positions = account.positions.slice(1);
      },
    ),
    changed('inclusion-with-another-cost', 'INCLUSION_ROOT', 'A position is shown at a better cost', ({ account }) => {
      const [position] = account.positions;
      if (position !== undefined) position.cost -= 1n;
    }),
    changed('inclusion-with-another-salt', 'INCLUSION_ROOT', 'Another salt', ({ account }) => {
      account.salt += 1n;
    }),
    changed(
      'inclusion-with-another-owner',
      'INCLUSION_ROOT',
      'Another owner: somebody else could prove with the leaf',
      ({ account }) => {
        account.ownerCommitment += 1n;
      },
    ),
    changed('inclusion-at-another-place', 'INCLUSION_ROOT', 'Another place in the tree', ({ path }) => {
      path.index += 1;
    }),
    changed('inclusion-with-another-sibling', 'INCLUSION_ROOT', 'A node of the path is another', ({ path }) => {
      const [siblings] = path.siblings;
      if (siblings !== undefined) siblings[0] = 1n;
    }),
    changed('inclusion-in-another-tree', 'INCLUSION_ROOT', 'The path leads to the root of another time', ({ root }) => {
      root.time += 1n;
    }),
    changed(
      'inclusion-under-another-registry',
      'INCLUSION_REGISTRY',
      'The file was made under another registry',
      ({ root }) => {
        root.registryHash += 1n;
      },
    ),
    edited('inclusion-of-another-venue', 'INCLUSION_REGISTRY', 'The file is of another venue', (json) => {
      json.venue = 'other venue';
    }),
    edited(
      'inclusion-with-a-root-of-its-own',
      'INCLUSION_INVALID',
      'The account root is not the hash of its opening',
      (json) => {
        json.accountRoot = accountRoot({ venueId: 1n, registryHash: 1n, treeRoot: 1n, time: 1n }).toString();
      },
    ),
    edited(
      'inclusion-with-a-short-path',
      'INCLUSION_INVALID',
      'A path that is a level short: a node would pass for a leaf',
      (json) => {
        json.path.siblings = json.path.siblings.slice(1);
      },
    ),
    edited('inclusion-outside-the-tree', 'INCLUSION_INVALID', 'A place behind the last one of the tree', (json) => {
      json.path.index += 8 ** 9;
    }),
    edited('inclusion-with-an-asset-twice', 'INCLUSION_INVALID', 'An asset in two entries', (json) => {
      json.collateral = [json.collateral[0], ...json.collateral];
    }),
    edited('inclusion-in-disorder', 'INCLUSION_INVALID', 'Entries that are not sorted by id', (json) => {
      json.positions.reverse();
    }),
    edited(
      'inclusion-with-an-id-of-another-symbol',
      'INCLUSION_INVALID',
      'An entry with the id of one asset and the symbol of another',
      (json) => {
        json.collateral[1].asset = 'ETH';
      },
    ),
  ];
}
