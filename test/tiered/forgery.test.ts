import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { accountLeaf } from '../../src/account/accountLeaf.js';
import { accountRoot } from '../../src/account/accountRoot.js';
import { pathChildren } from '../../src/account/accountTree.js';
import { accountTreeRoot } from '../../src/account/accountTreeRoot.js';
import { collateralList } from '../../src/account/collateralList.js';
import { positionList } from '../../src/account/positionList.js';
import { FIELD_ORDER, PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { openRow } from '../../src/risk/riskTable.js';
import type { RowOpening } from '../../src/risk/tableLookup.js';
import type { TableRowFields } from '../../src/risk/tableRow.js';
import { tieredInput, tieredSignals } from '../../src/tiered/tieredInput.js';
import type { TieredMarginInput } from '../../src/tiered/tieredMargin.js';
import { compileForTest, expectAccepted, expectRejected, type TestCircuit } from '../support/circuit.js';
import { OWNER_SECRET, packageOf, table, usd } from '../support/market.js';

// Each test is an attack of a prover who computes a whole witness that is consistent but for one lie. The R1CS has to
// refuse it, in the component that the lie is about.

type Opening = RowOpening<TableRowFields>;

const CAPACITY = { positions: 2, assets: 2 };
const REQUEST = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };
const HELD: Holdings = {
  collateral: [usd(5_000n), { assetId: 2, amount: -(10n ** 5n) }],
  positions: [
    { instrumentId: 100, size: -300n, cost: -(900n * 10n ** 8n) },
    { instrumentId: 103, size: 30_000n, cost: 19_000n * 10n ** 8n },
  ],
};

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest({
    file: 'tiered/tieredMargin.circom',
    template: 'TieredMargin',
    parameters: [CAPACITY.positions, CAPACITY.assets],
    publicSignals: PUBLIC_SIGNALS,
  });
});

const honest = (held = HELD): TieredMarginInput =>
  tieredInput({ account: packageOf(held), ownerSecret: OWNER_SECRET, table, request: REQUEST }, CAPACITY);

async function expectForgeryRefused(input: TieredMarginInput, where: RegExp): Promise<void> {
  expectRejected(circuit, await circuit.witness(tieredSignals(input)), where);
}

/** The input with other fields of the account's opening. */
const opened = (input: TieredMarginInput, change: Partial<TieredMarginInput['account']>): TieredMarginInput => ({
  ...input,
  account: { ...input.account, ...change },
});

/** The slots with one changed. */
const at = <T>(items: readonly T[], index: number, change: Partial<T>): readonly T[] =>
  items.map((item, k) => (k === index ? { ...item, ...change } : item));

/** The opening of the first table row that the test picks. */
function rowWhere(holds: (row: (typeof table.rows)[number]) => boolean): Opening {
  const index = table.rows.findIndex(holds);
  if (index < 0) throw new Error('the market has no such row');
  return openRow<TableRowFields>(table, index);
}

/** The input with a tree in which the account's leaf holds these list hashes. */
function committed(input: TieredMarginInput, collateralHash: bigint, positionsHash: bigint): TieredMarginInput {
  const { account, path, root } = packageOf(HELD);
  const leaf = accountLeaf({ ...account, collateralHash, positionsHash });
  const treeChildren = pathChildren(leaf, path);
  const treeRoot = accountTreeRoot(leaf, BigInt(path.index), treeChildren);
  return {
    ...input,
    account: { ...input.account, treeChildren },
    signals: { ...input.signals, accountRoot: accountRoot({ ...root, treeRoot }) },
  };
}

describe('the honest witness', () => {
  it('passes', async () => {
    expectAccepted(circuit, await circuit.witness(tieredSignals(honest())));
  });
});

