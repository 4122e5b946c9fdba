import {
  AbiCoder,
  Contract,
  Interface,
  type JsonRpcSigner,
  keccak256,
  type TransactionReceipt,
  ZeroAddress,
  ZeroHash,
} from 'ethers';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { releaseSnarkjs } from '../support/freeSignals.js';
import { executionGas, expectGas } from '../support/gas.js';
import { ACCOUNT_ROOT, ACCOUNT_TIME, POLICY, RISK_ROOT, type Submission } from '../support/gateSystem.js';
import {
  answerOf,
  eth,
  FIRST_PRICE,
  FUNDS,
  type LenderSystem,
  lenderSystem,
  MAX_PRICE_AGE,
  POCKET,
  START,
  STATUS,
  usd,
} from '../support/lenderSystem.js';

// The lender over the real gate, oracle, roots and verifier. Alice is solvent at the gate when a test begins; her loan is
// most often 1,800 against one token at 2,000: 10 % more than proven debt needs at most 1,818, ordinary debt at most 1,333.

/** last second at which Alice's first proof counts */
const SOLVENT_UNTIL = ACCOUNT_TIME + POLICY.maxAge;
/** beyond a margin call that begins after it, whatever seconds transactions took */
const AFTER_CALL = SOLVENT_UNTIL + POLICY.callPeriod + 10n;

let system: LenderSystem;
let alice: JsonRpcSigner;
let bob: JsonRpcSigner;
let stranger: JsonRpcSigner;
let snapshot: string;

beforeAll(async () => {
  system = await lenderSystem();
  ({ alice, bob, stranger } = system);
  await system.send(system.gateAs(alice), 'submit', await system.submission());
}, 120_000);

afterAll(async () => {
  await system?.stop();
  await releaseSnarkjs();
});

beforeEach(async () => {
  snapshot = await system.snapshot();
  await system.at(START);
});

afterEach(() => system.revert(snapshot));

const prove = async (statement: Parameters<LenderSystem['submission']>[0]): Promise<TransactionReceipt> =>
  system.send(system.gateAs(alice), 'submit', await system.submission({ deadline: START + 1_000_000n, ...statement }));

/** New roots, and a proof of Alice against them. */
async function proveAgain(): Promise<void> {
  const time = await system.time();
  await system.postAccount(1002n, time);
  await system.postRisk(2002n, time);
  await prove({ accountRoot: 1002n, riskRoot: 2002n });
}

async function borrowProven(amount: bigint): Promise<TransactionReceipt> {
  return system.as(alice, 'borrowProven', amount, await system.loanProof(amount));
}

/** Alice's loan of 1,800 proven against one token. */
async function provenLoan(): Promise<void> {
  await system.as(alice, 'deposit', eth(1));
  await borrowProven(usd(1800));
}

const events = (receipt: TransactionReceipt): readonly (readonly [string, object])[] =>
  receipt.logs
    .filter((log) => log.address === system.lender.target)
    .map((log) => system.lender.interface.parseLog(log))
    .map((event) => [event?.name ?? '', event?.args.toObject() ?? {}] as const);

const books = async (): Promise<readonly bigint[]> =>
  Promise.all(['liquidity', 'totalCollateral', 'totalDebt'].map((name) => system.lender.getFunction(name)()));

