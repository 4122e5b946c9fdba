/** Names of signals, from the compiler's .sym file. */
export interface Symbols {
  /** wire of a signal, -1 when the compiler eliminated it; undefined for a name that does not exist */
  readonly wireOf: (name: string) => number | undefined;
  /** the outermost name of a wire: main's own signals before those of its components */
  readonly nameOf: (wire: number) => string;
}

/** Reads lines of "label,wire,component,name". */
export function readSymbols(text: string): Symbols {
  const wires = new Map<string, number>();
  const names = new Map<number, string>();
  for (const line of text.split('\n')) {
    const [, wireText, , name] = line.split(',');
    if (wireText === undefined || name === undefined) continue;
    const wire = Number(wireText);
    wires.set(name, wire);
    const known = names.get(wire);
    if (wire >= 0 && (known === undefined || depth(name) < depth(known))) names.set(wire, name);
  }
  return {
    wireOf: (name) => wires.get(name),
    nameOf: (wire) => (wire === 0 ? '1' : (names.get(wire) ?? `wire ${wire}`)),
  };
}

const depth = (name: string): number => name.split('.').length;
