import type { Holdings } from '../../account/account.js';
import type { WeightedSnapshot } from '../../snapshot/snapshot.js';
import type { CaseStatement } from '../../vectors/evaluator.js';
import { weightedAccount } from '../weightedAccount.js';
import { type DriftAccount, highest, lowest } from './model.js';
import { type DriftClaim, PPM_PER_WEIGHT } from './representation.js';
import { representPerp } from './representPerp.js';
import { representQuote, representSpot } from './representSpot.js';

/** A Drift account under one claim as the weighted circuit takes it. */
export interface RepresentedDrift {
  readonly snapshot: WeightedSnapshot;
  readonly holdings: Holdings;
}

const QUOTE = 'USDC';

/**
 * A Drift account for the weighted circuit. Money is counted in the quote token at the higher of its strict prices: losses
 * and requirements of perps then have no price of their own, and profits and balances a factor of at most 1. Rates, with
 * their steps, are the venue's; where it truncates against the account a quantum is asked for beside them, and where it
 * truncates in the account's favour nothing is. Throws NOT_REPRESENTABLE when a figure is out of bounds.
 */
export function representDrift(account: DriftAccount, type: CaseStatement['claim']): RepresentedDrift {
  const { quote, rules, spots, perps } = account;
  const claim: DriftClaim = {
    type,
    customRatio: type === 'initial' ? account.customMarginRatio : 0n,
    quoteLow: lowest(quote.price),
    quoteHigh: highest(quote.price),
  };
  return weightedAccount({ venue: 'drift-v2', quote: QUOTE, claim: type, rateStep: PPM_PER_WEIGHT }, [
    representQuote(quote, QUOTE, claim),
    ...spots.map((spot, index) => representSpot(spot, `SPOT-${index}`, rules, claim)),
    ...perps.map((perp, index) => representPerp(perp, `PERP-${index}`, rules, claim)),
  ]);
}
