import { type BaseContract, type Contract, id, isCallException, type JsonRpcSigner } from 'ethers';
import type { Statement, Submission } from '../../support/gateSystem.js';
import { eth, type LenderSystem, lenderSystem, usd } from '../../support/lenderSystem.js';

/** One of the four functions by which a proof comes in on a chain. */
export interface Caller {
  readonly name: 'submit' | 'submitMany' | 'useProof' | 'borrowProven';
  /** An honest submission, with a good proof, but for what is told otherwise. */
  submission(statement?: Statement): Promise<Submission>;
  /** Whom it is sent by. */
  readonly sender: JsonRpcSigner;
  /** Sends a submission, for good. */
  send(submission: Submission, options?: SendOptions): Promise<unknown>;
  /** What a call with it would say: ACCEPTED, or the name of the error, empty for a revert without one. */
  outcome(submission: Submission, options?: SendOptions): Promise<string>;
}

interface SendOptions {
  readonly as?: JsonRpcSigner;
  readonly gasLimit?: bigint;
  /** another gate, or lender, than that of the system */
  readonly at?: BaseContract;
}

export const ACCEPTED = 'accepted';
/** the roots that submissions are proven against unless told; those of gateSystem.ts are older */
export const FRESH = { accountRoot: 1002n, riskRoot: 2002n } as const;
const AMOUNT = usd(100);
const ACTION = id('act');
const PLENTY = 8_000_000n;

export type Callers = Awaited<ReturnType<typeof callersOfProofs>>;

/**
 * A lender over a gate, in which Alice and a stranger are bound, and the callers of proofs: Alice's renewal by herself,
 * her renewal by Bob together with the stranger's, a proof that Bob uses up for an action of hers, and a loan of hers.
 */
export async function callersOfProofs() {
  const system: LenderSystem = await lenderSystem();
  const { alice, bob, stranger, gate, lender } = system;
  await system.send(system.gateAs(alice), 'submit', await system.submission());
  const first = { subject: stranger.address, nullifier: 600n };
  await system.send(system.gateAs(stranger), 'submit', await system.submission(first));
  await system.as(alice, 'deposit', eth(10));
  const time = await system.time();
  await system.postAccount(FRESH.accountRoot, time);
  await system.postRisk(FRESH.riskRoot, time);

  const made = new Map<string, Promise<Submission>>();
  /** A submission by what it states: proofs take time, and tests that share a statement share its proof. */
  const once = (statement: Statement): Promise<Submission> => {
    const name = JSON.stringify(statement, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
    const known = made.get(name) ?? system.submission(statement);
    made.set(name, known);
    return known;
  };

  const contracts = [gate, lender, system.verifier, system.oracle, system.accountRoots, system.registry];
  const nameOf = (data: string): string =>
    contracts.map((contract) => contract.interface.parseError(data)?.name).find((name) => name !== undefined) ?? data;

  /** What a call says; nothing of it stays. */
  async function asked(contract: Contract, method: string, parameters: readonly unknown[]): Promise<string> {
    try {
      await contract.getFunction(method).staticCall(...parameters);
      return ACCEPTED;
    } catch (cause) {
      if (!isCallException(cause)) throw cause;
      return cause.data === null || cause.data === '0x' ? '' : nameOf(cause.data);
    }
  }

  interface Way {
    readonly name: Caller['name'];
    readonly contract: Contract;
    readonly sender: JsonRpcSigner;
    readonly own?: () => Promise<Statement>;
    readonly parameters?: (submission: Submission) => Promise<readonly unknown[]>;
  }
  const caller = ({ name, contract, sender, own, parameters }: Way): Caller => {
    const prepared = async (
      submission: Submission,
      { as = sender, gasLimit = PLENTY, at = contract }: SendOptions = {},
    ) => [at.connect(as) as Contract, [...((await parameters?.(submission)) ?? [submission]), { gasLimit }]] as const;
    return {
      name,
      sender,
      submission: async (statement = {}) => once({ ...FRESH, ...(await own?.()), ...statement }),
      send: async (submission, options) => {
        const [target, values] = await prepared(submission, options);
        return system.send(target, name, ...values);
      },
      outcome: async (submission, options) => {
        const [target, values] = await prepared(submission, options);
        return asked(target, name, values);
      },
    };
  };

  const callers: readonly Caller[] = [
    caller({ name: 'submit', contract: gate, sender: alice }),
    caller({
      name: 'submitMany',
      contract: gate,
      sender: bob,
      // the attacked one comes second, so that a batch is judged by all of it
      parameters: async (submission) => [[await once({ ...FRESH, ...first }), submission]],
    }),
    caller({
      name: 'useProof',
      contract: gate,
      sender: bob,
      own: async () => ({ consumer: bob.address, actionHash: ACTION }),
    }),
    caller({
      name: 'borrowProven',
      contract: lender,
      sender: alice,
      own: async () => ({
        consumer: lender.target as string,
        actionHash: await lender.getFunction('borrowAction')(alice.address, AMOUNT),
      }),
      parameters: async (submission) => [AMOUNT, submission],
    }),
  ];
  return { system, callers, /** of both fresh roots, in seconds since 1970 */ freshTime: time };
}
