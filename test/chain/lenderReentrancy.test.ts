import type { Contract } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { releaseSnarkjs } from '../support/freeSignals.js';
import { answerOf, eth, FUNDS, type LenderSystem, lenderSystem, START, usd } from '../support/lenderSystem.js';

// Tokens and gates that call back. The agent is a contract that is all at once: owner of the lender, a solvent subject with
// a loan, and a liquidator of Alice's; both tokens call it before they leave it and after they come to it.

const METHODS = ['fund', 'defund', 'deposit', 'withdraw', 'borrow', 'borrowProven', 'repay', 'liquidate'] as const;
type Method = (typeof METHODS)[number];

const GAS = { gasLimit: 8_000_000n };

let system: LenderSystem;
let agent: Contract;
let lender: Contract;
/** what the agent can do at any time */
let calls: Readonly<Record<Method, string>>;

const calldata = (contract: Contract, method: string, ...parameters: unknown[]): string =>
  contract.interface.encodeFunctionData(method, parameters);

/** Has an agent call a contract. */
const act = (as: Contract, contract: Contract, method: string, ...parameters: unknown[]) =>
  system.send(as, 'act', contract.target, calldata(contract, method, ...parameters));

/** Gives an agent tokens that a lender may take. */
async function provide(to: Contract, spender: Contract): Promise<void> {
  for (const token of [system.collateral, system.debt]) {
    await system.send(token, 'mint', to.target, 10n ** 30n);
    await act(to, token, 'approve', spender.target, 2n ** 256n - 1n);
  }
}

interface Outcome {
  readonly wasCalled: boolean;
  readonly succeeded: boolean;
  readonly result: string;
}

/** What comes of a call that the agent makes when it is called back while it calls the lender; nothing of it stays. */
async function reenters(method: Method, target: Contract, data: string): Promise<Outcome> {
  const reenter = agent.getFunction('actAndReenter');
  const outcome = await reenter.staticCall(lender.target, calls[method], target.target, data, GAS);
  return { wasCalled: outcome.wasCalled, succeeded: outcome.succeeded, result: outcome.result };
}

const isLockedOut = ({ wasCalled, succeeded, result }: Outcome, inner: string): void =>
  expect({ inner, wasCalled, succeeded, error: system.errorName(result) }).toEqual({
    inner,
    wasCalled: true,
    succeeded: false,
    error: 'ReentrancyGuardReentrantCall',
  });

beforeAll(async () => {
  system = await lenderSystem();
  await system.at(START);
  agent = await system.deploy('Agent');
  const subject = agent.target as string;
  lender = await system.deployLender(subject);
  await provide(agent, lender);
  await act(agent, system.gate, 'submit', await system.submission({ subject, nullifier: 7n }));
  await act(agent, lender, 'fund', FUNDS);
  await system.provide(system.alice, lender);
  const asAlice = lender.connect(system.alice) as Contract;
  await system.send(asAlice, 'deposit', eth(1));
  await system.send(asAlice, 'borrow', usd(1300));
  await system.price(answerOf(1900));
  await act(agent, lender, 'deposit', eth(10));
  await act(agent, lender, 'borrow', usd(1000));
  await act(agent, system.collateral, 'hook');
  await act(agent, system.debt, 'hook');
  const actionHash = await lender.getFunction('borrowAction')(subject, usd(1));
  const consumer = lender.target as string;
  const proof = await system.submission({ subject, nullifier: 7n, consumer, actionHash });
  calls = {
    fund: calldata(lender, 'fund', 1n),
    defund: calldata(lender, 'defund', 1n),
    deposit: calldata(lender, 'deposit', 1n),
    withdraw: calldata(lender, 'withdraw', 1n),
    borrow: calldata(lender, 'borrow', 1n),
    borrowProven: calldata(lender, 'borrowProven', usd(1), proof),
    repay: calldata(lender, 'repay', 1n),
    liquidate: calldata(lender, 'liquidate', system.alice.address, usd(1)),
  };
}, 120_000);

afterAll(async () => {
  await system?.stop();
  await releaseSnarkjs();
});

test('each of the calls works when nothing is re-entered: below they are refused for that alone', async () => {
  for (const method of METHODS) await agent.getFunction('act').staticCall(lender.target, calls[method], GAS);
});

test.each(METHODS)('nothing is entered while a token calls back in %s', async (outer) => {
  for (const inner of METHODS) isLockedOut(await reenters(outer, lender, calls[inner]), inner);
});

test('who looks while a token calls back sees the books as they will be', async () => {
  const seen = async (method: Method): Promise<object> => {
    const { result } = await reenters(method, lender, calldata(lender, 'loanOf', agent.target));
    return lender.interface.decodeFunctionResult('loanOf', result)[0].toObject();
  };
  const loan = { collateral: eth(10), debt: usd(1000), provenDebt: 0n };
  expect(await seen('deposit')).toEqual({ ...loan, collateral: eth(10) + 1n });
  expect(await seen('withdraw')).toEqual({ ...loan, collateral: eth(10) - 1n });
  expect(await seen('borrow')).toEqual({ ...loan, debt: usd(1000) + 1n });
  expect(await seen('borrowProven')).toEqual({ ...loan, debt: usd(1001), provenDebt: usd(1) });
  expect(await seen('repay')).toEqual({ ...loan, debt: usd(1000) - 1n });
});

test('a proof for the lender cannot be used at the gate while a token calls back', async () => {
  const [, proof] = lender.interface.decodeFunctionData('borrowProven', calls.borrowProven);
  const { wasCalled, result } = await reenters('withdraw', system.gate, calldata(system.gate, 'useProof', proof));
  expect(wasCalled).toBe(true);
  expect(system.gate.interface.parseError(result)?.name).toBe('WrongContext');
});

test('nothing is entered by a gate that calls back while it takes a proof', async () => {
  const { alice } = system;
  const gate = await system.deploy('HostileGate');
  const atMercy = await system.deployLender(gate.target as string, gate);
  await provide(gate, atMercy);
  await system.provide(alice, atMercy);
  await act(gate, atMercy, 'fund', FUNDS);
  await act(gate, atMercy, 'deposit', eth(1));
  const asAlice = atMercy.connect(alice) as Contract;
  await system.send(asAlice, 'deposit', eth(10));
  const proof = await system.submission();
  for (const inner of METHODS) {
    await system.send(gate, 'arm', atMercy.target, calls[inner]);
    const actionHash = await atMercy.getFunction('borrowAction')(alice.address, usd(1));
    await system.send(asAlice, 'borrowProven', usd(1), { ...proof, actionHash });
    isLockedOut(await gate.getFunction('outcome')(), inner);
  }
});
