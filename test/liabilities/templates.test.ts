import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { EMPTY_ACCOUNT_NODES } from '../../src/account/accountTree.js';
import { collateralList } from '../../src/account/collateralList.js';
import { leafOf } from '../../src/account/leaf.js';
import { positionList } from '../../src/account/positionList.js';
import { collateralSlots, positionSlots } from '../../src/account/slots.js';
import { type AccountClaims, accountStanding } from '../../src/liabilities/accountStanding.js';
import { balanceEntries } from '../../src/liabilities/balanceEntries.js';
import { bookLeaf } from '../../src/liabilities/bookLeaf.js';
import { bookState } from '../../src/liabilities/bookState.js';
import {
  type ChainState,
  chainStateHash,
  SIDE_TOTALS,
  type SideTotals,
  stateElements,
} from '../../src/liabilities/chainState.js';
import { fraction } from '../../src/liabilities/fraction.js';
import { statementElements, statementHash } from '../../src/liabilities/liabilitiesStatement.js';
import { type LiabilitiesTable, liabilitiesTableHash, tableSignals } from '../../src/liabilities/liabilitiesTable.js';
import { nodeReplacement } from '../../src/liabilities/nodeReplacement.js';
import { positionEntries } from '../../src/liabilities/positionEntries.js';
import { subtreeInsertion } from '../../src/liabilities/subtreeInsertion.js';
import { subtreeRoot } from '../../src/liabilities/subtreeRoot.js';
import { liabilitiesTable } from '../../src/liabilities/tableChoice.js';
import { transcript } from '../../src/liabilities/transcript.js';
import { FIELD_ORDER, LIABILITIES, TAGS } from '../../src/protocol/constants.js';
import { holdings } from '../support/arbitraries.js';
import { bookOf, CHOICE, parameters, SHAPE } from '../support/book.js';
import {
  brokenBy,
  compileForTest,
  compileTextForTest,
  expectAccepted,
  expectRejected,
  type TestCircuit,
} from '../support/circuit.js';
import { reduce } from '../support/field.js';
import { compileLiar } from '../support/liar.js';
import { accountOf, usd } from '../support/market.js';
import { expectTwin } from '../support/twin.js';

const compile = (file: string, template: string, parameters: readonly number[] = []) =>
  compileForTest({ file: `liabilities/${file}.circom`, template, parameters, publicSignals: [] });

type Inputs = Readonly<Record<string, unknown>>;

/** A component of a test's circuit, with the sizes of its inputs. */
interface Instance {
  readonly call: string;
  readonly inputs: Readonly<Record<string, readonly number[]>>;
  readonly outputs: readonly string[];
}

const element = fc.bigInt({ min: 0n, max: FIELD_ORDER - 1n });
const elements = (length: number) => fc.array(element, { minLength: length, maxLength: length });
const perSlot = (name: string, slots: number) => Array.from({ length: slots }, (_, k) => `${name}[${k}]`);

describe('Transcript', () => {
  const LENGTHS = [1, 15, 16, 17, 32, 33];
  const LONGEST = Math.max(...LENGTHS);

  it(`of ${LENGTHS} elements agrees with its twin`, async () => {
    const circuit = await compileTextForTest(`pragma circom 2.2.2;
      include "circuits/liabilities/transcript.circom";
      template Test() {
        signal input in[${LONGEST}]; signal output out[${LENGTHS.length}];
        ${LENGTHS.map((length, i) => {
          const read = Array.from({ length }, (_, k) => `in[${k}]`);
          return `out[${i}] <== Transcript(7, ${length})([${read}]);`;
        }).join('\n')}
      }`);
    const twins = (values: readonly bigint[]) => LENGTHS.map((length) => transcript(7n, values.slice(0, length)));
    await fc.assert(
      fc.asyncProperty(elements(LONGEST), async (values) => {
        expect(await expectTwin(circuit, { in: values }, () => twins(values), perSlot('out', LENGTHS.length))).toBe(
          true,
        );
      }),
      { seed: 31_001, numRuns: 4 },
    );
  });

  it('binds every element and the tag, whatever the block', () => {
    const values = Array.from({ length: 35 }, (_, i) => BigInt(i));
    const digests = values.map((_, i) =>
      transcript(
        7n,
        values.map((value, k) => (k === i ? value + 1n : value)),
      ),
    );
    expect(new Set([...digests, transcript(7n, values), transcript(8n, values)]).size).toBe(37);
    // a digest in the place of the tag continues the transcript: tags are none, so no other transcript begins so
    expect(transcript(transcript(7n, values.slice(0, 16)), values.slice(16))).toBe(transcript(7n, values));
    expect(Object.values(TAGS).every((tag) => tag < 1n << 248n)).toBe(true);
  });
});

