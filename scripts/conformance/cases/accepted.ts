import { copyOf, draftOf, seal } from '../draft.js';
import { rerandomised } from '../points.js';
import { type BundleSpec, editProof, proofOf, type Workshop } from '../workshop.js';

/** Bundles that a verifier has to accept. */
export async function acceptedCases(workshop: Workshop): Promise<readonly BundleSpec[]> {
  const { bases, reserves, chains, openings } = workshop;
  const accepted = { kind: 'bundle', forger: 'nobody', reason: undefined } as const;
  const again = copyOf(bases.opened);
  const path = proofOf(again, 0);
  editProof(again, path, (proof) => {
    proof.proof = rerandomised(proof.proof, 12_345n);
  });
  const less = copyOf(bases.opened);
  less.files.set(
    less.attestation.evidence.path,
    bases['covered-with-loans'].files.get(less.attestation.evidence.path) as string,
  );
  return [
    {
      ...accepted,
      name: 'opened',
      base: 'opened',
      verdict: 'covered',
      title: 'All totals are shown: deficits, debts, positions, a gap, an empty place, the venue’s own accounts',
    },
    {
      ...accepted,
      name: 'covered',
      base: 'covered',
      verdict: 'covered',
      title: 'Totals stay hidden, reserves cover them strictly',
    },
    {
      ...accepted,
      name: 'covered-with-loans',
      base: 'covered-with-loans',
      verdict: 'covered with loans',
      title: 'Totals stay hidden, reserves cover them less what accounts with standing owe',
    },
    {
      ...accepted,
      name: 'opened-with-loans',
      base: 'opened',
      verdict: 'covered with loans',
      bundle: await seal(less),
      title: 'Totals are shown, and reserves cover them less the loans only: accepted under that label',
    },
    {
      ...accepted,
      name: 'proof-rerandomised',
      base: 'opened',
      forger: 'anybody',
      verdict: 'covered',
      bundle: await seal(again),
      title: 'A proof as (A/s, sB, C) proves the same: the id and the signature do not depend on it',
    },
    {
      ...accepted,
      name: 'customer-among-insiders',
      base: 'opened',
      forger: 'venue',
      verdict: 'covered',
      bundle: await seal(await draftOf(chains.insiders, openings.insiders, reserves.evidence)),
      title:
        'A customer is filed among the venue’s own accounts: the bundle is consistent, and the inclusion check of that customer finds it',
    },
  ];
}
