import { expect, it } from 'vitest';
import { describeEvaluation } from '../../src/cli/describeEvaluation.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { maximum } from '../../src/numbers/maximum.js';
import { circuitByName, circuitFor, requireSlots } from '../../src/setup/circuits.js';
import type { HybridSnapshot } from '../../src/snapshot/snapshot.js';
import { CASES, contractsOf, hybridMaximum, usd } from '../support/measureMarket.js';

const HELD = {
  collateral: [usd(500_000n)],
  positions: contractsOf({ 'BTC-PERP': 60_000n, 'BTC-CALL': -30_000n, 'ETH-PUT': 10n ** 9n }),
};

it.each(CASES)('$name: the measures shown are what the requirement is made of', ({ table }) => {
  const { requirement, measures = [] } = evaluate(HELD, table);
  const amounts = measures.map(({ amount }) => amount);
  expect(amounts.some((amount) => amount > 0n)).toBe(true);
  const { model } = table.snapshot as HybridSnapshot;
  if (model.family !== 'hybrid') {
    expect(amounts.reduce((sum, amount) => sum + amount, 0n)).toBe(requirement);
    return;
  }
  const { charges, greeks, parametric, tail, stress } = model.weights;
  const weighted = [charges, greeks, parametric, tail, stress].map((each, m) => each * (amounts[m] as bigint));
  const combined = model.rule === 'sum' ? weighted.reduce((sum, each) => sum + each, 0n) : maximum([0n, ...weighted]);
  expect(combined + model.added * (amounts[0] as bigint)).toBe(10n ** 6n * requirement);
});

it('are printed below the margin of their claim, and no price is told at which such an account is liquidated', () => {
  const { lines } = describeEvaluation(HELD, [hybridMaximum.table]);
  const names = lines.filter((line) => line.startsWith('  ')).map((line) => line.trim().split(' ')[0]);
  expect(names).toEqual(['charges', 'Greeks', 'parametric', 'tail', 'stress']);
  expect(lines.join('\n')).not.toContain('liquidation');
});

it.each(CASES)('$name: an account without positions is worth its balances, and nothing is asked of it', ({ table }) => {
  const { weightedEquity, requirement } = evaluate({ collateral: [usd(100n)], positions: [] }, table);
  expect(requirement).toBe(0n);
  expect(weightedEquity).toBe(100n * 10n ** 27n);
});

it('a loss beyond what lanes hold is an account that is too large, not a fault', () => {
  const huge = { collateral: [usd(100n)], positions: contractsOf({ 'BTC-CALL': 2n ** 64n - 1n }) };
  expect(() => evaluate(huge, hybridMaximum.table)).toThrow(expect.objectContaining({ code: 'OUT_OF_RANGE' }));
});

it('a snapshot in other blocks than a circuit has is refused before anything is proven', () => {
  const circuit = circuitByName('tail-4-45');
  const needs = { positions: 1, assets: 1, expiries: 0, underlyings: 0 };
  requireSlots(circuit, { ...needs, blocks: 1 });
  expect(() => requireSlots(circuit, { ...needs, blocks: 6 })).toThrow(expect.objectContaining({ code: 'MISMATCH' }));
  expect(circuitFor('tail', { ...needs, blocks: 6 }).name).toBe('tail-8-270');
  expect(() => circuitFor('tail', { ...needs, blocks: 2 })).toThrow(/2 blocks of scenarios.*1 or 6 blocks/);
});
