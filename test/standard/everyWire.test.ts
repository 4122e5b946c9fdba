import { beforeAll, expect, test } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { standardInput, standardSignals } from '../../src/standard/standardInput.js';
import { compileForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { editEveryWire } from '../support/everyWire.js';
import { freeDirections } from '../support/jacobian.js';
import { OWNER_SECRET } from '../support/market.js';
import { contracts, packageOf, table, usd } from '../support/standardMarket.js';

const REQUEST = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest({
    file: 'standard/standardMargin.circom',
    template: 'StandardMargin',
    parameters: [4, 2],
    publicSignals: PUBLIC_SIGNALS,
  });
});

async function witnessOf(held: Holdings) {
  const input = standardInput(
    { account: packageOf(held), ownerSecret: OWNER_SECRET, table, request: REQUEST },
    { positions: 4, assets: 2 },
  );
  const witness = await circuit.witness(standardSignals(input));
  expectAccepted(circuit, witness);
  return witness;
}

const withCosts = (sizes: Readonly<Record<string, number>>) =>
  contracts(sizes).map((position) => ({ ...position, cost: -7n }));

test('an account that fills all slots has one witness: no wire and no direction is free', async () => {
  const witness = await witnessOf({
    collateral: [usd(5_000n), { assetId: 2, amount: -7n }],
    // net calls other than zero at every place
    positions: withCosts({
      'BTC-NEAR-80-call': -3,
      'BTC-NEAR-100-call': 1,
      'BTC-NEAR-120-put': -1,
      'BTC-FAR-120-call': -1,
    }),
  });
  expect(editEveryWire(circuit, witness)).toEqual([]);
  expect(freeDirections(circuit, witness)).toEqual([]);
});

test('where nothing is held only what nothing else uses is free', async () => {
  const witness = await witnessOf({
    collateral: [usd(5_000n)],
    positions: withCosts({ 'BTC-NEAR-80-call': -3, 'BTC-NEAR-100-call': 1 }),
  });
  // inverses of zero, the sign of zero, and the choice between two margins of zero
  const anything = [
    'main.owned.collateral.entry[1].held.inverse',
    'main.owned.positions.entry[2].costSignMeans.inverse',
    'main.owned.positions.entry[2].held.inverse',
    'main.owned.positions.entry[3].costSignMeans.inverse',
    'main.owned.positions.entry[3].held.inverse',
  ];
  const other = [
    'main.takesIsolated[0]',
    'main.takesIsolated[1]',
    'main.options.netCalls[0].sign',
    'main.options.netCalls[1].sign',
  ];
  const survivors = editEveryWire(circuit, witness);
  expect(
    survivors
      .filter(({ value }) => value === 'any')
      .map(({ signal }) => signal)
      .sort(),
  ).toEqual([...anything].sort());
  expect(
    survivors
      .filter(({ value }) => value !== 'any')
      .map(({ signal }) => signal)
      .sort(),
  ).toEqual([...other].sort());
  expect(freeDirections(circuit, witness)).toEqual(anything.map((signal) => [signal]));
});
