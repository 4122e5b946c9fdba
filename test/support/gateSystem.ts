import {
  type Contract,
  ContractFactory,
  type ContractRunner,
  Interface,
  type InterfaceAbi,
  isCallException,
  type JsonRpcSigner,
  type LogDescription,
  type TransactionReceipt,
  Wallet,
  ZeroAddress,
  ZeroHash,
} from 'ethers';
import { startAnvil } from '../../scripts/support/anvil.js';
import { compileVerifier } from '../../src/chain/compileContracts.js';
import { contextOf } from '../../src/chain/context.js';
import { proofCalldata } from '../../src/chain/proofCalldata.js';
import { type SnapshotPost, signSnapshot } from '../../src/chain/riskOracleMessages.js';
import type { ProofPoints } from '../../src/proof/marginProof.js';
import { signalList } from '../../src/proof/marginProof.js';
import { compiled } from './contracts.js';
import { freeSignals } from './freeSignals.js';

export const MODEL = 77n;
export const SCOPE = 9n;
export const POLICY = {
  minThresholdBps: 12_000n,
  minEquityFloor: 10n ** 20n,
  maxAge: 7200n,
  maxRootGap: 600n,
  riskGrace: 60n,
  callPeriod: 1800n,
};
export type GatePolicy = typeof POLICY;
export const ORACLE_MAX_AGE = 3600n;
export const VENUE_MAX_AGE = 5400n;
/** the time of the chain when a test begins; roots are a little older */
export const NOW = 2_000_000_000n;
export const ACCOUNT_ROOT = 1001n;
export const RISK_ROOT = 2001n;
export const ACCOUNT_TIME = NOW - 100n;
export const RISK_TIME = NOW - 50n;

/** What a proof states, where it is not what the gate accepts from Alice. */
export interface Statement {
  readonly subject?: string;
  readonly venue?: string;
  readonly consumer?: string;
  readonly chainId?: bigint;
  readonly gate?: string;
  readonly actionHash?: string;
  readonly deadline?: bigint;
  readonly accountRoot?: bigint;
  readonly riskRoot?: bigint;
  readonly thresholdBps?: bigint;
  readonly equityFloor?: bigint;
  readonly nullifier?: bigint;
  readonly scope?: bigint;
}

export interface Submission {
  readonly subject: string;
  readonly deadline: bigint;
  readonly venue: string;
  readonly verifier: string;
  /** in the order of the contracts */
  readonly proof: ProofPoints;
  readonly publicSignals: readonly bigint[];
  readonly actionHash: string;
}

/** A refusal: the name of the contract's error, empty if there was none. */
export class Refusal extends Error {
  constructor(
    readonly error: string,
    cause: unknown,
  ) {
    super(`refused: ${error}`, { cause });
  }
}

export type GateSystem = Awaited<ReturnType<typeof gateSystem>>;

const CONTRACTS = ['SolvencyGate', 'ScopeRegistry', 'RiskOracle', 'AccountRoots'] as const;