describe('entries left out or made up', () => {
  it('an omitted position opens another leaf', async () => {
    const input = honest();
    const without = honest({ ...HELD, positions: HELD.positions.slice(0, 1) });
    await expectForgeryRefused(
      {
        ...without,
        signals: input.signals,
        account: { ...without.account, treeChildren: input.account.treeChildren },
      },
      /tree\.level\[0\]\.own/,
    );
    // the path rebuilt above it leads to another account root
    await expectForgeryRefused({ ...without, signals: input.signals }, /owned\.root/);
  });

  it('a position kept under a count that hides it', async () => {
    await expectForgeryRefused(opened(honest(), { positionCount: 1n }), /size\[1\]|UsedSlots|positions/);
  });

  it('a debt kept under a count that hides it', async () => {
    await expectForgeryRefused(opened(honest(), { collateralCount: 1n }), /collateral/);
  });

  it('a count of more than the slots', async () => {
    await expectForgeryRefused(opened(honest(), { positionCount: 3n }), /main/);
  });

  it('equity in padding: a negative cost without a size', async () => {
    const input = honest({ ...HELD, positions: HELD.positions.slice(0, 1) });
    const positions = at(input.account.positions, 1, { costSign: 1n, cost: 10n ** 20n });
    await expectForgeryRefused(opened(input, { positions }), /positionGap\[1\]/);
  });
});

describe('rows', () => {
  it('the top tier for a small position, a low tier for a large one', async () => {
    const input = honest();
    const top = rowWhere((row) => row.id === 103 && row.kind === 'instrument' && row.tier === 3);
    const low = rowWhere((row) => row.id === 103 && row.kind === 'instrument' && row.tier === 0);
    await expectForgeryRefused(
      { ...input, positionRows: [input.positionRows[0] as Opening, top] },
      /positionMargin\[1\]\.tier\.above/,
    );
    await expectForgeryRefused(
      { ...input, positionRows: [input.positionRows[0] as Opening, low] },
      /positionMargin\[1\]\.tier\.below/,
    );
  });

  it('the row of another instrument, an asset’s row for a position and the other way round', async () => {
    const input = honest();
    const other = rowWhere((row) => row.id === 106 && row.tier === 0);
    const asset = rowWhere((row) => row.id === 1);
    const swapped = (rows: readonly Opening[], row: Opening) => [row, ...rows.slice(1)];
    await expectForgeryRefused({ ...input, positionRows: swapped(input.positionRows, other) }, /positionRow\[0\]\.key/);
    await expectForgeryRefused({ ...input, positionRows: swapped(input.positionRows, asset) }, /positionRow\[0\]\.key/);
    await expectForgeryRefused(
      { ...input, collateralRows: swapped(input.collateralRows, other) },
      /collateralRow\[0\]\.key|collateral\.row\[0\]\.key/,
    );
  });

  it('a haircut step with an addition for a debt', async () => {
    const input = honest();
    const step = rowWhere((row) => row.id === 2 && row.tier === 1);
    await expectForgeryRefused(
      { ...input, collateralRows: [input.collateralRows[0] as Opening, step] },
      /balance\[1\]\.step\.above/,
    );
  });

  it('a top-tier row in a slot of padding', async () => {
    const input = honest({ ...HELD, positions: HELD.positions.slice(0, 1) });
    const top = rowWhere((row) => row.id === 103 && row.tier === 3);
    await expectForgeryRefused(
      { ...input, positionRows: [input.positionRows[0] as Opening, top] },
      /positionMargin\[1\]\.tier\.above/,
    );
  });

  it('a deduction made larger, its path rebuilt level by level', async () => {
    const input = honest();
    const [first, second] = input.positionRows as readonly [Opening, Opening];
    const generous = { ...first, row: { ...first.row, offset: 2n ** 140n } };
    await expectForgeryRefused({ ...input, positionRows: [generous, second] }, /positionLookup\[0\]\.level\[0\]\.own/);
  });
});

