import type {
  Abi,
  AbiParametersToPrimitiveTypes,
  AbiStateMutability,
  ExtractAbiFunction,
  ExtractAbiFunctionNames,
} from 'abitype';
import {
  type ContractRunner,
  Interface,
  type InterfaceAbi,
  type ParamType,
  type Result,
  type TransactionReceipt,
} from 'ethers';
import { SolvencyError } from '../errors.js';
import { chainError } from './chainError.js';

/** How ABI types stand in this package: whole numbers are bigint whatever their width, addresses and bytes are text. */
export type Plain<Type> = Type extends number
  ? bigint
  : Type extends `0x${string}`
    ? string
    : Type extends object
      ? { readonly [Key in keyof Type]: Plain<Type[Key]> }
      : Type;

type FunctionName<Contract extends Abi, Kind extends AbiStateMutability> = ExtractAbiFunctionNames<Contract, Kind>;
type ReadName<Contract extends Abi> = FunctionName<Contract, 'view' | 'pure'>;
type SendName<Contract extends Abi> = FunctionName<Contract, 'nonpayable' | 'payable'>;

/** The arguments of a function: a struct is an object with the names of its fields. */
export type ArgumentsOf<Contract extends Abi, Name extends FunctionName<Contract, AbiStateMutability>> = Plain<
  AbiParametersToPrimitiveTypes<ExtractAbiFunction<Contract, Name>['inputs'], 'inputs'>
>;

/** What a function returns: nothing, the one value, or a list of several. */
export type ResultOf<Contract extends Abi, Name extends FunctionName<Contract, AbiStateMutability>> = Unwrapped<
  Plain<AbiParametersToPrimitiveTypes<ExtractAbiFunction<Contract, Name>['outputs'], 'outputs'>>
>;
type Unwrapped<Results> = Results extends readonly []
  ? undefined
  : Results extends readonly [infer Only]
    ? Only
    : Results;

/** What goes with a transaction beside its arguments. */
export interface Overrides {
  /** wei */
  readonly value?: bigint;
  readonly gasLimit?: bigint;
}

/** A contract at an address, typed by its ABI. Errors are those of chainError. */
export interface ContractClient<Contract extends Abi> {
  readonly address: string;
  /** Calls a function that changes nothing, as of a block; the latest unless told. Needs a provider. */
  read<Name extends ReadName<Contract>>(
    name: Name,
    args: ArgumentsOf<Contract, Name>,
    block?: number,
  ): Promise<ResultOf<Contract, Name>>;
  /** Sends a transaction and waits for its receipt. Needs a signer. */
  send<Name extends SendName<Contract>>(
    name: Name,
    args: ArgumentsOf<Contract, Name>,
    overrides?: Overrides,
  ): Promise<TransactionReceipt>;
  /** The latest block, so that several reads are of one. Needs a provider. */
  latestBlock(): Promise<number>;
}

/** The contract at an address, for a provider or a signer. */
export function connect<const Contract extends Abi>(
  abi: Contract,
  address: string,
  runner: ContractRunner,
): ContractClient<Contract> {
  const contract = new Interface(abi as InterfaceAbi);
  return {
    address,
    async read(name, args, block) {
      try {
        if (runner.call === undefined) throw unable('provider', name);
        const data = contract.encodeFunctionData(name, args as readonly unknown[]);
        const answer = contract.decodeFunctionResult(
          name,
          await runner.call({ to: address, data, blockTag: block ?? 'latest' }),
        );
        const values = plainValues(contract.getFunction(name)?.outputs ?? [], answer);
        return (values.length > 1 ? values : values[0]) as never;
      } catch (cause) {
        throw chainError(cause, name);
      }
    },
    async send(name, args, overrides = {}) {
      try {
        if (runner.sendTransaction === undefined) throw unable('signer', name);
        const data = contract.encodeFunctionData(name, args as readonly unknown[]);
        const request = { to: address, data, ...overrides };
        const gasLimit = overrides.gasLimit ?? withRoom(await runner.estimateGas?.(request));
        const transaction = await runner.sendTransaction({ ...request, ...(gasLimit && { gasLimit }) });
        const receipt = await transaction.wait();
        if (receipt === null) throw new SolvencyError('CHAIN', `There is no receipt for ${name}.`);
        return receipt;
      } catch (cause) {
        throw chainError(cause, name);
      }
    },
    async latestBlock() {
      try {
        if (!runner.provider) throw unable('provider', 'the chain');
        return await runner.provider.getBlockNumber();
      } catch (cause) {
        throw chainError(cause, 'the number of the latest block');
      }
    },
  };
}

/** The library's results are lists that also answer to names; what leaves here are plain objects and arrays. */
function plainValues(types: readonly ParamType[], values: Result): readonly unknown[] {
  return types.map((type, index) => plainValue(type, values[index]));
}

function plainValue(type: ParamType, value: unknown): unknown {
  if (type.isArray()) return (value as Result).toArray().map((item) => plainValue(type.arrayChildren, item));
  if (!type.isTuple()) return value;
  const fields = plainValues(type.components, value as Result);
  return Object.fromEntries(type.components.map(({ name }, index) => [name, fields[index]]));
}

/**
 * An estimate is of a call in the latest block. A second later a time that is written may be another than the one on record,
 * which costs more, and a verifier that then lacks the gas to finish refuses.
 */
const withRoom = (estimate: bigint | undefined): bigint | undefined => estimate && estimate + estimate / 5n;

const unable = (lacking: 'provider' | 'signer', name: string): SolvencyError =>
  new SolvencyError('CHAIN', `To call ${name}, connect the contract with a ${lacking}.`);
