import { SolvencyError } from '../errors.js';
import type { LiabilitiesProof } from '../formats/liabilitiesProof.js';
import type { BookStateInput } from '../liabilities/bookState.js';
import { type BookTotals, totalsColumns, unbalancedInstrument } from '../liabilities/bookTotals.js';
import { chainStateHash } from '../liabilities/chainState.js';
import { coverageCircuit, openingCircuit } from '../liabilities/closingCircuits.js';
import {
  coverageInputs,
  coverageSignalList,
  type LiabilitiesCoverageInput,
  loansHash,
  reservesHash,
} from '../liabilities/liabilitiesCoverage.js';
import { openingInputs, openingSignalList } from '../liabilities/liabilitiesOpening.js';
import { statementHash } from '../liabilities/liabilitiesStatement.js';
import type { AttestationClaim, Covered, Loans } from './attestation.js';
import type { BookPlan } from './bookPlan.js';
import type { ProvenBook } from './proveBook.js';
import { proveSingle } from './proveSingle.js';

/** The closing proof of a book, with what its claim publishes. */
export interface ClosedBook {
  readonly circuit: string;
  readonly proof: LiabilitiesProof;
  readonly loans: Loans | null;
  readonly covered: Covered | null;
}

/**
 * Proves the end of a chain under one of the claims; the proof is verified before it is returned. `reserves` are values in
 * 1e-16 quote by asset and of all together after haircuts; a covered claim is proven against them. Errors: those of
 * loadArtifacts; EXPECTATION_NOT_MET when reserves do not cover or open interest does not balance, UNKNOWN_CIRCUIT when
 * no closing circuit has room for the totals.
 */
export async function closeBook(source: {
  readonly claim: AttestationClaim;
  readonly plan: BookPlan;
  readonly totals: BookTotals;
  readonly proven: ProvenBook;
  readonly root: Pick<BookStateInput, 'venueId' | 'registryHash' | 'time'>;
  readonly reserves: { readonly byAsset: ReadonlyMap<number, bigint>; readonly value: bigint };
  readonly artifacts: string;
}): Promise<ClosedBook> {
  const { claim, plan, totals, proven, reserves } = source;
  requireBalance(totals);
  const statement = statementHash(plan.claimed).hash;
  const book: BookStateInput = {
    ...source.root,
    lastState: chainStateHash(proven.last, statement),
    statement,
    claimed: plan.claimed,
    state: proven.last,
  };
  if (claim === 'opened') {
    const circuit = openingCircuit.name;
    const proof = await proveSingle(source.artifacts, circuit, openingInputs(book), openingSignalList(book));
    return { circuit, proof, loans: null, covered: null };
  }

  const columns = totalsColumns(totals, plan.totalsShape);
  const reserve = columns.assetId.map((id) => reserves.byAsset.get(Number(id)) ?? 0n);
  const good = columns.assets[0]?.[1] as readonly bigint[];
  const withLoans = claim === 'covered with loans';
  requireCover(totals, reserves, withLoans);
  const input: LiabilitiesCoverageInput = {
    ...book,
    reservesHash: reservesHash(columns.assetId, reserve),
    reserveValue: reserves.value,
    loans: withLoans ? 1n : 0n,
    loansHash: withLoans ? loansHash(plan.claimed.largestDebtor, columns.assetId, good) : 0n,
    totalsSalt: plan.totalsSalt,
    reserve,
    totals: columns,
  };
  const circuit = coverageCircuit(plan.totalsShape)?.name;
  if (circuit === undefined) {
    throw new SolvencyError(
      'UNKNOWN_CIRCUIT',
      'No closing circuit has room for the totals of this book. Open them instead, with the claim "opened".',
    );
  }
  const proof = await proveSingle(source.artifacts, circuit, coverageInputs(input), coverageSignalList(input));
  const used = columns.assetId.flatMap((id, row) => (id === 0n ? [] : [{ id: Number(id), row }]));
  return {
    circuit,
    proof,
    loans: withLoans
      ? {
          largestDebtor: plan.claimed.largestDebtor,
          subtracted: new Map(used.map(({ id, row }) => [id, good[row] as bigint])),
        }
      : null,
    covered: {
      reserveValue: reserves.value,
      reserves: used.map(({ id, row }) => ({ id, value: reserve[row] as bigint })),
    },
  };
}

/** For every long there is a short: otherwise profit was made up, or a counterparty was left out. */
function requireBalance(totals: BookTotals): void {
  const instrument = unbalancedInstrument(totals);
  if (instrument === undefined) return;
  throw new SolvencyError(
    'EXPECTATION_NOT_MET',
    `Open interest of instrument ${instrument} does not balance: long is not short. Is the venue's own account in the book?`,
    { details: { instrument } },
  );
}

function requireCover(
  { customers }: BookTotals,
  reserves: { readonly byAsset: ReadonlyMap<number, bigint>; readonly value: bigint },
  withLoans: boolean,
): void {
  const short = [...customers.assets].find(
    ([id, { positive, goodNegative }]) => (reserves.byAsset.get(id) ?? 0n) < positive - (withLoans ? goodNegative : 0n),
  );
  if (short !== undefined) {
    throw new SolvencyError(
      'EXPECTATION_NOT_MET',
      `Reserves do not cover what is owed in asset ${short[0]}, so this claim cannot be proven.`,
      { details: { asset: short[0] } },
    );
  }
  if (reserves.value < customers.owed) {
    throw new SolvencyError('EXPECTATION_NOT_MET', 'Reserves after haircuts do not cover what is owed in value.');
  }
}
