import { beforeAll, describe, expect, it } from 'vitest';
import { greeksInput, greeksSignals } from '../../src/greeks/greeksInput.js';
import { type GreeksMarginInput, greeksMargin } from '../../src/greeks/greeksMargin.js';
import { evaluate } from '../../src/margin/evaluate.js';
import type { UnderlyingRowFields } from '../../src/measure/underlyingRow.js';
import { gapsOf } from '../../src/numbers/idSlots.js';
import { findRow, openRow } from '../../src/risk/riskTable.js';
import { agreesAtBounds, agreesOnAccounts } from '../measure/agreement.js';
import { accepts, compileForTest, type TestCircuit } from '../support/circuit.js';
import { contractsOf, GREEKS, greeks, statementOf, usd, WITH_UNDERLYINGS } from '../support/measureMarket.js';
import { hasWitness } from '../support/twin.js';

agreesOnAccounts(greeks, 20601, 12);
agreesAtBounds(greeks);

describe('slots for underlyings', () => {
  const { table } = greeks;
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest(GREEKS);
  });
  const opening = (id: number) => openRow<UnderlyingRowFields>(table, findRow(table, 'underlying', id, 0n));

  it.each<[string, readonly string[], readonly number[], boolean]>([
    ['those of what is held', ['BTC-PERP', 'ETH-PUT'], [1, 2], true],
    ['one for two contracts', ['BTC-PERP', 'BTC-CALL'], [1], true],
    ['one that nothing refers to', ['BTC-PERP'], [1, 3], true],
    ['none for a contract without Greeks', ['GOLD'], [], true],
    ['one too few', ['BTC-PERP', 'ETH-PUT'], [1], false],
    ['another', ['BTC-PERP', 'ETH-PUT'], [1, 3], false],
    ['none', ['BTC-PERP'], [], false],
  ])('twin and circuit agree on %s', async (_, symbols, ids, holds) => {
    const positions = contractsOf(Object.fromEntries(symbols.map((symbol) => [symbol, 500n])));
    const statement = statementOf(table, { collateral: [usd(10n ** 6n)], positions });
    const input: GreeksMarginInput = {
      ...greeksInput(statement, WITH_UNDERLYINGS),
      underlyingCount: BigInt(ids.length),
      underlyingGap: gapsOf(ids, 2),
      underlyings: [opening(ids[0] ?? 1), opening(ids[1] ?? 1)],
    };
    expect(hasWitness(() => greeksMargin(input))).toBe(holds);
    expect(accepts(circuit, await circuit.witness(greeksSignals(input)))).toBe(holds);
  });
});

describe('what counts', () => {
  const { table } = greeks;
  const requirement = (sizes: Readonly<Record<string, bigint>>) =>
    evaluate({ collateral: [], positions: contractsOf(sizes) }, table).requirement;
  /** by size, 1e-27 quote: sizes below are in the first tiers */
  const charge = (perUnit: bigint) => perUnit * 10n ** 11n;
  const PERP = 12_345_678_901n;

  it('the worst shock of the underlying, with its change of volatility', () => {
    // one whole perpetual loses a fifth, held short an eighth
    expect(requirement({ 'BTC-PERP': 10_000n })).toBe(60_000n * 2n * 10n ** 26n + charge(10_000n * PERP));
    expect(requirement({ 'BTC-PERP': -10_000n })).toBe(60_000n * 123_456_789n * 10n ** 18n + charge(10_000n * PERP));
  });

  it('positions of one underlying net, and gains of one underlying do not pay for losses of another', () => {
    const alone = requirement({ 'BTC-PERP': 10_000n });
    expect(requirement({ 'BTC-PERP': 10_000n, 'BTC-CALL': -5_000n })).toBeLessThan(alone);
    const other = requirement({ 'ETH-PERP': -(10n ** 10n) });
    expect(requirement({ 'BTC-PERP': 10_000n, 'ETH-PERP': -(10n ** 10n) })).toBe(alone + other);
  });

  it('a contract without Greeks is charged by size, and by nothing else', () => {
    expect(requirement({ GOLD: -7n })).toBe(charge(7n * (10n ** 13n + 1n)));
  });

  it('charges of tiers are continuous, and each applies to the part above the tier below', () => {
    const [low, high] = [1n, 2n];
    const at = (size: bigint) => requirement({ DUST: size }) - requirement({ DUST: size - 1n });
    const step = at(2n ** 40n + 1n) - at(2n ** 40n);
    // the loss by shocks is rounded up by itself, once an underlying
    expect(step - charge(high - low)).toBeGreaterThanOrEqual(-(10n ** 6n));
    expect(step - charge(high - low)).toBeLessThanOrEqual(10n ** 6n);
  });
});
