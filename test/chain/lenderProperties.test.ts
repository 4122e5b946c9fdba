import type { Contract, JsonRpcSigner, TransactionReceiptParams } from 'ethers';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { releaseSnarkjs } from '../support/freeSignals.js';
import { accountOf, enter, type Ledger, newLedger } from '../support/lenderLedger.js';
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
  type Amount,
  type CallStep,
  FIRST_LOANS,
  PROVERS,
  SCALE,
  type Step,
  SUBJECTS,
  steps,
} from '../support/lenderSteps.js';
import {
  FIRST_PRICE,
  FUNDS,
  type LenderSystem,
  type Loan,
  lenderSystem,
  RATIOS,
  START,
  STATUS,
} from '../support/lenderSystem.js';

// The properties L1 to L8 of properties.md, after every step of made-up sequences of calls, prices, hours, outages and
// proofs, on a chain with everything real.

const RUNS = { seed: 20_240_611, numRuns: 20 };
const GAS = '0x7a1200';
const NO_DEADLINE = 2n ** 40n;
/** as AccountRoots has it */
const RECOVERY_SPACING = 300n;

/** What a test can see of a subject, in the newest block. */
interface SeenSubject {
  readonly loan: Loan;
  readonly isLiquidatable: boolean;
  readonly isSolvent: boolean;
  readonly status: bigint;
  readonly ownCollateral: bigint;
  readonly ownDebtToken: bigint;
}

interface Seen {
  readonly time: bigint;
  readonly liquidity: bigint;
  readonly totalCollateral: bigint;
  readonly totalDebt: bigint;
  readonly heldCollateral: bigint;
  readonly heldDebtToken: bigint;
  readonly subjects: readonly SeenSubject[];
}

/** What should be. */
interface World {
  books: Books;
  answer: bigint;
  isPaused: boolean;
  /** the newest root that was proven against, and whether it can be revoked still */
  root: bigint;
  canRevoke: boolean;
  readonly ledger: Ledger;
}

let system: LenderSystem;
let view: Contract;
let accounts: readonly JsonRpcSigner[];
let names: readonly string[];
let first: World;

