import { constrain } from '../numbers/constraint.js';
import { ranged } from '../numbers/ranged.js';
import { signSplit } from '../numbers/signSplit.js';
import { LIABILITIES } from '../protocol/constants.js';

/** What is claimed of one account as a whole; units in circuits/liabilities/liabilitiesBatch.circom. */
export interface AccountClaims {
  readonly equity: bigint;
  readonly surplus: bigint;
  /** per settle asset */
  readonly settled: readonly bigint[];
  readonly debt: bigint;
}

/** What the claims count for. */
export interface Standing {
  readonly standing: bigint;
  readonly owed: bigint;
  readonly deficit: bigint;
  readonly settledPositive: readonly bigint[];
  readonly settledNegative: readonly bigint[];
}

/** Twin of AccountStanding. */
export function accountStanding(claims: AccountClaims, largestDebtor: bigint): Standing {
  const { positive: owed, negative: deficit } = signSplit(LIABILITIES.valueBits, claims.equity);
  const standing = claims.surplus >= 0n ? 1n : 0n;
  ranged(LIABILITIES.surplusBits, standing === 1n ? claims.surplus : -claims.surplus - 1n);
  constrain(standing === 0n || deficit === 0n, 'AccountStanding', 'an account with a deficit has standing');
  const settled = claims.settled.map((value) => signSplit(LIABILITIES.valueBits, value));
  if (settled.length > 0) {
    const owes = settled.reduce((sum, { negative }) => sum + negative, claims.debt);
    ranged(LIABILITIES.valueBits, largestDebtor - standing * owes);
  }
  return {
    standing,
    owed,
    deficit,
    settledPositive: settled.map(({ positive }) => positive),
    settledNegative: settled.map(({ negative }) => negative),
  };
}
