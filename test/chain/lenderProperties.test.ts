import type { Contract, JsonRpcSigner, TransactionReceiptParams } from 'ethers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { releaseSnarkjs } from '../support/freeSignals.js';
import { NOW } from '../support/gateSystem.js';
import {
  apply,
  type Books,
  type Call,
  isCovered,
  isLiquidatable,
  NO_LOAN,
  type Outside,
} from '../support/lenderModel.js';
import {
  FIRST_PRICE,
  FUNDS,
  type LenderSystem,
  type Loan,
  lenderSystem,
  POCKET,
  RATIOS,
  STATUS,
} from '../support/lenderSystem.js';

// The properties L1 to L8 of properties.md, after every step of made-up sequences of calls, prices, hours, outages and
// proofs, on the chain with everything real.

const RUNS = { seed: 20_240_611, numRuns: 16 };
const GAS = '0x7a1200';
const SUBJECTS = 3;
/** the third subject never proves anything */
const PROVERS = 2;

type Amount = { readonly partBps: number } | { readonly beyondLimit: bigint };
type Step =
  | { readonly does: Call['method']; readonly who: number; readonly subject: number; readonly amount: Amount }
  | { readonly does: 'price'; readonly factorBps: number }
  | { readonly does: 'wait'; readonly seconds: number; readonly posting: boolean }
  | { readonly does: 'prove'; readonly who: number }
  | { readonly does: 'pause' | 'revoke' };

const subject = fc.nat({ max: SUBJECTS - 1 });
const amount: fc.Arbitrary<Amount> = fc.oneof(
  fc.record({ partBps: fc.integer({ min: 0, max: 10_000 }) }),
  fc.record({ beyondLimit: fc.constantFrom(-1n, 0n, 0n, 1n) }),
);
const call = (does: Call['method']): fc.Arbitrary<Step> =>
  fc.record({ does: fc.constant(does), who: subject, subject, amount });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: call('deposit') },
  { weight: 4, arbitrary: call('withdraw') },
  { weight: 3, arbitrary: call('borrow') },
  { weight: 5, arbitrary: call('borrowProven') },
  { weight: 3, arbitrary: call('repay') },
  { weight: 6, arbitrary: call('liquidate') },
  { weight: 1, arbitrary: call('fund') },
  { weight: 1, arbitrary: call('defund') },
  {
    weight: 5,
    arbitrary: fc.record({ does: fc.constant('price'), factorBps: fc.integer({ min: 6_500, max: 11_500 }) }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('wait'),
      seconds: fc.integer({ min: 1, max: 9_500 }),
      posting: fc.boolean(),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('prove'), who: fc.nat({ max: PROVERS - 1 }) }) },
  { weight: 1, arbitrary: fc.record({ does: fc.constantFrom('pause', 'revoke') }) },
) as fc.Arbitrary<Step>;

/** Largest amounts that a call asks for, in units of its token. */
const SCALE: Readonly<Record<Call['method'], bigint>> = {
  fund: FUNDS,
  defund: FUNDS,
  deposit: POCKET.collateral / 40n,
  withdraw: POCKET.collateral / 40n,
  borrow: FUNDS / 20n,
  borrowProven: FUNDS / 20n,
  repay: FUNDS / 20n,
  liquidate: FUNDS / 20n,
};

let system: LenderSystem;
let accounts: readonly JsonRpcSigner[];
let names: readonly string[];

beforeAll(async () => {
  system = await lenderSystem();
  accounts = [system.alice, system.bob, system.stranger];
  names = accounts.map(({ address }) => address);
  for (const [i, account] of accounts.slice(0, PROVERS).entries()) {
    const statement = { subject: account.address, nullifier: nullifierOf(i) };
    await system.send(system.gateAs(account), 'submit', await system.submission(statement));
  }
}, 120_000);

afterAll(async () => {
  await system?.stop();
  await releaseSnarkjs();
});

const nullifierOf = (who: number): bigint => 5n + BigInt(who);
const at = <T>(list: readonly T[], i: number): T => {
  const found = list[i];
  if (found === undefined) throw new Error(`nothing at ${i}`);
  return found;
};

interface World {
  books: Books;
  answer: bigint;
  isPaused: boolean;
  /** the newest root that was proven against, and whether it can be revoked still */
  root: bigint;
  canRevoke: boolean;
  readonly ledger: Ledger;
}

/** A transaction without the library's waiting, which would take most of the time. */
async function transact(from: string, contract: Contract, method: string, ...parameters: unknown[]) {
  const data = contract.interface.encodeFunctionData(method, parameters);
  const request = { from, to: contract.target, data, gas: GAS };
  const hash = await system.chain.provider.send('eth_sendTransaction', [request]);
  let receipt: TransactionReceiptParams | null = null;
  while (receipt === null) receipt = await system.chain.provider.send('eth_getTransactionReceipt', [hash]);
  return { receipt, request };
}