beforeAll(async () => {
  system = await lenderSystem();
  view = await system.deploy('LenderView');
  accounts = [system.alice, system.bob, system.stranger].slice(0, SUBJECTS);
  names = accounts.map(({ address }) => address);
  for (const [i, account] of accounts.slice(0, PROVERS).entries()) {
    const statement = { subject: account.address, nullifier: nullifierOf(i) };
    await system.send(system.gateAs(account), 'submit', await system.submission(statement));
  }
  await system.at(START);
  first = newWorld();
  for (const step of FIRST_LOANS) {
    await take(first, step);
    await check(first);
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

const look = async (): Promise<Seen> =>
  (await view.getFunction('look')(system.lender.target, names)).toObject(true) as Seen;

const outside = ({ subjects }: Seen, answer: bigint): Outside => ({
  answer,
  isSolvent: (name) => at(subjects, names.indexOf(name)).isSolvent,
  statusOf: (name) => at(subjects, names.indexOf(name)).status,
});

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
    (cause: { data?: string }) => system.errorName(cause.data ?? '0x00000000'),
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

/** Whose loan is to be liquidated. */
function ripe({ subjects }: Seen, subject: CallStep['subject']): string {
  if (subject !== 'liquidatable') return at(names, subject);
  return at(
    names,
    Math.max(
      0,
      subjects.findIndex(({ isLiquidatable: isRipe }) => isRipe),
    ),
  );
}

async function carryOut(world: World, { does: method, who, subject, amount: chosen }: CallStep): Promise<void> {
  const isProven = method === 'borrowProven';
  if (isProven && world.isPaused) return;
  const isOwners = method === 'fund' || method === 'defund';
  const account = isOwners ? system.owner : at(accounts, isProven ? who % PROVERS : who);
  const before = await look();
  const target = method === 'liquidate' ? ripe(before, subject) : account.address;
  const roots = isProven ? await postRoots(world) : {};
  const make = (amount: bigint): Call => ({ method, subject: target, amount });
  const amount = amountOf(world, make, chosen, outside(before, world.answer));
  const parameters: unknown[] = method === 'liquidate' ? [target, amount] : [amount];
  if (isProven) {
    const statement = { subject: target, nullifier: nullifierOf(names.indexOf(target)), deadline: NO_DEADLINE };
    parameters.push(await system.loanProof(amount, { ...statement, ...roots }));
  }
  const { receipt, request } = await transact(account.address, system.lender, method, ...parameters);
  const seen = await look();
  const gate = outside(seen, world.answer);
  const expected = apply(world.books, make(amount), gate);
  if (typeof expected === 'string') {
    expect(await errorOf(request), 'L8').toBe(expected);
    expect(BigInt(receipt.status ?? 1), 'L8').toBe(0n);
    return;
  }
  expect(BigInt(receipt.status ?? 0), 'L8').toBe(1n);
  const loan = world.books.loans[target] ?? NO_LOAN;
  world.books = expected;
  record(world, receipt, loan, gate);
  if (method === 'withdraw' || method === 'borrow' || isProven) {
    expect(at(seen.subjects, names.indexOf(target)).isLiquidatable, 'L6').toBe(false);
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
  // both in units of the debt token times 1e24
  const [worth, most] = [seized * answer * 10_000n, repaid * (10_000n + RATIOS.bonusBps) * 10n ** 20n];
  expect(worth <= most, 'L7').toBe(true);
  expect(isCoveredAmply(before, answer, ratioOf(gate.statusOf(subject))), 'L7').toBe(false);
}

/** What the proven part of a loan must hold not to be liquidated. */
const ratioOf = (status: bigint): bigint =>
  status === STATUS.liquidatable ? RATIOS.baseRatioBps : RATIOS.provenRatioBps;

/** Covered by more than rounding can take, which is a unit of value and one of what must be held. */
const isCoveredAmply = (loan: Loan, answer: bigint, ratioBps: bigint): boolean =>
  isCovered({ ...loan, debt: loan.debt + 2n }, answer, ratioBps);

async function check({ books, ledger, answer }: World): Promise<void> {
  const seen = await look();
  const sum = (of: 'collateral' | 'debt'): bigint => seen.subjects.reduce((total, { loan }) => total + loan[of], 0n);
  expect([seen.heldCollateral, seen.heldDebtToken], 'L1').toEqual([seen.totalCollateral, seen.liquidity]);
  expect([seen.totalCollateral, seen.totalDebt], 'L1').toEqual([sum('collateral'), sum('debt')]);
  expect(seen.liquidity + seen.totalDebt, 'L2').toBe(ledger.funded);
  expect(seen.liquidity, 'L8').toBe(books.liquidity);
  for (const [i, { loan, status, ...subject }] of seen.subjects.entries()) {
    const name = at(names, i);
    const account = accountOf(ledger, name);
    expect([loan.collateral, subject.ownCollateral], 'L3').toEqual([account.collateral, account.ownCollateral]);
    expect([loan.debt, subject.ownDebtToken], 'L4').toEqual([account.debt, account.ownDebtToken]);
    expect(loan.provenDebt <= account.proven && loan.provenDebt <= loan.debt, 'L4').toBe(true);
    expect(subject.isLiquidatable || isCovered(loan, answer, ratioOf(status)), 'L5').toBe(true);
    expect(loan, 'L8').toEqual(books.loans[name] ?? NO_LOAN);
    expect(subject.isLiquidatable, 'L8').toBe(isLiquidatable(loan, answer, status));
  }
}

async function take(world: World, step: Step): Promise<void> {
  const priced = async (answer: bigint): Promise<void> => {
    world.answer = answer;
    await system.price(answer);
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
      const account = at(accounts, step.who);
      const statement = { subject: account.address, nullifier: nullifierOf(step.who), deadline: NO_DEADLINE };
      const proof = await system.submission({ ...statement, ...(await postRoots(world)) });
      await system.send(system.gateAs(account), 'submit', proof);
      return;
    }
    case 'pause':
      await (world.isPaused ? system.unpause() : system.pause());
      world.isPaused = !world.isPaused;
      return;
    case 'revoke':
      // under which somebody may be solvent; a venue comes back from an outage once in a while only
      if (!world.canRevoke) return;
      await system.revokeAccount(world.root);
      world.canRevoke = false;
      return system.at((await system.time()) + RECOVERY_SPACING);
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
    fc.asyncProperty(steps, async (sequence) => {
      const snapshot = await system.snapshot();
      try {
        const world = structuredClone(first);
        for (const step of sequence) {
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