describe('lender: a loan from its beginning to its end', () => {
  test('proven, called by time, frozen, liquidatable, liquidated by a stranger', async () => {
    await provenLoan();
    expect(await system.loanOf(alice.address)).toEqual({
      collateral: eth(1),
      debt: usd(1800),
      provenDebt: usd(1800),
    });
    expect(await system.balance(system.debt, alice.address)).toBe(POCKET.debt + usd(1800));
    // equality is enough: 1,800 at 110 % is 1,980
    await system.as(alice, 'withdraw', eth(0.01));
    await system.refuses(system.as(alice, 'withdraw', 1n), 'NotCovered');

    await system.goTo(SOLVENT_UNTIL + 60n);
    expect(await system.statusOf(alice.address)).toBe(STATUS.marginCall);
    await system.as(alice, 'deposit', eth(0.01));
    await system.refuses(system.as(alice, 'withdraw', 1n), 'NotCovered');
    await system.refuses(system.as(alice, 'borrow', 1n), 'NotCovered');
    expect(await system.isLiquidatable(alice.address)).toBe(false);
    await system.refuses(system.as(stranger, 'liquidate', alice.address, usd(1)), 'NotLiquidatable');

    await system.goTo(AFTER_CALL);
    expect(await system.statusOf(alice.address)).toBe(STATUS.liquidatable);
    expect(await system.isLiquidatable(alice.address)).toBe(true);
    const receipt = await system.as(stranger, 'liquidate', alice.address, usd(1000));
    const [repaid, seized] = [usd(1000), eth(0.525)];
    expect(events(receipt)).toEqual([
      [
        'Liquidated',
        {
          subject: alice.address,
          liquidator: stranger.address,
          repaid,
          seized,
          debtLeft: usd(800),
          collateralLeft: eth(0.475),
        },
      ],
    ]);
    expect(await system.balance(system.debt, stranger.address)).toBe(POCKET.debt - repaid);
    expect(await system.balance(system.collateral, stranger.address)).toBe(POCKET.collateral + seized);
    // 950 of collateral for 800 is less than the base ratio still
    await system.as(stranger, 'liquidate', alice.address, usd(10_000));
    expect(await system.loanOf(alice.address)).toEqual({ collateral: eth(0.055), debt: 0n, provenDebt: 0n });
    await system.as(alice, 'withdraw', eth(0.055));
    expect(await books()).toEqual([FUNDS, 0n, 0n]);
  });

  test('an ordinary loan asks no gate: base ratio, for who never proved anything', async () => {
    expect(await system.statusOf(bob.address)).toBe(STATUS.unknown);
    await system.as(bob, 'deposit', eth(3));
    await system.refuses(system.as(bob, 'borrow', usd(4000) + 1n), 'NotCovered');
    const receipt = await system.as(bob, 'borrow', usd(4000));
    expect(events(receipt)).toEqual([['Borrowed', { subject: bob.address, amount: usd(4000), action: ZeroHash }]]);
    await system.refuses(system.as(bob, 'withdraw', 1n), 'NotCovered');
    expect(await system.isLiquidatable(bob.address)).toBe(false);
    await system.price(FIRST_PRICE - 1n);
    expect(await system.isLiquidatable(bob.address)).toBe(true);
  });

  test('ordinary debt of a solvent subject gets no better ratio by withdrawing after it', async () => {
    await system.as(alice, 'deposit', eth(3));
    await system.as(alice, 'borrow', usd(4000));
    await system.refuses(system.as(alice, 'withdraw', 1n), 'NotCovered');
    // each part at its own ratio: 4,000 at 150 % and 1,000 at 110 % are 7,100
    await system.as(alice, 'deposit', eth(0.55));
    await borrowProven(usd(1000));
    await system.refuses(system.as(alice, 'withdraw', 1n), 'NotCovered');
    await system.refuses(system.as(alice, 'borrow', 1n), 'NotCovered');
    await system.refuses(borrowProven(1n), 'NotCovered');
    // ordinary debt is repaid first
    await system.as(alice, 'repay', usd(4000));
    expect(await system.loanOf(alice.address)).toMatchObject({ debt: usd(1000), provenDebt: usd(1000) });
    await system.as(alice, 'withdraw', eth(3));
    await system.refuses(system.as(alice, 'withdraw', 1n), 'NotCovered');
    await system.as(alice, 'repay', usd(400));
    expect(await system.loanOf(alice.address)).toMatchObject({ debt: usd(600), provenDebt: usd(600) });
  });

  test('during a margin call the base ratio lets a subject withdraw and borrow as anybody else', async () => {
    await provenLoan();
    await system.goTo(SOLVENT_UNTIL + 60n);
    await system.as(alice, 'repay', usd(800));
    await system.refuses(system.as(alice, 'withdraw', eth(0.25) + 1n), 'NotCovered');
    await system.as(alice, 'withdraw', eth(0.05));
    await system.refuses(system.as(alice, 'borrow', usd(267)), 'NotCovered');
    await system.as(alice, 'borrow', usd(266));
    expect(await system.loanOf(alice.address)).toMatchObject({ debt: usd(1266), provenDebt: usd(1000) });
  });

  test('who proves again in the margin call is safe again, and so is who does before being liquidated', async () => {
    await provenLoan();
    await system.goTo(SOLVENT_UNTIL + 60n);
    await system.refuses(system.as(alice, 'withdraw', eth(0.01)), 'NotCovered');
    await proveAgain();
    await system.as(alice, 'withdraw', eth(0.01));

    const secondUntil = SOLVENT_UNTIL + 60n + POLICY.maxAge;
    await system.goTo(secondUntil + POLICY.callPeriod + 10n);
    expect(await system.isLiquidatable(alice.address)).toBe(true);
    const time = await system.time();
    await system.postAccount(1003n, time);
    await system.postRisk(2003n, time);
    await prove({ accountRoot: 1003n, riskRoot: 2003n });
    expect(await system.isLiquidatable(alice.address)).toBe(false);
    await system.refuses(system.as(stranger, 'liquidate', alice.address, usd(1)), 'NotLiquidatable');
  });

  test('a new proof to borrow ends the margin call as well', async () => {
    await provenLoan();
    await system.as(alice, 'deposit', eth(1));
    await system.goTo(SOLVENT_UNTIL + 60n);
    const time = await system.time();
    await system.postAccount(1002n, time);
    await system.postRisk(2002n, time);
    const proof = await system.loanProof(usd(1500), { accountRoot: 1002n, riskRoot: 2002n });
    await system.as(alice, 'borrowProven', usd(1500), proof);
    expect(await system.statusOf(alice.address)).toBe(STATUS.healthy);
    await system.as(alice, 'withdraw', eth(0.1));
  });

  test('liquidatable at the gate with the base ratio kept: nobody may liquidate', async () => {
    await provenLoan();
    await system.as(alice, 'deposit', eth(0.35));
    await system.goTo(AFTER_CALL);
    expect(await system.statusOf(alice.address)).toBe(STATUS.liquidatable);
    await system.refuses(system.as(stranger, 'liquidate', alice.address, usd(1)), 'NotLiquidatable');
    // one unit of price below 2,000 leaves 2,700 to hold and a little less held
    await system.price(FIRST_PRICE - 1n);
    await system.as(stranger, 'liquidate', alice.address, usd(1));
  });
});

