import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { type DenseSums, drawGammaLambda } from '../../src/liabilities/batchTranscripts.js';
import type { BatchAccount, LiabilitiesBatchInput } from '../../src/liabilities/liabilitiesBatch.js';
import { type LiabilitiesStatement, statementHash } from '../../src/liabilities/liabilitiesStatement.js';
import { subtreeInsertion } from '../../src/liabilities/subtreeInsertion.js';
import { FIELD_ORDER, LIABILITIES } from '../../src/protocol/constants.js';
import { bookOf, FLAT, SHAPE } from '../support/book.js';
import { expectAccepted } from '../support/circuit.js';
import { inverse, reduce } from '../support/field.js';
import { usd } from '../support/market.js';
import { solvedSums, unsatisfied } from './support/identities.js';
import {
  brokenComponents,
  type Challenges,
  challengesOf,
  expectStoppedByDraws,
  rhoOf,
  type TranscriptLab,
  transcriptLab,
  withStates,
} from './support/lab.js';
import { at, balance, claims, distance, emptied, type Lie, position, row, slot, startingFrom } from './support/lies.js';

// A prover who knows a challenge before the value that it is drawn from can make any lie fit: this file is that prover. It
// takes the challenges of an honest batch, changes one committed value, and solves for dense sums with which every
// identity holds. The circuit without its transcripts accepts the lie; the circuit refuses it where the challenge is
// drawn and nowhere else, so that nothing but the transcript stops it.

const BTC = 10n ** 8n;
const QUOTE = 10n ** 16n;

const HELD: readonly (Holdings | undefined)[] = [
  { collateral: [usd(1n)], positions: [] },
  undefined,
  {
    collateral: [usd(-50n), { assetId: 2, amount: 3n * BTC }],
    positions: [
      { instrumentId: 100, size: -300n, cost: -900n * BTC },
      { instrumentId: 103, size: 30_000n, cost: 19_000n * BTC },
    ],
  },
  // of worth, but short of its requirement
  {
    collateral: [usd(1_000n), { assetId: 3, amount: -(10n ** 5n) }],
    positions: [{ instrumentId: 103, size: 400_000n, cost: 260_500n * BTC }],
  },
];
// with room for a larger debtor: a lie about standing is to be stopped by nothing else
const BOOK = bookOf(HELD, { largestDebtor: 10n ** 6n * QUOTE });
const HONEST = BOOK.batches[1] as LiabilitiesBatchInput;
const AT: Challenges = challengesOf(HONEST);

let lab: TranscriptLab;
beforeAll(async () => {
  lab = await transcriptLab(SHAPE);
});

const compressed =
  (index: number): Lie =>
  (input) => ({ ...input, compressed: at(input.compressed, index, (value) => reduce(value + 1n)) });

const statement =
  (field: keyof LiabilitiesStatement): Lie =>
  (input) => ({ ...input, claimed: { ...input.claimed, [field]: input.claimed[field] + 1n } });

/** Another account of the venue in the tree before this batch. */
const otherTree: Lie = (input) => {
  const treeChildren = at(input.treeChildren, input.treeChildren.length - 1, (nodes) => at(nodes, 7, () => 123n));
  const { before: treeRoot } = subtreeInsertion(SHAPE.height, input.signals.firstIndex, [0n, 0n], treeChildren);
  return { ...input, treeChildren, before: { ...input.before, treeRoot } };
};

const [FIRST, SECOND] = HONEST.accounts as readonly [BatchAccount, BatchAccount];
const { customers, venue } = HONEST.before;

