import { constrain } from '../numbers/constraint.js';
import { chainStateHash, FIRST_STATE } from './chainState.js';

/** What LiabilitiesStart takes, in the order of its signals; all of it is public. */
export interface LiabilitiesStartInput {
  readonly firstState: bigint;
  readonly statement: bigint;
}

/** Twin of LiabilitiesStart: the first state of a chain under its statement. */
export function liabilitiesStart({ firstState, statement }: LiabilitiesStartInput): void {
  const first = chainStateHash(FIRST_STATE, statement);
  constrain(first === firstState, 'LiabilitiesStart', 'the first state is another one');
}

/** The public signals of the start of a chain under a statement, by name. */
export const startSignals = (statement: bigint): LiabilitiesStartInput => ({
  firstState: chainStateHash(FIRST_STATE, statement),
  statement,
});
