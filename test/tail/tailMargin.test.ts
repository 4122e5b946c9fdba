import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/margin/evaluate.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import { agreesAtBounds, agreesOnAccounts } from '../measure/agreement.js';
import { contractsOf, expectedShortfall, tailSnapshot, valueAtRisk } from '../support/measureMarket.js';

agreesOnAccounts(expectedShortfall, 20621, 12);
agreesAtBounds(expectedShortfall);
agreesOnAccounts(valueAtRisk, 20623, 6);

describe('what counts', () => {
  it('expected shortfall asks for no less than value at risk of the same confidence', () => {
    for (const size of [10_000n, -10_000n]) {
      const held = { collateral: [], positions: contractsOf({ 'BTC-PERP': size, 'BTC-CALL': -3n * size }) };
      const [shortfall, quantile] = [expectedShortfall, valueAtRisk].map(({ table }) => evaluate(held, table));
      expect(shortfall?.requirement).toBeGreaterThan(quantile?.requirement as bigint);
    }
  });

  it('a tail of gains offsets nothing: the charges stay', () => {
    const table = buildRiskTable({
      ...tailSnapshot,
      instruments: tailSnapshot.instruments.map((each) => ({
        ...each,
        changes: each.changes.map((_, s) => BigInt(s)),
      })),
    });
    const held = { collateral: [], positions: contractsOf({ GOLD: 7n }) };
    expect(evaluate(held, table).requirement).toBe(7n * (10n ** 13n + 1n) * 10n ** 11n);
  });
});