describe('lender: sources that stop', () => {
  test('a pause of the oracle freezes at once and stops the slide, but no liquidation by price', async () => {
    await provenLoan();
    await system.pause();
    await system.refuses(system.as(alice, 'withdraw', eth(0.01)), 'NotCovered');
    await system.refuses(borrowProven(usd(1)), 'RiskOraclePaused');
    await system.at(AFTER_CALL + 100_000n);
    await system.price(FIRST_PRICE);
    expect(await system.statusOf(alice.address)).toBe(STATUS.healthy);
    await system.refuses(system.as(stranger, 'liquidate', alice.address, usd(1)), 'NotLiquidatable');
    await system.price(answerOf(1980));
    await system.refuses(system.as(stranger, 'liquidate', alice.address, usd(1)), 'NotLiquidatable');
    await system.price(answerOf(1980) - 1n);
    await system.as(stranger, 'liquidate', alice.address, usd(1800));
    expect((await system.loanOf(alice.address)).debt).toBe(0n);
  });

  test('an exchange that posts no more freezes no liquidation by price', async () => {
    await provenLoan();
    await system.keepUp(AFTER_CALL + 100_000n, 'risk');
    await system.price(FIRST_PRICE);
    expect(await system.statusOf(alice.address)).toBe(STATUS.healthy);
    await system.price(answerOf(1900));
    await system.as(stranger, 'liquidate', alice.address, usd(1800));
  });

  test.each([
    ['account', () => system.revokeAccount(ACCOUNT_ROOT)],
    ['risk', () => system.revokeRisk(RISK_ROOT)],
  ] as const)('a revoked %s root freezes at once', async (_, revoke) => {
    await provenLoan();
    await system.as(alice, 'withdraw', eth(0.001));
    await revoke();
    expect(await system.statusOf(alice.address)).toBe(STATUS.marginCall);
    await system.refuses(system.as(alice, 'withdraw', eth(0.001)), 'NotCovered');
    await system.refuses(system.as(stranger, 'liquidate', alice.address, usd(1)), 'NotLiquidatable');
    const time = await system.time();
    await system.postAccount(1002n, time);
    await system.postRisk(2002n, time);
    await system.goTo(time + POLICY.callPeriod + 60n);
    await system.as(stranger, 'liquidate', alice.address, usd(1));
  });

  test('a gate that answers no more freezes no liquidation by price, and nothing that keeps the base ratio', async () => {
    const gate = await system.deploy('HostileGate');
    const lender = await system.deployLender(system.owner.address, gate);
    const act = (who: JsonRpcSigner, method: string, ...parameters: unknown[]) =>
      system.send(lender.connect(who) as Contract, method, ...parameters);
    for (const who of [system.owner, alice, bob, stranger]) await system.provide(who, lender);
    await act(system.owner, 'fund', FUNDS);
    await act(alice, 'deposit', eth(1));
    const actionHash = await lender.getFunction('borrowAction')(alice.address, usd(1800));
    await act(alice, 'borrowProven', usd(1800), await system.submission({ actionHash }));
    await system.send(gate, 'set', true, STATUS.healthy);
    await act(bob, 'deposit', eth(3));
    await act(bob, 'borrow', usd(4000));
    await act(alice, 'repay', usd(1));
    await system.refuses(act(alice, 'withdraw', 1n), 'Silent');
    await system.refuses(act(stranger, 'liquidate', alice.address, usd(1)), 'Silent');
    await system.price(answerOf(1970));
    await act(stranger, 'liquidate', alice.address, usd(1));
  });

  test('a stale price, one from the future and none at all stop what needs a price, and nothing else', async () => {
    await provenLoan();
    await system.as(bob, 'deposit', eth(1));
    const needPrice = [
      ['withdraw', 1n],
      ['borrow', 1n],
      ['liquidate', alice.address, 1n],
    ] as const;
    const proof = await system.loanProof(1n);
    const stopped = async (error: string): Promise<void> => {
      for (const [method, ...parameters] of needPrice) {
        await system.refuses(system.as(alice, method, ...parameters), error);
      }
      await system.refuses(system.as(alice, 'borrowProven', 1n, proof), error);
      await system.refuses(system.send(system.lender, 'isLiquidatable', alice.address), error);
      await system.refuses(system.send(system.lender, 'valueOf', 1n), error);
      // who owes nothing is not locked in by a feed that died
      await system.as(bob, 'withdraw', 1n);
      await system.as(alice, 'deposit', 1n);
      await system.as(alice, 'repay', 1n);
    };
    await system.price(0n);
    await stopped('InvalidPrice');
    await system.price(-FIRST_PRICE);
    await stopped('InvalidPrice');
    await system.price(FIRST_PRICE, START + 1000n);
    await stopped('StalePrice');
    await system.price(FIRST_PRICE, START + 500n - MAX_PRICE_AGE);
    await system.at(START + 500n);
    expect(await system.isLiquidatable(alice.address)).toBe(false);
    await system.at(START + 501n);
    await stopped('StalePrice');
  });
});

