import { isHexString, ZeroHash } from 'ethers';
import { contextOf } from '../chain/context.js';
import { SolvencyError } from '../errors.js';
import type { DeploymentRecord } from '../formats/deployment.js';
import { address, wholeNumber } from './input.js';

/** The options that say what a proof is for. */
export interface PurposeOptions {
  readonly deadline: string;
  readonly action?: string;
  readonly consumer?: string;
}

/** What a proof is for, and the context that it carries therefore. */
export interface Purpose {
  readonly consumer: string;
  readonly actionHash: string;
  readonly deadline: bigint;
  readonly context: bigint;
}

/** INVALID_INPUT when an option is malformed, or an action stands without its consumer or the other way round. */
export function purposeOf(given: PurposeOptions, deployment: DeploymentRecord, subject: string): Purpose {
  const deadline = wholeNumber('--deadline', given.deadline);
  const { gate } = deployment.contracts;
  const { action, consumer: named } = given;
  if ((action === undefined) !== (named === undefined)) {
    throw new SolvencyError('INVALID_INPUT', '--action and --consumer go together: an action has who carries it out.');
  }
  if (action !== undefined && (!isHexString(action, 32) || action === ZeroHash)) {
    throw new SolvencyError('INVALID_INPUT', '--action must be a hash: 0x and 64 hexadecimal digits, not zero.', {
      details: { flag: '--action' },
    });
  }
  const consumer = named === undefined ? gate : address('--consumer', named);
  const actionHash = action ?? ZeroHash;
  const chainId = BigInt(deployment.chainId);
  return {
    consumer,
    actionHash,
    deadline,
    context: contextOf({ chainId, gate, consumer, subject, actionHash, deadline }),
  };
}
