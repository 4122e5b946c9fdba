import type { Abi, AbiParameter, AbiParametersToPrimitiveTypes } from 'abitype';
import { concat, getAddress, Interface, type InterfaceAbi, type Signer } from 'ethers';
import { SolvencyError } from '../errors.js';
import type { Setup } from '../proof/marginProof.js';
import { assertUsableKey, type VerificationKey } from '../setup/verificationKey.js';
import type { abis } from './abi/index.js';
import { scopeRegistryAbi } from './abi/scopeRegistry.js';
import { chainError } from './chainError.js';
import {
  type CompiledContract,
  type ContractSource,
  compileContracts,
  packageContract,
  verifierContract,
} from './compileContracts.js';
import { connect, type Plain } from './contractClient.js';
import type { GatePolicy } from './gate.js';

/** Chain ids of development nodes: anvil and hardhat, ganache and geth --dev. */
const LOCAL_CHAINS: ReadonlySet<bigint> = new Set([31337n, 1337n]);

/** A contract on a chain. */
export interface Deployment {
  readonly address: string;
  readonly transactionHash: string;
  readonly gasUsed: bigint;
}

/** A circuit with the key whose proofs a contract is to accept. */
export interface VerifierInput {
  readonly key: VerificationKey;
  readonly setup: Setup;
  readonly circuit: string;
}

/** The arguments of a contract's constructor: a struct is an object with the names of its fields. */
type ConstructorArguments<Contract extends Abi> = ArgumentsOfAny<
  Extract<Contract[number], { readonly type: 'constructor' }>
>;
/** A contract that needs no arguments has no constructor in its ABI. */
type ArgumentsOfAny<Constructor extends { readonly inputs: readonly AbiParameter[] }> = [Constructor] extends [never]
  ? readonly []
  : Plain<AbiParametersToPrimitiveTypes<Constructor['inputs'], 'inputs'>>;

/** IRiskOracle.Config */
export type OracleConfig = ConstructorArguments<(typeof abis)['riskOracle']>[0];

/** IReserveAttestations.Config, with circuits in place of the addresses of their verifiers. */
export type AttestationsConfig = Omit<
  ConstructorArguments<(typeof abis)['reserveAttestations']>[0],
  'startVerifier' | 'batchVerifiers' | 'closingVerifiers'
> & {
  readonly start: VerifierInput;
  readonly batches: readonly VerifierInput[];
  readonly closings: readonly VerifierInput[];
};

/** Everything that a gate needs, for one owner. */
export interface SystemConfig {
  /** address that admits gates, allows verifiers and owns the oracle */
  readonly owner: string;
  readonly scope: bigint;
  readonly policy: GatePolicy;
  readonly oracle: Omit<OracleConfig, 'owner'>;
  readonly verifiers: readonly VerifierInput[];
}

/** A gate with all that stands behind it. */
export interface SystemDeployment {
  readonly accountRoots: Deployment;
  readonly riskOracle: Deployment;
  readonly scopeRegistry: Deployment;
  readonly gate: Deployment;
  /** by name of the circuit */
  readonly verifiers: ReadonlyMap<string, Deployment>;
  /** whether the registry has admitted the gate; only its owner can, so not if that is another than the signer */
  readonly isAdmitted: boolean;
}

/**
 * Compiles and deploys the verifier of a circuit. INSECURE_KEY for a development key on any chain but a local one, and for
 * a key under which proofs can be forged (gamma = delta); CHAIN when the chain refuses.
 */
export async function deployVerifier(signer: Signer, input: VerifierInput): Promise<Deployment> {
  await requireSafeKeys(signer, [input]);
  const [contract] = compileContracts([verifierContract(input.key, input.circuit)]);
  return deploy(signer, contract as CompiledContract, []);
}

/** Compiles and deploys a registry for the gates of a scope. INVALID_INPUT for a scope that is no field element. */
export const deployScopeRegistry = (
  signer: Signer,
  { owner, scope }: { readonly owner: string; readonly scope: bigint },
): Promise<Deployment> => deployContract<'scopeRegistry'>(signer, 'ScopeRegistry', [owner, scope]);

