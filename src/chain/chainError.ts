import { type ErrorDescription, Interface, type InterfaceAbi, isCallException, isError } from 'ethers';
import { SolvencyError } from '../errors.js';
import { abis } from './abi/index.js';
import { codeOf, REFUSALS, type Refusal } from './errorCodes.js';

/**
 * The errors of all our contracts: what a gate reverts with may be its own error, or that of a verifier, oracle or registry
 * that it called.
 */
const CONTRACT_ERRORS = new Interface(
  Object.values(abis).flatMap((abi): readonly unknown[] => abi.filter(({ type }) => type === 'error')) as InterfaceAbi,
);

/** What the library says of a call that no contract refused. */
const FAILURES = [
  ['NETWORK_ERROR', 'the node cannot be reached'],
  ['SERVER_ERROR', 'the node cannot be reached'],
  ['BAD_DATA', 'there is no such contract at this address'],
  ['INSUFFICIENT_FUNDS', 'the account cannot pay for it'],
] as const;

/**
 * Turns what a call to a contract threw into a typed error. An error of one of our contracts has the code that REFUSALS
 * gives it, `details.error` is its name and `details.arguments` its arguments. Else INVALID_INPUT for arguments that the
 * function cannot take, and CHAIN. Errors of ours pass through.
 */
export function chainError(cause: unknown, what: string): SolvencyError {
  if (cause instanceof SolvencyError) return cause;
  if (isError(cause, 'INVALID_ARGUMENT')) {
    return new SolvencyError('INVALID_INPUT', `An argument of ${what} is malformed: ${cause.shortMessage}.`, { cause });
  }
  if (isCallException(cause)) {
    // four bytes name the error; a call without gas reverts with none
    const revert = cause.data === null || cause.data.length < 10 ? null : CONTRACT_ERRORS.parseError(cause.data);
    if (revert !== null) return refusal(revert, what, cause);
    return new SolvencyError('CHAIN', `The contract refused ${what} and gave no reason that could be read.`, { cause });
  }
  const reason = FAILURES.find(([code]) => isError(cause, code))?.[1];
  return new SolvencyError(
    'CHAIN',
    `${what.charAt(0).toUpperCase()}${what.slice(1)} failed${reason === undefined ? '' : `: ${reason}`}. ` +
      "Check the node, the address and the account's balance.",
    { cause },
  );
}

function refusal({ name, args, fragment }: ErrorDescription, what: string, cause: unknown): SolvencyError {
  const values = args.toArray().map(String);
  const named = fragment.inputs.map((input, index) => `${input.name} ${values[index]}`.trim());
  const known = (REFUSALS as Readonly<Record<string, Refusal>>)[name];
  // what the language itself raises, Error and Panic, is in no ABI
  const words = known === undefined ? '' : `: ${known.words}`;
  return new SolvencyError(
    known === undefined ? 'CHAIN' : codeOf(known, args.toArray()),
    `The contract refused ${what}${words}. ${name}(${named.join(', ')})`,
    { details: { error: name, arguments: values }, cause },
  );
}
