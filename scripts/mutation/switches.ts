import { type Mutant, withoutComments } from './mutants.js';

/**
 * The text of a file in which each of its checks has a switch, a signal that is 1 wherever a calculator computes it: a
 * witness with the switch at 0 is one of the circuit without the check. So one compilation stands for all mutants of a
 * file: those of them accept a witness whose check is the only one that refuses it (test/support/switches.ts).
 * `numberOf` tells a check in the names of signals.
 */
export function withSwitches(text: string, mutants: readonly Mutant[], numberOf: (mutant: Mutant) => number): string {
  const code = withoutComments(text);
  const starts = [...new Set(mutants.map(({ start }) => start))].sort((left, right) => right - left);
  const templates: string[] = [];
  const switched = starts.reduce((done, start) => {
    const here = mutants.filter((mutant) => mutant.start === start);
    const [{ end, of }] = here as [Mutant];
    const [number, second] = here.map(numberOf) as [number, number | undefined];
    templates.push(`template Switch${number}${(SWITCHES[of] as Switch)(number, second)}`);
    const use = of === '===' ? equality(code.slice(start, end), number) : `Switch${number}`;
    return `${done.slice(0, start)}${use}${done.slice(end)}`;
  }, text);
  return `${switched}\n${templates.join('\n')}\n`;
}

/** A template with its parameters, by the number of the check, or of both that a decomposition into bits makes. */
type Switch = (check: number, second: number | undefined) => string;

const ranged =
  (template: string, parameter: string): Switch =>
  (n) =>
    `(${parameter}) { signal input in; signal on${n} <-- 1; component checked${n} = ${template}(${parameter}); checked${n}.in <== on${n} * in; }`;

const SWITCHES: Readonly<Record<string, Switch>> = {
  '===': (n) => `() { signal input equal${n}; signal on${n} <-- 1; on${n} * equal${n} === 0; }`,
  Ranged: ranged('Ranged', 'BITS'),
  Below: ranged('Below', 'BOUND'),
  Boolean: ranged('Boolean', ''),
  NonZeroIf: (n) =>
    `() { signal input in; signal input flag; signal on${n} <-- 1; component checked${n} = NonZeroIf(); checked${n}.in <== in; checked${n}.flag <== on${n} * flag; }`,
  Num2Bits: (sum, bits) =>
    `(BITS) { signal input in; signal output out[BITS]; signal on${sum} <-- 1; signal on${bits} <-- 1; signal equal${bits}[BITS]; var sum = 0; for (var i = 0; i < BITS; i++) { out[i] <-- (in >> i) & 1; equal${bits}[i] <== out[i] * (1 - out[i]); on${bits} * equal${bits}[i] === 0; sum += out[i] * (1 << i); } on${sum} * (sum - in) === 0; }`,
  SignSplit: (n) =>
    `(BITS) { signal input in; signal output positive; signal output negative; signal sign <-- in < 0 ? 1 : 0; sign * (1 - sign) === 0; signal magnitude <-- in < 0 ? -in : in; signal on${n} <-- 1; component checked${n} = Ranged(BITS); checked${n}.in <== on${n} * magnitude; negative <== sign * magnitude; positive <== magnitude - negative; positive - negative === in; }`,
};

function equality(statement: string, number: number): string {
  const [left, right] = statement.replace(/;\s*$/, '').split('===') as [string, string];
  return `Switch${number}()((${left.trim()}) - (${right.trim()}));`;
}
