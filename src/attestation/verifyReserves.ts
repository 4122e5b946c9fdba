import type { SolvencyError } from '../errors.js';
import { parseReserveEvidence } from '../formats/reserveEvidence.js';
import type { BookTotals } from '../liabilities/bookTotals.js';
import { checkMark } from '../reserves/checkMark.js';
import { type CheckedReserves, checkReserves } from '../reserves/checkReserves.js';
import { compareReserves, type Liabilities, type ReserveComparison } from '../reserves/compareReserves.js';
import type { Policy } from '../reserves/policy.js';
import type { Attestation, Covered } from './attestation.js';
import type { BundleReader } from './bundleReader.js';
import { customerLiabilities } from './customerLiabilities.js';
import { type Reason, refusal, withReason } from './reasons.js';
import type { AttestedSnapshot } from './verifySnapshot.js';

/** What the evidence shows, and how it compares with what is owed. */
export interface VerifiedReserves {
  readonly checked: CheckedReserves;
  /** of a covered claim: with what it was proven against, all of which the evidence shows */
  readonly comparison: ReserveComparison;
}

/**
 * Checks the evidence against the caller's blocks and compares it with the totals, or with what a covered claim was
 * proven against: that must be there. Reasons: RESERVES_*, MARKS.
 */
export async function verifyReserves(
  bundle: BundleReader,
  attestation: Attestation,
  {
    totals,
    snapshot,
    policy,
    blockHashes,
    countCheckedOnline,
  }: {
    readonly totals: BookTotals | null;
    readonly snapshot: AttestedSnapshot;
    readonly policy: Policy;
    readonly blockHashes: ReadonlyMap<number, string>;
    readonly countCheckedOnline: boolean;
  },
): Promise<VerifiedReserves> {
  const { path } = attestation.evidence;
  const { registry } = snapshot.table.snapshot;
  const text = await bundle.text(attestation.evidence);
  const evidence = await withReason('RESERVES_INVALID', path, () => parseReserveEvidence(text, path));
  const { venue, accountRoot, accountRootOpening } = attestation;
  const name = { venue, accountRoot, time: Number(accountRootOpening.time) };
  const checked = await withReason(reasonOf, path, () =>
    checkReserves({ evidence, policy, registry, attestation: name, blockHashes }),
  );
  const counted = new Set(totals?.customers.assets.keys() ?? attestation.covered?.reserves.map(({ id }) => id));
  const comparison = await withReason('MARKS', path, () => {
    // also where nothing is held, and customers only owe: the price of a debt decides what its debtor is owed elsewhere
    for (const entry of registry.entries) {
      const price = snapshot.prices.get(entry.id);
      if (price !== undefined && counted.has(entry.id)) checkMark(policy.marks, entry, price);
    }
    return compareReserves({
      reserves: checked.assets,
      liabilities: totals === null ? provenAgainst(attestation) : customerLiabilities(totals),
      prices: snapshot.prices,
      policy,
      registry,
      countCheckedOnline,
    });
  });
  if (totals === null && !(comparison.strict && comparison.value.covered)) {
    const short = comparison.assets.filter(({ strict }) => !strict.covered).map(({ asset }) => asset);
    throw refusal(
      'RESERVES_EXCEEDED',
      'PROOF_INVALID',
      path,
      `shows less than the claim was proven against${short.length === 0 ? ', in value' : `: ${short.join(', ')}`}`,
      { assets: short },
    );
  }
  return { checked, comparison };
}

/** What is owed is hidden: the reserves that the proof took stand in its place. */
function provenAgainst({ covered }: Attestation): Liabilities {
  const { reserves, reserveValue } = covered as Covered;
  return {
    assets: reserves.map(({ id, value }) => ({ assetId: id, positive: value, negativeGood: 0n })),
    total: reserveValue,
  };
}

const EXPECTATION_REASONS: Readonly<Record<string, Reason>> = {
  venue: 'VENUE',
  blockHash: 'RESERVES_BLOCK',
  maxAge: 'RESERVES_AGE',
  tokens: 'RESERVES_TOKEN',
  slot: 'RESERVES_SLOT',
};

function reasonOf({ code, details }: SolvencyError): Reason {
  if (code === 'DUPLICATE') return 'RESERVES_DUPLICATE';
  if (code === 'PROOF_INVALID') return 'RESERVES_PROOF';
  return EXPECTATION_REASONS[String(details['expectation'])] ?? 'RESERVES_INVALID';
}
