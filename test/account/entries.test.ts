import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { collateralEntry } from '../../src/account/collateralEntry.js';
import { positionEntry } from '../../src/account/positionEntry.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { compileForTest, expectAccepted, expectRejected, type TestCircuit } from '../support/circuit.js';
import { expectTwin } from '../support/twin.js';

/** Values around every bound of a quantity of that many bits, and values that wrap. */
const around = (bits: number): fc.Arbitrary<bigint> =>
  fc.oneof(
    fc.constantFrom(0n, 1n, (1n << BigInt(bits)) - 1n, 1n << BigInt(bits), FIELD_ORDER - 1n),
    fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n }),
  );
const flag = fc.constantFrom(0n, 1n, 1n, 0n, 2n, FIELD_ORDER - 1n);
const used = fc.constantFrom(0n, 1n);

describe('CollateralEntry', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest({
      file: 'account/collateralEntry.circom',
      template: 'CollateralEntry',
      parameters: [],
      publicSignals: [],
    });
  });

  it('agrees with its twin inside, at and outside every bound', async () => {
    const seen = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(used, around(32), flag, around(64), async (u, gap, sign, magnitude) => {
        const both = await expectTwin(
          circuit,
          { used: u, gap, sign, magnitude },
          () => [collateralEntry(u, { gap, sign, magnitude })],
          ['packed'],
        );
        seen[both ? 'accepted' : 'refused']++;
      }),
      { seed: 20263, numRuns: 400 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(20);
  });

  it('packed fields of which one is out of range: a gap that absorbs the sign is refused', async () => {
    const honest = { used: 1n, gap: 5n, sign: 1n, magnitude: 9n };
    const witness = await circuit.witness(honest);
    expectAccepted(circuit, witness);
    // the same packed element, read as a gap beyond 32 bits with sign 0
    const absorbed = await circuit.witness({ ...honest, gap: 5n + (1n << 32n), sign: 0n });
    expect(circuit.get(absorbed, 'main.packed')).toBe(circuit.get(witness, 'main.packed'));
    expectRejected(circuit, absorbed, /gapRange/);
  });

  it('negative zero, a sign of 2 and a sign of r - 1 are refused', async () => {
    expectRejected(circuit, await circuit.witness({ used: 1n, gap: 0n, sign: 1n, magnitude: 0n }));
    for (const sign of [2n, FIELD_ORDER - 1n]) {
      expectRejected(circuit, await circuit.witness({ used: 1n, gap: 0n, sign, magnitude: 1n }));
    }
  });

  it('non-zero padding is refused in every part', async () => {
    const zero = { used: 0n, gap: 0n, sign: 0n, magnitude: 0n };
    expectAccepted(circuit, await circuit.witness(zero));
    for (const part of ['gap', 'sign', 'magnitude'])
      expectRejected(circuit, await circuit.witness({ ...zero, [part]: 1n }));
  });
});

describe('PositionEntry', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest({
      file: 'account/positionEntry.circom',
      template: 'PositionEntry',
      parameters: [],
      publicSignals: [],
    });
  });

  it('agrees with its twin inside, at and outside every bound', async () => {
    const seen = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.record({ used, gap: around(32), sizeSign: flag, size: around(64), costSign: flag, cost: around(80) }),
        async (slot) => {
          const both = await expectTwin(circuit, slot, () => [positionEntry(slot.used, slot)], ['packed']);
          seen[both ? 'accepted' : 'refused']++;
        },
      ),
      { seed: 20264, numRuns: 500 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(10);
  });

  it('a cost without a size is refused: it would be equity out of nothing', async () => {
    expectRejected(
      circuit,
      await circuit.witness({ used: 1n, gap: 0n, sizeSign: 0n, size: 0n, costSign: 1n, cost: 5n }),
      /held/,
    );
    expectRejected(
      circuit,
      await circuit.witness({ used: 0n, gap: 0n, sizeSign: 0n, size: 0n, costSign: 1n, cost: 5n }),
    );
  });

  it('a cost of negative zero is refused', async () => {
    const slot = { used: 1n, gap: 0n, sizeSign: 0n, size: 1n, costSign: 0n, cost: 0n };
    expectAccepted(circuit, await circuit.witness(slot));
    expectRejected(circuit, await circuit.witness({ ...slot, costSign: 1n }), /costSignMeans/);
  });
});
