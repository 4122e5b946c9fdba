import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { circuitsFolder } from '../../src/setup/compileCircuit.js';
import { compileTextForTest, type TestCircuit } from './circuit.js';
import { type DeclaredInput, type Harvest, harvest } from './harvest.js';
import { HONEST } from './honest.js';
import type { Part } from './templateParts.js';

/** Templates side by side in one circuit, each with public inputs of its own and nothing else. */
export interface TemplateBench {
  readonly circuit: TestCircuit;
  /** inputs of the circuit: each part has all that were found for it among them */
  readonly inputs: readonly Readonly<Record<string, readonly bigint[]>>[];
}

/** The name of a part's component below main. */
export const partName = ({ template }: Part): string => `${template.charAt(0).toLowerCase()}${template.slice(1)}`;

/**
 * Compiles templates by themselves and finds honest inputs of each. They are compiled side by side, since most of the
 * time goes into what they share; nothing is joined to them but inputs of the circuit.
 */
export async function templateBench(parts: readonly Part[]): Promise<TemplateBench> {
  const declared = new Map<Part, readonly DeclaredInput[]>();
  for (const part of parts) declared.set(part, await declaredInputs(part));
  const found = new Map<Part, Harvest>();
  for (const honest of HONEST) {
    const here = parts.filter(({ circuit }) => circuit === honest.name);
    if (here.length === 0) continue;
    const harvests = await harvest(honest, new Map(here.map((part) => [part.place, declared.get(part) ?? []])));
    for (const part of here) found.set(part, harvests.get(part.place) as Harvest);
  }
  const harvests = parts.map((part) => [part, found.get(part) as Harvest] as const);
  const signals = parts.flatMap((part) =>
    (declared.get(part) ?? []).flatMap(({ name, type }) => {
      const sizes = found.get(part)?.sizes[name];
      return sizes === undefined ? [] : [{ part: partName(part), name, type, sizes }];
    }),
  );
  const text = [
    'pragma circom 2.2.2;',
    ...new Set(parts.map(({ file }) => `include "circuits/${file}";`)),
    'template Test() {',
    ...signals.map(
      ({ part, name, type, sizes }) =>
        `${type === 'signal' ? 'signal input' : `input ${type}`} ${part}_${name}${sizes.map((size) => `[${size}]`).join('')};`,
    ),
    ...parts.map((part) => `component ${partName(part)} = ${part.template}(${part.parameters.join(', ')});`),
    ...signals.map(({ part, name }) => `${part}.${name} <== ${part}_${name};`),
    '}',
  ].join('\n');
  const runs = Math.max(...harvests.map(([, { inputs }]) => inputs.length));
  return {
    circuit: await compileTextForTest(
      text,
      signals.map(({ part, name }) => `${part}_${name}`),
      { keepLinear: true },
    ),
    inputs: Array.from({ length: runs }, (_, run) =>
      Object.fromEntries(
        harvests.flatMap(([part, { inputs }]) =>
          Object.entries(inputs[run % inputs.length] ?? {}).map(([name, values]) => [
            `${partName(part)}_${name}`,
            values,
          ]),
        ),
      ),
    ),
  };
}

const INPUT = /^ +(?:signal input|input (\w+\([^)]*\))) (\w+)((?:\[[^\]]*\])*);/gm;

/** A template's inputs, with its parameters put in. */
async function declaredInputs({ file, template, parameters }: Part): Promise<readonly DeclaredInput[]> {
  const text = await readFile(join(circuitsFolder, file), 'utf8');
  const own = text.split(/^(?=template )/m).find((each) => each.startsWith(`template ${template}(`));
  if (own === undefined) throw new Error(`${file} has no template ${template}`);
  const names = /\((.*?)\)/.exec(own)?.[1]?.split(', ') ?? [];
  const withNumbers = (type: string): string =>
    names.reduce(
      (replaced, name, k) => (name === '' ? replaced : replaced.replaceAll(name, String(parameters[k]))),
      type,
    );
  return [...own.matchAll(INPUT)]
    .map(([, type, name, brackets]) => ({
      name: name as string,
      type: type === undefined ? 'signal' : withNumbers(type),
      depth: brackets?.split('[').length as number,
    }))
    .map((input) => ({ ...input, depth: input.depth - 1 }));
}
