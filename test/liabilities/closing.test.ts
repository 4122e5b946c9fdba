import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import type { BookStateInput } from '../../src/liabilities/bookState.js';
import { type TotalsColumns, totalsColumns, totalsHash } from '../../src/liabilities/bookTotals.js';
import { chainStateHash, FIRST_STATE, type SideTotals } from '../../src/liabilities/chainState.js';
import {
  coverageInputs,
  type LiabilitiesCoverageInput,
  liabilitiesCoverage,
  loansHash,
  reservesHash,
} from '../../src/liabilities/liabilitiesCoverage.js';
import { liabilitiesOpening, openingInputs } from '../../src/liabilities/liabilitiesOpening.js';
import { statementHash } from '../../src/liabilities/liabilitiesStatement.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { bookOf, coverageSource, openingSource, type TestBook, TOTALS_SALT, TOTALS_SHAPE } from '../support/book.js';
import { compileForTest, expectAccepted, expectRejected, type TestCircuit } from '../support/circuit.js';
import { inverse, reduce } from '../support/field.js';
import { usd } from '../support/market.js';
import { hasWitness } from '../support/twin.js';
import { brokenComponents } from './support/lab.js';
import { at } from './support/lies.js';

const BTC = 10n ** 8n;
const QUOTE = 10n ** 16n;
const cost = 19_000n * BTC;
const HELD: readonly (Holdings | undefined)[] = [
  {
    collateral: [usd(-500n), { assetId: 2, amount: BTC }],
    positions: [{ instrumentId: 103, size: -30_000n, cost: -cost }],
  },
  { collateral: [usd(-5_000n)], positions: [] },
  { collateral: [usd(700n)], positions: [] },
  undefined,
  // the venue's own: it takes the other side, owes more than a customer has, and owns what covers it
  {
    collateral: [usd(-9_000n), { assetId: 2, amount: 9n * BTC }],
    positions: [{ instrumentId: 103, size: 30_000n, cost }],
  },
];
const BOOK = bookOf(HELD, { venueStart: 4n });

let opening: TestCircuit;
let coverage: TestCircuit;
beforeAll(async () => {
  opening = await compileForTest(openingSource);
  coverage = await compileForTest(coverageSource(TOTALS_SHAPE));
});

function closing({ claimed, last, root }: TestBook): BookStateInput {
  const statement = statementHash(claimed).hash;
  return { lastState: chainStateHash(last, statement), statement, claimed, state: last, ...root };
}

const CLOSING = closing(BOOK);
const COLUMNS = totalsColumns(BOOK.totals, TOTALS_SHAPE);
const [POSITIVE, GOOD] = COLUMNS.assets[0] as readonly [readonly bigint[], readonly bigint[]];

/** A coverage by reserves that are just enough, asset by asset and in value. */
function covered(loans: 0n | 1n, { closing: state = CLOSING, totals = COLUMNS } = {}): LiabilitiesCoverageInput {
  const [positive, good] = totals.assets[0] as readonly [readonly bigint[], readonly bigint[]];
  const reserve = positive.map((owed, a) =>
    loans === 1n && owed < (good[a] as bigint) ? 0n : owed - loans * (good[a] as bigint),
  );
  return {
    ...state,
    reserve,
    reservesHash: reservesHash(totals.assetId, reserve),
    reserveValue: state.state.customers.owed,
    loans,
    loansHash: loans === 0n ? 0n : loansHash(state.claimed.largestDebtor, totals.assetId, good),
    totalsSalt: TOTALS_SALT,
    totals,
  };
}

const withReserve = (input: LiabilitiesCoverageInput, reserve: readonly bigint[]): LiabilitiesCoverageInput => ({
  ...input,
  reserve,
  reservesHash: reservesHash(input.totals.assetId, reserve),
});

/** The statement with other totals, and a chain said to have reached this state under it. */
function restated(totals: TotalsColumns, change: Partial<BookStateInput['state']> = {}): BookStateInput {
  const claimed = { ...BOOK.claimed, totalsHash: totalsHash(totals, TOTALS_SALT) };
  return closing({ ...BOOK, claimed, last: { ...BOOK.last, ...change } });
}