const LIES: Readonly<Record<string, Lie>> = {
  'a balance becomes larger': balance(0, 1, { magnitude: 30n * BTC }),
  'a debt becomes smaller': balance(0, 0, { magnitude: 1n }),
  'a debt becomes a balance': balance(0, 0, { sign: 0n }),
  'a balance is reopened as another asset and amount': balance(0, 1, { gap: 1n, magnitude: 77n * BTC }),
  'a balance moves to an asset that the table does not have': balance(0, 1, { gap: 70n }),
  'a debt is taken out of its list': slot(0, {
    balanceCount: 1n,
    balances: [
      { gap: 1n, sign: 0n, magnitude: 3n * BTC },
      { gap: 0n, sign: 0n, magnitude: 0n },
    ],
  }),
  'a position becomes another instrument’s': position(0, 0, { gap: 102n }),
  'a short becomes a long': position(0, 0, { sizeSign: 0n }),
  'a position becomes smaller': position(0, 1, { size: 29_999n }),
  'a cost changes its sign': position(0, 1, { costSign: 1n }),
  'a cost becomes smaller': position(0, 1, { cost: 1n }),
  'an account leaves its place': emptied(1),
  'another owner has the account': slot(0, { ownerCommitment: 1n }),
  'another user has the account': slot(0, { accountId: 1n }),
  'another salt hides the account': slot(0, { salt: 1n }),
  'equity becomes smaller': claims(0, { equity: FIRST.claims.equity - 1_000n * QUOTE }),
  'equity is a deficit': claims(1, { equity: -1n }),
  'an account gets standing without cover': claims(1, { surplus: 0n }),
  'standing is withheld': claims(0, { surplus: -1n }),
  'what is settled in an asset becomes smaller': claims(1, {
    settled: [(SECOND.claims.settled[0] as bigint) - QUOTE, SECOND.claims.settled[1] as bigint],
  }),
  'what is settled in an asset becomes a debt': claims(1, { settled: [SECOND.claims.settled[0] as bigint, -QUOTE] }),
  'a debt is not told': claims(1, { debt: SECOND.claims.debt - 1n }),
  'a haircut step with a lower floor': distance(0, 1, { floor: 1n }),
  'a haircut step with a lower cap': distance(0, 1, { cap: -1n }),
  'a margin tier with a lower floor': distance(0, SHAPE.balances + 1, { floor: 1n }),
  'a margin tier with a higher cap': distance(0, SHAPE.balances + 1, { cap: 1n }),
  'another price of a settle asset': row('assetPrice', 1, (price) => 2n * price),
  'another price of an asset': row('assetPrice', 2, (price) => price - 1n),
  'another weight of a haircut step': row('stepWeight', 1, (weight) => weight + 1n),
  'another addition of a haircut step': row('stepAddition', 1, (addition) => addition + 1n),
  'another key of a haircut step': row('stepKey', 1, (key) => key + (1n << 32n)),
  'another price of an instrument': row('instrumentPrice', 0, (price) => price + 1n),
  'another settle asset of an instrument': row('settlesIn', 0, (flag) => 1n - flag),
  'another weight of a margin tier': row('tierWeight', 0, () => 0n),
  'another deduction of a margin tier': row('tierDeduction', 3, (deduction) => deduction + 1n),
  'another key of a margin tier': row('tierKey', 0, (key) => key + (1n << 96n)),
  'another id of an asset': row('assetId', 2, () => 4n),
  'another id of an instrument': row('instrumentId', 0, () => 106n),
  'the total that is owned': compressed(0),
  'the total that accounts with standing owe': compressed(1),
  'the total that others owe': compressed(2),
  'the total held long': compressed(3),
  'the total held short': compressed(4),
  'the total of costs': compressed(5),
  'customers before: another number': startingFrom({ customers: { ...customers, accounts: 0n } }),
  'customers before: nothing owed': startingFrom({ customers: { ...customers, owed: 0n } }),
  'customers before: another total by asset': startingFrom({ customers: { ...customers, positive: 0n } }),
  'the venue before: a negative total': startingFrom({ venue: { ...venue, owed: FIELD_ORDER - 1n } }),
  'an earlier place before': startingFrom({ nextIndex: 1n }),
  'another blinding before': startingFrom({ blinding: 0n }),
  'another tree before': otherTree,
  'another blinding after': (input) => ({ ...input, blindingAfter: 0n }),
  'another place': (input) => ({ ...input, signals: { ...input.signals, firstIndex: 4n } }),
  'the statement: another account root': statement('accountRoot'),
  'the statement: another risk root': statement('riskRoot'),
  'the statement: other totals': statement('totalsHash'),
  'the statement: another largest debtor': statement('largestDebtor'),
  'the statement: another first place of the venue': statement('venueStart'),
  'the statement: another salt': statement('salt'),
};

/** Where the transcripts stop a lie told at the honest challenges. */
function drawsBrokenBy(lie: LiabilitiesBatchInput, dense: DenseSums): readonly string[] {
  const sums = JSON.stringify(Object.values(dense).flat().map(String));
  const honestSums = JSON.stringify(Object.values(HONEST.dense).flat().map(String));
  return [...(rhoOf(lie) === AT.rho ? [] : ['drawRho']), ...(sums === honestSums ? [] : ['drawGamma', 'drawLambda'])];
}