describe('lender: proofs', () => {
  let proof: Submission;

  beforeEach(async () => {
    await system.as(alice, 'deposit', eth(10));
    proof = await system.loanProof(usd(1000));
  });

  test('is good for one loan; the same amount again takes a new one', async () => {
    const receipt = await system.as(alice, 'borrowProven', usd(1000), proof);
    const { actionHash: action } = proof;
    expect(events(receipt)).toEqual([['Borrowed', { subject: alice.address, amount: usd(1000), action }]]);
    await system.refuses(system.as(alice, 'borrowProven', usd(1000), proof), 'WrongAction');
    await borrowProven(usd(1000));
    expect((await system.loanOf(alice.address)).provenDebt).toBe(usd(2000));
    expect(await system.lender.getFunction('nonceOf')(alice.address)).toBe(2n);
  });

  test('is not good for another amount', async () => {
    await system.refuses(system.as(alice, 'borrowProven', usd(1001), proof), 'WrongAction');
    await system.refuses(system.as(alice, 'borrowProven', usd(999), proof), 'WrongAction');
    const { actionHash } = await system.loanProof(usd(1001));
    await system.refuses(system.as(alice, 'borrowProven', usd(1001), { ...proof, actionHash }), 'WrongContext');
  });

  test('is not good for another borrower, nor for who copies it from the mempool', async () => {
    await system.as(bob, 'deposit', eth(10));
    await system.refuses(system.as(bob, 'borrowProven', usd(1000), proof), 'NotTheSubject');
    const stolen = { ...proof, subject: bob.address };
    await system.refuses(system.as(bob, 'borrowProven', usd(1000), stolen), 'WrongContext');
    // nor can it be burned there
    await system.refuses(system.send(system.gateAs(bob), 'useProof', proof), 'WrongContext');
    await system.refuses(system.send(system.gateAs(bob), 'submitMany', [proof]), 'ActionNotExpected');
    await system.as(alice, 'borrowProven', usd(1000), proof);
  });

  test('is not good at another lender, and one for another lender or for none not here', async () => {
    const other = await system.deployLender(system.owner.address);
    await system.provide(alice, other);
    await system.refuses(
      system.send(other.connect(alice) as Contract, 'borrowProven', usd(1000), proof),
      'WrongContext',
    );
    const elsewhere = await system.loanProof(usd(1000), { consumer: other.target as string });
    await system.refuses(system.as(alice, 'borrowProven', usd(1000), elsewhere), 'WrongContext');
    const none = await system.submission();
    await system.refuses(system.as(alice, 'borrowProven', usd(1000), none), 'WrongAction');
  });

  test('is not good with a point changed, after its deadline, or for a subject that is not bound', async () => {
    const [x, y] = proof.proof.a;
    const wrong = { ...proof, proof: { ...proof.proof, a: [y, x] } };
    await system.refuses(system.as(alice, 'borrowProven', usd(1000), wrong), 'ProofInvalid');
    const unbound = await system.loanProof(usd(1000), { subject: bob.address, nullifier: 6n });
    await system.refuses(system.as(bob, 'borrowProven', usd(1000), unbound), 'SubjectNotBound');
    const late = await system.loanProof(usd(1000), { deadline: START + 100n });
    await system.at(START + 101n);
    await system.refuses(system.as(alice, 'borrowProven', usd(1000), late), 'DeadlinePassed');
  });

  test('is not used up by a loan that is refused', async () => {
    await system.as(system.owner, 'defund', FUNDS);
    await system.refuses(system.as(alice, 'borrowProven', usd(1000), proof), 'NotEnoughLiquidity');
    await system.as(system.owner, 'fund', FUNDS);
    await system.as(alice, 'borrowProven', usd(1000), proof);
  });
});

