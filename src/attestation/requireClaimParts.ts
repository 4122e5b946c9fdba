import { type Attestation, MANIFEST_PATH } from './attestation.js';
import { refusal } from './reasons.js';

/**
 * What a manifest holds beside its claim has to fit it: a strict claim with loans beside it would be read as one that
 * publishes what it subtracts. Reason: CLAIM.
 */
export function requireClaimParts({ claim, totals, covered, loans }: Attestation): void {
  const opened = claim === 'opened';
  const faults = [
    [opened === (totals !== null), 'totals'],
    [opened === (covered === null), 'covered'],
    [(claim === 'covered with loans') === (loans !== null), 'loans'],
  ] as const;
  const fault = faults.find(([fits]) => !fits);
  if (fault === undefined) return;
  throw refusal(
    'CLAIM',
    'INVALID_INPUT',
    MANIFEST_PATH,
    `states the claim "${claim}", and its part "${fault[1]}" does not fit that`,
  );
}
