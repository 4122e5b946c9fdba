import { beforeAll, expect, test } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { quantizedInput, quantizedSignals } from '../../src/quantized/quantizedInput.js';
import { compileForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { editEveryWire } from '../support/everyWire.js';
import { freeDirections } from '../support/jacobian.js';
import { OWNER_SECRET } from '../support/market.js';
import { packageOf, table } from '../support/quantizedMarket.js';

const REQUEST = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest({
    file: 'quantized/quantizedMargin.circom',
    template: 'QuantizedMargin',
    parameters: [2, 2],
    publicSignals: PUBLIC_SIGNALS,
  });
});

async function witnessOf(held: Holdings) {
  const input = quantizedInput(
    { account: packageOf(held), ownerSecret: OWNER_SECRET, table, request: REQUEST },
    { positions: 2, assets: 2 },
  );
  const witness = await circuit.witness(quantizedSignals(input));
  expectAccepted(circuit, witness);
  return witness;
}

const cash = { assetId: 1, amount: 10n ** 15n };

test('an account that fills all slots has one witness: no wire and no direction is free', async () => {
  const witness = await witnessOf({
    collateral: [cash, { assetId: 2, amount: -7n }],
    positions: [
      { instrumentId: 100, size: 1_234_567_890_123n, cost: 12_345n },
      { instrumentId: 103, size: -40_000_000_001n, cost: -98_765n },
    ],
  });
  expect(editEveryWire(circuit, witness)).toEqual([]);
  expect(freeDirections(circuit, witness)).toEqual([]);
});

test('in an empty slot only the inverses of zero are free, which nothing else uses', async () => {
  const witness = await witnessOf({ collateral: [cash], positions: [{ instrumentId: 100, size: 300n, cost: -10n }] });
  const hints = [
    'main.owned.collateral.entry[1].held.inverse',
    'main.owned.positions.entry[1].costSignMeans.inverse',
    'main.owned.positions.entry[1].held.inverse',
  ];
  expect(editEveryWire(circuit, witness)).toEqual(hints.map((signal) => ({ signal, value: 'any' })));
  expect(freeDirections(circuit, witness)).toEqual(hints.map((signal) => [signal]));
});
