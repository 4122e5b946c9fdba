import {
  type Contract,
  ContractFactory,
  Interface,
  type InterfaceAbi,
  isCallException,
  type JsonRpcSigner,
  toBeHex,
  Wallet,
} from 'ethers';
import { expect } from 'vitest';
import { startAnvil } from '../../scripts/support/anvil.js';
import { type SnapshotPost, signSnapshot } from '../../src/chain/riskOracleMessages.js';
import { compiled } from './contracts.js';
import { executionGas } from './gas.js';

/** the time of the chain when a test begins, and of the next transaction */
export const NOW = 2_000_000_000n;
export const MAX_AGE = 3600n;
/** five per cent */
export const MAX_JUMP_BPS = 500n;
export const MODEL = 77n;
/** marks of 100 and 2 quote */
export const MARKS = [
  { instrument: 3, price: 10_000_000_000n },
  { instrument: 8, price: 200_000_000n },
] as const;
/** a snapshot as a test posts it, if it says nothing else */
export const FIRST: SnapshotPost = {
  root: 1001n,
  time: NOW - 100n,
  modelHash: MODEL,
  dataHash: `0x${'da'.repeat(32)}`,
  marks: MARKS,
};

/** Wallets in the order of their addresses, as the contract takes their signatures. */
const wallets = (count: number, first: number): readonly Wallet[] =>
  Array.from({ length: count }, (_, i) => new Wallet(toBeHex(first + i, 32))).sort((a, b) =>
    BigInt(a.address) < BigInt(b.address) ? -1 : 1,
  );

/** Five signers of whom it takes three, and three reviewers of whom it takes two. */
export const SIGNERS = wallets(5, 1001);
export const THRESHOLD = 3;
export const REVIEWERS = wallets(3, 2001);
export const REVIEW_THRESHOLD = 2;
export const addresses = (of: readonly Wallet[]): readonly string[] => of.map(({ address }) => address);

export type Call = readonly [method: string, ...parameters: unknown[]];
export type OracleSystem = Awaited<ReturnType<typeof oracleSystem>>;

/** A risk oracle on a chain of its own, whose blocks are a second apart however long a test takes. */
export async function oracleSystem() {
  const chain = await startAnvil();
  const rpc = (method: string, ...parameters: unknown[]) => chain.provider.send(method, parameters);
  await rpc('anvil_setBlockTimestampInterval', 1);
  const [owner, guardian, stranger] = chain.signers as [JsonRpcSigner, JsonRpcSigner, JsonRpcSigner];
  const errors = new Interface(
    ['RiskOracle', 'ChainlinkMarkCheck'].flatMap((name) =>
      compiled(name).abi.filter(({ type }) => type === 'error'),
    ) as InterfaceAbi,
  );
  const config = {
    owner: owner.address,
    maxAge: MAX_AGE,
    maxJumpBps: MAX_JUMP_BPS,
    guardian: guardian.address,
    signers: addresses(SIGNERS),
    threshold: THRESHOLD,
    reviewers: addresses(REVIEWERS),
    reviewThreshold: REVIEW_THRESHOLD,
  };

  /** What a call reverted with: the error's name and arguments; nothing if it passed. */
  const errorOf = async (call: Promise<unknown>): Promise<readonly unknown[] | undefined> => {
    try {
      await call;
      return undefined;
    } catch (cause) {
      if (!isCallException(cause)) throw cause;
      const error = errors.parseError(cause.data ?? '0x');
      return [error?.name ?? cause.data, ...(error?.args ?? [])];
    }
  };

  const factory = (name: string): ContractFactory => {
    const { abi, bytecode } = compiled(name);
    return new ContractFactory(abi as InterfaceAbi, bytecode, owner);
  };
  const deploy = async (name: string, ...parameters: unknown[]): Promise<Contract> =>
    (await (await factory(name).deploy(...parameters)).waitForDeployment()) as Contract;

  /** The constructor reverts with this error and these arguments. */
  const refusesDeployment = async (name: string, parameters: readonly unknown[], ...error: readonly unknown[]) => {
    const creation = await factory(name).getDeployTransaction(...parameters);
    expect(await errorOf(chain.provider.call(creation))).toEqual(error);
  };

  const oracle = await deploy('RiskOracle', config);
  const domain = { chainId: chain.chainId, oracle: oracle.target as string };
  const as = (sender: JsonRpcSigner, contract: Contract) => contract.connect(sender) as Contract;

  /** Sends a transaction, to the oracle if nothing else is said, and returns what it emitted and what it cost to run. */
  async function send(sender: JsonRpcSigner, [method, ...parameters]: Call, contract = oracle) {
    const response = await as(sender, contract).getFunction(method)(...parameters, { gasLimit: 5_000_000n });
    const receipt = await response.wait();
    const logs = receipt.logs as { topics: string[]; data: string }[];
    const events = logs
      .map((log) => contract.interface.parseLog(log))
      .map((event) => [event?.name, ...(event?.args ?? [])]);
    return { events, gas: () => executionGas(receipt, response.data as string) };
  }

  /** A call of the oracle is refused with this error and these arguments. */
  async function refuses(sender: JsonRpcSigner, [method, ...parameters]: Call, ...error: readonly unknown[]) {
    expect(
      await errorOf(
        as(sender, oracle)
          .getFunction(method)
          .staticCall(...parameters),
      ),
    ).toEqual(error);
  }

  /** The call that posts `FIRST` with changes, signed by just enough signers and by no reviewer, or by whom it says. */
  async function posting(
    change: Partial<SnapshotPost> = {},
    by: { readonly signers?: readonly Wallet[]; readonly reviewers?: readonly Wallet[] } = {},
  ): Promise<Call> {
    const post = { ...FIRST, ...change };
    const signatures = await signSnapshot(by.signers ?? SIGNERS.slice(0, THRESHOLD), domain, post);
    return ['post', post, signatures, await signSnapshot(by.reviewers ?? [], domain, post)];
  }

  /** The next transaction is in a block of that time. */
  const next = (time: bigint): Promise<unknown> => rpc('evm_setNextBlockTimestamp', Number(time));
  /** Mines a block at that time, so that calls see it; the next transaction is a second later. */
  const at = async (time: bigint): Promise<void> => {
    await next(time);
    await rpc('evm_mine');
  };

  return {
    chain,
    owner,
    guardian,
    stranger,
    config,
    oracle,
    domain,
    deploy,
    refusesDeployment,
    send,
    refuses,
    posting,
    reviewed: (change: Partial<SnapshotPost> = {}) =>
      posting(change, { reviewers: REVIEWERS.slice(0, REVIEW_THRESHOLD) }),
    errorOf,
    next,
    at,
    /** Reads from the oracle; structs and lists come as lists. */
    read: async (method: string, ...parameters: unknown[]) => {
      const result = await oracle.getFunction(method)(...parameters);
      return typeof result === 'object' ? result.toArray(true) : result;
    },
    snapshot: (): Promise<string> => rpc('evm_snapshot'),
    revert: (id: string): Promise<unknown> => rpc('evm_revert', id),
    stop: () => chain.stop(),
  };
}
