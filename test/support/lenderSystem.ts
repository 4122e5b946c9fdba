import { type BaseContract, type Contract, Interface, type InterfaceAbi, type JsonRpcSigner, MaxUint256 } from 'ethers';
import { expect } from 'vitest';
import { compiled } from './contracts.js';
import { gateSystem, NOW, Refusal, type Statement, type Submission } from './gateSystem.js';

/** Units of the debt token, which has 6 decimals. */
export const usd = (amount: number): bigint => BigInt(Math.round(amount * 1e6));
/** Units of the collateral token, which has 18. */
export const eth = (amount: number): bigint => BigInt(Math.round(amount * 1e6)) * 10n ** 12n;
/** An answer of the feed, which has 8. */
export const answerOf = (price: number): bigint => BigInt(Math.round(price * 1e8));

/** the time of the chain when a test begins: everything is deployed and funded by then */
export const START = NOW + 100n;
export const MAX_PRICE_AGE = 3600n;
export const RATIOS = { baseRatioBps: 15_000n, provenRatioBps: 11_000n, bonusBps: 500n } as const;
/** what the owner provides at first */
export const FUNDS = usd(100_000);
/** what each account has of the collateral and of the debt token at first */
export const POCKET = { collateral: eth(100), debt: usd(1_000_000) } as const;
export const FIRST_PRICE = answerOf(2000);

/** A loan in units of its tokens. */
export interface Loan {
  readonly collateral: bigint;
  readonly debt: bigint;
  readonly provenDebt: bigint;
}

export type LenderSystem = Awaited<ReturnType<typeof lenderSystem>>;

/** A lender over a gate with everything that stands behind it, funded, and three accounts with money and allowances. */
export async function lenderSystem() {
  const system = await gateSystem();
  const [stranger] = system.others;
  if (stranger === undefined) throw new Error('the chain has too few accounts');
  const collateral = await system.deploy('HookToken', 'WETH', 18);
  const debt = await system.deploy('HookToken', 'USDC', 6);
  const feed = await system.deploy('ChainlinkFeed', 8, FIRST_PRICE);
  const terms = {
    collateralToken: collateral.target,
    debtToken: debt.target,
    feed: feed.target,
    maxPriceAge: MAX_PRICE_AGE,
    ...RATIOS,
  };
  const deployLender = (owner: string, gate: BaseContract = system.gate, other: object = {}): Promise<Contract> =>
    system.deploy('SolvencyLender', owner, gate.target, { ...terms, ...other });
  const lender = await deployLender(system.owner.address);

  const abis = ['SolvencyLender', 'HookToken', 'HostileGate', 'GatedHarness'].flatMap((name) => compiled(name).abi);
  const errors = new Map(abis.filter(({ type }) => type === 'error').map((entry) => [JSON.stringify(entry), entry]));
  const known = new Interface([...errors.values()] as InterfaceAbi);
  /** The name of an error that a call failed with. */
  const errorName = (data: string): string => known.parseError(data)?.name ?? data;

  /** The call is refused with that error. */
  const refuses = (call: Promise<unknown>, error: string): Promise<void> =>
    expect(
      call.then(
        () => 'no refusal',
        (cause: unknown) => {
          if (!(cause instanceof Refusal)) throw cause;
          return cause.error.startsWith('0x') ? errorName(cause.error) : cause.error;
        },
      ),
    ).resolves.toBe(error);

  const as = (who: JsonRpcSigner, method: string, ...parameters: unknown[]) =>
    system.send(lender.connect(who) as Contract, method, ...parameters);
  /** Has the feed answer, as of now or another time. */
  const price = async (answer: bigint, updatedAt?: bigint) => {
    const time = updatedAt ?? (await system.time());
    return system.send(feed, 'updateRoundData', 1n, answer, time, time);
  };

  /** Gives tokens, and lets a lender take them. */
  async function provide(holder: JsonRpcSigner, spender: BaseContract = lender): Promise<void> {
    for (const [token, amount] of [
      [collateral, POCKET.collateral],
      [debt, POCKET.debt],
    ] as const) {
      await system.send(token, 'mint', holder.address, amount);
      await system.send(token.connect(holder) as Contract, 'approve', spender.target, MaxUint256);
    }
  }

  /** A proof of Alice for her next loan of that amount, but for what is told otherwise. */
  const loanProof = async (amount: bigint, statement: Statement = {}): Promise<Submission> =>
    system.submission({
      consumer: lender.target as string,
      actionHash: await lender.getFunction('borrowAction')(statement.subject ?? system.alice.address, amount),
      ...statement,
    });

  for (const holder of [system.owner, system.alice, system.bob, stranger]) await provide(holder);
  await as(system.owner, 'fund', FUNDS);
  await price(FIRST_PRICE, NOW);

  return {
    ...system,
    stranger,
    collateral,
    debt,
    feed,
    lender,
    terms,
    deployLender,
    errorName,
    refuses,
    as,
    price,
    provide,
    loanProof,
    /** Goes to a time with roots posted on the way, and has the feed say its price anew. */
    goTo: async (time: bigint, answer = FIRST_PRICE): Promise<void> => {
      await system.keepUp(time);
      await price(answer, time);
    },
    loanOf: async (subject: string): Promise<Loan> => {
      const loan = await lender.getFunction('loanOf')(subject);
      return { collateral: loan.collateral, debt: loan.debt, provenDebt: loan.provenDebt };
    },
    isLiquidatable: (subject: string): Promise<boolean> => lender.getFunction('isLiquidatable')(subject),
    statusOf: (subject: string): Promise<bigint> => system.gate.getFunction('statusOf')(subject),
    balance: (token: Contract, holder: string): Promise<bigint> => token.getFunction('balanceOf')(holder),
  };
}

export const STATUS = { unknown: 0n, healthy: 1n, marginCall: 2n, liquidatable: 3n } as const;