describe('Fraction', () => {
  it('agrees with its twin; by zero only zero is divided', async () => {
    const circuit = await compile('fraction', 'Fraction');
    const seen = { accepted: 0, refused: 0 };
    const few = fc.oneof(fc.constant(0n), element);
    await fc.assert(
      fc.asyncProperty(few, few, async (numerator, denominator) => {
        const both = await expectTwin(circuit, { numerator, denominator }, () => [fraction(numerator, denominator)], [
          'out',
        ]);
        seen[both ? 'accepted' : 'refused']++;
      }),
      { seed: 31_010, numRuns: 60 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(5);
  });
});

describe('StatementHash and LiabilitiesTableHash', () => {
  it('agree with their twins, and bind every field', async () => {
    const circuit = await compileTextForTest(`pragma circom 2.2.2;
      include "circuits/liabilities/liabilitiesStatement.circom";
      template Test() {
        input LiabilitiesStatement() claimed; signal output hash; signal output challenge;
        component opened = StatementHash(); opened.statement <== claimed;
        hash <== opened.hash; challenge <== opened.challenge;
      }`);
    const { claimed } = bookOf([undefined, undefined]);
    const fields = Object.keys(claimed) as (keyof typeof claimed)[];
    const all = [claimed, ...fields.map((field) => ({ ...claimed, [field]: claimed[field] + 1n }))];
    for (const one of all) {
      const { hash, challenge } = statementHash(one);
      await expectTwin(circuit, { claimed: statementElements(one) }, () => [hash, challenge], ['hash', 'challenge']);
    }
    expect(new Set(all.map((one) => statementHash(one).challenge)).size).toBe(fields.length + 1);
  });

  it.each([
    ['with steps and settle assets', SHAPE, CHOICE],
    [
      'with flat factors',
      { ...SHAPE, assets: 3, steps: 0, instruments: 0, tiers: 0, settles: 0 },
      { assets: [1, 9], steps: [], instruments: [], tiers: [] },
    ],
  ])('table %s', async (_name, shape, choice) => {
    const { assets, steps, instruments, tiers, settles } = shape;
    const circuit = await compile('liabilitiesTable', 'LiabilitiesTableHash', [
      assets,
      steps,
      instruments,
      tiers,
      settles,
    ]);
    const table = liabilitiesTable(choice, shape, parameters);
    const columns = Object.keys(tableSignals(table)) as (keyof ReturnType<typeof tableSignals>)[];
    const changed = columns
      .map((column) => ({ column, values: table[column as keyof LiabilitiesTable] as readonly bigint[] }))
      .filter(({ values }) => values.length > 0)
      .map(({ column, values }) => ({ ...table, [column]: values.map((value, i) => (i === 0 ? value + 1n : value)) }));
    expect(changed.length).toBeGreaterThan(2);
    for (const one of [table, ...changed]) {
      await expectTwin(circuit, tableSignals(one), () => [liabilitiesTableHash(one)], ['out']);
    }
    expect(new Set([table, ...changed].map(liabilitiesTableHash)).size).toBe(changed.length + 1);
  });
});

describe('ChainStateHash and BookState', () => {
  const side = elements(SIDE_TOTALS.length).map(
    (values) => Object.fromEntries(SIDE_TOTALS.map((name, i) => [name, values[i]])) as unknown as SideTotals,
  );
  const chainState: fc.Arbitrary<ChainState> = fc.record({
    nextIndex: element,
    treeRoot: element,
    customers: side,
    venue: side,
    blinding: element,
  });

  it('agree with their twins', async () => {
    const circuit = await compileTextForTest(`pragma circom 2.2.2;
      include "circuits/liabilities/chainState.circom";
      template Test() {
        input ChainState() state; signal input statement; signal output out;
        component hash = ChainStateHash(); hash.state <== state; hash.statement <== statement; out <== hash.out;
      }`);
    await fc.assert(
      fc.asyncProperty(chainState, element, async (state, statement) => {
        const inputs = { state: stateElements(state), statement };
        await expectTwin(circuit, inputs, () => [chainStateHash(state, statement)], ['out']);
        expect(chainStateHash({ ...state, customers: state.venue, venue: state.customers }, statement)).not.toBe(
          chainStateHash(state, statement),
        );
      }),
      { seed: 31_020, numRuns: 6 },
    );
  });

  it('accept a chain at its end, and no other', async () => {
    const circuit = await compileTextForTest(`pragma circom 2.2.2;
      include "circuits/liabilities/bookState.circom";
      template Test() {
        signal input lastState; signal input statement; input LiabilitiesStatement() claimed; input ChainState() state;
        signal input venueId; signal input registryHash; signal input time; signal output challenge;
        component book = BookState();
        book.lastState <== lastState; book.statement <== statement; book.claimed <== claimed; book.state <== state;
        book.venueId <== venueId; book.registryHash <== registryHash; book.time <== time;
        challenge <== book.challenge;
      }`);
    const book = bookOf([{ collateral: [usd(5n)], positions: [] }, undefined]);
    const statement = statementHash(book.claimed).hash;
    const honest = {
      lastState: chainStateHash(book.last, statement),
      statement,
      claimed: book.claimed,
      state: book.last,
      ...book.root,
    };
    const seen = { accepted: 0, refused: 0 };
    for (const change of [
      {},
      { lastState: 1n },
      { statement: 1n },
      { venueId: 1n },
      { time: 1n },
      { claimed: { ...book.claimed, accountRoot: 1n } },
      { state: { ...book.last, treeRoot: 1n } },
    ]) {
      const input = { ...honest, ...change };
      const inputs = { ...input, claimed: statementElements(input.claimed), state: stateElements(input.state) };
      const both = await expectTwin(circuit, inputs, () => [bookState(input)], ['challenge']);
      seen[both ? 'accepted' : 'refused']++;
    }
    expect(seen).toEqual({ accepted: 1, refused: 6 });
  });
});

const standingSource = (settles: number) => ({
  file: 'liabilities/accountStanding.circom',
  template: 'AccountStanding',
  parameters: [settles],
  publicSignals: [],
});

describe('AccountStanding', () => {
  const SETTLES = 2;
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest(standingSource(SETTLES));
  });
  const outputs = [
    'standing',
    'owed',
    'deficit',
    ...perSlot('settledPositive', SETTLES),
    ...perSlot('settledNegative', SETTLES),
  ];
  const agree = (claims: AccountClaims, largestDebtor: bigint): Promise<boolean> =>
    expectTwin(
      circuit,
      { ...claims, largestDebtor },
      () => {
        const { standing, owed, deficit, settledPositive, settledNegative } = accountStanding(claims, largestDebtor);
        return [standing, owed, deficit, ...settledPositive, ...settledNegative];
      },
      outputs,
    );
  const around = (bits: number) =>
    fc.oneof(
      fc.bigInt({ min: -(1n << BigInt(bits)) - 2n, max: (1n << BigInt(bits)) + 2n }),
      fc.bigInt({ min: -3n, max: 3n }),
      fc
        .constantFrom(1n, -1n)
        .chain((sign) => fc.bigInt({ min: -2n, max: 2n }).map((by) => sign * (1n << BigInt(bits)) + by)),
    );

  it('agrees with its twin, at and beyond all bounds', async () => {
    const seen = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          equity: around(LIABILITIES.valueBits),
          surplus: around(LIABILITIES.surplusBits),
          settled: fc.tuple(around(LIABILITIES.valueBits - 2), around(LIABILITIES.valueBits)),
          debt: fc.bigInt({ min: 0n, max: 1n << 100n }),
        }),
        fc.oneof(fc.constant((1n << BigInt(LIABILITIES.valueBits)) - 1n), fc.bigInt({ min: 0n, max: 1n << 20n })),
        async (claims, largestDebtor) => {
          seen[(await agree(claims, largestDebtor)) ? 'accepted' : 'refused']++;
        },
      ),
      { seed: 31_030, numRuns: 200 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(30);
  });

  it('stands from a surplus of zero on, and one unit below no more', async () => {
    const claims = { equity: 5n, surplus: 0n, settled: [5n, -3n], debt: 4n };
    expect(await agree(claims, 7n)).toBe(true);
    expect(accountStanding(claims, 7n).standing).toBe(1n);
    // what it owes in all assets is what the largest debtor owes, to the unit
    expect(await agree(claims, 6n)).toBe(false);
    expect(accountStanding({ ...claims, surplus: -1n }, 0n).standing).toBe(0n);
    expect(await agree({ ...claims, surplus: -1n }, 0n)).toBe(true);
    // nobody with a deficit has it
    expect(await agree({ ...claims, equity: -1n }, 7n)).toBe(false);
  });

  it('gives neither flag where the sign says the other', async () => {
    const honest = { equity: 0n, surplus: 0n, settled: [0n, 0n], debt: 0n, largestDebtor: 0n };
    expectRejected(circuit, circuit.edit(await circuit.witness(honest), { 'main.standing': 0n }), /distance|main/);
    const short = await circuit.witness({ ...honest, surplus: -1n });
    expectAccepted(circuit, short);
    expectRejected(circuit, circuit.edit(short, { 'main.standing': 1n }), /distance|main/);
    expectRejected(circuit, circuit.edit(short, { 'main.standing': 2n }), /standing|main/);
  });

  it('a flag of 2 counts what is owed twice among the debts of good accounts, which may be subtracted', async () => {
    const liar = await compileLiar(circuit, standingSource(SETTLES), [
      [
        'liabilities/accountStanding.circom',
        'standing <-- surplus >= 0 ? 1 : 0;',
        'standing <-- surplus >= 0 ? 2 : 0;',
      ],
    ]);
    const claims = { equity: 0n, surplus: 4n, settled: [0n, -3n], debt: 4n, largestDebtor: 100n };
    const told = await liar.witness(claims);
    expect(circuit.get(told, 'main.standing')).toBe(2n);
    expectRejected(circuit, told, /standing|main/);
  });
});

