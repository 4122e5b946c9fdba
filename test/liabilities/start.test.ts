import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildAccountTree } from '../../src/account/accountTree.js';
import {
  type ChainState,
  chainStateHash,
  FIRST_STATE,
  NO_TOTALS,
  SIDE_TOTALS,
} from '../../src/liabilities/chainState.js';
import { liabilitiesStart, startSignals } from '../../src/liabilities/liabilitiesStart.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { bookOf, startSource } from '../support/book.js';
import { compileForTest, expectAccepted, expectRejected, type TestCircuit } from '../support/circuit.js';
import { editEveryWire } from '../support/everyWire.js';
import { freeDirections } from '../support/jacobian.js';
import { usd } from '../support/market.js';
import { expectTwin, hasWitness } from '../support/twin.js';

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest(startSource);
});

const element = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n });
const STATEMENT = 0x57a7e3e47n;

describe('the start of a chain', () => {
  it('agrees with its twin', async () => {
    const seen = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(element, fc.oneof(fc.constant(undefined), element), async (statement, other) => {
        const input = { ...startSignals(statement), ...(other === undefined ? {} : { firstState: other }) };
        const twin = () => {
          liabilitiesStart(input);
          return [];
        };
        const both = await expectTwin(circuit, input, twin, []);
        seen[both ? 'accepted' : 'refused']++;
      }),
      { seed: 31_201, numRuns: 20 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(3);
  });

  it('is where the batches of a book begin', () => {
    const [first] = bookOf([{ collateral: [usd(1n)], positions: [] }]).batches;
    expect({ ...first?.signals }).toMatchObject({
      stateBefore: startSignals(first?.signals.statement ?? 0n).firstState,
    });
  });

  it('of another first state or another statement is refused', async () => {
    const honest = await circuit.witness({ ...startSignals(STATEMENT) });
    expectAccepted(circuit, honest);
    const other = startSignals(STATEMENT + 1n);
    for (const edits of [
      { 'main.firstState': (value: bigint) => value + 1n },
      { 'main.firstState': 0n },
      { 'main.firstState': other.firstState },
      { 'main.statement': (value: bigint) => value + 1n },
      { 'main.statement': other.statement },
    ]) {
      expectRejected(circuit, circuit.edit(honest, edits));
    }
    // a whole witness of the other statement, with the honest statement's state beside it
    const transplanted = await circuit.witness({ ...other });
    const { firstState } = startSignals(STATEMENT);
    expectRejected(circuit, circuit.edit(transplanted, { 'main.firstState': firstState }));
  });

  const counted = (name: (typeof SIDE_TOTALS)[number]) => ({ ...NO_TOTALS, [name]: FIELD_ORDER - 1n });
  it.each<readonly [string, Partial<ChainState>]>([
    ['behind the first place', { nextIndex: 1n }],
    ['with an account in the tree', { treeRoot: buildAccountTree([1n]).root }],
    ['with no tree', { treeRoot: 0n }],
    ['with a blinding', { blinding: 1n }],
    ...SIDE_TOTALS.flatMap((name): [string, Partial<ChainState>][] => [
      [`with customers’ ${name} below zero`, { customers: counted(name) }],
      [`with the venue’s ${name} below zero`, { venue: counted(name) }],
    ]),
  ])('%s is refused', async (_name, change) => {
    const input = {
      statement: STATEMENT,
      firstState: chainStateHash({ ...FIRST_STATE, ...change }, STATEMENT),
    };
    expect(hasWitness(() => liabilitiesStart(input))).toBe(false);
    expectRejected(circuit, await circuit.witness(input));
  });

  it('has one witness: no wire and no direction is free', async () => {
    const witness = await circuit.witness({ ...startSignals(STATEMENT) });
    expectAccepted(circuit, witness);
    expect(editEveryWire(circuit, witness)).toEqual([]);
    expect(freeDirections(circuit, witness)).toEqual([]);
  });
});