/** Compiles and deploys what venues post their account roots to. */
export const deployAccountRoots = (signer: Signer): Promise<Deployment> =>
  deployContract<'accountRoots'>(signer, 'AccountRoots', []);

/** Compiles and deploys a risk oracle. INVALID_INPUT for quorums or an age that cannot be. */
export const deployRiskOracle = (signer: Signer, config: OracleConfig): Promise<Deployment> =>
  deployContract<'riskOracle'>(signer, 'RiskOracle', [config]);

/** Compiles and deploys a check of one instrument's marks by one Chainlink feed. Needs @chainlink/contracts installed. */
export const deployChainlinkMarkCheck = (
  signer: Signer,
  input: {
    readonly instrument: bigint;
    readonly feed: string;
    readonly maxAnswerAge: bigint;
    readonly toleranceBps: bigint;
  },
): Promise<Deployment> =>
  deployContract<'chainlinkMarkCheck'>(signer, 'ChainlinkMarkCheck', [
    input.instrument,
    input.feed,
    input.maxAnswerAge,
    input.toleranceBps,
  ]);

/** Compiles and deploys a gate over sources that are there. INVALID_INPUT when the policy can accept no proof. */
export const deployGate = (
  signer: Signer,
  input: {
    readonly owner: string;
    readonly accountRoots: string;
    readonly riskOracle: string;
    readonly scopeRegistry: string;
    readonly policy: GatePolicy;
  },
): Promise<Deployment> => deployContract<'solvencyGate'>(signer, 'SolvencyGate', gateArguments(input));

/**
 * Compiles and deploys verifiers of a book's circuits and what venues attest in by them. INSECURE_KEY as deployVerifier;
 * INVALID_INPUT when a circuit is not of the kind that its place needs.
 */
export async function deployReserveAttestations(
  signer: Signer,
  { start, batches, closings, ...config }: AttestationsConfig,
): Promise<{ readonly attestations: Deployment; readonly verifiers: ReadonlyMap<string, Deployment> }> {
  const inputs = [start, ...batches, ...closings];
  await requireSafeKeys(signer, inputs);
  const [contract, ...contracts] = compileContracts([
    packageContract('ReserveAttestations.sol'),
    ...verifierContracts(inputs),
  ]);
  const verifiers = await deployVerifiers(signer, inputs, contracts);
  const addressOf = ({ circuit }: VerifierInput): string => verifiers.get(circuit)?.address ?? '';
  const args: ConstructorArguments<(typeof abis)['reserveAttestations']> = [
    {
      ...config,
      startVerifier: addressOf(start),
      batchVerifiers: batches.map(addressOf),
      closingVerifiers: closings.map(addressOf),
    },
  ];
  return { attestations: await deploy(signer, contract as CompiledContract, args), verifiers };
}

/**
 * Deploys a gate with its own oracle, account roots, registry and verifiers, and has the registry admit it where the signer
 * is the owner. Nothing is deployed when a key is refused (INSECURE_KEY, as deployVerifier). Afterwards venues register, and
 * the owner allows verifiers for them.
 */
