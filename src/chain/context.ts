import { AbiCoder, id, keccak256 } from 'ethers';
import { SolvencyError } from '../errors.js';

/** Domain of contexts; SolvencyGate.CONTEXT_DOMAIN is the same. */
const CONTEXT_DOMAIN = id('zk-solvency/context/2');

/** What a proof is made for. */
export interface ContextInput {
  readonly chainId: bigint;
  /** address of the gate */
  readonly gate: string;
  /** address of the contract that carries the action out; the gate's if there is no action */
  readonly consumer: string;
  /** address of whom the proof makes solvent */
  readonly subject: string;
  /** 32 bytes, 0x-prefixed: hash of the action with all its parameters; zero for none */
  readonly actionHash: string;
  /** last second, since 1970, at which the proof may be submitted; below 2^64 */
  readonly deadline: bigint;
}

/**
 * Twin of SolvencyGate.contextOf: the public signal that ties a proof to chain, gate, consumer, subject, action and
 * deadline. Below 2^248, and so one field element. INVALID_INPUT when an address, the hash or a number is malformed.
 */
export function contextOf({ chainId, gate, consumer, subject, actionHash, deadline }: ContextInput): bigint {
  try {
    const encoded = AbiCoder.defaultAbiCoder().encode(
      ['bytes32', 'uint256', 'address', 'address', 'address', 'bytes32', 'uint64'],
      [CONTEXT_DOMAIN, chainId, gate, consumer, subject, actionHash, deadline],
    );
    return BigInt(keccak256(encoded)) >> 8n;
  } catch (cause) {
    throw new SolvencyError(
      'INVALID_INPUT',
      'The context of a proof needs a chain id, the addresses of gate, consumer and subject, an action hash of 32 bytes ' +
        'and a deadline in seconds.',
      { cause },
    );
  }
}

/**
 * Hash of an action with all its parameters, as a contract makes it with keccak256(abi.encode(...)): `types` are Solidity's.
 * A parameter that is left out can be changed by whoever sends the proof. INVALID_INPUT for values of other types.
 */
export function actionHash(types: readonly string[], values: readonly unknown[]): string {
  try {
    return keccak256(AbiCoder.defaultAbiCoder().encode(types, values));
  } catch (cause) {
    throw new SolvencyError('INVALID_INPUT', 'The values of an action must be of its types, one for one.', { cause });
  }
}
