import { describe, expect, it } from 'vitest';
import { accountFigures } from '../../src/liabilities/accountFigures.js';
import { accountStanding } from '../../src/liabilities/accountStanding.js';
import { type BookParameters, MAX_BOOK_AMOUNT } from '../../src/liabilities/bookParameters.js';
import { LIABILITIES } from '../../src/protocol/constants.js';

// One asset and one instrument of the highest rates there are, whose offsets set the surplus to the unit.
const RATE = 1n << 22n;
const PRICE = 1n << 62n;
const AMOUNT = (1n << 50n) - 1n;
const LIMIT = 1n << BigInt(LIABILITIES.surplusBits);

const thing = (id: number, offset: bigint) => ({
  id,
  price: PRICE,
  rows: [{ id, tier: 0, price: PRICE, sizeFloor: 0n, sizeCap: MAX_BOOK_AMOUNT, rate: RATE, offset }],
});
const parameters = (addition: bigint, deduction: bigint): BookParameters => ({
  riskRoot: 1n,
  assets: new Map([[1, thing(1, addition)]]),
  instruments: new Map([[100, { ...thing(100, deduction), settleAsset: 1 }]]),
  settleAssets: [1],
  settleOrder: [1],
});

const OWNED = { collateral: [{ assetId: 1, amount: AMOUNT }], positions: [] };
/** at its cost, so that nothing but its requirement counts */
const HELD = { collateral: [], positions: [{ instrumentId: 100, size: AMOUNT, cost: (AMOUNT * PRICE) / 10n ** 8n }] };

describe('the surplus of an account', () => {
  const weighted = RATE * AMOUNT * PRICE;

  it('may be as large as a circuit takes, and not one unit larger', () => {
    const { surplus, settled, equity, debt } = accountFigures(OWNED, parameters(LIMIT - 1n - weighted, 0n), [1]);
    expect(surplus).toBe(LIMIT - 1n);
    expect(accountStanding({ equity, surplus, settled, debt }, 0n).standing).toBe(1n);
    expect(() => accountFigures(OWNED, parameters(LIMIT - weighted, 0n), [1])).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
  });

  it('may be short by as much as a circuit takes, and not one unit more', () => {
    const { weightedEquity } = accountFigures(HELD, parameters(0n, 0n), [1]);
    const deduction = weighted - weightedEquity - LIMIT;
    const { surplus, settled, equity, debt } = accountFigures(HELD, parameters(0n, deduction), [1]);
    expect(surplus).toBe(-LIMIT);
    expect(accountStanding({ equity, surplus, settled, debt }, 0n).standing).toBe(0n);
    expect(() => accountFigures(HELD, parameters(0n, deduction - 1n), [1])).toThrow(
      expect.objectContaining({ code: 'OUT_OF_RANGE' }),
    );
  });
});
