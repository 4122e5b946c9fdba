import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/margin/evaluate.js';
import { agreesAtBounds, agreesOnAccounts } from '../measure/agreement.js';
import { contractsOf, parametric } from '../support/measureMarket.js';

agreesOnAccounts(parametric, 20611, 12);
agreesAtBounds(parametric);

describe('what counts', () => {
  const { table } = parametric;
  const requirement = (sizes: Readonly<Record<string, bigint>>) =>
    evaluate({ collateral: [], positions: contractsOf(sizes) }, table).requirement;

  it('long and short ask for the same', () => {
    for (const symbol of ['BTC-PERP', 'BTC-CALL', 'ETH-PUT', 'GOLD']) {
      expect(requirement({ [symbol]: 1234n })).toBe(requirement({ [symbol]: -1234n }));
    }
  });

  it('factors that move together hedge each other when one is short, and never more than they cost apart', () => {
    const [btc, eth] = [10_000n, 24n * 10n ** 10n];
    const apart = requirement({ 'BTC-PERP': btc }) + requirement({ 'ETH-PERP': eth });
    const spread = requirement({ 'BTC-PERP': btc, 'ETH-PERP': -eth });
    const both = requirement({ 'BTC-PERP': btc, 'ETH-PERP': eth });
    expect(spread).toBeLessThan(both);
    expect(both).toBeLessThan(apart);
  });
});
