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
    const [number] = here.map(numberOf) as [number];
    // a check of the same template that is not asked for has a switch of no number
    const tell = (without: string): string => {
      const mutant = here.find((one) => one.without === without);
      return mutant === undefined ? 'None' : String(numberOf(mutant));
    };
    templates.push(`template Switch${number}${(SWITCHES[of] as Switch)(tell)}`);
    const use = of === '===' ? equality(code.slice(start, end), number) : `Switch${number}`;
    return `${done.slice(0, start)}${use}${done.slice(end)}`;
  }, text);
  return `${switched}\n${templates.join('\n')}\n`;
}

/** A template with its parameters, given what tells each of its checks. */
type Switch = (tell: (without: string) => string) => string;

const through =
  (template: string, parameter: string, without: string): Switch =>
  (tell) => {
    const n = tell(without);
    return `(${parameter}) { signal input in; signal on${n} <-- 1; component checked${n} = ${template}(${parameter}); checked${n}.in <== on${n} * in; }`;
  };

const SWITCHES: Readonly<Record<string, Switch>> = {
  '===': (tell) => {
    const n = tell('');
    return `() { signal input equal${n}; signal on${n} <-- 1; on${n} * equal${n} === 0; }`;
  },
  Ranged: through('Ranged', 'BITS', 'range'),
  Below: through('Below', 'BOUND', 'bound'),
  Boolean: through('Boolean', '', 'bit'),
  NonZeroIf: (tell) => {
    const n = tell('not zero');
    return `() { signal input in; signal input flag; signal on${n} <-- 1; component checked${n} = NonZeroIf(); checked${n}.in <== in; checked${n}.flag <== on${n} * flag; }`;
  },
  Num2Bits: (tell) => {
    // never both without a number, since one of them is asked for
    const [sum, bits] = [tell('sum'), tell('bits')];
    return `(BITS) { signal input in; signal output out[BITS]; signal on${sum} <-- 1; signal on${bits} <-- 1; signal equal${bits}[BITS]; var sum = 0; for (var i = 0; i < BITS; i++) { out[i] <-- (in >> i) & 1; equal${bits}[i] <== out[i] * (1 - out[i]); on${bits} * equal${bits}[i] === 0; sum += out[i] * (1 << i); } on${sum} * (sum - in) === 0; }`;
  },
  SignSplit: (tell) => {
    const n = tell('range');
    return `(BITS) { signal input in; signal output positive; signal output negative; signal sign <-- in < 0 ? 1 : 0; sign * (1 - sign) === 0; signal magnitude <-- in < 0 ? -in : in; signal on${n} <-- 1; component checked${n} = Ranged(BITS); checked${n}.in <== on${n} * magnitude; negative <== sign * magnitude; positive <== magnitude - negative; positive - negative === in; }`;
  },
};

function equality(statement: string, number: number): string {
  const [left, right] = statement.replace(/;\s*$/, '').split('===') as [string, string];
  return `Switch${number}()((${left.trim()}) - (${right.trim()}));`;
}
