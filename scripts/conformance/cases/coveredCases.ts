import { CLOSING_PROOF_PATH } from '../../../src/attestation/bookProofs.js';
import { reservesHash } from '../../../src/liabilities/liabilitiesCoverage.js';
import { FIELD_ORDER } from '../../../src/protocol/constants.js';
import { type ClosedChain, TOTALS_SHAPE } from '../book.js';
import { type Draft, draftOf, EVIDENCE_PATH, seal } from '../draft.js';
import { type BundleSpec, editProof, forgery, type Workshop } from '../workshop.js';

const THOUSAND = 1_000n * 10n ** 16n;

/** Claims whose totals stay hidden. */
export async function coveredCases(workshop: Workshop): Promise<readonly BundleSpec[]> {
  const { bases, chains, ofAir, reserves } = workshop;
  const coveredOf = ({ attestation }: Draft) => attestation.covered as NonNullable<typeof attestation.covered>;
  const loansOf = ({ attestation }: Draft) => attestation.loans as NonNullable<typeof attestation.loans>;
  const raise = (draft: Draft): void => {
    const [row] = coveredOf(draft).reserves;
    if (row !== undefined) row.value -= THOUSAND;
  };
  const proven = async (name: string, title: string, closed: ClosedChain): Promise<BundleSpec> => ({
    kind: 'bundle',
    name,
    title,
    base: 'covered',
    forger: 'venue',
    reason: 'RESERVES_EXCEEDED',
    bundle: await seal(await draftOf(chains.honest, closed, reserves.evidence)),
  });
  return Promise.all([
    proven('covered-by-reserves-of-air', 'A valid proof against more of a coin than the evidence shows', ofAir.asset),
    proven(
      'covered-by-a-value-of-air',
      'A valid proof against more value than the evidence shows after haircuts',
      ofAir.value,
    ),
    forgery(
      workshop,
      ['covered-evidence-less', 'RESERVES_EXCEEDED', 'The evidence lacks an address that the proof counted'],
      ({ files }) => {
        files.set(EVIDENCE_PATH, bases['covered-with-loans'].files.get(EVIDENCE_PATH) as string);
      },
      'covered',
    ),
    forgery(
      workshop,
      ['covered-reserves-other', 'CLOSING_SIGNALS', 'Less reserves in the manifest than the proof took'],
      raise,
      'covered',
    ),
    forgery(
      workshop,
      ['covered-reserves-other-in-signals', 'CLOSING_PROOF', 'The same, with the signal to match'],
      (draft) => {
        raise(draft);
        const rows = coveredOf(draft).reserves;
        const column = (of: (row: (typeof rows)[number]) => bigint): bigint[] =>
          Array.from({ length: TOTALS_SHAPE.assets }, (_, i) => {
            const row = rows[i];
            return row === undefined ? 0n : of(row);
          });
        editProof(draft, CLOSING_PROOF_PATH, ({ publicSignals }) => {
          publicSignals[6] = reservesHash(
            column(({ id }) => BigInt(id)),
            column(({ value }) => value),
          );
        });
      },
      'covered',
    ),
    forgery(
      workshop,
      ['covered-value-other-in-signals', 'CLOSING_PROOF', 'Another value of all reserves, with the signal to match'],
      (draft) => {
        coveredOf(draft).reserveValue -= THOUSAND;
        editProof(draft, CLOSING_PROOF_PATH, ({ publicSignals }) => {
          publicSignals[7] = coveredOf(draft).reserveValue;
        });
      },
      'covered',
    ),
    forgery(
      workshop,
      ['covered-reserves-plus-r', 'COVERED_RANGE', 'Reserves plus the field order: the same modulo r'],
      (draft) => {
        const [row] = coveredOf(draft).reserves;
        if (row !== undefined) row.value += FIELD_ORDER;
      },
      'covered',
    ),
    forgery(
      workshop,
      ['covered-value-plus-r', 'COVERED_RANGE', 'The value of all reserves plus the field order'],
      (draft) => {
        coveredOf(draft).reserveValue += FIELD_ORDER;
      },
      'covered',
    ),
    forgery(
      workshop,
      ['covered-value-negative', 'COVERED_RANGE', 'The value of all reserves less the field order'],
      (draft) => {
        coveredOf(draft).reserveValue -= FIELD_ORDER;
      },
      'covered',
    ),
    forgery(
      workshop,
      ['covered-asset-twice', 'COVERED_ROWS', 'An asset in two rows: one could be covered, and the other negative'],
      (draft) => {
        const covered = coveredOf(draft);
        covered.reserves = [...covered.reserves.slice(0, 1), ...covered.reserves];
      },
      'covered',
    ),
    forgery(
      workshop,
      ['covered-asset-unknown', 'COVERED_ROWS', 'An asset that the snapshot does not have'],
      (draft) => {
        const row = coveredOf(draft).reserves.at(-1);
        if (row !== undefined) row.id = 9;
      },
      'covered',
    ),
    forgery(
      workshop,
      ['covered-asset-left-out', 'CLOSING_SIGNALS', 'An asset of the proof is left out'],
      (draft) => {
        const covered = coveredOf(draft);
        covered.reserves = covered.reserves.slice(1);
      },
      'covered',
    ),
    forgery(
      workshop,
      ['covered-accounts-more', 'ACCOUNTS', 'More accounts than were proven'],
      ({ attestation }) => {
        attestation.accounts += 1;
      },
      'covered',
    ),
    forgery(
      workshop,
      ['loans-called-strict', 'CLOSING_SIGNALS', 'The claim with loans is called the strict one'],
      ({ attestation }) => {
        attestation.claim = 'covered';
        attestation.loans = null;
      },
      'covered-with-loans',
    ),
    forgery(
      workshop,
      ['loans-called-strict-in-signals', 'CLOSING_PROOF', 'The same, with the signals to match'],
      (draft) => {
        draft.attestation.claim = 'covered';
        draft.attestation.loans = null;
        editProof(draft, CLOSING_PROOF_PATH, ({ publicSignals }) => {
          publicSignals[8] = 0n;
          publicSignals[9] = 0n;
        });
      },
      'covered-with-loans',
    ),
    forgery(
      workshop,
      ['loans-less', 'CLOSING_SIGNALS', 'Less is said to be lent than was subtracted'],
      (draft) => {
        const { subtracted } = loansOf(draft);
        subtracted.set(1, (subtracted.get(1) as bigint) - THOUSAND);
      },
      'covered-with-loans',
    ),
    forgery(
      workshop,
      ['loans-left-out', 'CLOSING_SIGNALS', 'The loans in one asset are not said'],
      (draft) => {
        loansOf(draft).subtracted.delete(1);
      },
      'covered-with-loans',
    ),
    forgery(
      workshop,
      ['loans-largest-debtor-less', 'CLOSING_SIGNALS', 'The largest debtor is said to owe less'],
      (draft) => {
        loansOf(draft).largestDebtor -= THOUSAND;
      },
      'covered-with-loans',
    ),
    forgery(
      workshop,
      ['loans-in-an-asset-without-a-row', 'COVERED_ROWS', 'Loans in an asset that the claim has no row for'],
      (draft) => {
        loansOf(draft).subtracted.set(9, 0n);
      },
      'covered-with-loans',
    ),
    forgery(
      workshop,
      ['loans-plus-r', 'COVERED_RANGE', 'Loans plus the field order'],
      (draft) => {
        const { subtracted } = loansOf(draft);
        subtracted.set(1, (subtracted.get(1) as bigint) + FIELD_ORDER);
      },
      'covered-with-loans',
    ),
  ]);
}
