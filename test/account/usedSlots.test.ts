import { beforeAll, describe, expect, it } from 'vitest';
import { compileForTest, expectAccepted, expectRejected, type TestCircuit } from '../support/circuit.js';

// Flags of used slots are hints. A prover who chose them would hide a debt or a loss behind an honest count.

describe('UsedSlots', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest({
      file: 'account/usedSlots.circom',
      template: 'UsedSlots',
      parameters: [3],
      publicSignals: ['count'],
    });
  });

  const flags = async (count: bigint, used: readonly bigint[]) => {
    const honest = await circuit.witness({ count });
    expectAccepted(circuit, honest);
    return circuit.edit(honest, Object.fromEntries(used.map((flag, k) => [`main.used[${k}]`, flag])));
  };

  it('a flag of 2 in place of two flags: the second slot is hidden', async () => {
    expectRejected(circuit, await flags(2n, [2n, 0n, 0n]));
  });

  it('flags that are not at the front: the first slot is hidden', async () => {
    expectRejected(circuit, await flags(1n, [0n, 1n, 0n]));
    expectRejected(circuit, await flags(2n, [1n, 0n, 1n]));
  });

  it('flags that do not add up to the count', async () => {
    expectRejected(circuit, await flags(2n, [1n, 0n, 0n]));
    expectRejected(circuit, await flags(1n, [1n, 1n, 0n]));
    expectRejected(circuit, await flags(1n, [0n, 0n, 0n]));
    // counts beyond the slots have no flags at all
    expectRejected(circuit, await circuit.witness({ count: 4n }));
    expect(circuit.outputs(await circuit.witness({ count: 3n }))).toMatchObject({ 'main.used[2]': 1n });
  });
});
