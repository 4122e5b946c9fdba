import { describe, expect, it } from 'vitest';
import { FREE_IN_CIRCUITS, type FreeWire, freeWires, neverFree, unexplained } from './allowedFreeWires.js';
import { compileForTest, expectAccepted } from './circuit.js';
import { HONEST } from './honest.js';
import { SMALL } from './smallCircuits.js';

// Each circuit as it is compiled, private inputs among the wires: a full account or batch has one witness, and where slots
// are empty only what the list explains is free.

const found: FreeWire[] = [];

describe.each(HONEST)('$name', ({ source, full, boundary }) => {
  it('has one witness of what fills all of it, and is free only in what is listed where it is empty', async () => {
    const circuit = await compileForTest(source);
    const free = await Promise.all(
      [full(), boundary()].map(async (inputs) => {
        const witness = await circuit.witness(inputs);
        expectAccepted(circuit, witness);
        return freeWires(circuit, witness);
      }),
    );
    expect(free[0]).toEqual([]);
    expect(unexplained(free.flat(), FREE_IN_CIRCUITS)).toEqual([]);
    found.push(...free.flat());
  });
});

describe('the list', () => {
  it('has nothing that was never free', () => {
    expect(neverFree(found, FREE_IN_CIRCUITS)).toEqual([]);
  });

  it('was held against every circuit', () => {
    expect(HONEST.map(({ name }) => name).sort()).toEqual(SMALL.map(({ template }) => template).sort());
  });
});