const errorOf = async (request: object): Promise<string> =>
  system.chain.provider.send('eth_call', [request, 'latest']).then(
    () => 'no refusal',
    (cause: { error?: { data?: string } }) => system.errorName(cause.error?.data ?? '0x'),
  );

/** Account and risk root of this moment. */
async function postRoots(world: World): Promise<{ accountRoot: bigint; riskRoot: bigint }> {
  const time = await system.time();
  world.root += 1n;
  world.canRevoke = true;
  await system.postAccount(world.root, time);
  await system.postRisk(world.root, time);
  return { accountRoot: world.root, riskRoot: world.root };
}

/** What the gate says in the newest block. */
async function outside(world: World): Promise<Outside> {
  const ask = (method: string) => Promise.all(names.map((name) => system.gate.getFunction(method)(name)));
  const [solvent, statuses] = [await ask('isSolvent'), await ask('statusOf')];
  const of =
    <T>(list: readonly T[]) =>
    (name: string) =>
      at(list, names.indexOf(name));
  return { answer: world.answer, isSolvent: of<boolean>(solvent), statusOf: of<bigint>(statuses) };
}

/** The largest amount that the model lets through, plus a little, or a part of the scale. */
function amountOf({ books }: World, make: (amount: bigint) => Call, chosen: Amount, gate: Outside): bigint {
  const scale = SCALE[make(0n).method];
  if ('partBps' in chosen) return (scale * BigInt(chosen.partBps)) / 10_000n;
  let [low, high] = [0n, scale];
  while (low < high) {
    const middle = (low + high + 1n) / 2n;
    if (typeof apply(books, make(middle), gate) === 'string') high = middle - 1n;
    else low = middle;
  }
  const amount = low + chosen.beyondLimit;
  return amount < 0n ? 0n : amount;
}

async function carryOut(world: World, step: Extract<Step, { who: number; subject: number }>): Promise<void> {
  const isOwners = step.does === 'fund' || step.does === 'defund';
  const account = isOwners ? system.owner : at(accounts, step.does === 'borrowProven' ? step.who % PROVERS : step.who);
  const target = step.does === 'liquidate' ? at(names, step.subject) : account.address;
  if (step.does === 'borrowProven' && world.isPaused) return;
  const roots = step.does === 'borrowProven' ? await postRoots(world) : undefined;
  const make = (amount: bigint): Call => ({ method: step.does, subject: target, amount });
  const amount = amountOf(world, make, step.amount, await outside(world));
  const parameters: unknown[] = step.does === 'liquidate' ? [target, amount] : [amount];
  if (roots !== undefined) {
    const statement = { ...roots, subject: target, nullifier: nullifierOf(names.indexOf(target)), deadline: 2n ** 40n };
    parameters.push(await system.loanProof(amount, statement));
  }
  const { receipt, request } = await transact(account.address, system.lender, step.does, ...parameters);
  const gate = await outside(world);
  const expected = apply(world.books, make(amount), gate);
  if (typeof expected === 'string') {
    expect(await errorOf(request), 'L8').toBe(expected);
    expect(BigInt(receipt.status ?? 1), 'L8').toBe(0n);
    return;
  }
  expect(BigInt(receipt.status ?? 0), 'L8').toBe(1n);
  const before = world.books.loans[target] ?? NO_LOAN;
  world.books = expected;
  record(world, receipt, before, gate);
  if (['withdraw', 'borrow', 'borrowProven'].includes(step.does)) {
    expect(await system.isLiquidatable(target), 'L6').toBe(false);
  }
}

/** Enters what a call moved, and looks at what a liquidator got. */
function record({ ledger, answer }: World, receipt: TransactionReceiptParams, before: Loan, gate: Outside): void {
  const log = receipt.logs.find(({ address }) => BigInt(address) === BigInt(system.lender.target as string));
  const event = log === undefined ? null : system.lender.interface.parseLog(log);
  if (event === null) throw new Error('no event');
  const liquidation = enter(ledger, event);
  if (liquidation === undefined) return;
  const { subject, repaid, seized } = liquidation;
  // both in 1e-20 units of the debt token and 1e-4
  const [worth, most] = [seized * answer * 10_000n, repaid * (10_000n + RATIOS.bonusBps) * 10n ** 20n];
  expect(worth <= most, 'L7').toBe(true);
  expect(isCoveredAmply(before, answer, ratioOf(gate, subject)), 'L7').toBe(false);
}

