import type { TestRun } from './workspace.js';

/** How a test noticed that a check is missing. */
export interface Noticed {
  /** `false statement`: a witness of one passes. `free wire`: a wire that the check alone determined can be chosen */
  readonly by: 'false statement' | 'free wire';
  readonly test: string;
}

/** What the laboratory says when the R1CS accepts a witness that it must not, or disagrees with the twin about it. */
const FALSE_STATEMENT = /accepts (a witness|a lie|the lie|a false statement)|disagree on whether there is a witness/;

/** What it says when the R1CS refuses what it should accept. */
export const TRUE_REFUSED = /should accept|disagree on whether there is a witness/;

/** Tests that list the wires which can be chosen, and what they say when there are others. */
const LISTS_WIRES = /(everyWire|freeWires)\.test\.ts/;
const OTHER_WIRES = /deeply equal/;

/**
 * The test that found a witness of the mutant that is none of the circuit; undefined when none did. A test that fails for
 * another reason, such as a hash that is not the pinned one, noticed that something changed and not that it matters.
 */
export function noticed({ failures }: TestRun): Noticed | undefined {
  const forged = failures.find(({ message }) => FALSE_STATEMENT.test(message));
  if (forged !== undefined) return { by: 'false statement', test: forged.test };
  const free = failures.find(({ test, message }) => LISTS_WIRES.test(test) && OTHER_WIRES.test(message));
  return free === undefined ? undefined : { by: 'free wire', test: free.test };
}

/** The same of a test that holds a witness to be refused, which the mutant accepts. */
export const noticedBy = (test: string): Noticed => ({
  by: LISTS_WIRES.test(test) ? 'free wire' : 'false statement',
  test,
});