describe('BalanceEntries, PositionEntries and BookLeaf', () => {
  let balances: TestCircuit;
  let positions: TestCircuit;
  let leaf: TestCircuit;
  let spot: TestCircuit;
  beforeAll(async () => {
    balances = await compile('balanceEntries', 'BalanceEntries', [3]);
    positions = await compile('positionEntries', 'PositionEntries', [2]);
    leaf = await compile('bookLeaf', 'BookLeaf', [3, 2]);
    spot = await compile('bookLeaf', 'BookLeaf', [3, 0]);
  });
  const columns = <T>(slots: readonly T[], names: readonly (keyof T)[]) =>
    Object.fromEntries(names.map((name) => [name, slots.map((slot) => slot[name])]));
  const held = holdings({ assets: 3, positions: 2 });
  /** What breaks a list: nothing, a duplicate, a sign, a magnitude that wraps, a value of padding. */
  const faults = [
    {},
    { gap: -1n },
    { sign: 2n },
    { magnitude: -5n },
    { magnitude: 0n },
    { magnitude: 1n << 64n },
  ] as const;

  it('lists of balances agree with their twin and with the list of the margin proof', async () => {
    const seen = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        held,
        fc.constantFrom(...faults),
        fc.nat(2),
        fc.constantFrom(0n, 0n, 0n, 1n, -1n),
        async (one, fault, place, more) => {
          const count = BigInt(one.collateral.length) + more;
          const slots = collateralSlots(one, 3).map((slot, k) => (k === place ? { ...slot, ...fault } : slot));
          const both = await expectTwin(
            balances,
            { count, ...columns(slots, ['gap', 'sign', 'magnitude']) },
            () => {
              const { hash, used, id, positive, negative } = balanceEntries(count, slots);
              expect(hash).toBe(collateralList(count, slots).hash);
              return [hash, ...used, ...id, ...positive, ...negative];
            },
            ['hash', ...['used', 'id', 'positive', 'negative'].flatMap((name) => perSlot(name, 3))],
          );
          seen[both ? 'accepted' : 'refused']++;
        },
      ),
      { seed: 31_040, numRuns: 80 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(10);
  });

  it('lists of positions agree with their twin and with the list of the margin proof', async () => {
    const seen = { accepted: 0, refused: 0 };
    const broken = [{}, {}, { gap: -1n }, { sizeSign: 2n }, { size: -5n }, { size: 0n }, { cost: 1n << 80n }] as const;
    await fc.assert(
      fc.asyncProperty(held, fc.constantFrom(...broken), fc.nat(1), async (one, fault, place) => {
        const count = BigInt(one.positions.length);
        const slots = positionSlots(one, 2).map((slot, k) => (k === place ? { ...slot, ...fault } : slot));
        const both = await expectTwin(
          positions,
          { count, ...columns(slots, ['gap', 'sizeSign', 'size', 'costSign', 'cost']) },
          () => {
            const { hash, used, id, long, short, signedCost } = positionEntries(count, slots);
            expect(hash).toBe(positionList(count, slots).hash);
            return [hash, ...used, ...id, ...long, ...short, ...signedCost.map(reduce)];
          },
          ['hash', ...['used', 'id', 'long', 'short', 'signedCost'].flatMap((name) => perSlot(name, 2))],
        );
        seen[both ? 'accepted' : 'refused']++;
      }),
      { seed: 31_041, numRuns: 60 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(10);
  });

  it('the leaf of a place is the account’s, with room for positions and without, or zero', async () => {
    const seen = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(held, fc.constantFrom(1n, 1n, 0n, 2n), async (one, present) => {
        for (const [circuit, room] of [
          [leaf, 2],
          [spot, 0],
        ] as const) {
          const kept: Holdings = { ...one, positions: one.positions.slice(0, room) };
          const account = accountOf(kept);
          const slot = {
            present,
            ownerCommitment: account.ownerCommitment,
            accountId: account.accountId,
            salt: account.salt,
            balanceCount: BigInt(kept.collateral.length),
            balances: collateralSlots(kept, 3),
            positionCount: BigInt(kept.positions.length),
            positions: positionSlots(kept, room),
          };
          const [balanceSlots, positionsOf] = [slot.balances, slot.positions];
          const inputs = {
            ...slot,
            balanceGap: balanceSlots.map(({ gap }) => gap),
            balanceSign: balanceSlots.map(({ sign }) => sign),
            balance: balanceSlots.map(({ magnitude }) => magnitude),
            positionGap: positionsOf.map(({ gap }) => gap),
            ...columns(positionsOf, ['sizeSign', 'size', 'costSign', 'cost']),
          };
          const { balances: _balances, positions: _positions, ...signals } = inputs;
          const both = await expectTwin(
            circuit,
            signals,
            () => {
              const found = bookLeaf(slot).leaf;
              expect(found).toBe(present === 1n ? leafOf(account) : 0n);
              return [found];
            },
            ['leaf'],
          );
          seen[both ? 'accepted' : 'refused']++;
        }
      }),
      { seed: 31_042, numRuns: 30 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(8);
  });
});

describe('the account tree', () => {
  it.each([0, 1])('SubtreeRoot of height %s agrees with its twin', async (height) => {
    const circuit = await compile('subtreeRoot', 'SubtreeRoot', [height]);
    await fc.assert(
      fc.asyncProperty(elements(8 ** height), async (leaves) => {
        await expectTwin(circuit, { leaves }, () => [subtreeRoot(height, leaves)], ['out']);
      }),
      { seed: 31_050, numRuns: 4 },
    );
  });

  /** Instances beside each other in one circuit, since most of a compilation is reading what all of them include. */
  function beside(file: string, instances: readonly Instance[]): Promise<TestCircuit> {
    const parts = instances.map(({ call, inputs, outputs }, i) => {
      const filled = Object.entries(inputs).filter(([, sizes]) => !sizes.includes(0));
      return [
        ...filled.map(([name, sizes]) => `signal input ${name}_${i}${sizes.map((size) => `[${size}]`).join('')};`),
        `component part${i} = ${call};`,
        ...filled.map(([name]) => `part${i}.${name} <== ${name}_${i};`),
        ...outputs.map((name) => `signal output ${name}_${i} <== part${i}.${name};`),
      ].join('\n');
    });
    return compileTextForTest(`pragma circom 2.2.2;
      include "circuits/liabilities/${file}.circom";
      template Test() { ${parts.join('\n')} }`);
  }
  /** The inputs of one instance, which decide whether there is a witness, and honest ones of all others. */
  const inputsOf = (honest: readonly Inputs[], index: number, inputs: Inputs): Inputs =>
    Object.fromEntries(
      honest.flatMap((others, i) =>
        Object.entries(i === index ? inputs : others).map(([name, value]) => [`${name}_${i}`, value]),
      ),
    );

  describe('NodeReplacement', () => {
    const RUNS = [1, 2, 4, 8] as const;
    const WAS = 77n;
    const bits = (run: number) => Math.log2(8 / run);
    const replacement = (
      run: number,
      group: number,
      children: readonly bigint[],
      after: readonly bigint[],
    ): Inputs => ({
      ...(run === 8 ? {} : { group: Array.from({ length: bits(run) }, (_, b) => BigInt((group >> b) & 1)) }),
      ...{ children, before: WAS, after },
    });
    const HONEST = RUNS.map((run) => replacement(run, 0, Array<bigint>(8).fill(WAS), Array<bigint>(run).fill(5n)));
    let circuit: TestCircuit;
    beforeAll(async () => {
      circuit = await beside(
        'nodeReplacement',
        RUNS.map((run) => ({
          call: `NodeReplacement(${run})`,
          inputs: { group: [bits(run)], children: [8], before: [], after: [run] },
          outputs: ['nodeBefore', 'nodeAfter'],
        })),
      );
    });

    it.each(RUNS)('of %s children agrees with its twin', async (run) => {
      const index = RUNS.indexOf(run);
      const seen = { accepted: 0, refused: 0 };
      await fc.assert(
        fc.asyncProperty(
          fc.nat(8 / run - 1),
          elements(8),
          elements(run),
          fc.boolean(),
          async (group, nodes, after, ok) => {
            const children = nodes.map((node, place) => (Math.floor(place / run) === group && ok ? WAS : node));
            const both = await expectTwin(
              circuit,
              inputsOf(HONEST, index, replacement(run, group, children, after)),
              () => {
                const { nodeBefore, nodeAfter } = nodeReplacement(group, children, WAS, after);
                return [nodeBefore, nodeAfter];
              },
              [`nodeBefore_${index}`, `nodeAfter_${index}`],
            );
            seen[both ? 'accepted' : 'refused']++;
          },
        ),
        { seed: 31_051, numRuns: 10 },
      );
      expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(1);
    });
  });

  describe('SubtreeInsertion', () => {
    const CASES = [
      { height: 7, run: 1 },
      { height: 7, run: 2 },
      { height: 7, run: 8 },
      { height: 6, run: 4 },
    ] as const;
    /** Children on the way from a place: below the path all are empty, or all are taken. */
    function pathOf(height: number, first: number, free: boolean) {
      let own = free ? (EMPTY_ACCOUNT_NODES[height] as bigint) : 5n;
      const children = Array.from({ length: 9 - height }, (_, i) => {
        const place = Math.floor(first / 8 ** i) % 8;
        const nodes = Array.from({ length: 8 }, (_, k) =>
          i === 0 ? own : k === place ? own : (EMPTY_ACCOUNT_NODES[height + i] as bigint),
        );
        own = nodeReplacement(place, nodes, own, [own]).nodeBefore;
        return nodes;
      });
      return { children, root: own };
    }
    const HONEST = CASES.map(({ height, run }) => ({
      index: 0n,
      roots: Array<bigint>(run).fill(5n),
      children: pathOf(height, 0, true).children,
    }));
    let circuit: TestCircuit;
    beforeAll(async () => {
      circuit = await beside(
        'subtreeInsertion',
        CASES.map(({ height, run }) => ({
          call: `SubtreeInsertion(${height}, ${run})`,
          inputs: { index: [], roots: [run], children: [9 - height, 8] },
          outputs: ['before', 'after'],
        })),
      );
    });

    it('an account spread over two places, neither of them its own, by a bit of 2', async () => {
      const source = {
        ...{ file: 'liabilities/subtreeInsertion.circom', template: 'SubtreeInsertion', parameters: [7, 1] },
        publicSignals: ['index', 'roots'],
      };
      const alone = await compileForTest(source);
      const group = 'lowest.group[b] <== place.out[within + b];';
      const liar = await compileLiar(alone, source, [[source.file, group, group.replace('<==', '<== 2 *')]]);
      // where the second place of a node is said to be the third
      const { children } = pathOf(7, 1, true);
      const told = { index: 1n << 21n, roots: [5n], children };
      expectAccepted(alone, await alone.witness(told));
      // the bit is what the others leave of the index
      const lie = alone.edit(await liar.witness(told), { 'main.index': 2n << 21n });
      expectRejected(alone, lie, /group\[0\]/);
      expect(brokenBy(alone, lie)).toHaveLength(1);
    });

    it.each(CASES)('of height $height and $run subtrees agrees with its twin', async (one) => {
      const { height, run } = one;
      const place = CASES.indexOf(one);
      const seen = { accepted: 0, refused: 0 };
      await fc.assert(
        fc.asyncProperty(
          fc.nat(8 ** (9 - height) / run - 1),
          fc.constantFrom(0n, 0n, 1n, BigInt(8 ** height) / 2n, 1n << 27n),
          fc.boolean(),
          elements(run),
          async (start, off, free, roots) => {
            const { children, root } = pathOf(height, start * run, free);
            const index = BigInt(start * run) * BigInt(8 ** height) + off;
            const both = await expectTwin(
              circuit,
              inputsOf(HONEST, place, { index, roots, children }),
              () => {
                const { before, after } = subtreeInsertion(height, index, roots, children);
                expect(before).toBe(root);
                return [before, after];
              },
              [`before_${place}`, `after_${place}`],
            );
            seen[both ? 'accepted' : 'refused']++;
          },
        ),
        { seed: 31_052, numRuns: 16 },
      );
      expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(2);
    });
  });
});
