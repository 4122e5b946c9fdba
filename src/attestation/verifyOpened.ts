import { parseTotals } from '../formats/totals.js';
import {
  type BookSide,
  type BookTotals,
  compressSide,
  type TotalsColumns,
  totalsColumns,
  totalsHash,
  unbalancedInstrument,
  weightsAt,
} from '../liabilities/bookTotals.js';
import { sideElements } from '../liabilities/chainState.js';
import { totalsChallenge } from '../liabilities/liabilitiesStatement.js';
import { ACCOUNT_TREE_DEPTH, BITS, LIABILITIES } from '../protocol/constants.js';
import type { Attestation, BundleFile } from './attestation.js';
import type { BundleReader } from './bundleReader.js';
import { type Reason, refusal, withReason } from './reasons.js';
import { verifyClosing } from './verifyClosing.js';
import type { TrustedCircuit } from './verifyKeys.js';
import type { AttestedSnapshot } from './verifySnapshot.js';

/** Sums over all accounts of a tree: sizes, and costs in 1e-8 quote. */
const TREE_BITS = 3 * ACCOUNT_TREE_DEPTH;
const SIZE_BITS = LIABILITIES.amountBits + TREE_BITS;
const COST_BITS = BITS.cost + TREE_BITS;

/**
 * The totals of an opened attestation: they hash to what the statement carries, and compress to the sums of the last
 * state at a challenge that was drawn after them. Open interest balances over both sides; the sum of all unrealised
 * profit and loss is then the same at any mark. Reasons: TOTALS_*, ACCOUNTS, CLOSING_*, OPEN_INTEREST.
 */
export async function verifyOpened(
  bundle: BundleReader,
  attestation: Attestation,
  {
    circuit,
    snapshot,
    lastState,
  }: { readonly circuit: TrustedCircuit; readonly snapshot: AttestedSnapshot; readonly lastState: bigint },
): Promise<BookTotals> {
  const file = attestation.totals as BundleFile;
  const { path } = file;
  const text = await bundle.text(file);
  const { totals, columns, salt } = await withReason('TOTALS_INVALID', path, () => {
    const { totals, salt, shape } = parseTotals(text, path, snapshot.table.snapshot.registry);
    return { totals, salt, columns: columnsOf(totals, shape, path) };
  });
  requireKnownIds(totals, snapshot, path);
  requireRanges(totals, path);
  if (totals.customers.accounts !== BigInt(attestation.accounts)) {
    throw refusal('ACCOUNTS', 'PROOF_INVALID', path, `has ${totals.customers.accounts} customers' accounts`);
  }

  const { statement } = attestation;
  const weight = weightsAt(totalsChallenge(statement));
  const expected = [
    lastState,
    statement,
    attestation.accountRoot,
    attestation.riskRoot,
    totalsHash(columns, salt),
    totals.largestDebtor,
    BigInt(attestation.venueStart),
    ...sideElements(compressSide(totals.customers, weight)),
    ...sideElements(compressSide(totals.venue, weight)),
  ];
  await verifyClosing(bundle, attestation, circuit, expected, reasonOf);
  requireOpenInterest(totals, path);
  return totals;
}

function reasonOf(signal: string): Reason {
  if (signal === 'totalsHash') return 'TOTALS_HASH';
  if (signal === 'largestDebtor') return 'TOTALS_DEBTOR';
  return /^(customers|venue)[A-Z]/.test(signal) && signal !== 'venueStart' ? 'TOTALS_SUM' : 'CLOSING_SIGNALS';
}

function columnsOf(totals: BookTotals, shape: Parameters<typeof totalsColumns>[1], path: string): TotalsColumns {
  try {
    return totalsColumns(totals, shape);
  } catch {
    throw refusal('TOTALS_INVALID', 'INVALID_INPUT', path, 'has more totals than it says that it has rows');
  }
}

function requireKnownIds({ customers, venue }: BookTotals, { parameters }: AttestedSnapshot, path: string): void {
  for (const side of [customers, venue]) {
    const known =
      [...side.assets.keys()].every((id) => parameters.assets.has(id)) &&
      [...side.instruments.keys()].every((id) => parameters.instruments.has(id));
    if (!known) throw refusal('TOTALS_INVALID', 'INVALID_INPUT', path, 'has a total of an id that the snapshot lacks');
  }
}

/** Proofs speak of totals modulo r only: a debt of customers written as T + r would seem to lend out the whole world. */
function requireRanges({ customers, venue, largestDebtor }: BookTotals, path: string): void {
  const within = (value: bigint, bits: number): boolean => value >= 0n && value >> BigInt(bits) === 0n;
  const sound = ({ owed, deficits, assets, instruments }: BookSide): boolean =>
    [owed, deficits, ...[...assets.values()].flatMap((sums) => Object.values<bigint>({ ...sums }))].every((value) =>
      within(value, LIABILITIES.totalBits),
    ) &&
    [...instruments.values()].every(
      ({ long, short, cost }) =>
        within(long, SIZE_BITS) && within(short, SIZE_BITS) && within(cost < 0n ? -cost : cost, COST_BITS),
    );
  if (sound(customers) && sound(venue) && within(largestDebtor, LIABILITIES.valueBits)) return;
  throw refusal('TOTALS_RANGE', 'PROOF_INVALID', path, 'has a total of the wrong sign, or larger than a book can have');
}

function requireOpenInterest(totals: BookTotals, path: string): void {
  const instrument = unbalancedInstrument(totals);
  if (instrument === undefined) return;
  throw refusal(
    'OPEN_INTEREST',
    'PROOF_INVALID',
    path,
    `has more on one side of instrument ${instrument} than on the other: profit was made up, or a counterparty left out`,
    { instrument },
  );
}
