import { LIABILITIES_SIGNALS } from '../protocol/constants.js';
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
export function openingInputs(input: BookStateInput): Record<string, bigint> {
  const signals = openingSignalList(input);
  return {
    ...Object.fromEntries(LIABILITIES_SIGNALS.opening.map((name, i) => [name, signals[i] as bigint])),
    salt: input.claimed.salt,
    nextIndex: input.state.nextIndex,
    treeRoot: input.state.treeRoot,
    blinding: input.state.blinding,
    venueId: input.venueId,
    registryHash: input.registryHash,
    time: input.time,
  };
}