describe('lender: every other refusal', () => {
  test('terms that are not in order', async () => {
    const deploy = (other: object) => system.deployLender(system.owner.address, system.gate, other);
    for (const other of [
      { debtToken: system.collateral.target },
      { baseRatioBps: 11_000n },
      { provenRatioBps: 10_500n },
      { provenRatioBps: 9_000n, bonusBps: 0n },
      { maxPriceAge: 0n },
    ]) {
      await system.refuses(deploy(other), 'InvalidTerms');
    }
    await deploy({ provenRatioBps: 10_501n, baseRatioBps: 10_502n });
    const nowhere = new Contract(alice.address, new Interface([]));
    await system.refuses(system.deployLender(system.owner.address, nowhere), 'NotAContract');
    await system.refuses(system.deployLender(ZeroAddress), 'OwnableInvalidOwner');
  });

  test('states its terms, its gate and its books', async () => {
    const terms = await system.lender.getFunction('terms')();
    expect(terms.toObject()).toEqual(system.terms);
    expect(await system.lender.getFunction('gate')()).toBe(system.gate.target);
    expect(await books()).toEqual([FUNDS, 0n, 0n]);
    expect(await system.lender.getFunction('valueOf')(eth(1.5))).toBe(usd(3000));
  });

  test('amounts of zero', async () => {
    for (const [who, method] of [
      [system.owner, 'fund'],
      [system.owner, 'defund'],
      [alice, 'deposit'],
      [alice, 'withdraw'],
      [alice, 'borrow'],
    ] as const) {
      await system.refuses(system.as(who, method, 0n), 'ZeroAmount');
    }
    await system.refuses(borrowProven(0n), 'ZeroAmount');
    await system.refuses(system.as(alice, 'repay', 1n), 'ZeroAmount');
  });

  test('more than there is', async () => {
    await system.as(alice, 'deposit', eth(100));
    await system.refuses(system.as(alice, 'withdraw', eth(100) + 1n), 'NotEnoughCollateral');
    await system.refuses(system.as(bob, 'withdraw', 1n), 'NotEnoughCollateral');
    await system.refuses(system.as(alice, 'borrow', FUNDS + 1n), 'NotEnoughLiquidity');
    await system.as(alice, 'borrow', FUNDS);
    await system.refuses(system.as(system.owner, 'defund', 1n), 'NotEnoughLiquidity');
    // what is repaid can be taken out again; more than what is owed is not taken
    await system.as(alice, 'repay', FUNDS + 1n);
    await system.as(system.owner, 'defund', FUNDS);
    expect(await books()).toEqual([0n, eth(100), 0n]);
    expect(await system.balance(system.debt, alice.address)).toBe(POCKET.debt);
    expect(await system.balance(system.debt, system.owner.address)).toBe(POCKET.debt);
  });

  test('only the owner provides the money and takes it out', async () => {
    await system.refuses(system.as(alice, 'fund', 1n), 'OwnableUnauthorizedAccount');
    await system.refuses(system.as(alice, 'defund', 1n), 'OwnableUnauthorizedAccount');
  });

  test('tokens that take a fee, or that the caller does not have', async () => {
    await provenLoan();
    await system.refuses(system.as(bob, 'deposit', POCKET.collateral + 1n), 'ERC20InsufficientBalance');
    await system.send(system.collateral, 'setFee', 1n);
    await system.send(system.debt, 'setFee', 1n);
    await system.price(answerOf(1900));
    await system.refuses(system.as(alice, 'deposit', eth(1)), 'TransferNotExact');
    await system.refuses(system.as(alice, 'repay', usd(1)), 'TransferNotExact');
    await system.refuses(system.as(system.owner, 'fund', usd(1)), 'TransferNotExact');
    await system.refuses(system.as(stranger, 'liquidate', alice.address, usd(1)), 'TransferNotExact');
  });
});