/** The same of the chain of these accounts, whatever totals are claimed; its state as told. */
function reaching(
  totals: TotalsColumns,
  change: (side: SideTotals, name: 'customers' | 'venue') => SideTotals = (side) => side,
): BookStateInput {
  const { challenge } = statementHash({ ...BOOK.claimed, totalsHash: totalsHash(totals, TOTALS_SALT) });
  const compressed = (side: 0 | 1, by: 'assets' | 'instruments', c: number): bigint => {
    const ids = by === 'assets' ? COLUMNS.assetId : COLUMNS.instrumentId;
    const column = COLUMNS[by][side]?.[c] as readonly bigint[];
    return reduce(column.reduce((sum, total, i) => sum + total * inverse(challenge - (ids[i] as bigint)), 0n));
  };
  const sideAt = (side: 0 | 1, name: 'customers' | 'venue') =>
    change(
      {
        ...BOOK.last[name],
        positive: compressed(side, 'assets', 0),
        goodNegative: compressed(side, 'assets', 1),
        otherNegative: compressed(side, 'assets', 2),
        long: compressed(side, 'instruments', 0),
        short: compressed(side, 'instruments', 1),
        cost: compressed(side, 'instruments', 2),
      },
      name,
    );
  return restated(totals, { customers: sideAt(0, 'customers'), venue: sideAt(1, 'venue') });
}

async function expectCoverage(input: LiabilitiesCoverageInput, accepted: boolean, where = /./): Promise<void> {
  expect(hasWitness(() => liabilitiesCoverage(input))).toBe(accepted);
  const witness = await coverage.witness(coverageInputs(input));
  if (accepted) expectAccepted(coverage, witness);
  else expectRejected(coverage, witness, where);
}

describe('opening', () => {
  it('of the honest chain passes', async () => {
    liabilitiesOpening(CLOSING);
    expectAccepted(opening, await opening.witness(openingInputs(CLOSING)));
  });

  it.each<readonly [string, (input: BookStateInput) => BookStateInput, RegExp]>([
    [
      'other totals than the chain’s',
      (input) => ({
        ...input,
        state: { ...input.state, customers: { ...input.state.customers, owed: input.state.customers.owed - 1n } },
      }),
      /book\.reached/,
    ],
    [
      'the sides swapped',
      (input) => ({
        ...input,
        state: { ...input.state, customers: input.state.venue, venue: input.state.customers },
      }),
      /book\.reached/,
    ],
    ['another blinding', (input) => ({ ...input, state: { ...input.state, blinding: 1n } }), /book\.reached/],
    ['another last state', (input) => ({ ...input, lastState: 1n }), /book\.reached/],
    ['another statement', (input) => ({ ...input, statement: 1n }), /book\.opened/],
    [
      'another largest debtor',
      (input) => ({ ...input, claimed: { ...input.claimed, largestDebtor: 0n } }),
      /book\.opened/,
    ],
    [
      'other accounts',
      (input) => ({ ...input, claimed: { ...input.claimed, accountRoot: 1n } }),
      /book\.(opened|root)/,
    ],
    ['another registry', (input) => ({ ...input, registryHash: 1n }), /book\.root/],
    ['another time', (input) => ({ ...input, time: input.time + 1n }), /book\.root/],
  ])('of %s is refused', async (_name, change, where) => {
    const input = change(CLOSING);
    expect(hasWitness(() => liabilitiesOpening(input))).toBe(false);
    expectRejected(opening, await opening.witness(openingInputs(input)), where);
  });

  it('of a chain that is not at its end is refused: accounts are left out', async () => {
    const middle = closing({ ...BOOK, last: (BOOK.batches[1] as TestBook['batches'][number]).before });
    const first = closing({ ...BOOK, last: FIRST_STATE });
    for (const input of [middle, first]) {
      expect(hasWitness(() => liabilitiesOpening(input))).toBe(false);
      expect(brokenComponents(opening, await opening.witness(openingInputs(input)))).toEqual([
        expect.stringMatching(/^main\.book\.root/),
      ]);
    }
  });
});

