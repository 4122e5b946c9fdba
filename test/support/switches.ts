import { appendFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { R1cs } from '../../src/r1cs/readR1cs.js';
import { readSymbols, type Symbols } from '../../src/r1cs/symbols.js';

/**
 * The other half of scripts/mutation/switches.ts: there each check of the circuits gets a switch, here is noted which
 * single check a refused witness was refused by. The circuit without that check accepts it.
 */
const NOTES = process.env['REFUSALS'];

/** Whether the circuits lack a check, or have switches: see scripts/mutation. */
export const IN_MUTANT = process.env['MUTANT'] !== undefined;

/** Signals that nothing but a switch reads, with the number of its check. */
const OF_SWITCH = /\.(?:on|equal|checked)(\d+)(?=[.[]|$)/g;

/** The compiler names a switch without a name by where it stands, which is elsewhere in a changed text. */
const PLACE = /\.(Switch\d+)_\d+_\d+/g;

export const readSwitchSymbols = (text: string): Symbols =>
  readSymbols(NOTES === undefined ? text : text.replace(PLACE, '.$1'));

/** How many broken constraints are looked for: all of them where it is noted whose they are. */
export const lookedFor = (limit: number): number => (NOTES === undefined ? limit : Number.POSITIVE_INFINITY);

const noted = new Set<string>();

/** Notes the checks each of which alone refuses a witness, by the constraints that it breaks. */
export function noteRefusal(r1cs: R1cs, symbols: Symbols, broken: readonly number[]): void {
  if (NOTES === undefined || broken.length === 0) return;
  const checks = broken
    .map((index) => checksOf(r1cs, symbols, index))
    .reduce((common, of) => common.filter((check) => of.includes(check)));
  const { currentTestName: test, testPath } = expect.getState();
  for (const check of checks) {
    const note = JSON.stringify({ check, path: testPath, test });
    if (noted.has(note)) continue;
    noted.add(note);
    appendFileSync(NOTES, `${note}\n`);
  }
}

function checksOf(r1cs: R1cs, symbols: Symbols, index: number): readonly number[] {
  const constraint = r1cs.constraints[index];
  if (constraint === undefined) return [];
  const wires = [constraint.a, constraint.b, constraint.c].flatMap((combination) => [...combination.wires]);
  return wires.flatMap((wire) => [...symbols.nameOf(wire).matchAll(OF_SWITCH)].map(([, check]) => Number(check)));
}
