import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { collateralList } from '../../src/account/collateralList.js';
import { positionList } from '../../src/account/positionList.js';
import { collateralSlots, positionSlots } from '../../src/account/slots.js';
import { holdings } from '../support/arbitraries.js';
import { compileForTest, expectAccepted, expectRejected, type TestCircuit } from '../support/circuit.js';
import { expectTwin } from '../support/twin.js';

const collateralInputs = (held: Holdings, slots: number, count = BigInt(held.collateral.length)) => {
  const entries = collateralSlots(held, slots);
  return {
    count,
    gap: entries.map((slot) => slot.gap),
    sign: entries.map((slot) => slot.sign),
    magnitude: entries.map((slot) => slot.magnitude),
  };
};

const positionInputs = (held: Holdings, slots: number, count = BigInt(held.positions.length)) => {
  const entries = positionSlots(held, slots);
  return {
    count,
    gap: entries.map((slot) => slot.gap),
    sizeSign: entries.map((slot) => slot.sizeSign),
    size: entries.map((slot) => slot.size),
    costSign: entries.map((slot) => slot.costSign),
    cost: entries.map((slot) => slot.cost),
  };
};

const compile = (file: string, template: string, slots: number) =>
  compileForTest({ file: `account/${file}.circom`, template, parameters: [slots], publicSignals: [] });

const perSlot = (name: string, slots: number) => Array.from({ length: slots }, (_, k) => `${name}[${k}]`);

describe('CollateralList', () => {
  let small: TestCircuit;
  let large: TestCircuit;
  beforeAll(async () => {
    small = await compile('collateralList', 'CollateralList', 3);
    large = await compile('collateralList', 'CollateralList', 11);
  });

  it('agrees with its twin, and opens the same list whatever its size', async () => {
    await fc.assert(
      fc.asyncProperty(holdings({ positions: 0, assets: 3 }), async (held) => {
        const count = BigInt(held.collateral.length);
        const hashes: bigint[] = [];
        for (const [circuit, slots] of [
          [small, 3],
          [large, 11],
        ] as const) {
          const twin = collateralList(count, collateralSlots(held, slots));
          hashes.push(twin.hash);
          const outputs = ['hash', ...perSlot('used', slots), ...perSlot('id', slots)];
          await expectTwin(
            circuit,
            collateralInputs(held, slots),
            () => [twin.hash, ...twin.used, ...twin.id],
            outputs,
          );
        }
        expect(hashes[1]).toBe(hashes[0]);
      }),
      { seed: 20265, numRuns: 25 },
    );
  });

  it('an omitted entry changes the hash, and cannot be declared padding', async () => {
    const held = {
      collateral: [
        { assetId: 1, amount: 5n },
        { assetId: 2, amount: -7n },
      ],
      positions: [],
    };
    const honest = await small.witness(collateralInputs(held, 3));
    expectAccepted(small, honest);
    // the debt of the second slot left standing under a count of 1
    expectRejected(small, await small.witness(collateralInputs(held, 3, 1n)), /magnitude\[1\]/);
    // the flag turned off by hand
    expectRejected(small, small.edit(honest, { 'main.used[1]': 0n }));
    const without = await small.witness(collateralInputs({ ...held, collateral: held.collateral.slice(0, 1) }, 3));
    expect(small.get(without, 'main.hash')).not.toBe(small.get(honest, 'main.hash'));
  });

  it('a count above the size, and used slots with a hole, have no witness', async () => {
    const held = { collateral: [{ assetId: 1, amount: 5n }], positions: [] };
    for (const count of [0n, 2n, 4n, 2n ** 253n]) {
      expectRejected(small, await small.witness(collateralInputs(held, 3, count)));
    }
    const honest = await small.witness(collateralInputs(held, 3));
    expectRejected(small, small.edit(honest, { 'main.used[0]': 0n, 'main.used[1]': 1n }));
  });

  it('a repeated id, or ids out of order, cannot be written: the gap would be negative', async () => {
    const held = {
      collateral: [
        { assetId: 1, amount: 5n },
        { assetId: 2, amount: 7n },
      ],
      positions: [],
    };
    const inputs = collateralInputs(held, 3);
    for (const gap of [-1n, -2n]) {
      expectRejected(small, await small.witness({ ...inputs, gap: [inputs.gap[0], gap, 0n] }), /gapRange/);
    }
  });

  it('the last id is ranged: gaps that add up to an id of 2^32 are refused', async () => {
    const held = { collateral: [{ assetId: 2 ** 32 - 1, amount: 5n }], positions: [] };
    const inputs = collateralInputs(held, 3);
    expectAccepted(small, await small.witness(inputs));
    expectRejected(small, await small.witness({ ...inputs, gap: [2n ** 32n - 1n, 0n, 0n] }), /lastId/);
    const two = collateralInputs(
      { collateral: [...held.collateral, { assetId: 2 ** 32, amount: 1n }], positions: [] },
      3,
    );
    expectRejected(small, await small.witness(two), /lastId/);
  });
});

describe('PositionList', () => {
  let small: TestCircuit;
  let large: TestCircuit;
  beforeAll(async () => {
    small = await compile('positionList', 'PositionList', 5);
    large = await compile('positionList', 'PositionList', 14);
  });

  it('agrees with its twin, and opens the same list whatever its size', async () => {
    await fc.assert(
      fc.asyncProperty(holdings({ positions: 5, assets: 0 }), async (held) => {
        const count = BigInt(held.positions.length);
        const hashes: bigint[] = [];
        for (const [circuit, slots] of [
          [small, 5],
          [large, 14],
        ] as const) {
          const twin = positionList(count, positionSlots(held, slots));
          hashes.push(twin.hash);
          const outputs = ['hash', ...perSlot('used', slots), ...perSlot('id', slots)];
          await expectTwin(circuit, positionInputs(held, slots), () => [twin.hash, ...twin.used, ...twin.id], outputs);
        }
        expect(hashes[1]).toBe(hashes[0]);
      }),
      { seed: 20266, numRuns: 25 },
    );
  });

  it('a tail block with an entry in it cannot be skipped', async () => {
    const held = {
      collateral: [],
      positions: [1, 2, 3, 4, 5].map((instrumentId) => ({ instrumentId, size: 3n, cost: 2n })),
    };
    const honest = await small.witness(positionInputs(held, 5));
    expectAccepted(small, honest);
    const head = await small.witness(positionInputs({ ...held, positions: held.positions.slice(0, 4) }, 5));
    // the fifth position kept, the hash and the flags those of four
    expectRejected(small, small.edit(honest, { 'main.used[4]': 0n, 'main.hash': small.get(head, 'main.hash') }));
  });
});
