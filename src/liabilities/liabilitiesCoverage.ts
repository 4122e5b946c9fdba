import { boolean } from '../numbers/boolean.js';
import { constrain } from '../numbers/constraint.js';
import { ranged } from '../numbers/ranged.js';
import { LIABILITIES, TAGS } from '../protocol/constants.js';
import { modulo } from '../setup/bn254Field.js';
import { type BookStateInput, bookState } from './bookState.js';
import { type TotalsColumns, totalsHash } from './bookTotals.js';
import { sideElements, stateElements } from './chainState.js';
import { fraction } from './fraction.js';
import { transcript } from './transcript.js';

/** Everything that LiabilitiesCoverage takes. */
export interface LiabilitiesCoverageInput extends BookStateInput {
  readonly reservesHash: bigint;
  readonly reserveValue: bigint;
  /** 1: the claim with loans */
  readonly loans: bigint;
  readonly loansHash: bigint;
  readonly totalsSalt: bigint;
  /** 1e-16 quote, by the rows of the totals */
  readonly reserve: readonly bigint[];
  readonly totals: TotalsColumns;
}

/** Hash of reserves by asset, as a verifier recomputes it. */
export const reservesHash = (assetId: readonly bigint[], reserve: readonly bigint[]): bigint =>
  transcript(TAGS.liabilitiesReserves, [...assetId, ...reserve]);

/** Hash of what the claim with loans subtracts. */
export const loansHash = (largestDebtor: bigint, assetId: readonly bigint[], goodNegative: readonly bigint[]): bigint =>
  transcript(TAGS.liabilitiesLoans, [largestDebtor, ...assetId, ...goodNegative]);

/** Twin of LiabilitiesCoverage. */
export function liabilitiesCoverage(input: LiabilitiesCoverageInput): void {
  const { totals, state, claimed, loans, reserve } = input;
  const holds = (condition: boolean, what: string): void => constrain(condition, 'LiabilitiesCoverage', what);

  // 1. and 2. the totals that were claimed before the challenge, and their chain
  holds(totalsHash(totals, input.totalsSalt) === claimed.totalsHash, 'the totals are other ones than claimed');
  const challenge = bookState(input);

  // 3. they are the chain's
  [state.customers, state.venue].forEach((side, s) => {
    const compressed = sideElements(side).slice(4);
    const compress = (ids: readonly bigint[], column: readonly bigint[]): bigint =>
      modulo(column.reduce((sum, total, i) => sum + total * fraction(1n, challenge - (ids[i] as bigint)), 0n));
    for (let c = 0; c < 3; c++) {
      holds(
        compress(totals.assetId, totals.assets[s]?.[c] as readonly bigint[]) === compressed[c],
        'totals by asset are not those of the chain',
      );
      holds(
        compress(totals.instrumentId, totals.instruments[s]?.[c] as readonly bigint[]) === compressed[3 + c],
        'totals by instrument are not those of the chain',
      );
    }
  });

  // 4. open interest balances
  const column = (side: number, c: number) => totals.instruments[side]?.[c] as readonly bigint[];
  totals.instrumentId.forEach((_, i) => {
    const both = (c: number): bigint => (column(0, c)[i] as bigint) + (column(1, c)[i] as bigint);
    holds(modulo(both(0) - both(1)) === 0n, 'open interest does not balance');
  });

  // 5. reserves cover
  boolean(loans);
  const [positive, good] = totals.assets[0] as readonly (readonly bigint[])[];
  reserve.forEach((amount, a) => {
    ranged(LIABILITIES.totalBits, amount - (positive?.[a] as bigint) + loans * (good?.[a] as bigint));
  });
  ranged(LIABILITIES.totalBits, input.reserveValue - state.customers.owed);

  // 6. what a verifier recomputes
  holds(reservesHash(totals.assetId, reserve) === input.reservesHash, 'the reserves are other ones');
  const subtracted = loans * loansHash(claimed.largestDebtor, totals.assetId, good as readonly bigint[]);
  holds(subtracted === input.loansHash, 'what is subtracted is another sum');
}

/** The public signals of LiabilitiesCoverage, in order. */
export const coverageSignalList = (input: LiabilitiesCoverageInput): readonly bigint[] => [
  input.lastState,
  input.statement,
  input.claimed.accountRoot,
  input.claimed.riskRoot,
  input.claimed.venueStart,
  input.state.customers.accounts,
  input.reservesHash,
  input.reserveValue,
  input.loans,
  input.loansHash,
];

/** Everything that LiabilitiesCoverage takes, by the names of its inputs. */
export const coverageInputs = (input: LiabilitiesCoverageInput): Record<string, bigint | readonly bigint[]> => ({
  lastState: input.lastState,
  statement: input.statement,
  accountRoot: input.claimed.accountRoot,
  riskRoot: input.claimed.riskRoot,
  venueStart: input.claimed.venueStart,
  accounts: input.state.customers.accounts,
  reservesHash: input.reservesHash,
  reserveValue: input.reserveValue,
  loans: input.loans,
  loansHash: input.loansHash,
  salt: input.claimed.salt,
  totalsSalt: input.totalsSalt,
  largestDebtor: input.claimed.largestDebtor,
  state: stateElements(input.state),
  venueId: input.venueId,
  registryHash: input.registryHash,
  time: input.time,
  assetId: input.totals.assetId,
  reserve: input.reserve,
  assetTotal: input.totals.assets.flat(2),
  instrumentId: input.totals.instrumentId,
  instrumentTotal: input.totals.instruments.flat(2),
});
