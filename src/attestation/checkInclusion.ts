import type { Account } from '../account/account.js';
import { type AccountPackage, packageRoot } from '../account/accountTree.js';
import { parseAccountPackage } from '../formats/accountPackage.js';
import { type AccountFigures, accountFigures } from '../liabilities/accountFigures.js';
import { bookParameters } from '../liabilities/bookParameters.js';
import { COST_SCALE } from '../protocol/constants.js';
import type { RiskTable } from '../risk/riskTable.js';
import { refusal, withReason } from './reasons.js';

/** What an inclusion file is checked against: of an attestation that the user has verified, or trusts. */
export interface InclusionExpectations {
  readonly accountRoot: bigint;
  readonly table: RiskTable;
  /** first place of the venue's own accounts */
  readonly venueStart: number;
  /** from the identifier that the user is known by at the venue; without it, nothing ties the leaf to the user */
  readonly accountId?: bigint;
}

/** What was counted of one account. Values in 1e-16 quote. */
export interface CheckedInclusion {
  readonly account: Account;
  readonly index: number;
  readonly table: RiskTable;
  readonly identified: boolean;
  readonly figures: AccountFigures;
  readonly balances: readonly {
    readonly assetId: number;
    readonly amount: bigint;
    readonly price: bigint;
    readonly value: bigint;
  }[];
  readonly positions: readonly {
    readonly instrumentId: number;
    readonly size: bigint;
    readonly price: bigint;
    readonly notional: bigint;
    readonly profit: bigint;
  }[];
  /** equity when it is not negative */
  readonly owed: bigint;
  readonly deficit: bigint;
}

/**
 * Checks that the account of an inclusion file stands in the tree as it says, among the customers, and values it as the
 * book did. Every failure has `details.reason`: INCLUSION_*. Two users can be given one leaf only with one accountId, so the
 * identifier is what finds that.
 */
export async function checkInclusion(
  text: string,
  where: string,
  { accountRoot, table, venueStart, accountId }: InclusionExpectations,
): Promise<CheckedInclusion> {
  const { registry } = table.snapshot;
  const included = await withReason(
    ({ code, details }) =>
      code === 'MISMATCH' && details['where'] === where ? 'INCLUSION_REGISTRY' : 'INCLUSION_INVALID',
    where,
    () => parseAccountPackage(text, where, registry),
  );
  if (rootOf(included) !== accountRoot) {
    throw refusal(
      'INCLUSION_ROOT',
      'PROOF_INVALID',
      where,
      'does not lead to the account root: this account, with these balances, is not what was counted',
    );
  }
  const { account, path } = included;
  if (accountId !== undefined && account.accountId !== accountId) {
    throw refusal(
      'INCLUSION_ACCOUNT',
      'PROOF_INVALID',
      where,
      "is not of the identifier's account: another user's leaf stands in for it, or it is the wrong file",
    );
  }
  if (path.index >= venueStart) {
    throw refusal(
      'INCLUSION_VENUE',
      'PROOF_INVALID',
      where,
      "files the account among the venue's own, so that what it is owed was not counted as a customer's",
    );
  }
  return withReason('INCLUSION_FIGURES', where, () => ({
    ...valued(account, table),
    account,
    index: path.index,
    table,
    identified: accountId !== undefined,
  }));
}

/** The account root that the file leads to; undefined when its index is outside the tree. */
function rootOf(included: AccountPackage): bigint | undefined {
  try {
    return packageRoot(included);
  } catch {
    return undefined;
  }
}

function valued(account: Account, table: RiskTable) {
  const parameters = bookParameters(table);
  const figures = accountFigures(account, parameters, parameters.settleAssets);
  const { equity } = figures;
  return {
    figures,
    balances: account.collateral.map(({ assetId, amount }) => {
      const price = parameters.assets.get(assetId)?.price as bigint;
      return { assetId, amount, price, value: amount * price };
    }),
    positions: account.positions.map(({ instrumentId, size, cost }) => {
      const price = parameters.instruments.get(instrumentId)?.price as bigint;
      return { instrumentId, size, price, notional: size * price, profit: size * price - COST_SCALE * cost };
    }),
    owed: equity > 0n ? equity : 0n,
    deficit: equity < 0n ? -equity : 0n,
  };
}
