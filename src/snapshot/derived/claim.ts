import { SolvencyError } from '../../errors.js';
import { divide, formatRational, multiply, parseRational, type Rational, rational } from '../../numbers/rational.js';
import { BPS_SCALE } from '../../protocol/constants.js';
import { NAME } from '../validateRegistry.js';

/** What is asked of an account beyond its venue's own margin: how one snapshot follows from another. */
export type Derivation =
  /** prices move by a relative change (-1/5: they fall by 20%): all but the quote unit's, or `only` of these symbols */
  | { readonly kind: 'shock'; readonly change: Rational; readonly only?: readonly string[] }
  /** the requirement becomes gross notional / `most` */
  | { readonly kind: 'leverage'; readonly most: Rational }
  /** the requirement is multiplied */
  | { readonly kind: 'scale'; readonly factor: Rational };

const NUMBER = String.raw`\d+(?:\.\d+|/\d+)?`;
const CHANGE = `(0|[+-]${NUMBER})%`;
const SHOCK = new RegExp(` after ${CHANGE}(?= on | after |$)`);
const LEVERAGE = new RegExp(`^leverage at most (${NUMBER})`);
const SCALED = new RegExp(` x ${NUMBER}$`);

/**
 * The canonical name of a derived claim: "maintenance x 1.2 after -20% on BTC,ETH", "leverage at most 5". The requirement
 * stands before the shocks, in whatever order they were derived. The model's hash binds it, so that a proof of one claim
 * is none of another. Error: INVALID_INPUT when it is longer than a name may be.
 */
export function derivedClaim(claim: string, derivation: Derivation): string {
  const name = nameOf(claim, derivation);
  if (NAME.test(name)) return name;
  throw new SolvencyError(
    'INVALID_INPUT',
    `The name of the claim would be "${name}", and it may have at most 64 characters. Name fewer symbols, or shorter numbers.`,
    { details: { claim: name } },
  );
}

function nameOf(claim: string, derivation: Derivation): string {
  const { requirement, shocks } = partsOf(claim);
  switch (derivation.kind) {
    case 'leverage':
      return `leverage at most ${formatRational(derivation.most)}${shocks}`;
    case 'scale':
      return `${requirement} x ${formatRational(derivation.factor)}${shocks}`;
    case 'shock': {
      const { change, only } = derivation;
      const percent = formatRational(multiply(change, rational(100n)));
      return `${claim} after ${change.num > 0n ? '+' : ''}${percent}%${only === undefined ? '' : ` on ${only.join(',')}`}`;
    }
  }
}

function partsOf(claim: string): { readonly requirement: string; readonly shocks: string } {
  const at = claim.search(SHOCK);
  return at < 0 ? { requirement: claim, shocks: '' } : { requirement: claim.slice(0, at), shocks: claim.slice(at) };
}

/** Whether a claim has the name of a derived one: somebody computed its snapshot, and no venue published it. */
export function isDerivedClaim(claim: string): boolean {
  const { requirement, shocks } = partsOf(claim);
  return shocks !== '' || LEVERAGE.test(requirement) || SCALED.test(requirement);
}

/** What a valid proof of a claim shows of an account, at its threshold: "leverage is at most 5 after prices move by -20%". */
export function claimInWords(claim: string, thresholdBps: bigint): string {
  const { requirement, shocks } = partsOf(claim);
  const most = SCALED.test(requirement) ? undefined : parseRational(LEVERAGE.exec(requirement)?.[1] ?? '');
  const shown =
    most === undefined
      ? `${requirement} margin ratio is at least ${formatRational(rational(thresholdBps * 100n, BPS_SCALE))}%`
      : `leverage is at most ${formatRational(divide(most, rational(thresholdBps, BPS_SCALE)))}`;
  return `${shown}${shocks.replace(new RegExp(` after ${CHANGE}`, 'g'), ' after a price change of $1%')}`;
}