describe('lender: liquidation by price', () => {
  const liquidated = async (amount: bigint) => {
    const receipt = await system.as(stranger, 'liquidate', alice.address, amount);
    return events(receipt)[0]?.[1] as { repaid: bigint; seized: bigint; debtLeft: bigint; collateralLeft: bigint };
  };

  beforeEach(provenLoan);

  test('gets collateral rounded down, never more than its payment with the bonus', async () => {
    const answer = answerOf(1899.99999999);
    await system.price(answer);
    const worth = (repaid: bigint): bigint => (repaid * 10_500n * 10n ** 26n) / (answer * 10n ** 6n * 10_000n);
    expect(worth(usd(1))).toBe(552_631_578_950_277n);
    expect(await liquidated(usd(1))).toMatchObject({ repaid: usd(1), seized: worth(usd(1)) });
    expect(await liquidated(1n)).toMatchObject({ repaid: 1n, seized: worth(1n) });
  });

  test('pays for no collateral that is not there; what it does not pay for stays in the books', async () => {
    await system.price(answerOf(1000));
    // one token at 1,000 pays for 952.380952...: the liquidator's payment is rounded up
    expect(await liquidated(usd(1800))).toMatchObject({
      repaid: 952_380_953n,
      seized: eth(1),
      debtLeft: usd(1800) - 952_380_953n,
      collateralLeft: 0n,
    });
    await system.refuses(system.as(stranger, 'liquidate', alice.address, usd(1)), 'NothingToSeize');
    expect(await system.isLiquidatable(alice.address)).toBe(true);
    const lost = usd(1800) - 952_380_953n;
    expect(await books()).toEqual([FUNDS - lost, 0n, lost]);
    // whoever owes it can still pay, and is seized again for what is deposited
    await system.as(alice, 'deposit', eth(0.1));
    await system.as(stranger, 'liquidate', alice.address, usd(1));
    await system.as(alice, 'repay', POCKET.debt);
    expect(await books()).toMatchObject({ 0: FUNDS, 2: 0n });
  });

  test('nothing for nothing, and nothing for less than a unit of collateral', async () => {
    await system.price(answerOf(1900));
    await system.refuses(system.as(stranger, 'liquidate', alice.address, 0n), 'NothingToSeize');
    await system.price(10n ** 40n);
    await system.refuses(system.as(stranger, 'liquidate', alice.address, 1n), 'NotLiquidatable');
    await system.refuses(system.as(stranger, 'liquidate', bob.address, 1n), 'NotLiquidatable');
  });
});

