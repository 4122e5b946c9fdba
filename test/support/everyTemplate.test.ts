import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { circuitsFolder } from '../../src/setup/compileCircuit.js';
import { FREE_IN_TEMPLATES, freeWires, neverFree, unexplained } from './allowedFreeWires.js';
import { expectAccepted, expectRejected } from './circuit.js';
import { HONEST } from './honest.js';
import { partName, type TemplateBench, templateBench } from './templateBench.js';
import { PARTS } from './templateParts.js';

// Each template by itself, its inputs given: the Jacobian over all other wires has full rank and no wire has another
// value, for what honest witnesses of circuits give it where everything is used and where nothing is. A template whose
// outputs do not follow from its inputs may stand in a circuit that happens to bind them, until it is used in another.

/** Hashes of the owner, the model and the market, and the places of the only batch. */
const SAME_FOR_ALL = [
  'combinationHash',
  'factorsRowHash',
  'liabilitiesTableHash',
  'modelHash',
  'nullifier',
  'ownerCommitment',
  'placeFlags',
  'riskOpening',
  'riskRoot',
  'scenariosHash',
  'tableTop',
];

let bench: TemplateBench;
beforeAll(async () => {
  bench = await templateBench(PARTS);
});

describe('every template', () => {
  it('is in the table, or is a circuit by itself', async () => {
    const templates: string[] = [];
    for (const file of await readdir(circuitsFolder, { recursive: true })) {
      if (!file.endsWith('.circom')) continue;
      const text = await readFile(join(circuitsFolder, file), 'utf8');
      templates.push(...[...text.matchAll(/^template (\w+)/gm)].map(([, name]) => name as string));
    }
    const listed = [...PARTS.map(({ template }) => template), ...HONEST.map(({ name }) => name)];
    expect(listed.sort()).toEqual(templates.sort());
  });

  it('has no free wire and no free direction, apart from those on the list', async () => {
    const found = [];
    for (const inputs of bench.inputs) {
      const witness = await bench.circuit.witness(inputs);
      expectAccepted(bench.circuit, witness);
      found.push(...freeWires(bench.circuit, witness));
    }
    expect(unexplained(found, FREE_IN_TEMPLATES)).toEqual([]);
    expect(neverFree(found, FREE_IN_TEMPLATES)).toEqual([]);
  });

  it('was given inputs that differ, apart from what is the same for all accounts of the tests', () => {
    const differs = (part: string): boolean => {
      const inputsOf = (inputs: Readonly<Record<string, readonly bigint[]>>) =>
        Object.entries(inputs)
          .filter(([name]) => name.startsWith(`${part}_`))
          .join();
      return new Set(bench.inputs.map(inputsOf)).size > 1;
    };
    expect(
      PARTS.map(partName)
        .filter((part) => !differs(part))
        .sort(),
    ).toEqual(SAME_FOR_ALL);
  });

  it('is refused with another value in its place', async () => {
    const witness = await bench.circuit.witness(bench.inputs[0] ?? {});
    const edited = bench.circuit.edit(witness, { 'main.ranged_in': -1n });
    expectRejected(bench.circuit, edited, /main\.ranged/);
  });
});
