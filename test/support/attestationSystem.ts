import {
  ContractFactory,
  Interface,
  type InterfaceAbi,
  isCallException,
  type TransactionReceipt,
  Wallet,
} from 'ethers';
import { startAnvil } from '../../scripts/support/anvil.js';
import { compileVerifier } from '../../src/chain/compileContracts.js';
import { type ChainEntry, entryCalldata, proofLeaf, proofTree } from '../../src/chain/proofTree.js';
import { type SnapshotPost, signSnapshot, signTables } from '../../src/chain/riskOracleMessages.js';
import type { ProofPoints } from '../../src/proof/marginProof.js';
import { LIABILITIES_SIGNALS } from '../../src/protocol/constants.js';
import { R } from './bn254.js';
import { compiled } from './contracts.js';
import { type FreeSignals, freeSignals } from './freeSignals.js';
import { Refusal } from './gateSystem.js';

/** the time of the chain when a test begins */
export const NOW = 2_000_000_000n;
/** odd, so that halves differ */
export const BOND = 1_000_001n;
export const FEE = 101n;
export const CHALLENGE_WINDOW = 3600n;
export const ANSWER_WINDOW = 600n;
export const RISK_ROOT = 2001n;
export const OTHER_RISK_ROOT = 2002n;
export const TABLE = 3001n;
export const STATEMENT = 5001n;
export const FIRST_STATE = 6001n;
export const LAST_STATE = 6999n;
export const NOWHERE = '0x000000000000000000000000000000000000dEaD';

export const STATES = ['None', 'Open', 'Pending', 'Final', 'Revoked'] as const;
export type State = (typeof STATES)[number];
export const FAULTS = [
  'None',
  'Verifier',
  'SignalCount',
  'SignalRange',
  'Statement',
  'FirstState',
  'LastState',
  'AccountRoot',
  'RiskRoot',
  'Table',
  'Chain',
  'Proof',
  'Missing',
  'Retracted',
  'RiskRootRevoked',
] as const;
export type Fault = (typeof FAULTS)[number];

type ClosingKind = 'opening' | 'coverage';
type Role = 'start' | 'batch' | ClosingKind;

export interface Header {
  readonly accountRoot: bigint;
  readonly riskRoot: bigint;
  readonly statement: bigint;
  readonly firstState: bigint;
  readonly lastState: bigint;
  readonly count: number;
  readonly bundleHash: string;
  readonly proofsRoot: string;
}

/** What is not as in an honest chain. By position where it is about one entry. */
export interface Changes {
  readonly header?: Partial<Header>;
  /** signals by name, which are then proven */
  readonly signals?: Readonly<Record<number, Readonly<Record<string, bigint>>>>;
  /** done to an entry after it was proven */
  readonly entries?: Readonly<Record<number, (entry: ChainEntry) => ChainEntry>>;
  readonly leaves?: Readonly<Record<number, string>>;
  readonly closing?: ClosingKind;
}

/** An attestation with all that belongs to it. */
export interface Chain {
  readonly header: Header;
  readonly entries: readonly ChainEntry[];
  /** entry and path at a position, as the contract takes them */
  at(position: number): readonly [unknown, readonly string[]];
}

export type AttestationSystem = Awaited<ReturnType<typeof attestationSystem>>;