describe('ids and signs', () => {
  it('a balance whose id is an instrument’s key in disguise', async () => {
    // 2^32 + 100 as the id of a balance gives the key of instrument 100
    const input = honest({ collateral: [usd(5_000n), { assetId: 4, amount: 1n }], positions: [] });
    const gap = 2n ** 32n + 100n - 1n - 1n;
    const row = rowWhere((candidate) => candidate.id === 100 && candidate.tier === 0);
    await expectForgeryRefused(
      {
        ...opened(input, { collateral: at(input.account.collateral, 1, { gap }) }),
        collateralRows: [input.collateralRows[0] as Opening, row],
      },
      /collateral.*(gapRange|lastId)/,
    );
  });

  it('a duplicate, which a gap of -1 is', async () => {
    const input = honest();
    await expectForgeryRefused(
      opened(input, { positions: at(input.account.positions, 1, { gap: FIELD_ORDER - 1n }) }),
      /positions\.entry\[1\]\.gapRange/,
    );
  });

  it.each([2n, FIELD_ORDER - 1n])('a sign of %s', async (sign) => {
    const input = honest();
    await expectForgeryRefused(
      opened(input, { positions: at(input.account.positions, 0, { sizeSign: sign }) }),
      /sizeSign\[0\]/,
    );
    await expectForgeryRefused(
      opened(input, { positions: at(input.account.positions, 0, { costSign: sign }) }),
      /costSign\[0\]/,
    );
    await expectForgeryRefused(
      opened(input, { collateral: at(input.account.collateral, 0, { sign }) }),
      /collateralSign\[0\]/,
    );
  });

  it('magnitudes that wrap', async () => {
    const input = honest();
    await expectForgeryRefused(
      opened(input, { collateral: at(input.account.collateral, 0, { magnitude: FIELD_ORDER - 5n }) }),
      /magnitudeRange/,
    );
    await expectForgeryRefused(
      opened(input, { positions: at(input.account.positions, 0, { size: FIELD_ORDER - 500n }) }),
      /sizeRange/,
    );
    await expectForgeryRefused(
      opened(input, { positions: at(input.account.positions, 0, { cost: 2n ** 80n }) }),
      /costRange/,
    );
  });
});

describe('owner, roots and model', () => {
  it('another owner’s secret with a nullifier of its own', async () => {
    const other = tieredInput(
      { account: packageOf(HELD), ownerSecret: OWNER_SECRET + 1n, table, request: REQUEST },
      CAPACITY,
    );
    await expectForgeryRefused(other, /tree\.level\[0\]\.own/);
  });

  it('a nullifier of another secret or scope', async () => {
    const input = honest();
    await expectForgeryRefused({ ...input, signals: { ...input.signals, scope: 6n } }, /owned|nullifier|scope/);
    await expectForgeryRefused({ ...input, signals: { ...input.signals, nullifier: 1n } }, /owned|nullifier/);
  });

  it('another place in the tree, a place beyond it', async () => {
    const input = honest();
    await expectForgeryRefused(opened(input, { leafIndex: input.account.leafIndex ^ 1n }), /tree\.level\[0\]\.own/);
    await expectForgeryRefused(opened(input, { leafIndex: input.account.leafIndex + 2n ** 27n }), /tree/);
  });

  it('another registry, time or model', async () => {
    const input = honest();
    await expectForgeryRefused(opened(input, { registryHash: 1n }), /owned\.root|risk/);
    await expectForgeryRefused(opened(input, { time: input.account.time + 1n }), /owned\.root/);
    await expectForgeryRefused({ ...input, riskTime: input.riskTime + 1n }, /risk/);
    await expectForgeryRefused({ ...input, model: { ...input.model, version: 2n } }, /main/);
    await expectForgeryRefused({ ...input, model: { ...input.model, claim: 2n } }, /model|risk/);
  });

  it('a context changed under the same witness', async () => {
    const witness = await circuit.witness(tieredSignals(honest()));
    expectRejected(circuit, circuit.edit(witness, { 'main.context': 100n }), /context/);
  });

  it('the two lists in each other’s place in the leaf', async () => {
    const input = honest();
    const collateral = collateralList(input.account.collateralCount, input.account.collateral).hash;
    const positions = positionList(input.account.positionCount, input.account.positions).hash;
    expect(collateral).not.toBe(positions);
    await expectForgeryRefused(committed(input, positions, collateral), /tree\.level\[0\]\.own/);
  });
});
