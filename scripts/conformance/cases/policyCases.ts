import type { Reason } from '../../../src/attestation/reasons.js';
import { rational } from '../../../src/numbers/rational.js';
import type { Policy } from '../../../src/reserves/policy.js';
import { STRANGER } from '../reserves.js';
import type { BundleSpec, Workshop } from '../workshop.js';

/** One honest bundle under verifiers who pin something else. */
export function policyCases({ reserves: { policy } }: Workshop): readonly BundleSpec[] {
  const marks = (change: Partial<Policy['marks']>): Policy => ({ ...policy, marks: { ...policy.marks, ...change } });
  const list: readonly (readonly [name: string, reason: Reason, title: string, policy: Policy])[] = [
    ['policy-another-venue', 'VENUE', 'The policy is for another venue', { ...policy, venue: 'other venue' }],
    [
      'policy-another-venue-key',
      'SIGNATURE',
      'The policy pins another key of the venue',
      { ...policy, venueKey: STRANGER.address },
    ],
    [
      'policy-another-key',
      'KEY_NOT_PINNED',
      'The policy pins another verification key',
      { ...policy, verificationKeys: new Map([...policy.verificationKeys, ['liabilities-4x4', 'ab'.repeat(32)]]) },
    ],
    [
      'policy-without-keys',
      'KEY_NOT_PINNED',
      'The policy pins no verification key',
      { ...policy, verificationKeys: new Map() },
    ],
    [
      'policy-another-price',
      'MARKS',
      'The verifier’s price lies further from the snapshot’s than they allow',
      marks({ prices: new Map([...policy.marks.prices, ['BTC', rational(61_000n)]]) }),
    ],
    [
      'policy-no-unpinned-price',
      'MARKS',
      'The verifier has no price of a coin and refuses the venue’s',
      marks({
        unpinned: 'refuse',
        prices: new Map([
          ['USD', rational(1n)],
          ['BTC', rational(60_000n)],
        ]),
      }),
    ],
    [
      'policy-short-age',
      'AGE',
      'Snapshot and accounts lie further apart than the policy allows',
      { ...policy, maxAge: 20 },
    ],
    [
      'policy-short-age-of-blocks',
      'RESERVES_AGE',
      'The block lies further from the attestation than the policy allows',
      { ...policy, maxAge: 45 },
    ],
    [
      'policy-issued-by-the-venue',
      'NOT_COVERED',
      'The policy counts nothing of a coin that the venue issues',
      { ...policy, issuedByVenue: new Set(['BTC', 'VTK']) },
    ],
    [
      'policy-deep-haircut',
      'NOT_COVERED',
      'Half of a coin counts in the comparison of values',
      { ...policy, haircuts: new Map([...policy.haircuts, ['BTC', 500_000n]]) },
    ],
    [
      'policy-symbol-unknown',
      'POLICY',
      'The policy names an asset that the registry does not have',
      { ...policy, haircuts: new Map([...policy.haircuts, ['XBT', 0n]]) },
    ],
    [
      'policy-fewer-tokens',
      'RESERVES_TOKEN',
      'The policy does not count a token that the evidence shows',
      { ...policy, tokens: policy.tokens.filter(({ asset }) => asset !== 'BTC') },
    ],
  ];
  const specs = list.map(
    ([name, reason, title, pinned]): BundleSpec => ({
      kind: 'bundle',
      name,
      title,
      base: 'opened',
      forger: 'nobody',
      reason,
      policy: pinned,
    }),
  );
  // its totals are hidden, so every asset with a row may be owed
  const ofRow: BundleSpec = {
    kind: 'bundle',
    name: 'policy-no-price-of-a-row',
    title:
      'The verifier refuses prices of the venue’s own, and has none of an asset that a covered claim has a row for',
    base: 'covered',
    forger: 'nobody',
    reason: 'MARKS',
    policy: marks({ unpinned: 'refuse' }),
  };
  return [...specs, ofRow];
}
