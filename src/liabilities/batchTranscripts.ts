import { taggedHash } from '../hash/taggedHash.js';
import { LIABILITIES, TAGS } from '../protocol/constants.js';
import type { AccountClaims } from './accountStanding.js';
import type { TableShape } from './liabilitiesTable.js';
import { transcript } from './transcript.js';

/** What decides a circuit of LiabilitiesBatch. */
export interface BatchShape extends TableShape {
  /** slots of an account */
  readonly balances: number;
  readonly positions: number;
  /** run x 8^height accounts */
  readonly height: number;
  readonly run: number;
}

export interface BatchSignals {
  readonly stateBefore: bigint;
  readonly stateAfter: bigint;
  readonly statement: bigint;
  readonly tableHash: bigint;
  readonly firstIndex: bigint;
}

/** An amount less the floor of its row, and the row's cap less the amount. */
export interface RowDistance {
  readonly floor: bigint;
  readonly cap: bigint;
}

/** What the first transcript of a batch binds. */
export interface FirstTranscript {
  readonly shape: BatchShape;
  readonly signals: BatchSignals;
  readonly roots: readonly bigint[];
  /** accounts, with standing, owed, deficits; then the compressed ones */
  readonly totals: readonly bigint[];
  /** distances of the haircut steps of balances (none where factors are flat), then of the margin tiers of positions */
  readonly accounts: readonly { readonly claims: AccountClaims; readonly distances: readonly RowDistance[] }[];
}

const CLAIM_SHIFT = BigInt(LIABILITIES.valueBits + 2);
const DISTANCE_SHIFT = BigInt(LIABILITIES.amountBits);

/** rho of LiabilitiesBatch, step 5: drawn from everything that a prover could choose. */
export function drawRho({ shape, signals, roots, totals, accounts }: FirstTranscript): bigint {
  const { balances, positions, height, run, assets, steps, instruments, tiers, settles } = shape;
  const digest = transcript(TAGS.liabilitiesFirst, [
    ...[LIABILITIES.version, balances, positions, height, run, assets, steps, instruments, tiers, settles].map(BigInt),
    signals.firstIndex,
    signals.statement,
    signals.tableHash,
    signals.stateBefore,
    signals.stateAfter,
    ...roots,
    ...totals,
    ...accounts.flatMap(({ claims, distances }) => [
      claims.equity + (claims.surplus << CLAIM_SHIFT),
      ...pairs(claims.settled, CLAIM_SHIFT),
      ...(settles > 0 ? [claims.debt] : []),
      ...pairs(
        distances.map(({ floor, cap }) => floor + (cap << DISTANCE_SHIFT)),
        2n * DISTANCE_SHIFT,
      ),
    ]),
  ]);
  return taggedHash(TAGS.liabilitiesRho, [digest]);
}

/** Sums over the entries of all accounts, row by row; step 6 of LiabilitiesBatch says which. */
export interface DenseSums {
  readonly owned: readonly bigint[];
  readonly owing: readonly bigint[];
  readonly assetTotals: readonly bigint[];
  readonly stepOwned: readonly bigint[];
  readonly stepEntries: readonly bigint[];
  readonly held: readonly bigint[];
  readonly paid: readonly bigint[];
  readonly instrumentTotals: readonly bigint[];
  readonly tierSize: readonly bigint[];
  readonly tierEntries: readonly bigint[];
}

/** The dense sums by the names of the circuit's inputs, in hash order. */
export const denseSignals = (dense: DenseSums): Readonly<Record<string, readonly bigint[]>> => ({
  owned: dense.owned,
  owing: dense.owing,
  assetTotals: dense.assetTotals,
  stepOwned: dense.stepOwned,
  stepEntries: dense.stepEntries,
  held: dense.held,
  paid: dense.paid,
  instrumentTotals: dense.instrumentTotals,
  tierSize: dense.tierSize,
  tierEntries: dense.tierEntries,
});

/** gamma and lambda of LiabilitiesBatch, step 6. */
export function drawGammaLambda(rho: bigint, dense: DenseSums): { readonly gamma: bigint; readonly lambda: bigint } {
  const digest = transcript(TAGS.liabilitiesSecond, [rho, ...Object.values(denseSignals(dense)).flat()]);
  return {
    gamma: taggedHash(TAGS.liabilitiesGamma, [digest]),
    lambda: taggedHash(TAGS.liabilitiesLambda, [digest]),
  };
}

/** Two numbers in one element. */
const pairs = (values: readonly bigint[], shift: bigint): readonly bigint[] =>
  Array.from(
    { length: Math.ceil(values.length / 2) },
    (_, i) => (values[2 * i] as bigint) + ((values[2 * i + 1] ?? 0n) << shift),
  );