/** Attestations with a real oracle and real verifiers on a chain of their own; one risk root with one table is posted. */
export async function attestationSystem() {
  const [start, batch, opening, coverage, chain] = await Promise.all([
    freeSignals(LIABILITIES_SIGNALS.start.length),
    freeSignals(LIABILITIES_SIGNALS.batch.length),
    freeSignals(LIABILITIES_SIGNALS.opening.length),
    freeSignals(LIABILITIES_SIGNALS.coverage.length),
    startAnvil(),
  ]);
  const keys: Readonly<Record<Role, FreeSignals>> = { start, batch, opening, coverage };
  const [owner, venue, challenger, other, guardian, stranger] = chain.signers.map(({ address }) => address) as [
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const signer = new Wallet(`0x${'11'.repeat(32)}`);
  const reviewer = new Wallet(`0x${'22'.repeat(32)}`);
  const contract = compiled('ReserveAttestations');
  const abis = [
    contract.abi,
    compileVerifier(batch.key, batch.circuit).abi,
    compiled('RiskOracle').abi,
    compiled('PaidAgent').abi,
    compiled('FalseProofsHarness').abi,
  ];
  const entries = new Map(abis.flat().map((entry) => [JSON.stringify(entry), entry]));
  const everything = new Interface([...entries.values()].filter(({ type }) => type !== 'constructor') as InterfaceAbi);

  const rpc = <T>(method: string, ...parameters: unknown[]): Promise<T> => chain.provider.send(method, parameters);
  const time = async (): Promise<bigint> =>
    BigInt((await rpc<{ timestamp: string }>('eth_getBlockByNumber', 'latest', false)).timestamp);
  const next = (moment: bigint): Promise<unknown> => rpc('evm_setNextBlockTimestamp', Number(moment));
  const at = async (moment: bigint): Promise<void> => {
    await next(moment);
    await rpc('evm_mine');
  };
  const balance = async (account: string): Promise<bigint> =>
    BigInt(await rpc<string>('eth_getBalance', account, 'latest'));

  const hex = (value: bigint): string => `0x${value.toString(16)}`;
  const request = (from: string, to: string, data: string, value: bigint, gas: bigint) => ({
    from,
    to,
    data,
    value: hex(value),
    gas: hex(gas),
  });

  /** A call in the last block, or the name of the error in a Refusal; empty for an error without a name. */
  async function ethCall(call: object): Promise<string> {
    try {
      return await rpc<string>('eth_call', call, 'latest');
    } catch (cause) {
      if (!isCallException(cause)) throw cause;
      const data = cause.data ?? '0x';
      throw new Refusal(data === '0x' ? '' : (everything.parseError(data)?.name ?? data), cause);
    }
  }

  /** The node mines at once, but answers before it has. */
  async function receiptOf(hash: string): Promise<TransactionReceipt> {
    for (let waited = 0; waited < 30_000; waited += 5) {
      const receipt = await chain.provider.getTransactionReceipt(hash);
      if (receipt !== null) return receipt;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    throw new Error('no receipt');
  }

  async function transact(call: { from: string; to?: string; data: string }): Promise<TransactionReceipt> {
    const hash = await rpc<string>('eth_sendTransaction', call);
    const receipt = await receiptOf(hash);
    if (receipt.status === 1) return receipt;
    await ethCall(call);
    throw new Error('the transaction failed, and a call in the block after it does not');
  }

  async function deployCode(bytecode: string, abi: InterfaceAbi, ...parameters: unknown[]): Promise<string> {
    const { data } = await new ContractFactory(abi, bytecode).getDeployTransaction(...parameters);
    const receipt = await transact({ from: owner, data, gas: hex(16_000_000n) } as never);
    return receipt.contractAddress as string;
  }
  const deploy = (name: string, ...parameters: unknown[]): Promise<string> => {
    const { abi, bytecode } = compiled(name);
    return deployCode(bytecode, abi as InterfaceAbi, ...parameters);
  };
  const deployVerifier = ({ key, circuit }: FreeSignals): Promise<string> => {
    const { abi, bytecode } = compileVerifier(key, circuit);
    return deployCode(bytecode, abi as InterfaceAbi);
  };

  const verifiers: Readonly<Record<Role | 'otherBatch', string>> = {
    start: await deployVerifier(start),
    batch: await deployVerifier(batch),
    otherBatch: await deployVerifier(batch),
    opening: await deployVerifier(opening),
    coverage: await deployVerifier(coverage),
  };
  const oracle = await deploy('RiskOracle', {
    owner,
    guardian,
    signers: [signer.address],
    threshold: 1,
    reviewers: [reviewer.address],
    reviewThreshold: 1,
    maxAge: 2n ** 32n,
    maxJumpBps: 1_000n,
  });
  const config = {
    riskOracle: oracle,
    bond: BOND,
    demandFee: FEE,
    challengeWindow: CHALLENGE_WINDOW,
    answerWindow: ANSWER_WINDOW,
    startVerifier: verifiers.start,
    batchVerifiers: [verifiers.batch, verifiers.otherBatch],
    closingVerifiers: [verifiers.opening, verifiers.coverage],
  };
  const address = await deploy('ReserveAttestations', config);

  const encode = (method: string, parameters: readonly unknown[]): string =>
    everything.encodeFunctionData(method, parameters);
  interface Options {
    readonly value?: bigint;
    readonly gas?: bigint;
    readonly to?: string;
  }
  const requestOf = (from: string, method: string, parameters: readonly unknown[], options: Options) =>
    request(from, options.to ?? address, encode(method, parameters), options.value ?? 0n, options.gas ?? 8_000_000n);
  /** A transaction, which has to succeed; a Refusal else. */
  const send = (from: string, method: string, parameters: readonly unknown[], options: Options = {}) =>
    transact(requestOf(from, method, parameters, options));
  /** The same as a call that changes nothing, in the last block. */
  const call = async (from: string, method: string, parameters: readonly unknown[], options: Options = {}) => {
    const result = await ethCall(requestOf(from, method, parameters, options));
    return everything.decodeFunctionResult(method, result);
  };
  /** What a view returns. */
  const read = async <T>(method: string, ...parameters: unknown[]): Promise<T> =>
    (await call(owner, method, parameters))[0] as T;
  const readFrom = async (to: string, method: string, ...parameters: unknown[]): Promise<readonly unknown[]> =>
    (await call(owner, method, parameters, { to })).toArray();
  const events = (receipt: TransactionReceipt) => receipt.logs.flatMap((log) => everything.parseLog(log) ?? []);

  async function postRisk(root: bigint, moment: bigint, tables: readonly bigint[]): Promise<void> {
    const domain = { chainId: chain.chainId, oracle };
    const marks = [{ instrument: 1, price: 10n ** 8n }];
    const post: SnapshotPost = { root, time: moment, modelHash: 77n, dataHash: `0x${'cd'.repeat(32)}`, marks };
    const signatures = [await signSnapshot([signer], domain, post), await signSnapshot([reviewer], domain, post)];
    await send(owner, 'post', [post, ...signatures], { to: oracle });
    await approveTables(root, tables);
  }
  async function approveTables(root: bigint, tableHashes: readonly bigint[]): Promise<void> {
    const domain = { chainId: chain.chainId, oracle };
    const signatures = await signTables([signer], domain, { root, tableHashes });
    await send(owner, 'approveTables', [root, tableHashes, signatures], { to: oracle });
  }

  const proven = new Map<string, Promise<ProofPoints>>();
  function prove(role: Role, signals: readonly bigint[]): Promise<ProofPoints> {
    const name = `${role} ${signals.join(' ')}`;
    const known = proven.get(name) ?? keys[role].prove(signals);
    proven.set(name, known);
    return known;
  }
  async function entryOf(role: Role, values: Readonly<Record<string, bigint>>): Promise<ChainEntry> {
    const signals = LIABILITIES_SIGNALS[role].map((name) => values[name] ?? 0n);
    const proof = await prove(role, signals);
    return { verifier: verifiers[role], proof, signals };
  }

  /** A chain of so many batches that is as it has to be, but for the changes. */
  async function bundle(count: number, accountRoot: bigint, changes: Changes = {}): Promise<Chain> {
    const stateAt = (i: number): bigint => (i === count ? LAST_STATE : FIRST_STATE + BigInt(i));
    const changed = (position: number, values: Record<string, bigint>) => ({
      ...values,
      ...changes.signals?.[position],
    });
    const statement = STATEMENT;
    const shared = { statement, firstState: FIRST_STATE, lastState: LAST_STATE };
    const honest: ChainEntry[] = [];
    for (let i = 0; i < count; i++) {
      const states = { stateBefore: stateAt(i), stateAfter: stateAt(i + 1) };
      honest.push(
        await entryOf('batch', changed(i, { ...states, statement, tableHash: TABLE, firstIndex: 64n * BigInt(i) })),
      );
    }
    honest.push(await entryOf('start', changed(count, shared)));
    const closing = { ...shared, accountRoot, riskRoot: RISK_ROOT };
    honest.push(await entryOf(changes.closing ?? 'coverage', changed(count + 1, closing)));
    const shown = honest.map((entry, i) => changes.entries?.[i]?.(entry) ?? entry);
    const tree = proofTree(shown.map((entry, i) => changes.leaves?.[i] ?? proofLeaf(entry)));
    const header: Header = {
      accountRoot,
      riskRoot: RISK_ROOT,
      ...shared,
      count,
      bundleHash: hash32(accountRoot),
      proofsRoot: tree.root,
      ...changes.header,
    };
    return {
      header,
      entries: shown,
      at: (position) => [entryCalldata(shown[position] as ChainEntry), tree.path(position)],
    };
  }

  await at(NOW - 1000n);
  await postRisk(RISK_ROOT, NOW - 2000n, [TABLE]);
  await postRisk(OTHER_RISK_ROOT, NOW - 1900n, [TABLE]);
  await at(NOW);

  return {
    chain,
    owner,
    venue,
    challenger,
    other,
    guardian,
    stranger,
    address,
    oracle,
    config,
    verifiers,
    keys,
    deploy,
    deployCode,
    rpc,
    time,
    next,
    at,
    balance,
    encode,
    ethCall,
    approveTables,
    send,
    call,
    read,
    readFrom,
    parseError: (data: string): readonly unknown[] => everything.parseError(data)?.args.toArray() ?? [],
    events,
    prove,
    bundle,
    idOf: (header: Header, from = venue): Promise<string> => read('idOf', from, header.accountRoot, header.bundleHash),
    stateOf: async (id: string): Promise<State> => STATES[Number(await read<bigint>('stateOf', id))] as State,
    snapshot: () => rpc<string>('evm_snapshot'),
    revert: (id: string) => rpc('evm_revert', id),
    stop: () => chain.stop(),
  };
}

export const hash32 = (value: bigint): string => `0x${value.toString(16).padStart(64, '0')}`;

/** Another name of the same residue. */
export const plusOrder = (signals: readonly bigint[], index: number): readonly bigint[] =>
  signals.map((signal, i) => (i === index ? signal + R : signal));
