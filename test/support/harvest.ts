import { everySignal } from './everySignal.js';
import type { HonestCircuit } from './honest.js';

/** An input of a template, as its text declares it. */
export interface DeclaredInput {
  readonly name: string;
  /** `signal`, or the bus with its parameters */
  readonly type: string;
  /** how many square brackets follow the name */
  readonly depth: number;
}

/** Values of a component's inputs by name, in the order in which the compiler takes them. */
export type PartInputs = Readonly<Record<string, readonly bigint[]>>;

/** What was found of a template in a circuit that has it as a part. */
export interface Harvest {
  /** sizes of each input; one without signals is left out */
  readonly sizes: Readonly<Record<string, readonly number[]>>;
  /** honest inputs that differ, of the full and of the boundary witness */
  readonly inputs: readonly PartInputs[];
}

/** A component's inputs by name, each with its signals: names behind the component's path. */
interface Component {
  readonly path: string;
  readonly inputs: Map<string, string[]>;
}

/** Of each witness so many inputs are taken: the first that differ, and the last, which lie in an empty slot. */
const MOST = 2;

/**
 * What a circuit's honest witnesses give to its components, by their places: paths without `main`, indices and the
 * numbers in the names of anonymous components. Throws for a place where the circuit has no component with such inputs.
 */
export async function harvest(
  { source, full, boundary }: HonestCircuit,
  declared: ReadonlyMap<string, readonly DeclaredInput[]>,
): Promise<ReadonlyMap<string, Harvest>> {
  const signals = await everySignal(source);
  const found = componentsAt(signals.names, declared);
  const needed = [...found.values()].flat().flatMap(namesOf);
  const witnesses = [await signals.values(full(), needed), await signals.values(boundary(), needed)];
  return new Map(
    [...declared].map(([place, inputs]): [string, Harvest] => {
      const components = found.get(place) ?? [];
      const [first] = components;
      if (first === undefined) throw new Error(`there is no component at ${place}`);
      const sizes = inputs.flatMap(({ name, depth }) => {
        const own = first.inputs.get(name);
        return own === undefined ? [] : [[name, sizesOf(own, depth)] as const];
      });
      const chosen = witnesses.flatMap((values) =>
        ends(distinct(components.map((component) => inputsOf(component, values)))),
      );
      return [place, { sizes: Object.fromEntries(sizes), inputs: distinct(chosen) }];
    }),
  );
}

function componentsAt(
  names: readonly string[],
  declared: ReadonlyMap<string, readonly DeclaredInput[]>,
): ReadonlyMap<string, readonly Component[]> {
  const components = new Map<string, Component>();
  const found = new Map<string, Component[]>([...declared.keys()].map((place) => [place, []]));
  const placeOf = remembered((path) => path.replace(/^main\.?|\[\d+\]/g, '').replace(/_\d+_\d+(?=\.|$)/g, ''));
  for (const name of names) {
    for (let dot = name.indexOf('.', 5); dot > 0; dot = name.indexOf('.', dot + 1)) {
      const path = name.slice(0, dot);
      const inputs = declared.get(placeOf(path));
      if (inputs === undefined) continue;
      const signal = name.slice(dot + 1);
      const [base] = /^\w+/.exec(signal) as RegExpExecArray;
      if (!inputs.some((input) => input.name === base)) continue;
      const component = components.get(path) ?? { path, inputs: new Map() };
      if (!components.has(path)) found.get(placeOf(path))?.push(component);
      components.set(path, component);
      const own = component.inputs.get(base);
      if (own === undefined) component.inputs.set(base, [signal]);
      else own.push(signal);
    }
  }
  return found;
}

const namesOf = ({ path, inputs }: Component): readonly string[] =>
  [...inputs.values()].flat().map((signal) => `${path}.${signal}`);

const inputsOf = ({ path, inputs }: Component, values: ReadonlyMap<string, bigint>): PartInputs =>
  Object.fromEntries(
    [...inputs].map(([name, signals]) => [name, signals.map((signal) => values.get(`${path}.${signal}`) as bigint)]),
  );

/** The largest index, and one, in each of the first brackets after an input's name: others are of its bus. */
function sizesOf(signals: readonly string[], depth: number): readonly number[] {
  const indices = signals.map((signal) => [...signal.matchAll(/\[(\d+)\]/g)].map(([, index]) => Number(index)));
  return Array.from({ length: depth }, (_, k) => 1 + Math.max(...indices.map((each) => each[k] as number)));
}

const ends = <T>(items: readonly T[]): readonly T[] =>
  items.length <= MOST ? items : [...items.slice(0, MOST - 1), items.at(-1) as T];

const distinct = (inputs: readonly PartInputs[]): readonly PartInputs[] => [
  ...new Map(inputs.map((each) => [Object.values(each).flat().join(), each])).values(),
];

/** The same function, computed once for each argument. */
function remembered(compute: (text: string) => string): (text: string) => string {
  const known = new Map<string, string>();
  return (text) => {
    const result = known.get(text) ?? compute(text);
    known.set(text, result);
    return result;
  };
}
