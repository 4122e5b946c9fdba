import type { PositionSlot } from '../account/positionEntry.js';
import { membership } from '../numbers/membership.js';
import { COST_SCALE, FINE_SCALE, PORTFOLIO, RATE_SCALE } from '../protocol/constants.js';
import { basisLoss } from './basisLoss.js';
import { expiryChange } from './expiryChange.js';
import type { ExpiryRowFields } from './expiryRow.js';
import { type ExpiryTotal, expiryTotals } from './expiryTotals.js';
import { nakedShorts } from './nakedShorts.js';
import type { ContractFields } from './portfolioRow.js';
import type { ScenarioFields } from './scenarios.js';
import { worstLoss } from './worstLoss.js';

/** An account's slots with the rows that they look up. */
export interface PortfolioRiskInput {
  readonly scenarios: ScenarioFields;
  readonly positions: readonly PositionSlot[];
  readonly positionUsed: readonly bigint[];
  readonly positionId: readonly bigint[];
  readonly contracts: readonly ContractFields[];
  readonly expiry: { readonly used: readonly bigint[]; readonly id: readonly bigint[] };
  readonly expiries: readonly ExpiryRowFields[];
  readonly underlyingId: readonly bigint[];
  readonly balances: {
    /** 1e-22 quote, over all balances */
    readonly weighted: bigint;
    /** 1e-16 quote, each */
    readonly value: readonly bigint[];
    readonly used: readonly bigint[];
    readonly extension: readonly bigint[];
  };
}

/** What PortfolioMargin computes of an account, steps 6 to 13 of the circuit; both in 1e-34 quote. */
export function portfolioRisk(input: PortfolioRiskInput): {
  readonly weightedEquity: bigint;
  readonly requirement: bigint;
} {
  const { scenarios, contracts, expiry, expiries: rows, underlyingId, balances } = input;

  // 6. every position belongs to one expiry; its group tells which, and whether it nets with the contract before it
  const netting = contracts.map(({ row }, k) => (input.positionUsed[k] as bigint) * (row.group & 1n));
  const doubled = expiry.id.map((id) => 2n * id);
  const inExpiry = contracts.map(({ row }, k) =>
    membership(input.positionUsed[k] as bigint, row.group - (netting[k] as bigint), doubled),
  );

  // 7. totals of each expiry
  const totals = expiryTotals(input.positions, contracts, inExpiry);

  // 8. what each expiry gains or loses
  const total = (e: number) => totals.expiries[e] as ExpiryTotal;
  const changes = rows.map((row, e) => expiryChange(row, total(e).mark, total(e).values));
  const basis = rows.map((_, e) => basisLoss(total(e).up, total(e).down));
  const inUnderlying = rows.map((row, e) => membership(expiry.used[e] as bigint, row.underlying, underlyingId));

  // 9. collateral that moves with an underlying
  const movesWith = balances.extension.map((extension, a) =>
    membership(balances.used[a] === 1n && extension !== 0n ? 1n : 0n, extension, underlyingId),
  );

  // 10. the worst loss of each underlying
  const sumOf = (members: readonly (readonly bigint[])[], u: number, term: (index: number) => bigint): bigint =>
    members.reduce((sum, member, index) => sum + (member[u] as bigint) * term(index), 0n);
  const losses = underlyingId.map((_, u) =>
    worstLoss(scenarios, {
      change: Array.from({ length: PORTFOLIO.scenarios }, (__, s) =>
        sumOf(inUnderlying, u, (e) => changes[e]?.[s] as bigint),
      ),
      shocked: sumOf(movesWith, u, (a) => balances.value[a] as bigint),
      floors: sumOf(inUnderlying, u, (e) => total(e).floor),
      basis: sumOf(inUnderlying, u, (e) => basis[e] as bigint),
    }),
  );

  // 11. charges for each unit held
  const holdsPerpetual = underlyingId.map((_, u) =>
    sumOf(inUnderlying, u, (e) => rows[e]?.perpetual as bigint) === 0n ? 0n : 1n,
  );
  const held = rows.map((row, e) => {
    const dearer = (inUnderlying[e] as readonly bigint[]).reduce(
      (sum, member, u) => sum + member * (holdsPerpetual[u] as bigint),
      0n,
    );
    return (row.charge + dearer * (row.chargeWithPerpetual - row.charge)) * total(e).gross;
  });

  // 12. charges for what is short and not netted
  const naked = nakedShorts(input.positionId, totals.net, netting).map(
    (units, k) => units * (contracts[k]?.row.nakedCharge as bigint),
  );

  // 13. equity: balances, marks, less what the positions cost
  const sum = (terms: readonly bigint[]): bigint => terms.reduce((all, term) => all + term, 0n);
  const marks = sum(totals.expiries.map(({ mark }) => mark));
  const costs = sum(input.positions.map(({ costSign, cost }: PositionSlot) => (1n - 2n * costSign) * cost));
  const fine = FINE_SCALE * FINE_SCALE;

  return {
    weightedEquity: (fine / RATE_SCALE) * balances.weighted + fine * (marks - COST_SCALE * costs),
    requirement: sum(losses) + fine * (sum(held) + sum(naked)),
  };
}
