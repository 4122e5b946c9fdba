import type { LogDescription } from 'ethers';
import { FUNDS, POCKET } from './lenderSystem.js';

// What moved, as a lender's events tell it.

export interface Account {
  /** what is at the lender: collateral deposited, less what was withdrawn and seized */
  collateral: bigint;
  /** borrowed, less what was repaid and liquidated */
  debt: bigint;
  /** all that was ever borrowed with a proof */
  proven: bigint;
  /** what the account holds of each token itself */
  ownCollateral: bigint;
  ownDebtToken: bigint;
}

export interface Ledger {
  /** by the owner, less what it took out */
  funded: bigint;
  readonly of: ReadonlyMap<string, Account>;
}

export interface Liquidation {
  readonly subject: string;
  readonly liquidator: string;
  readonly repaid: bigint;
  readonly seized: bigint;
}

export const newLedger = (subjects: readonly string[]): Ledger => ({
  funded: FUNDS,
  of: new Map(
    subjects.map((subject) => [
      subject,
      { collateral: 0n, debt: 0n, proven: 0n, ownCollateral: POCKET.collateral, ownDebtToken: POCKET.debt },
    ]),
  ),
});

export function accountOf({ of }: Ledger, subject: string): Account {
  const account = of.get(subject);
  if (account === undefined) throw new Error(`no account of ${subject}`);
  return account;
}

/** Enters an event; returns it if it was a liquidation. */
export function enter(ledger: Ledger, { name, args }: LogDescription): Liquidation | undefined {
  if (name === 'Liquidated') return enterLiquidation(ledger, args.toObject() as Liquidation);
  const event = args.toObject() as { subject: string; amount: bigint; action: string };
  if (name === 'Funded' || name === 'Defunded') {
    ledger.funded += name === 'Funded' ? event.amount : -event.amount;
    return undefined;
  }
  const account = accountOf(ledger, event.subject);
  const amount = name === 'Deposited' || name === 'Borrowed' ? event.amount : -event.amount;
  if (name === 'Deposited' || name === 'Withdrawn') {
    account.collateral += amount;
    account.ownCollateral -= amount;
  } else {
    account.debt += amount;
    account.ownDebtToken += amount;
    if (name === 'Borrowed' && BigInt(event.action) !== 0n) account.proven += amount;
  }
  return undefined;
}

function enterLiquidation(ledger: Ledger, liquidation: Liquidation): Liquidation {
  const { subject, liquidator, repaid, seized } = liquidation;
  const [account, other] = [accountOf(ledger, subject), accountOf(ledger, liquidator)];
  account.collateral -= seized;
  account.debt -= repaid;
  other.ownCollateral += seized;
  other.ownDebtToken -= repaid;
  return liquidation;
}