export async function deploySystem(signer: Signer, config: SystemConfig): Promise<SystemDeployment> {
  const { owner, scope, policy } = config;
  await requireSafeKeys(signer, config.verifiers);
  const names = ['AccountRoots', 'RiskOracle', 'ScopeRegistry', 'SolvencyGate'];
  const [roots, oracle, registry, gate, ...contracts] = compileContracts([
    ...names.map((name) => packageContract(`${name}.sol`)),
    ...verifierContracts(config.verifiers),
  ]) as [CompiledContract, CompiledContract, CompiledContract, CompiledContract, ...CompiledContract[]];
  const accountRoots = await deploy(signer, roots, []);
  const riskOracle = await deploy(signer, oracle, [{ ...config.oracle, owner }]);
  const scopeRegistry = await deploy(signer, registry, [owner, scope]);
  const addresses = {
    owner,
    accountRoots: accountRoots.address,
    riskOracle: riskOracle.address,
    scopeRegistry: scopeRegistry.address,
  };
  const deployedGate = await deploy(signer, gate, gateArguments({ ...addresses, policy }));
  const isAdmitted = (await signer.getAddress()) === getAddress(owner);
  if (isAdmitted) {
    await connect(scopeRegistryAbi, scopeRegistry.address, signer).send('admit', [deployedGate.address, true]);
  }
  const verifiers = await deployVerifiers(signer, config.verifiers, contracts);
  return { accountRoots, riskOracle, scopeRegistry, gate: deployedGate, verifiers, isAdmitted };
}

const gateArguments = ({
  owner,
  accountRoots,
  riskOracle,
  scopeRegistry,
  policy,
}: Parameters<typeof deployGate>[1]): ConstructorArguments<(typeof abis)['solvencyGate']> => [
  owner,
  accountRoots,
  riskOracle,
  scopeRegistry,
  policy,
];

/**
 * Whoever knows the secrets behind a key forges proofs under it, so nothing that accepts such proofs goes to a chain with
 * money on it.
 */
async function requireSafeKeys(signer: Signer, inputs: readonly VerifierInput[]): Promise<void> {
  if (signer.provider === null) {
    throw new SolvencyError('CHAIN', 'The signer is connected to no chain: give it a provider.');
  }
  const { chainId } = await signer.provider.getNetwork();
  for (const [index, { key, setup, circuit }] of inputs.entries()) {
    assertUsableKey(key);
    if (setup !== 'ceremony' && !LOCAL_CHAINS.has(chainId)) {
      throw new SolvencyError(
        'INSECURE_KEY',
        `The key of ${circuit} is a development key: anybody can forge proofs under it. It can be deployed on a ` +
          `local chain only, and chain ${chainId} is none. Use a key from a ceremony.`,
        { details: { circuit, chainId: chainId.toString() } },
      );
    }
    if (inputs.findIndex((other) => other.circuit === circuit) !== index) {
      throw new SolvencyError('DUPLICATE', `The circuit ${circuit} is named twice. Name it once.`, {
        details: { circuit },
      });
    }
  }
}

const verifierContracts = (inputs: readonly VerifierInput[]): readonly ContractSource[] =>
  inputs.map(({ key, circuit }) => verifierContract(key, circuit));

async function deployVerifiers(
  signer: Signer,
  inputs: readonly VerifierInput[],
  contracts: readonly CompiledContract[],
): Promise<ReadonlyMap<string, Deployment>> {
  const deployed = new Map<string, Deployment>();
  for (const [index, { circuit }] of inputs.entries()) {
    deployed.set(circuit, await deploy(signer, contracts[index] as CompiledContract, []));
  }
  return deployed;
}

function deployContract<Name extends keyof typeof abis>(
  signer: Signer,
  name: string,
  args: ConstructorArguments<(typeof abis)[Name]>,
): Promise<Deployment> {
  const [contract] = compileContracts([packageContract(`${name}.sol`)]);
  return deploy(signer, contract as CompiledContract, args as readonly unknown[]);
}

async function deploy(signer: Signer, contract: CompiledContract, args: readonly unknown[]): Promise<Deployment> {
  const what = `the deployment of ${contract.name}`;
  try {
    const encoded = new Interface(contract.abi as InterfaceAbi).encodeDeploy(args);
    const transaction = await signer.sendTransaction({ data: concat([contract.bytecode, encoded]) });
    const receipt = await transaction.wait();
    if (receipt === null || receipt.contractAddress === null) {
      throw new SolvencyError('CHAIN', `There is no receipt for ${what}.`);
    }
    return { address: receipt.contractAddress, transactionHash: receipt.hash, gasUsed: receipt.gasUsed };
  } catch (cause) {
    throw chainError(cause, what);
  }
}