describe('the honest batch', () => {
  it('satisfies the identities at its challenges, and passes with and without the draws', async () => {
    expect([FIRST.claims.surplus >= 0n, SECOND.claims.surplus < 0n, SECOND.claims.equity > 0n]).toEqual([
      true,
      true,
      true,
    ]);
    expect(unsatisfied(HONEST, AT)).toEqual([]);
    const witness = await lab.witnessAt(HONEST, AT);
    expectAccepted(lab.withoutDraws, witness);
    expectAccepted(lab.real, lab.transplanted(witness));
  });

  it('passes at any challenges without the draws, which is why they have to be drawn', async () => {
    const elsewhere = { ...AT, gamma: 12_345n };
    const solved = { ...HONEST, dense: solvedSums(HONEST, elsewhere) };
    expectAccepted(lab.withoutDraws, await lab.witnessAt(solved, elsewhere));
  });
});

describe('a value changed after rho, the dense sums solved for it', () => {
  it.each(Object.entries(LIES))('%s', async (_name, lie) => {
    const told = withStates(lie(HONEST));
    const dense = solvedSums(told, AT);
    const witness = await lab.witnessAt({ ...told, dense }, AT);
    expectAccepted(lab.withoutDraws, witness);
    const draws = drawsBrokenBy(told, dense);
    expect(draws).toContain('drawRho');
    expectStoppedByDraws(lab.real, lab.transplanted(witness), draws);
  });
});

describe('a value changed after rho, with honest dense sums and gamma and lambda drawn anew', () => {
  /** Two positive numbers below 2^134 with first + rho x second = 0: Euclid's algorithm, stopped half way. */
  function shortPair(rho: bigint): readonly [bigint, bigint] {
    let [r0, r1, t0, t1] = [FIELD_ORDER, rho, 0n, 1n];
    while (r1 >> 128n !== 0n || t1 > 0n) {
      const quotient = r0 / r1;
      [r0, r1, t0, t1] = [r1, r0 - quotient * r1, t1, t0 - quotient * t1];
    }
    return [r1, -t1];
  }

  /** The identities hold at the old rho whatever gamma and lambda are drawn, so they are drawn as they should be. */
  async function expectStoppedAtRho(lie: LiabilitiesBatchInput): Promise<void> {
    const challenges = { rho: AT.rho, ...drawGammaLambda(AT.rho, lie.dense) };
    expect(unsatisfied(lie, challenges)).toEqual([]);
    const witness = await lab.witnessAt(lie, challenges);
    expectAccepted(lab.withoutDraws, witness);
    expectStoppedByDraws(lab.real, lab.transplanted(witness), ['drawRho']);
  }

  it('surplus is made up for two accounts, and standing with it', async () => {
    const [first, second] = shortPair(AT.rho);
    expect([reduce(first + AT.rho * second), first > 0n, second > 0n]).toEqual([0n, true, true]);
    const { challenge } = statementHash(HONEST.claimed);
    // what the second account owes becomes a good debt
    const lent = SECOND.slot.balances[1]?.magnitude as bigint;
    const weighed = lent * (HONEST.table.assetPrice[2] as bigint) * inverse(challenge - 3n);
    const moved = at(HONEST.compressed, 1, (total) => reduce(total + weighed));
    const lie = withStates({
      ...claims(0, { surplus: FIRST.claims.surplus + first })(
        claims(1, { surplus: SECOND.claims.surplus + second })(HONEST),
      ),
      compressed: at(moved, 2, (total) => reduce(total - weighed)),
      dense: {
        ...HONEST.dense,
        assetTotals: at(HONEST.dense.assetTotals, 2, (sum) => reduce(sum + (AT.rho - AT.rho * AT.rho) * lent)),
      },
    });
    await expectStoppedAtRho(lie);
  });

  it('equity is made smaller, and a price, a weight and a debt are chosen to fit', async () => {
    const less = 1_000n * QUOTE;
    const owing = HONEST.dense.owing[2] as bigint;
    const price = less * inverse(owing);
    const weight = 10n ** 6n * less * inverse(HONEST.dense.stepOwned[1] as bigint);
    const { challenge } = statementHash(HONEST.claimed);
    const total = price * inverse(challenge - 3n) * (HONEST.dense.assetTotals[2] as bigint);
    const lie = [
      claims(0, { equity: FIRST.claims.equity - less }),
      claims(1, { debt: reduce(SECOND.claims.debt + less * inverse(AT.rho)) }),
      row('assetPrice', 2, (value) => reduce(value + price)),
      row('stepWeight', 1, (value) => reduce(value + weight)),
    ].reduce((input, one) => one(input), HONEST);
    await expectStoppedAtRho(
      withStates({ ...lie, compressed: at(lie.compressed, 0, (value) => reduce(value + total)) }),
    );
  });

  it.each([
    ['owned and owed by those with standing', 0, 1],
    ['owed by those with standing and by others', 1, 2],
    ['long and short', 3, 4],
    ['short and cost', 4, 5],
  ])('totals move between the columns of %s', async (_name, column, next) => {
    const moved = at(HONEST.compressed, column, (value) => reduce(value + AT.rho));
    const lie = withStates({ ...HONEST, compressed: at(moved, next, (value) => reduce(value - 1n)) });
    await expectStoppedAtRho(lie);
  });
});

