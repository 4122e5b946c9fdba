import { beforeAll, describe, expect, it } from 'vitest';
import { batchSignals } from '../../src/liabilities/batchInput.js';
import { liabilitiesBatch } from '../../src/liabilities/liabilitiesBatch.js';
import { batchSource, bookOf, SHAPE } from '../support/book.js';
import { compileForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { usd } from '../support/market.js';

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest(batchSource(SHAPE));
});

const BTC = 10n ** 8n;

describe('an honest book', () => {
  it('of every kind of account passes batch by batch, circuit and twin alike', async () => {
    const book = bookOf(
      [
        {
          collateral: [usd(5_000n), { assetId: 2, amount: 3n * BTC }],
          positions: [{ instrumentId: 100, size: 300n, cost: 900n * BTC }],
        },
        undefined,
        {
          collateral: [usd(-50n), { assetId: 2, amount: 30n * BTC }],
          positions: [
            { instrumentId: 100, size: -300n, cost: -900n * BTC },
            { instrumentId: 103, size: -30_000n, cost: -19_000n * BTC },
          ],
        },
        { collateral: [usd(-5_000n)], positions: [] },
        { collateral: [], positions: [{ instrumentId: 103, size: 30_000n, cost: 19_000n * BTC }] },
      ],
      { venueStart: 4n },
    );
    for (const input of book.batches) {
      liabilitiesBatch(input);
      expectAccepted(circuit, await circuit.witness(batchSignals(input)));
    }
    expect(book.batches.length).toBe(3);
  });
});
