import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Witness } from '../../src/r1cs/evaluateR1cs.js';
import { type CircuitSource, circuitsFolder } from '../../src/setup/compileCircuit.js';
import { type Calculator, compileUnsimplified, otherCalculator, type TestCircuit } from './circuit.js';
import { COMPILED } from './compileOnce.js';

/** A text that stands once in a file of circuits/, and what a changed circuit has in its place. */
export type TextChange = readonly [file: string, old: string, changed: string];

/** The same of a hint, whose right-hand side becomes another. */
export type HintLie = TextChange;

/** A circuit that was compiled of changed sources, whose wires can be put into the original's. */
export interface ChangedCircuit extends TestCircuit {
  /**
   * A witness of the original: each wire has the value of the signal of its name in this circuit's witness. What only the
   * original has, such as the parts of a check that was taken out, is as in the witness given for the rest.
   */
  transplant(witness: Witness, rest?: Witness): Witness;
}

/**
 * Compiles a circuit of changed sources: without one of its checks, or with another hint. Its constraints say whether a
 * false statement needs nothing but the change, the original's whether they refuse the wires that are moved there.
 * Throws where a text does not stand exactly once.
 */
export async function compileChanged(
  original: TestCircuit,
  source: CircuitSource,
  changes: readonly TextChange[],
): Promise<ChangedCircuit> {
  const circuit = await compileUnsimplified({ ...source, file: await layOut(source.file, changes) });
  const wires = Array.from({ length: original.r1cs.wires }, (_, wire) =>
    wire === 0 ? 0 : circuit.symbols.wireOf(original.symbols.nameOf(wire)),
  );
  return {
    ...circuit,
    transplant: (witness, rest) =>
      wires.map((same, wire) => {
        const value = same === undefined || same < 0 ? rest?.[wire] : witness[same];
        if (value === undefined)
          throw new Error(
            `the changed circuit has no wire ${original.symbols.nameOf(wire)}: give a witness of the rest`,
          );
        return value;
      }),
  };
}

/**
 * The calculator of a circuit with other right-hand sides of `<--`: it has the same wires, and lies where it is told to.
 * Its constraints are the original's, and are not read again.
 */
export async function compileLiar(
  circuit: TestCircuit,
  source: CircuitSource,
  lies: readonly TextChange[],
): Promise<Calculator> {
  return otherCalculator(circuit, { ...source, file: await layOut(source.file, lies) });
}

/** Lays out changed sources, a folder for each text; the path of the file there. */
async function layOut(file: string, changes: readonly TextChange[]): Promise<string> {
  const texts = new Map<string, string>();
  for (const [changed, old, replacement] of changes) {
    const text = texts.get(changed) ?? (await readFile(join(circuitsFolder, changed), 'utf8'));
    if (text.split(old).length !== 2) throw new Error(`${changed} does not have exactly once: ${old}`);
    texts.set(
      changed,
      text.replace(old, () => replacement),
    );
  }
  const name = createHash('sha256')
    .update(JSON.stringify([...texts]))
    .digest('hex')
    .slice(0, 32);
  const folder = join(COMPILED, 'texts', name, 'circuits');
  await mkdir(folder, { recursive: true });
  await cp(circuitsFolder, folder, { recursive: true });
  for (const [path, text] of texts) await writeFile(join(folder, path), text);
  return join(folder, file);
}
