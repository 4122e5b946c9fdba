import { denseSums } from '../../../src/liabilities/batchInput.js';
import { drawGammaLambda } from '../../../src/liabilities/batchTranscripts.js';
import { type LiabilitiesBatchInput, openAccounts } from '../../../src/liabilities/liabilitiesBatch.js';
import { unsatisfied } from '../../liabilities/support/identities.js';
import { rhoOf, withStates } from '../../liabilities/support/lab.js';
import type { Lie } from '../../liabilities/support/lies.js';

/** A batch with a lie in it, and the identities that do not hold. */
export interface PlayedBatch {
  readonly input: LiabilitiesBatchInput;
  readonly broken: readonly string[];
}

/**
 * What a prover makes of a batch who lies before anything is hashed and plays all the rest as well as can be: roots, states,
 * challenges and dense sums follow from the lie, so that nothing is wrong but what the lie itself contradicts.
 */
export function playedBatch(honest: LiabilitiesBatchInput, lie: Lie): PlayedBatch {
  const told = withStates(lie(honest));
  const rho = rhoOf(told);
  const dense = denseSums(told.shape, told.table, openAccounts(told.accounts, told.claimed), rho);
  const input = { ...told, dense };
  return { input, broken: unsatisfied(input, { rho, ...drawGammaLambda(rho, dense) }) };
}