/** What the proven part of a subject's loan must hold not to be liquidated. */
const ratioOf = (gate: Outside, subject: string): bigint =>
  gate.statusOf(subject) === STATUS.liquidatable ? RATIOS.baseRatioBps : RATIOS.provenRatioBps;

/** Covered by as much more as rounding can take: a unit of value and one of what must be held. */
const isCoveredAmply = (loan: Loan, answer: bigint, ratioBps: bigint): boolean =>
  isCovered({ ...loan, debt: loan.debt + 2n }, answer, ratioBps);

async function check(world: World): Promise<void> {
  const { ledger, books } = world;
  const { lender, collateral, debt } = system;
  const book = (name: string): Promise<bigint> => lender.getFunction(name)();
  const [loans, liquidatable, gate, liquidity, totalCollateral, totalDebt, heldCollateral, heldDebt] =
    await Promise.all([
      Promise.all(names.map(system.loanOf)),
      Promise.all(names.map(system.isLiquidatable)),
      outside(world),
      book('liquidity'),
      book('totalCollateral'),
      book('totalDebt'),
      system.balance(collateral, lender.target as string),
      system.balance(debt, lender.target as string),
    ]);
  const sum = (of: (loan: Loan) => bigint): bigint => loans.reduce((total, loan) => total + of(loan), 0n);
  const allCollateral = sum((loan) => loan.collateral);
  const allDebt = sum((loan) => loan.debt);
  expect([heldCollateral, heldDebt], 'L1').toEqual([totalCollateral, liquidity]);
  expect([totalCollateral, totalDebt], 'L1').toEqual([allCollateral, allDebt]);
  expect(liquidity + totalDebt, 'L2').toBe(ledger.funded);
  for (const [i, name] of names.entries()) {
    const loan = at(loans, i);
    const own = accountOf(ledger, name);
    expect(loan.collateral, 'L3').toBe(own.collateral);
    expect(await system.balance(collateral, name), 'L3').toBe(own.ownCollateral);
    expect(loan.debt, 'L4').toBe(own.debt);
    expect(await system.balance(debt, name), 'L4').toBe(own.ownDebtToken);
    expect(loan.provenDebt <= own.proven && loan.provenDebt <= loan.debt, 'L4').toBe(true);
    if (at(liquidatable, i)) continue;
    expect(isCovered(loan, world.answer, ratioOf(gate, name)), 'L5').toBe(true);
  }
  expect({ liquidity, loans }, 'L8').toEqual({
    liquidity: books.liquidity,
    loans: names.map((name) => books.loans[name] ?? NO_LOAN),
  });
  const expected = names.map((name, i) => isLiquidatable(at(loans, i), world.answer, gate.statusOf(name)));
  expect(liquidatable, 'L8').toEqual(expected);
}

async function take(world: World, step: Step): Promise<void> {
  const priced = async (answer: bigint): Promise<void> => {
    world.answer = answer;
    await transact(system.owner.address, system.feed, 'set', answer, await system.time());
  };
  switch (step.does) {
    case 'price':
      return priced((world.answer * BigInt(step.factorBps)) / 10_000n);
    case 'wait': {
      const until = (await system.time()) + BigInt(step.seconds);
      if (step.posting && !world.isPaused) await system.keepUp(until);
      else await system.at(until);
      return priced(world.answer);
    }
    case 'prove': {
      if (world.isPaused) return;
      const roots = await postRoots(world);
      const subject = at(names, step.who);
      const statement = { ...roots, subject, nullifier: nullifierOf(step.who), deadline: 2n ** 40n };
      const submission = await system.submission(statement);
      await system.send(system.gateAs(at(accounts, step.who)), 'submit', submission);
      return;
    }
    case 'pause':
      await (world.isPaused ? system.unpause() : system.pause());
      world.isPaused = !world.isPaused;
      return;
    case 'revoke':
      // under which somebody may be solvent
      if (world.canRevoke) await system.revokeAccount(world.root);
      world.canRevoke = false;
      return;
    default:
      return carryOut(world, step);
  }
}

const newWorld = (): World => ({
  books: { liquidity: FUNDS, loans: {} },
  answer: FIRST_PRICE,
  isPaused: false,
  root: 10_000n,
  canRevoke: false,
  ledger: newLedger(names),
});

test('L1 to L8 hold after every step', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 10, maxLength: 24 }), async (steps) => {
      const snapshot = await system.snapshot();
      try {
        await system.at(NOW);
        const world = newWorld();
        for (const step of steps) {
          await take(world, step);
          await check(world);
        }
      } finally {
        await system.revert(snapshot);
      }
    }),
    RUNS,
  );
});
