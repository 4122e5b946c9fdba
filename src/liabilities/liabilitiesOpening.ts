import { type BookStateInput, bookState } from './bookState.js';
import { sideElements } from './chainState.js';

/** Twin of LiabilitiesOpening. */
export function liabilitiesOpening(input: BookStateInput): void {
  bookState(input);
}

/** The public signals of LiabilitiesOpening, in order. */
export const openingSignalList = ({ lastState, statement, claimed, state }: BookStateInput): readonly bigint[] => [
  lastState,
  statement,
  claimed.accountRoot,
  claimed.riskRoot,
  claimed.totalsHash,
  claimed.largestDebtor,
  claimed.venueStart,
  ...sideElements(state.customers),
  ...sideElements(state.venue),
];

/** Everything that LiabilitiesOpening takes, by the names of its inputs. */
export const openingInputs = (input: BookStateInput): Record<string, bigint | readonly bigint[]> => ({
  lastState: input.lastState,
  statement: input.statement,
  accountRoot: input.claimed.accountRoot,
  riskRoot: input.claimed.riskRoot,
  totalsHash: input.claimed.totalsHash,
  largestDebtor: input.claimed.largestDebtor,
  venueStart: input.claimed.venueStart,
  customers: sideElements(input.state.customers),
  venue: sideElements(input.state.venue),
  salt: input.claimed.salt,
  nextIndex: input.state.nextIndex,
  treeRoot: input.state.treeRoot,
  blinding: input.state.blinding,
  venueId: input.venueId,
  registryHash: input.registryHash,
  time: input.time,
});