describe('coverage', () => {
  it('by just enough passes, and by one unit less of any asset that is owed does not', async () => {
    expect(POSITIVE.filter((owed) => owed > 0n).length).toBe(2);
    for (const loans of [0n, 1n] as const) {
      const input = covered(loans);
      await expectCoverage(input, true);
      for (const [a, reserve] of input.reserve.entries()) {
        await expectCoverage(
          withReserve(
            input,
            at(input.reserve, a, () => reserve + 1n),
          ),
          true,
        );
        if (reserve === 0n) continue;
        const less = withReserve(
          input,
          at(input.reserve, a, () => reserve - 1n),
        );
        await expectCoverage(less, false, new RegExp(`covered\\[${a}\\]`));
      }
    }
  });

  it('in value: one unit less than what is owed is refused, equal and more pass', async () => {
    const input = covered(0n);
    const { owed } = BOOK.last.customers;
    await expectCoverage({ ...input, reserveValue: owed + 1n }, true);
    await expectCoverage({ ...input, reserveValue: owed - 1n }, false, /valueCovered/);
    await expectCoverage({ ...input, reserveValue: 0n }, false, /valueCovered/);
  });

  it('by reserves that wrap is refused', async () => {
    const input = covered(0n);
    await expectCoverage(
      withReserve(
        input,
        at(input.reserve, 0, () => FIELD_ORDER - 1n),
      ),
      false,
      /covered\[0\]/,
    );
    await expectCoverage({ ...input, reserveValue: 1n << 200n }, false, /valueCovered/);
  });

  it('by loans: only of accounts with standing, and only when it says so', async () => {
    // the second customer owes 5,000 without standing; the first one's debt is a good one
    const good = GOOD[0] as bigint;
    const bad = COLUMNS.assets[0]?.[2]?.[0] as bigint;
    expect([good > 0n, bad]).toEqual([true, 5_000n * QUOTE]);
    // what the strict claim lacks, the claim with loans does not
    const withLoans = covered(1n);
    await expectCoverage({ ...withLoans, loans: 0n, loansHash: 0n }, false);
    await expectCoverage({ ...withLoans, loans: 0n }, false);
    await expectCoverage({ ...withLoans, loans: 2n }, false);
    await expectCoverage({ ...withLoans, loansHash: 0n }, false);
    // other sums than those that are subtracted
    const told = loansHash(
      BOOK.claimed.largestDebtor,
      COLUMNS.assetId,
      at(GOOD, 0, () => 0n),
    );
    await expectCoverage({ ...withLoans, loansHash: told }, false);
    const debtor = loansHash(0n, COLUMNS.assetId, GOOD);
    await expectCoverage({ ...withLoans, loansHash: debtor }, false);
  });

  it('by the debts of the venue’s own accounts is refused', async () => {
    const venueGood = COLUMNS.assets[1]?.[1]?.[0] as bigint;
    expect(venueGood).toBeGreaterThan(0n);
    const input = covered(1n);
    const a = POSITIVE.findIndex((owed, i) => owed > (GOOD[i] as bigint));
    const less = withReserve(
      input,
      at(input.reserve, a, (reserve) => reserve - 1n),
    );
    await expectCoverage(less, false, new RegExp(`covered\\[${a}\\]`));
  });

  it('of other totals than were claimed, or than the chain has, is refused', async () => {
    const smaller = {
      ...COLUMNS,
      assets: at(COLUMNS.assets, 0, (side) => at(side, 0, (owed) => at(owed, 1, () => 0n))),
    };
    // under the honest statement they are other ones
    await expectCoverage(covered(0n, { totals: smaller }), false, /book\.opened/);
    // under a statement of their own the challenge is another one, at which they do not compress to the chain's
    await expectCoverage(covered(0n, { closing: restated(smaller), totals: smaller }), false, /main/);
  });

  it.each(['positive', 'goodNegative', 'otherNegative', 'long', 'short', 'cost'] as const)(
    'of a chain that has another total, %s, is refused, on either side',
    async (total) => {
      await expectCoverage(covered(0n, { closing: reaching(COLUMNS) }), true);
      for (const told of ['customers', 'venue']) {
        const more = (side: SideTotals, name: string) =>
          name === told ? { ...side, [total]: reduce(side[total] + 1n) } : side;
        await expectCoverage(covered(0n, { closing: reaching(COLUMNS, more) }), false, /main/);
      }
    },
  );

  it('by loans counted twice is refused', async () => {
    const [none, some] = [covered(0n), covered(1n)];
    const reserve = none.reserve.map((owed, a) => {
      const twice = owed - 2n * (GOOD[a] as bigint);
      return twice > 0n ? twice : 0n;
    });
    await expectCoverage(
      { ...withReserve(some, reserve), loans: 2n, loansHash: reduce(2n * some.loansHash) },
      false,
      /loans/,
    );
  });

  it('of an asset in two rows counts both: what one lacks the other has to have', async () => {
    // assets 1, 2 and two rows of padding: the last row becomes another one of asset 2
    const split = (mine: bigint): TotalsColumns => ({
      ...COLUMNS,
      assetId: at(COLUMNS.assetId, 3, () => 2n),
      assets: at(COLUMNS.assets, 0, (side) =>
        at(side, 0, (owed) =>
          at(
            at(owed, 1, () => mine),
            3,
            () => reduce((owed[1] as bigint) - mine),
          ),
        ),
      ),
    });
    const whole = POSITIVE[1] as bigint;
    const half = split(whole / 2n);
    await expectCoverage(covered(0n, { closing: reaching(half), totals: half }), true);
    const negative = split(whole + 7n);
    const input = covered(0n, { closing: reaching(negative), totals: negative });
    // no reserve below what is owed hides behind a negative total in the other row
    await expectCoverage(withReserve(input, [input.reserve[0] as bigint, whole - 1n, 0n, 0n]), false, /covered/);
    await expectCoverage(withReserve(input, [input.reserve[0] as bigint, whole, 0n, 0n]), false, /covered/);
  });

  it('where open interest does not balance is refused', async () => {
    const alone = bookOf(HELD.slice(0, 4), { venueStart: 4n });
    const totals = totalsColumns(alone.totals, TOTALS_SHAPE);
    await expectCoverage(covered(0n, { closing: closing(alone), totals }), false, /instrumentTotal|main/);
    const balanced = bookOf([HELD[1], HELD[2]]);
    const flat = totalsColumns(balanced.totals, TOTALS_SHAPE);
    await expectCoverage(covered(0n, { closing: closing(balanced), totals: flat }), true);
  });

  it.each<readonly [string, Partial<LiabilitiesCoverageInput>, RegExp]>([
    ['other reserves', { reservesHash: 1n }, /main\.reserves/],
    ['another salt of totals', { totalsSalt: 1n }, /main\.(totals|book)/],
    ['another statement', { statement: 1n }, /book\.opened/],
    ['another account root', { claimed: { ...BOOK.claimed, accountRoot: 1n } }, /book\.opened/],
    ['another risk root', { claimed: { ...BOOK.claimed, riskRoot: 1n } }, /book\.opened/],
    ['another first place of the venue', { claimed: { ...BOOK.claimed, venueStart: 5n } }, /book\.opened/],
    ['another last state', { lastState: 1n }, /book\.reached/],
    ['a chain that is not at its end', closing({ ...BOOK, last: FIRST_STATE }), /book\.root/],
    ['another venue', { venueId: 1n }, /book\.root/],
  ])('of %s is refused', async (_name, change, where) => {
    await expectCoverage({ ...covered(0n), ...change }, false, where);
  });

  it('tells the number of customers', async () => {
    const witness = await coverage.witness(coverageInputs(covered(0n)));
    expect(coverage.get(witness, 'main.accounts')).toBe(3n);
    expectRejected(coverage, coverage.edit(witness, { 'main.accounts': 2n }));
  });
});
