import type { R1cs } from './readR1cs.js';
import type { Symbols } from './symbols.js';

/** Where a constraint stands and what it is about. */
export interface ConstraintName {
  /** the component that most of its signals belong to, such as main.solvency.ratio.bits */
  readonly component: string;
  /** names of its signals, at most `SHOWN` */
  readonly signals: readonly string[];
}

const SHOWN = 6;

/** Names a constraint by its signals, since a compiled circuit holds no source positions. */
export function constraintName(r1cs: R1cs, index: number, symbols: Symbols): ConstraintName {
  const constraint = r1cs.constraints[index];
  if (constraint === undefined) throw new RangeError(`there is no constraint ${index}`);
  const { a, b, c } = constraint;
  const wires = [...new Set([...a.wires, ...b.wires, ...c.wires])].filter((wire) => wire !== 0);
  const names = wires.map(symbols.nameOf);
  const components = names.map((name) => name.slice(0, Math.max(0, name.lastIndexOf('.'))));
  // optimisation mixes in signals of other components; most of a check's signals are its own
  const counts = new Map<string, number>();
  for (const component of components) counts.set(component, (counts.get(component) ?? 0) + 1);
  const [component] = [...counts].sort(([left, n], [right, m]) => m - n || right.length - left.length)[0] ?? ['main'];
  const own = names.filter((name) => name.startsWith(`${component}.`));
  return { component, signals: [...own, ...names.filter((name) => !own.includes(name))].slice(0, SHOWN) };
}
