import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/margin/evaluate.js';
import { maximum } from '../../src/numbers/maximum.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import type { HybridModel } from '../../src/snapshot/snapshot.js';
import { agreesAtBounds, agreesOnAccounts } from '../measure/agreement.js';
import {
  contractsOf,
  expectedShortfall,
  greeks,
  hybridMaximum,
  hybridSnapshot,
  hybridSum,
  type MeasuredCase,
  parametric,
} from '../support/measureMarket.js';

agreesOnAccounts(hybridMaximum, 20631, 12);
agreesAtBounds(hybridMaximum);
agreesOnAccounts(hybridSum, 20633, 6);

describe('what counts', () => {
  const held = { collateral: [], positions: contractsOf({ 'BTC-PERP': 60_000n, 'ETH-PUT': -(10n ** 9n) }) };
  const NONE: HybridModel['weights'] = { charges: 0n, greeks: 0n, parametric: 0n, tail: 0n, stress: 0n };
  const ONE = 1_000_000n;
  const requirement = (model: Partial<HybridModel>): bigint =>
    evaluate(held, buildRiskTable({ ...hybridSnapshot, model: { ...hybridSnapshot.model, ...model } })).requirement;
  const only = (measure: keyof HybridModel['weights'], added = 0n, rule: HybridModel['rule'] = 'maximum') =>
    requirement({ rule, added, weights: { ...NONE, [measure]: ONE } });

  it.each<[keyof HybridModel['weights'], MeasuredCase]>([
    ['greeks', greeks],
    ['parametric', parametric],
    ['tail', expectedShortfall],
  ])('the weight of one measure alone, with the charges, is the family of it: %s', (measure, { table }) => {
    for (const rule of ['maximum', 'sum'] as const) {
      expect(only(measure, ONE, rule)).toBe(evaluate(held, table).requirement);
    }
  });

  it('the largest of the weighted measures, or their sum', () => {
    const names = ['charges', 'greeks', 'parametric', 'tail', 'stress'] as const;
    const weights = { charges: 3n * ONE, greeks: ONE / 2n, parametric: ONE, tail: 2n * ONE, stress: ONE / 4n };
    const each = names.map((name) => (only(name) / ONE) * weights[name]);
    const most = maximum(each as [bigint, ...bigint[]]);
    expect(requirement({ rule: 'maximum', weights, added: 0n })).toBe(most);
    expect(requirement({ rule: 'sum', weights, added: 0n })).toBe(each.reduce((total, one) => total + one, 0n));
    // charges that are added come on top of either
    expect(requirement({ rule: 'maximum', weights, added: ONE / 5n })).toBe(most + only('charges') / 5n);
  });
});
