// Attack 4: a wire that no constraint determines. A circuit that computes a value without constraining it accepts whatever
// a prover writes there; most of the bugs that were found in circuits of others are of this kind, and an honest witness
// calculator hides every one. Here the calculator is changed and only the R1CS decides. That no wire and no direction is
// free, over every template and circuit, is shown in test/support/everyTemplate.test.ts and everyCircuit.test.ts.

import { describe, expect, it } from 'vitest';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import type { Witness } from '../../src/r1cs/evaluateR1cs.js';
import { brokenBy, compileForTest, expectAccepted, expectRejected, type TestCircuit } from '../support/circuit.js';
import { editEveryWire, tryWires } from '../support/everyWire.js';
import { HONEST, type HonestCircuit } from '../support/honest.js';
import { compileChanged, type TextChange } from '../support/liar.js';

const honestOf = (name: string): HonestCircuit => HONEST.find((each) => each.name === name) ?? expect.fail(name);

describe.each(['TieredMargin', 'LiabilitiesBatch', 'LiabilitiesCoverage', 'LiabilitiesOpening', 'LiabilitiesStart'])(
  'a single wire of %s',
  (name) => {
    it('set to one more, something else, zero or minus one is refused, as solving for its values says', async () => {
      const { source, boundary } = honestOf(name);
      const circuit = await compileForTest(source);
      const witness = await circuit.witness(boundary());
      expectAccepted(circuit, witness);
      const { r1cs, symbols } = circuit;
      const first = r1cs.outputs + r1cs.publicInputs + 1;
      const stride = Math.ceil(r1cs.wires / 1_000);
      const free = editEveryWire(circuit, witness);
      const isFree = new Set(free.map(({ signal }) => signal));
      const all = Array.from({ length: r1cs.wires - first }, (_, index) => first + index);
      const chosen = all.filter((wire, index) => index % stride === 0 || isFree.has(symbols.nameOf(wire)));
      // as far from any honest value as can be
      const other = FIELD_ORDER / 3n;
      const survivors = tryWires(circuit, witness, chosen, (old) => [old + 1n, other, 0n, -1n]);
      const expected = chosen.flatMap((wire) => {
        const signal = symbols.nameOf(wire);
        const old = witness[wire] as bigint;
        const tried = [old + 1n, other, 0n, FIELD_ORDER - 1n].filter((value) => value !== old);
        const allowed = free.filter((each) => each.signal === signal);
        return tried
          .filter((value) => allowed.some((each) => each.value === 'any' || each.value === value))
          .map((value) => ({ signal, value }));
      });
      expect(survivors).toEqual(expected);
    });
  },
);

type Inputs = Readonly<Record<string, unknown>>;
type FalseStatement = readonly [attack: string, where: RegExp, change: (inputs: Inputs) => Inputs];

const oneMore = (name: string) => (inputs: Inputs) => ({ ...inputs, [name]: (inputs[name] as bigint) + 1n });

/** Checks that every margin circuit has, and a statement that is false for each of them. */
const ABOVE_FLOOR = 'weightedEquity - SCALE * equityFloor';
const MARGIN_CHECKS: readonly TextChange[] = [
  // the bits of the difference where there are such, so that what is not about the floor has honest ones
  [
    'margin/solvency.circom',
    `floor.in <== ${ABOVE_FLOOR};`,
    `floor.in <-- (${ABOVE_FLOOR}) < 0 ? 0 : (${ABOVE_FLOOR});`,
  ],
  ['account/ownedAccount.circom', 'root.out === accountRoot;', ''],
  ['account/ownedAccount.circom', 'owned.out === nullifier;', ''],
  ['risk/riskOpening.circom', 'root.out === riskRoot;', ''],
];
const MARGIN_LIES: readonly FalseStatement[] = [
  ['equity below the floor', /main\.solvency\.floor/, (inputs) => ({ ...inputs, equityFloor: 2n ** 160n - 1n })],
  ['an account under another root', /main\.owned/, oneMore('accountRoot')],
  ['a nullifier of somebody else', /main\.owned/, oneMore('nullifier')],
  ['parameters under another root', /main\.risk/, oneMore('riskRoot')],
];

const CIRCUITS: readonly (readonly [name: string, checks: readonly TextChange[], lies: readonly FalseStatement[]])[] = [
  ['TieredMargin', MARGIN_CHECKS, MARGIN_LIES],
  ['QuantizedMargin', MARGIN_CHECKS, MARGIN_LIES],
  [
    'LiabilitiesStart',
    [['liabilities/liabilitiesStart.circom', 'first.out === firstState;', '']],
    [['a chain that began elsewhere', /main\.first/, oneMore('firstState')]],
  ],
];

describe.each(CIRCUITS)('wires of %s without its checks, moved into it', (name, checks, lies) => {
  it('are refused by the check that is missing, and by nothing else', async () => {
    const { source, full } = honestOf(name);
    const circuit = await compileForTest(source);
    const changed = await compileChanged(circuit, source, checks);
    const honest = await circuit.witness(full());
    expectAccepted(circuit, honest);
    for (const [attack, where, change] of lies) {
      const lie = await changed.witness(change(full()));
      expectAccepted(changed, lie);
      expectOnly(circuit, changed.transplant(lie, honest), where, attack);
    }
  });
});

/** Fails unless the R1CS refuses a witness, each broken constraint in a component that matches. */
function expectOnly(circuit: TestCircuit, witness: Witness, where: RegExp, attack: string): void {
  expectRejected(circuit, witness, where);
  for (const { component, signals } of brokenBy(circuit, witness)) {
    expect(`${component} (${signals.join(', ')})`, attack).toMatch(where);
  }
}