describe('a dense sum changed after gamma and lambda, the others solved for it', () => {
  it.each(Object.keys(HONEST.dense) as (keyof DenseSums)[])('%s', async (kind) => {
    const changed = { ...HONEST.dense, [kind]: at(HONEST.dense[kind], 0, (value) => reduce(value + 1n)) };
    const input = { ...HONEST, dense: changed };
    expect(unsatisfied(input, AT)).not.toEqual([]);
    const dense = solvedSums(input, AT, [`${kind}[0]`]);
    expect(dense[kind][0]).toBe(changed[kind][0]);
    const witness = await lab.witnessAt({ ...HONEST, dense }, AT);
    expectAccepted(lab.withoutDraws, witness);
    expectStoppedByDraws(lab.real, lab.transplanted(witness), ['drawGamma', 'drawLambda']);
  });
});

describe('each challenge is drawn', () => {
  it.each(['rho', 'gamma', 'lambda'] as const)('%s of the prover’s choice', async (name) => {
    const chosen = { ...AT, [name]: 7n };
    const dense = solvedSums(HONEST, chosen);
    const witness = await lab.witnessAt({ ...HONEST, dense }, chosen);
    expectAccepted(lab.withoutDraws, witness);
    const draw = `main.draw${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    expect(brokenComponents(lab.real, lab.transplanted(witness)).some((component) => component.startsWith(draw))).toBe(
      true,
    );
  });
});

describe('flat factors', () => {
  const book = bookOf(
    [
      { collateral: [usd(100n)], positions: [] },
      { collateral: [usd(-5n)], positions: [] },
    ],
    {
      shape: FLAT,
      choice: { assets: [1, 9], steps: [], instruments: [], tiers: [] },
    },
  );
  const honest = book.batches[0] as LiabilitiesBatchInput;
  let flat: TranscriptLab;
  beforeAll(async () => {
    flat = await transcriptLab(FLAT);
  });

  it.each<readonly [string, Lie]>([
    ['a weight', row('assetWeight', 0, (weight) => weight + 1n)],
    ['a surplus', claims(1, { surplus: -1n })],
    ['an equity', claims(1, { equity: 0n })],
    ['a balance', balance(0, 0, { magnitude: 1n })],
  ])('%s changed after rho', async (_name, lie) => {
    const challenges = challengesOf(honest);
    expect(unsatisfied(honest, challenges)).toEqual([]);
    const told = withStates(lie(honest));
    const witness = await flat.witnessAt({ ...told, dense: solvedSums(told, challenges) }, challenges);
    expectAccepted(flat.withoutDraws, witness);
    expectStoppedByDraws(flat.real, flat.transplanted(witness), ['drawRho', 'drawGamma', 'drawLambda']);
  });
});

describe('packed claims', () => {
  it('hold each other in place: no part takes from its neighbour', () => {
    const shift = BigInt(LIABILITIES.valueBits + 2);
    const equity = (1n << BigInt(LIABILITIES.valueBits)) - 1n;
    const surplus = (1n << BigInt(LIABILITIES.surplusBits)) - 1n;
    // the widest two claims that are packed differ by less than one step of the upper part, and stay below r
    expect(2n * equity).toBeLessThan(1n << shift);
    expect((surplus << shift) + equity).toBeLessThan(FIELD_ORDER / 2n);
    expect(1n << BigInt(4 * LIABILITIES.amountBits)).toBeLessThan(FIELD_ORDER);
  });
});
