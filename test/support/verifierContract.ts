import { type BytesLike, ContractFactory, Interface, type InterfaceAbi, isCallException } from 'ethers';
import type { LocalChain } from '../../scripts/support/anvil.js';
import { compileContract } from '../../src/chain/compileContracts.js';
import type { ProofCalldata } from '../../src/chain/proofCalldata.js';
import { verifierContractName, verifierSource } from '../../src/chain/verifierSource.js';
import type { FreeSignals } from './freeSignals.js';
import { executionGas } from './gas.js';

/** What a call says: true, false, the name of a custom error, or "" for a revert without one. */
export type Outcome = boolean | string;

export interface Batch {
  readonly proofs: readonly ProofCalldata[];
  /** one list for each proof */
  readonly signals: readonly (readonly bigint[])[];
}

export type VerifierContract = Awaited<ReturnType<typeof deployed>>;

/** Deploys the verifier of a circuit, with a change to its source if one is given, and calls it. */
export async function deployed(
  chain: LocalChain,
  { key, circuit }: Pick<FreeSignals, 'key' | 'circuit'>,
  change?: (source: string) => string,
) {
  const name = verifierContractName(circuit);
  const generated = verifierSource(key, circuit);
  const source = change === undefined ? generated : change(generated);
  if (change !== undefined && source === generated) throw new Error('the change found nothing to change');
  const compiled = compileContract(`${name}.sol`, source, name);
  const abi = new Interface(compiled.abi as InterfaceAbi);
  const contract = await new ContractFactory(abi, compiled.bytecode, chain.signers[0]).deploy();
  const to = await contract.getAddress();
  await contract.waitForDeployment();

  const single = (proof: ProofCalldata, signals: readonly bigint[]): string =>
    abi.encodeFunctionData('verify', [proof, signals]);
  const batch = ({ proofs, signals }: Batch): string => abi.encodeFunctionData('verifyBatch', [proofs, signals.flat()]);

  const call = async (data: string, gas: bigint): Promise<Outcome> => {
    const transaction = { to, data, gas: `0x${gas.toString(16)}` };
    try {
      const result: string = await chain.provider.send('eth_call', [transaction, 'latest']);
      return abi.decodeFunctionResult(selector(data), result)[0] as boolean;
    } catch (error) {
      if (!isCallException(error)) throw error;
      return error.data === null || error.data === '0x' ? '' : (abi.parseError(error.data as BytesLike)?.name ?? '');
    }
  };
  const selector = (data: string): string => data.slice(0, 10);

  const send = async (data: string) => {
    const transaction = await chain.signers[0]?.sendTransaction({ to, data, gasLimit: PLENTY });
    const receipt = await transaction?.wait();
    return { gasUsed: receipt?.gasUsed ?? 0n, execution: executionGas(receipt, data) };
  };

  return {
    address: to,
    abi,
    call,
    single,
    batch,
    verify: (proof: ProofCalldata, signals: readonly bigint[], gas = PLENTY) => call(single(proof, signals), gas),
    verifyBatch: (input: Batch, gas = PLENTY) => call(batch(input), gas),
    /** gas of a transaction with this call */
    send,
    /** what the call says with each of these gas limits */
    outcomes: async (data: string, limits: readonly bigint[]): Promise<ReadonlySet<Outcome>> => {
      const seen = new Set<Outcome>();
      for (const gas of limits) seen.add(await call(data, gas));
      return seen;
    },
  };
}

const PLENTY = 10_000_000n;

/** Gas limits from one to another. */
export const gasLimits = (from: bigint, to: bigint, count: number): readonly bigint[] =>
  Array.from({ length: count }, (_, i) => from + ((to - from) * BigInt(i)) / BigInt(count));

/** The least limit that pays for the transaction and for finding out that the gas is too little. */
export function leastLimit(data: string): bigint {
  const bytes = Buffer.from(data.slice(2), 'hex');
  const units = bytes.reduce((sum, byte) => sum + (byte === 0 ? 1n : 4n), 0n);
  return 21_000n + 10n * units + 3_000n;
}

/** Verifiers without their checks of the gas, or with the first alone: what is left must still never answer wrongly. */
export const withoutGasChecks = (source: string): string =>
  source.replace(/if \(gasleft\(\) < .*\) revert NotEnoughGas\(\);/g, '');
export const withoutLaterGasCheck = (source: string): string =>
  source.replace('if (gasleft() < _gasBeforePairing(count)) revert NotEnoughGas();', '');
