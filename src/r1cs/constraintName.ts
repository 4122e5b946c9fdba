import type { R1cs } from './readR1cs.js';
import type { Symbols } from './symbols.js';

/** Where a constraint stands and what it is about. */
export interface ConstraintName {
  /** the component that its signals belong to, such as main.solvency.ratio.bits */
  readonly component: string;
  /** names of its signals, those of the component first, at most `SHOWN` */
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
  const component = sharedComponent(names);
  const own = names.filter((name) => name.startsWith(`${component}.`));
  return { component, signals: [...own, ...names.filter((name) => !own.includes(name))].slice(0, SHOWN) };
}

/** The innermost component with at least half of the signals: optimisation mixes some of other components in. */
function sharedComponent(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) {
    for (let end = name.lastIndexOf('.'); end > 0; end = name.lastIndexOf('.', end - 1)) {
      const component = name.slice(0, end);
      counts.set(component, (counts.get(component) ?? 0) + 1);
    }
  }
  return [...counts]
    .filter(([, count]) => 2 * count >= names.length)
    .map(([component]) => component)
    .reduce((inner, component) => (component.length > inner.length ? component : inner), 'main');
}
