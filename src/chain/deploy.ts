import { ContractFactory, type InterfaceAbi, type Signer } from 'ethers';
import { SolvencyError } from '../errors.js';
import type { Setup } from '../proof/marginProof.js';
import { assertUsableKey, type VerificationKey } from '../setup/verificationKey.js';
import { chainError } from './chainError.js';
import { type CompiledContract, compileGate, compileVerifier } from './compileContracts.js';
import type { GatePolicy } from './gate.js';

/** Chain ids of development nodes: anvil and hardhat, ganache and geth --dev. */
const LOCAL_CHAINS: ReadonlySet<bigint> = new Set([31337n, 1337n]);

/** A contract on a chain. */
export interface Deployment {
  readonly address: string;
  readonly transactionHash: string;
  readonly gasUsed: bigint;
}

/**
 * Compiles and deploys the verifier of a circuit. INSECURE_KEY for a development key on any chain but a local one, and for
 * a key under which proofs can be forged (gamma = delta); CHAIN when the chain refuses.
 */
export async function deployVerifier(
  signer: Signer,
  input: { readonly key: VerificationKey; readonly setup: Setup; readonly circuit: string },
): Promise<Deployment> {
  assertUsableKey(input.key);
  const chainId = await chainIdOf(signer);
  if (input.setup !== 'ceremony' && !LOCAL_CHAINS.has(chainId)) {
    throw new SolvencyError(
      'INSECURE_KEY',
      `The key of ${input.circuit} is a development key: anybody can forge proofs under it. It can be deployed on a ` +
        `local chain only, and chain ${chainId} is none. Use a key from a ceremony.`,
      { details: { circuit: input.circuit, chainId: chainId.toString() } },
    );
  }
  return deploy(signer, compileVerifier(input.key, input.circuit), []);
}

/** Compiles and deploys a gate. CHAIN with the contract's error when the policy can accept no proof (InvalidPolicy). */
export async function deployGate(
  signer: Signer,
  input: { readonly owner: string; readonly policy: GatePolicy },
): Promise<Deployment> {
  return deploy(signer, compileGate(), [input.owner, input.policy]);
}

async function chainIdOf(signer: Signer): Promise<bigint> {
  if (signer.provider === null) {
    throw new SolvencyError('CHAIN', 'The signer is connected to no chain: give it a provider.');
  }
  return (await signer.provider.getNetwork()).chainId;
}

async function deploy(signer: Signer, contract: CompiledContract, args: readonly unknown[]): Promise<Deployment> {
  const factory = new ContractFactory(contract.abi as InterfaceAbi, contract.bytecode, signer);
  try {
    const deployed = await factory.deploy(...args);
    const receipt = await deployed.deploymentTransaction()?.wait();
    if (receipt === null || receipt === undefined) throw new Error('no receipt');
    return { address: await deployed.getAddress(), transactionHash: receipt.hash, gasUsed: receipt.gasUsed };
  } catch (cause) {
    throw chainError(cause, factory.interface, `the deployment of ${contract.name}`);
  }
}