/** A gate with everything that stands behind it on a chain of its own, one account root and one risk root posted. */
export async function gateSystem() {
  const [keys, chain] = await Promise.all([freeSignals(7), startAnvil()]);
  const [owner, venue, alice, bob, guardian, ...others] = chain.signers as JsonRpcSigner[];
  if (!owner || !venue || !alice || !bob || !guardian) throw new Error('the chain has no accounts');
  const signer = new Wallet(`0x${'11'.repeat(32)}`);
  const reviewer = new Wallet(`0x${'22'.repeat(32)}`);
  const verifierContract = compileVerifier(keys.key, keys.circuit);
  const abis = [...CONTRACTS.map((name) => compiled(name).abi), verifierContract.abi];
  const entries = new Map(abis.flat().map((entry) => [JSON.stringify(entry), entry]));
  const everything = new Interface([...entries.values()].filter(({ type }) => type !== 'constructor') as InterfaceAbi);

  const rpc = (method: string, ...parameters: unknown[]): Promise<unknown> => chain.provider.send(method, parameters);

  const refusal = (cause: unknown): unknown => {
    if (!isCallException(cause)) return cause;
    const data = cause.data ?? '0x';
    return new Refusal(data === '0x' ? '' : (everything.parseError(data)?.name ?? data), cause);
  };

  /** A transaction; a call first, since only that tells why it would be refused. */
  async function send(contract: Contract, method: string, ...parameters: unknown[]): Promise<TransactionReceipt> {
    const last = parameters.at(-1);
    const hasOverrides = typeof last === 'object' && last !== null && 'gasLimit' in last;
    const overrides = hasOverrides ? (parameters.pop() as object) : { gasLimit: 8_000_000n };
    const call = contract.getFunction(method);
    try {
      await call.staticCall(...parameters, overrides);
      const receipt = await (await call.send(...parameters, overrides)).wait();
      if (receipt === null) throw new Error('no receipt');
      return receipt;
    } catch (cause) {
      throw refusal(cause);
    }
  }

  async function deploy(name: string, ...parameters: unknown[]): Promise<Contract> {
    const { abi, bytecode } = compiled(name);
    const factory = new ContractFactory(abi as InterfaceAbi, bytecode, owner as ContractRunner);
    try {
      await chain.provider.call({
        ...(await factory.getDeployTransaction(...parameters)),
        from: owner?.address ?? null,
      });
      const contract = await factory.deploy(...parameters);
      await contract.waitForDeployment();
      return contract as Contract;
    } catch (cause) {
      throw refusal(cause);
    }
  }

  const time = async (): Promise<bigint> => BigInt((await chain.provider.getBlock('latest'))?.timestamp ?? 0);
  /** The next transaction is in a block of that time. */
  const next = (at: bigint): Promise<unknown> => rpc('evm_setNextBlockTimestamp', Number(at));
  /** Mines a block at that time, so that calls see it; the next transaction is at least a second later. */
  const at = async (moment: bigint): Promise<void> => {
    await next(moment);
    await rpc('evm_mine');
  };

  const verifierFactory = new ContractFactory(verifierContract.abi as InterfaceAbi, verifierContract.bytecode, owner);
  const verifier = (await (await verifierFactory.deploy()).waitForDeployment()) as Contract;
  const otherVerifier = await (await (await verifierFactory.deploy()).waitForDeployment()).getAddress();
  const oracle = await deploy('RiskOracle', {
    owner: owner.address,
    guardian: guardian.address,
    signers: [signer.address],
    threshold: 1,
    reviewers: [reviewer.address],
    reviewThreshold: 1,
    maxAge: ORACLE_MAX_AGE,
    maxJumpBps: 1_000n,
  });
  const accountRoots = await deploy('AccountRoots');
  const registry = await deploy('ScopeRegistry', owner.address, SCOPE);
  const sources = [await accountRoots.getAddress(), await oracle.getAddress(), await registry.getAddress()];
  const deployGate = (policy: GatePolicy): Promise<Contract> =>
    deploy('SolvencyGate', owner.address, ...sources, policy);
  const gate = await deployGate(POLICY);
  const register = (as: JsonRpcSigner, maxAge: bigint) =>
    send(accountRoots.connect(as) as Contract, 'register', ZeroAddress, maxAge, ZeroAddress);
  await register(venue, VENUE_MAX_AGE);
  await send(registry, 'admit', gate.target, true);
  await send(gate, 'allow', verifier.target, MODEL, venue.address, true);

  const rootsAsVenue = accountRoots.connect(venue) as Contract;
  const postAccount = (root: bigint, rootTime: bigint) =>
    send(rootsAsVenue, 'post', venue.address, root, rootTime, `0x${'ab'.repeat(32)}`);
  const postRisk = async (root: bigint, rootTime: bigint, modelHash = MODEL) => {
    const post: SnapshotPost = { root, time: rootTime, modelHash, dataHash: `0x${'cd'.repeat(32)}`, marks: [] };
    const domain = { chainId: chain.chainId, oracle: oracle.target as string };
    const signatures = await signSnapshot([signer], domain, post);
    const reviews = await signSnapshot([reviewer], domain, post);
    return send(oracle, 'post', post, signatures, reviews);
  };
  let spare = 1_000_000n;
  /** Goes to a time, with roots posted on the way so that no source falls silent, or one source only. */
  async function keepUp(until: bigint, only?: 'account' | 'risk'): Promise<void> {
    for (let now = await time(); now < until; ) {
      now = now + 1500n < until ? now + 1500n : until;
      if (now === until) {
        await at(until);
      } else {
        await at(now - 10n);
        if (only !== 'risk') await postAccount(spare++, now - 20n);
        if (only !== 'account') await postRisk(spare++, now - 20n);
      }
    }
  }

  async function submission(statement: Statement = {}): Promise<Submission> {
    const gateAddress = statement.gate ?? (gate.target as string);
    const subject = statement.subject ?? alice?.address ?? '';
    const actionHash = statement.actionHash ?? ZeroHash;
    const deadline = statement.deadline ?? NOW + 10_000n;
    const context = contextOf({
      chainId: statement.chainId ?? chain.chainId,
      gate: gateAddress,
      consumer: statement.consumer ?? gateAddress,
      subject,
      actionHash,
      deadline,
    });
    const publicSignals = signalList({
      accountRoot: statement.accountRoot ?? ACCOUNT_ROOT,
      riskRoot: statement.riskRoot ?? RISK_ROOT,
      thresholdBps: statement.thresholdBps ?? POLICY.minThresholdBps,
      equityFloor: statement.equityFloor ?? POLICY.minEquityFloor,
      nullifier: statement.nullifier ?? 5n,
      scope: statement.scope ?? SCOPE,
      context,
    });
    const proof = proofCalldata(await keys.prove(publicSignals));
    const { target } = verifier;
    return {
      subject,
      deadline,
      venue: statement.venue ?? venue?.address ?? '',
      verifier: target as string,
      proof,
      publicSignals,
      actionHash,
    };
  }

  // blocks by the test's clock alone: on a slow machine the one on the wall would run past the times that tests set
  await rpc('anvil_setBlockTimestampInterval', 1);
  await at(NOW - 10n);
  await postAccount(ACCOUNT_ROOT, ACCOUNT_TIME);
  await postRisk(RISK_ROOT, RISK_TIME);

  return {
    chain,
    owner,
    venue,
    alice,
    bob,
    others,
    gate,
    oracle,
    accountRoots,
    registry,
    verifier,
    otherVerifier,
    deploy,
    deployGate,
    gateAs: (as: JsonRpcSigner) => gate.connect(as) as Contract,
    /** another gate over the same sources, which the registry has yet to admit */
    secondGate: async () => {
      const second = await deployGate(POLICY);
      await send(second, 'allow', verifier.target, MODEL, venue.address, true);
      return second;
    },
    send,
    parse: (log: { topics: readonly string[]; data: string }): LogDescription | null => everything.parseLog(log),
    time,
    at,
    next,
    keepUp,
    register,
    postAccount,
    postRisk,
    revokeAccount: (root: bigint) => send(rootsAsVenue, 'revoke', venue.address, root),
    revokeRisk: (root: bigint) => send(oracle, 'revoke', root),
    pause: () => send(oracle.connect(guardian) as Contract, 'pause'),
    unpause: () => send(oracle, 'unpause'),
    submission,
    snapshot: () => rpc('evm_snapshot') as Promise<string>,
    revert: (id: string) => rpc('evm_revert', id),
    stop: () => chain.stop(),
  };
}
