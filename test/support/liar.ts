import { createHash } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type CircuitSource, circuitsFolder } from '../../src/setup/compileCircuit.js';
import { type Calculator, otherCalculator, type TestCircuit } from './circuit.js';
import { COMPILED } from './compileOnce.js';

/** Another right-hand side of a hint, in a file of circuits/. */
export type HintLie = readonly [file: string, hint: string, lie: string];

/**
 * The calculator of a circuit with other right-hand sides of `<--`: it has the same signals, and lies where it is told to.
 * Lays out its sources, a folder for each text, and compiles them.
 */
export async function compileLiar(
  circuit: TestCircuit,
  source: CircuitSource,
  lies: readonly HintLie[],
): Promise<Calculator> {
  const texts = new Map<string, string>();
  for (const [file, hint, lie] of lies) {
    const text = texts.get(file) ?? (await readFile(join(circuitsFolder, file), 'utf8'));
    expect(text.split(hint), `${file} has the hint`).toHaveLength(2);
    texts.set(
      file,
      text.replace(hint, () => lie),
    );
  }
  const name = createHash('sha256')
    .update(JSON.stringify([...texts]))
    .digest('hex')
    .slice(0, 32);
  const folder = join(COMPILED, 'texts', name, 'circuits');
  await mkdir(folder, { recursive: true });
  await cp(circuitsFolder, folder, { recursive: true });
  for (const [file, text] of texts) await writeFile(join(folder, file), text);
  return otherCalculator(circuit, { ...source, file: join(folder, source.file) });
}
