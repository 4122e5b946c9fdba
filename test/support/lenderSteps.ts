import fc from 'fast-check';
import type { Call } from './lenderModel.js';
import { FUNDS, POCKET } from './lenderSystem.js';

// Made-up steps in the life of a lender, its price, its gate and the clock.

export const SUBJECTS = 3;
/** the third subject never proves anything */
export const PROVERS = 2;

/** A part of the call's scale, or so much beyond the largest amount that passes. */
export type Amount = { readonly partBps: number } | { readonly beyondLimit: bigint };

export interface CallStep {
  readonly does: Call['method'];
  readonly who: number;
  /** whose loan a liquidation is about: one that can be liquidated, if there is any, or that of this subject */
  readonly subject: number | 'liquidatable';
  readonly amount: Amount;
}

export type Step =
  | CallStep
  | { readonly does: 'price'; readonly factorBps: number }
  | { readonly does: 'wait'; readonly seconds: number; readonly posting: boolean }
  | { readonly does: 'prove'; readonly who: number }
  | { readonly does: 'pause' }
  | { readonly does: 'revoke' };

/** Largest amounts that a call asks for, in units of its token. */
export const SCALE: Readonly<Record<Call['method'], bigint>> = {
  fund: FUNDS,
  defund: FUNDS,
  deposit: POCKET.collateral / 40n,
  withdraw: POCKET.collateral / 40n,
  borrow: FUNDS / 20n,
  borrowProven: FUNDS / 20n,
  repay: FUNDS / 20n,
  liquidate: FUNDS / 20n,
};

const subject = fc.nat({ max: SUBJECTS - 1 });
const amount: fc.Arbitrary<Amount> = fc.oneof(
  fc.record({ partBps: fc.integer({ min: 0, max: 10_000 }) }),
  fc.record({ beyondLimit: fc.constantFrom(-1n, 0n, 0n, 1n) }),
);

const call = (does: Call['method'], weight: number): fc.WeightedArbitrary<Step> => ({
  weight,
  arbitrary: fc.record({
    does: fc.constant(does),
    who: subject,
    subject: fc.oneof(subject, fc.constant('liquidatable' as const)),
    amount,
  }),
});

const step: fc.Arbitrary<Step> = fc.oneof(
  call('deposit', 6),
  call('withdraw', 4),
  call('borrow', 3),
  call('borrowProven', 3),
  call('repay', 1),
  call('liquidate', 6),
  call('fund', 1),
  call('defund', 1),
  {
    weight: 5,
    arbitrary: fc.record({ does: fc.constant('price' as const), factorBps: fc.integer({ min: 8_000, max: 12_500 }) }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('wait' as const),
      seconds: fc.constantFrom(600, 4_000, 7_300, 9_500, 9_500),
      posting: fc.constantFrom(true, true, false),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ does: fc.constant('prove' as const), who: fc.nat({ max: PROVERS - 1 }) }),
  },
  { weight: 1, arbitrary: fc.constant({ does: 'pause' as const }) },
  { weight: 1, arbitrary: fc.constant({ does: 'revoke' as const }) },
);

/** Everybody's first loan, as large as may be: most that can go wrong goes wrong from there. */
export const FIRST_LOANS: readonly Step[] = Array.from({ length: SUBJECTS }, (_, who) => who).flatMap((who) => [
  { does: 'deposit', who, subject: who, amount: { partBps: 8_000 } },
  { does: who < PROVERS ? 'borrowProven' : 'borrow', who, subject: who, amount: { beyondLimit: 0n } },
]);

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(step, { minLength: 8, maxLength: 16 });
