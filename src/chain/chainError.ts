import { type Interface, isCallException, isError } from 'ethers';
import { SolvencyError } from '../errors.js';

/**
 * Turns what a call to a contract threw into a CHAIN error. A custom error of the contract is decoded: `details.error` is
 * its name and `details.arguments` its arguments. Errors of ours pass through.
 */
export function chainError(cause: unknown, contract: Interface, what: string): SolvencyError {
  if (cause instanceof SolvencyError) return cause;
  if (isCallException(cause)) {
    // four bytes name the error; a call without gas reverts with none
    const revert = cause.data === null || cause.data.length < 10 ? null : contract.parseError(cause.data);
    if (revert !== null) {
      const values = revert.args.map(String);
      return new SolvencyError('CHAIN', `The contract refused ${what}: ${revert.name}(${values.join(', ')}).`, {
        details: { error: revert.name, arguments: values },
        cause,
      });
    }
    return new SolvencyError('CHAIN', `The contract refused ${what} and gave no reason that could be read.`, { cause });
  }
  const reason = isError(cause, 'NETWORK_ERROR') || isError(cause, 'SERVER_ERROR') ? 'the node cannot be reached' : '';
  return new SolvencyError(
    'CHAIN',
    `${what.charAt(0).toUpperCase()}${what.slice(1)} failed${reason === '' ? '' : `: ${reason}`}. Check the node, the address and the account's balance.`,
    { cause },
  );
}
