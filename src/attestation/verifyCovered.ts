import { coverageShape } from '../liabilities/closingCircuits.js';
import { loansHash, reservesHash } from '../liabilities/liabilitiesCoverage.js';
import { padded } from '../numbers/padded.js';
import { LIABILITIES } from '../protocol/constants.js';
import { type Attestation, type Covered, MANIFEST_PATH } from './attestation.js';
import type { BundleReader } from './bundleReader.js';
import { refusal } from './reasons.js';
import { verifyClosing } from './verifyClosing.js';
import type { TrustedCircuit } from './verifyKeys.js';
import type { AttestedSnapshot } from './verifySnapshot.js';

/**
 * The closing proof of a covered claim: that what the manifest says was held covers what is owed, whatever that is.
 * Whether so much is held is for the comparison with the evidence. Reasons: COVERED_ROWS, COVERED_RANGE, CLOSING_*.
 */
export async function verifyCovered(
  bundle: BundleReader,
  attestation: Attestation,
  {
    circuit,
    snapshot,
    lastState,
  }: { readonly circuit: TrustedCircuit; readonly snapshot: AttestedSnapshot; readonly lastState: bigint },
): Promise<void> {
  const { loans, statement } = attestation;
  const { reserves, reserveValue } = attestation.covered as Covered;
  requireRows(attestation, circuit, snapshot);
  requireRanges(attestation);

  const rows = coverageShape(circuit.circuit).assets;
  const fill = (values: readonly bigint[]): readonly bigint[] => padded(values, 0n, rows);
  const ids = fill(reserves.map(({ id }) => BigInt(id)));
  const subtracted = fill(reserves.map(({ id }) => loans?.subtracted.get(id) ?? 0n));
  const expected = [
    lastState,
    statement,
    attestation.accountRoot,
    attestation.riskRoot,
    BigInt(attestation.venueStart),
    BigInt(attestation.accounts),
    reservesHash(ids, fill(reserves.map(({ value }) => value))),
    reserveValue,
    loans === null ? 0n : 1n,
    loans === null ? 0n : loansHash(loans.largestDebtor, ids, subtracted),
  ];
  await verifyClosing(bundle, attestation, circuit, expected, (signal) =>
    signal === 'accounts' ? 'ACCOUNTS' : 'CLOSING_SIGNALS',
  );
}

/** An id in two rows could split a total into one that is covered and a negative one. */
function requireRows(
  { covered, loans }: Attestation,
  { circuit }: TrustedCircuit,
  { parameters }: AttestedSnapshot,
): void {
  const { reserves } = covered as Covered;
  const ordered = reserves.every(({ id }, k) => id > (reserves[k - 1]?.id ?? 0) && parameters.assets.has(id));
  const lent = [...(loans?.subtracted.keys() ?? [])].every((id) => reserves.some((row) => row.id === id));
  if (ordered && reserves.length <= coverageShape(circuit).assets && lent) return;
  throw refusal(
    'COVERED_ROWS',
    'INVALID_INPUT',
    MANIFEST_PATH,
    'names assets of the covered claim twice, in disorder or that the snapshot lacks, or more than the circuit has rows',
  );
}

/** The circuit ranges differences: a value near r would cover anything. */
function requireRanges({ covered, loans }: Attestation): void {
  const { reserves, reserveValue } = covered as Covered;
  const within = (value: bigint, bits: number): boolean => value >= 0n && value >> BigInt(bits) === 0n;
  const totals = [reserveValue, ...reserves.map(({ value }) => value), ...(loans?.subtracted.values() ?? [])];
  const sound =
    totals.every((value) => within(value, LIABILITIES.totalBits)) &&
    within(loans?.largestDebtor ?? 0n, LIABILITIES.valueBits);
  if (sound) return;
  throw refusal('COVERED_RANGE', 'PROOF_INVALID', MANIFEST_PATH, 'has a value of the covered claim out of range');
}