describe('SolvencyGated: what an integrator inherits', () => {
  let gated: Contract;
  const act = (who: JsonRpcSigner, method: string, ...parameters: unknown[]) =>
    system.send(gated.connect(who) as Contract, method, ...parameters);

  beforeEach(async () => {
    gated = await system.deploy('GatedHarness', system.gate.target);
  });

  test('onlySolvent lets pass who is solvent, until that ends', async () => {
    await act(alice, 'act');
    await system.refuses(act(bob, 'act'), 'NotSolvent');
    expect(await gated.getFunction('statusOf')(alice.address)).toBe(STATUS.healthy);
    expect(await gated.getFunction('statusOf')(bob.address)).toBe(STATUS.unknown);
    await system.goTo(SOLVENT_UNTIL + 1n);
    await system.refuses(act(alice, 'act'), 'NotSolvent');
    expect(await gated.getFunction('statusOf')(alice.address)).toBe(STATUS.marginCall);
    expect(await gated.getFunction('done')()).toBe(1n);
  });

  test('a proof is used up for its action, by its subject, once', async () => {
    const hashOf = (amount: bigint) =>
      keccak256(AbiCoder.defaultAbiCoder().encode(['string', 'uint256'], ['act', amount]));
    const consumer = gated.target as string;
    const proof = await system.submission({ consumer, actionHash: hashOf(5n) });
    await system.refuses(act(bob, 'actProven', 5n, proof), 'NotTheSubject');
    await system.refuses(act(alice, 'actProven', 6n, proof), 'WrongAction');
    await act(alice, 'actProven', 5n, proof);
    await system.refuses(act(alice, 'actProven', 5n, proof), 'ProofAlreadyUsed');
    expect(await gated.getFunction('done')()).toBe(1n);
  });

  test('a gate is a contract', async () => {
    await system.refuses(system.deploy('GatedHarness', alice.address), 'NotAContract');
  });
});

describe('lender: gas', () => {
  test('of each call', async () => {
    const costs: Record<string, bigint> = {};
    const spend = async (name: string, who: JsonRpcSigner, method: string, ...parameters: unknown[]) => {
      const receipt = await system.as(who, method, ...parameters);
      costs[name] = executionGas(receipt, system.lender.interface.encodeFunctionData(method, parameters));
    };
    await spend('deposit, first of a subject', alice, 'deposit', eth(1));
    await spend('borrow, first of a subject', alice, 'borrow', usd(100));
    await spend(
      'borrowProven, first of a subject',
      alice,
      'borrowProven',
      usd(1600),
      await system.loanProof(usd(1600)),
    );
    await spend('withdraw, solvent', alice, 'withdraw', eth(0.001));
    await spend('repay', alice, 'repay', usd(1));
    await system.price(answerOf(1900));
    await spend('liquidate by price', stranger, 'liquidate', alice.address, usd(100));
    await expectGas('lender', costs);
  });
});
