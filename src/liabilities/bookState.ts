import { accountRoot } from '../account/accountRoot.js';
import { constrain } from '../numbers/constraint.js';
import { type ChainState, chainStateHash } from './chainState.js';
import { type LiabilitiesStatement, statementHash } from './liabilitiesStatement.js';

/** What both closing circuits open. */
export interface BookStateInput {
  readonly lastState: bigint;
  readonly statement: bigint;
  readonly claimed: LiabilitiesStatement;
  readonly state: ChainState;
  readonly venueId: bigint;
  readonly registryHash: bigint;
  readonly time: bigint;
}

/** Twin of BookState: the challenge of a chain whose accounts are all those behind the account root. */
export function bookState(input: BookStateInput): bigint {
  const { claimed, state } = input;
  const opened = statementHash(claimed);
  constrain(opened.hash === input.statement, 'BookState', 'the statement is another one');
  constrain(chainStateHash(state, input.statement) === input.lastState, 'BookState', 'the last state is another one');
  const root = accountRoot({ ...input, treeRoot: state.treeRoot });
  constrain(root === claimed.accountRoot, 'BookState', 'accounts of the tree are missing');
  return opened.challenge;
}
