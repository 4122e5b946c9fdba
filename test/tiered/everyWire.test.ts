import { beforeAll, expect, test } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { tieredInput, tieredSignals } from '../../src/tiered/tieredInput.js';
import { compileForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { editEveryWire } from '../support/everyWire.js';
import { freeDirections } from '../support/jacobian.js';
import { OWNER_SECRET, packageOf, table, usd } from '../support/market.js';

const REQUEST = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest({
    file: 'tiered/tieredMargin.circom',
    template: 'TieredMargin',
    parameters: [2, 2],
    publicSignals: PUBLIC_SIGNALS,
  });
});

async function witnessOf(held: Holdings) {
  const input = tieredInput(
    { account: packageOf(held), ownerSecret: OWNER_SECRET, table, request: REQUEST },
    { positions: 2, assets: 2 },
  );
  const witness = await circuit.witness(tieredSignals(input));
  expectAccepted(circuit, witness);
  return witness;
}

const cost = 900n * 10n ** 8n;

test('an account that fills all slots has one witness: no wire and no direction is free', async () => {
  const witness = await witnessOf({
    collateral: [usd(5_000n), { assetId: 2, amount: -7n }],
    positions: [
      { instrumentId: 100, size: 300n, cost },
      { instrumentId: 103, size: -40n, cost: -cost },
    ],
  });
  expect(editEveryWire(circuit, witness)).toEqual([]);
  expect(freeDirections(circuit, witness)).toEqual([]);
});

test('in an empty slot only the inverses of zero are free, which nothing else uses', async () => {
  const witness = await witnessOf({ collateral: [usd(5_000n)], positions: [{ instrumentId: 100, size: 300n, cost }] });
  const hints = [
    'main.owned.collateral.entry[1].held.inverse',
    'main.owned.positions.entry[1].costSignMeans.inverse',
    'main.owned.positions.entry[1].held.inverse',
  ];
  expect(editEveryWire(circuit, witness)).toEqual(hints.map((signal) => ({ signal, value: 'any' })));
  expect(freeDirections(circuit, witness)).toEqual(hints.map((signal) => [signal]));
});
