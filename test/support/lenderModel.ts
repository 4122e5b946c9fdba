import { type Loan, RATIOS, STATUS } from './lenderSystem.js';

// What contracts/examples/SolvencyLender.sol does to its books, as plain arithmetic.

const BPS = 10_000n;
/** decimals of the collateral token and the feed, and of the debt token */
const PRICE_UNIT = 10n ** 26n;
const DEBT_UNIT = 10n ** 6n;

export interface Books {
  readonly liquidity: bigint;
  readonly loans: Readonly<Record<string, Loan>>;
}

/** What the lender is told from outside. */
export interface Outside {
  readonly answer: bigint;
  readonly isSolvent: (subject: string) => boolean;
  readonly statusOf: (subject: string) => bigint;
}

export interface Call {
  readonly method: 'fund' | 'defund' | 'deposit' | 'withdraw' | 'borrow' | 'borrowProven' | 'repay' | 'liquidate';
  /** whose loan; the owner's calls are about none */
  readonly subject: string;
  readonly amount: bigint;
}

export const NO_LOAN: Loan = { collateral: 0n, debt: 0n, provenDebt: 0n };

const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const ceilDiv = (a: bigint, b: bigint): bigint => (a + b - 1n) / b;

/** Whether the collateral is worth what each part of the debt needs, proven debt at that ratio: without any rounding. */
export const isCovered = ({ collateral, debt, provenDebt }: Loan, answer: bigint, provenRatioBps: bigint): boolean =>
  collateral * answer * DEBT_UNIT * BPS >=
  ((debt - provenDebt) * RATIOS.baseRatioBps + provenDebt * provenRatioBps) * PRICE_UNIT;

/** The same as the lender decides it: value rounded down, requirement up. */
function holds({ collateral, debt, provenDebt }: Loan, answer: bigint, provenRatioBps: bigint): boolean {
  const required = (debt - provenDebt) * RATIOS.baseRatioBps + provenDebt * provenRatioBps;
  return (collateral * answer * DEBT_UNIT) / PRICE_UNIT >= ceilDiv(required, BPS);
}

export function isLiquidatable(loan: Loan, answer: bigint, status: bigint): boolean {
  if (holds(loan, answer, RATIOS.baseRatioBps)) return false;
  return status === STATUS.liquidatable || !holds(loan, answer, RATIOS.provenRatioBps);
}

const mayTake = (loan: Loan, answer: bigint, isSolvent: boolean): boolean =>
  holds(loan, answer, RATIOS.baseRatioBps) || (isSolvent && holds(loan, answer, RATIOS.provenRatioBps));

const reduceDebt = (loan: Loan, amount: bigint): Loan => {
  const debt = loan.debt - amount;
  return { ...loan, debt, provenDebt: min(loan.provenDebt, debt) };
};

/** The books after a call, or the name of the error that it is refused with. */
export function apply(books: Books, call: Call, { answer, isSolvent, statusOf }: Outside): Books | string {
  const { method, subject, amount } = call;
  if (amount === 0n && method !== 'liquidate') return 'ZeroAmount';
  if (method === 'fund') return { ...books, liquidity: books.liquidity + amount };
  if (method === 'defund') {
    return amount > books.liquidity ? 'NotEnoughLiquidity' : { ...books, liquidity: books.liquidity - amount };
  }
  const loan = books.loans[subject] ?? NO_LOAN;
  const after = (changed: Loan, liquidity = books.liquidity): Books => ({
    liquidity,
    loans: { ...books.loans, [subject]: changed },
  });
  switch (method) {
    case 'deposit':
      return after({ ...loan, collateral: loan.collateral + amount });
    case 'withdraw': {
      if (amount > loan.collateral) return 'NotEnoughCollateral';
      const changed = { ...loan, collateral: loan.collateral - amount };
      return mayTake(changed, answer, isSolvent(subject)) ? after(changed) : 'NotCovered';
    }
    case 'borrow':
    case 'borrowProven': {
      if (amount > books.liquidity) return 'NotEnoughLiquidity';
      const proven = method === 'borrowProven';
      const provenDebt = loan.provenDebt + (proven ? amount : 0n);
      const changed = { ...loan, debt: loan.debt + amount, provenDebt };
      // the proof makes its subject solvent
      const covered = mayTake(changed, answer, proven || isSolvent(subject));
      return covered ? after(changed, books.liquidity - amount) : 'NotCovered';
    }
    case 'repay': {
      const repaid = min(amount, loan.debt);
      return repaid === 0n ? 'ZeroAmount' : after(reduceDebt(loan, repaid), books.liquidity + repaid);
    }
    case 'liquidate': {
      if (!isLiquidatable(loan, answer, statusOf(subject))) return 'NotLiquidatable';
      const withBonus = BPS + RATIOS.bonusBps;
      const offered = min(amount, loan.debt);
      const wanted = (offered * withBonus * PRICE_UNIT) / (answer * DEBT_UNIT * BPS);
      const isAll = wanted > loan.collateral;
      const seized = isAll ? loan.collateral : wanted;
      if (seized === 0n) return 'NothingToSeize';
      const repaid = isAll ? ceilDiv(seized * answer * DEBT_UNIT * BPS, PRICE_UNIT * withBonus) : offered;
      const changed = { ...reduceDebt(loan, repaid), collateral: loan.collateral - seized };
      return after(changed, books.liquidity + repaid);
    }
  }
}
