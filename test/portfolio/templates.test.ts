import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { gapsOf, idSlots } from '../../src/numbers/idSlots.js';
import { membership } from '../../src/numbers/membership.js';
import { signSplit } from '../../src/numbers/signSplit.js';
import { basisLoss } from '../../src/portfolio/basisLoss.js';
import { expiryChange } from '../../src/portfolio/expiryChange.js';
import { type ExpiryRowFields, expiryRowElements, expiryRowHash } from '../../src/portfolio/expiryRow.js';
import { nakedShorts } from '../../src/portfolio/nakedShorts.js';
import { scenarioFields, scenariosHash } from '../../src/portfolio/scenarios.js';
import { worstLoss } from '../../src/portfolio/worstLoss.js';
import { FIELD_ORDER, FINE_SCALE, PORTFOLIO } from '../../src/protocol/constants.js';
import {
  brokenBy,
  compileForTest,
  compileTextForTest,
  expectAccepted,
  expectRejected,
  type TestCircuit,
} from '../support/circuit.js';
import { compileLiar } from '../support/liar.js';
import { snapshot } from '../support/portfolioMarket.js';
import { expectTwin } from '../support/twin.js';

const inField = (value: bigint): bigint => ((value % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER;
const signed = (bits: number): fc.Arbitrary<bigint> => {
  const most = 2n ** BigInt(bits) - 1n;
  return fc.oneof(fc.constantFrom(0n, 1n, -1n, most, -most), fc.bigInt({ min: -most, max: most }));
};
const names = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, k) => `${name}[${k}]`);

describe('SignSplit', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest({
      file: 'numbers/signSplit.circom',
      template: 'SignSplit',
      parameters: [8],
      publicSignals: ['in'],
    });
  });

  it('agrees with its twin, within its width and beyond', async () => {
    await fc.assert(
      fc.asyncProperty(signed(9), async (value) => {
        await expectTwin(
          circuit,
          { in: inField(value) },
          () => {
            const { positive, negative } = signSplit(8, value);
            return [positive, negative];
          },
          ['positive', 'negative'],
        );
      }),
      { seed: 20321, numRuns: 60 },
    );
  });

  it('a loss is no gain: the other sign has no magnitude in range', async () => {
    const witness = await circuit.witness({ in: inField(-5n) });
    const lie = circuit.edit(witness, { 'main.sign': 0n, 'main.negative': 0n, 'main.positive': inField(-5n) });
    expectRejected(circuit, lie);
  });
});

describe('IdSlots and Membership', () => {
  let slots: TestCircuit;
  let member: TestCircuit;
  beforeAll(async () => {
    slots = await compileForTest({
      file: 'numbers/idSlots.circom',
      template: 'IdSlots',
      parameters: [3],
      publicSignals: ['count', 'gap'],
    });
    member = await compileForTest({
      file: 'numbers/membership.circom',
      template: 'Membership',
      parameters: [3],
      publicSignals: ['belongs', 'name', 'id'],
    });
  });

  it('agree with their twins', async () => {
    const ids = fc.subarray([1, 2, 3, 9, 2 ** 32 - 1]);
    await fc.assert(
      fc.asyncProperty(
        ids,
        fc.constantFrom(0n, 1n, 2n, 3n, 4n),
        fc.constantFrom(0n, 1n),
        async (listed, count, belongs) => {
          const gap = gapsOf(listed, 3);
          await expectTwin(
            slots,
            { count, gap },
            () => {
              const { used, id } = idSlots(count, gap);
              return [...used, ...id];
            },
            [...names('used', 3), ...names('id', 3)],
          );
          const id = Array.from({ length: 3 }, (_, k) => BigInt(listed[k] ?? 0));
          const name = listed[1] === undefined ? 5n : BigInt(listed[1]);
          await expectTwin(member, { belongs, name, id }, () => membership(belongs, name, id), names('in', 3));
        },
      ),
      { seed: 20322, numRuns: 50 },
    );
  });

  it('what belongs nowhere is in no unused slot, not even as a share and its opposite', async () => {
    const none = await member.witness({ belongs: 0n, name: 0n, id: [5n, 0n, 0n] });
    expectAccepted(member, none);
    for (const share of [1n, 7n, FIELD_ORDER - 7n]) {
      expectRejected(member, member.edit(none, { 'main.in[1]': share, 'main.in[2]': -share }));
    }
  });

  it('a duplicate, which a gap of -1 is, has no witness', async () => {
    expectRejected(slots, await slots.witness({ count: 2n, gap: [4n, FIELD_ORDER - 1n, 0n] }), /gapRange\[1\]/);
  });

  it('what belongs is in a slot of its own id, and in one only', async () => {
    const honest = await member.witness({ belongs: 1n, name: 7n, id: [3n, 7n, 9n] });
    expectRejected(member, member.edit(honest, { 'main.in[1]': 0n }));
    expectRejected(member, member.edit(honest, { 'main.in[1]': 0n, 'main.in[0]': 1n }));
  });
});

describe('NakedShorts', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest({
      file: 'portfolio/nakedShorts.circom',
      template: 'NakedShorts',
      parameters: [4],
      publicSignals: ['id', 'size', 'netting'],
    });
  });

  it('agrees with its twin on calls, puts and strikes', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.subarray([10n, 11n, 12n, 13n, 20n, 21n], { minLength: 4, maxLength: 4 }),
        fc.tuple(signed(64), signed(64), signed(64), signed(64)),
        async (id, size) => {
          const netting = id.map((each) => each % 2n);
          await expectTwin(
            circuit,
            { id, size: size.map(inField), netting },
            () => nakedShorts(id, size, netting),
            names('naked', 4),
          );
        },
      ),
      { seed: 20323, numRuns: 60 },
    );
  });

  it('only neighbours of one strike net', async () => {
    const witness = await circuit.witness({
      id: [10n, 12n, 20n, 21n],
      size: [5n, inField(-5n), 1n, 1n],
      netting: [0n, 0n, 0n, 1n],
    });
    expectRejected(circuit, circuit.edit(witness, { 'main.join[1]': 1n }), /main/);
  });

  it('a short said to be a long below zero would not count', async () => {
    const told = { id: [10n, 11n, 20n, 21n], size: [inField(-5n), 1n, 1n, 1n], netting: [0n, 0n, 0n, 0n] };
    const honest = await circuit.witness(told);
    expect(circuit.get(honest, 'main.naked[0]')).toBe(5n);
    const lie = circuit.edit(honest, {
      'main.net[0].sign': 0n,
      'main.net[0].positive': -5n,
      'main.naked[0]': 0n,
    });
    expectRejected(circuit, lie, /net\[0\]\.magnitudeRange/);
    expect(brokenBy(circuit, lie).every(({ all }) => /net\[0\]\.magnitudeRange/.test(all.join()))).toBe(true);
  });

  it('a slot that joins twice would count below zero', async () => {
    const source = {
      ...{ file: 'portfolio/nakedShorts.circom', template: 'NakedShorts', parameters: [4] },
      publicSignals: ['id', 'size', 'netting'],
    };
    const liar = await compileLiar(circuit, source, [
      [source.file, 'join[k - 1] == 0 ? 1 : 0;', 'join[k - 1] == 0 ? 2 : 0;'],
    ]);
    const told = { id: [10n, 11n, 20n, 21n], size: [inField(-5n), 5n, 1n, 1n], netting: [0n, 1n, 0n, 0n] };
    const lie = await liar.witness(told);
    expect(circuit.get(lie, 'main.naked[0]')).toBe(inField(-5n));
    expectRejected(circuit, lie, /^main \(main\.join\[1\]\)$/);
  });
});

/** Wraps ExpiryChange and WorstLoss, whose inputs are buses. */
const CHANGE = `
pragma circom 2.2.2;
include "circuits/portfolio/expiryChange.circom";
template Test() {
    input ExpiryRow() row;
    signal input mark;
    signal input values[PORTFOLIO_SCENARIOS()];
    signal output change[PORTFOLIO_SCENARIOS()];
    signal output hash;
    component tested = ExpiryChange();
    tested.row <== row;
    tested.mark <== mark;
    tested.values <== values;
    change <== tested.change;
    component hashed = ExpiryRowHash();
    hashed.row <== row;
    hash <== hashed.out;
}`;
const LOSS = `
pragma circom 2.2.2;
include "circuits/portfolio/worstLoss.circom";
include "circuits/portfolio/basisLoss.circom";
template Test() {
    input Scenarios() scenarios;
    signal input change[PORTFOLIO_SCENARIOS()];
    signal input shocked;
    signal input floors;
    signal input up;
    signal input down;
    signal output loss;
    signal output basis;
    signal output hash;
    component tested = BasisLoss();
    tested.up <== up;
    tested.down <== down;
    basis <== tested.loss;
    component worst = WorstLoss();
    worst.scenarios <== scenarios;
    worst.change <== change;
    worst.shocked <== shocked;
    worst.floors <== floors;
    worst.basis <== tested.loss;
    loss <== worst.loss;
    component hashed = ScenariosHash();
    hashed.scenarios <== scenarios;
    hash <== hashed.out;
}`;

describe('ExpiryChange', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileTextForTest(CHANGE, ['mark', 'values']);
  });
  const row: ExpiryRowFields = {
    key: 7n,
    underlying: 1n,
    perpetual: 0n,
    positiveDown: 950_000_000n,
    positiveUp: 950_000_001n,
    negativeDown: 1_040_000_000n,
    negativeUp: 1_040_000_001n,
    charge: 1n,
    chargeWithPerpetual: 2n,
  };
  const slots = names('change', PORTFOLIO.scenarios);

  it('agrees with its twin on gains and losses of any size', async () => {
    await fc.assert(
      fc.asyncProperty(
        signed(142),
        fc.array(signed(143), { minLength: PORTFOLIO.scenarios, maxLength: PORTFOLIO.scenarios }),
        fc.boolean(),
        async (mark, wide, within) => {
          const values = within ? wide.map((value) => value / 2n) : wide;
          await expectTwin(
            circuit,
            { row: expiryRowElements(row), mark: inField(mark), values: values.map(inField) },
            () => [...expiryChange(row, mark, values).map(inField), expiryRowHash(row)],
            [...slots, 'hash'],
          );
        },
      ),
      { seed: 20324, numRuns: 30 },
    );
  });

  it('a change that is bounded on one side alone, of gains and of losses', async () => {
    const source = {
      ...{ file: 'portfolio/expiryChange.circom', template: 'ExpiryChange', parameters: [] },
      publicSignals: [],
    };
    const alone = await compileForTest(source);
    const liar = await compileLiar(alone, source, [
      [
        source.file,
        'moved[i] <-- -lowest > highest ? -lowest : highest;',
        'moved[i] <-- -lowest > highest ? highest : -lowest;',
      ],
    ]);
    for (const [value, where] of [
      [1000n, /above/],
      [-1000n, /below/],
    ] as const) {
      const values = Array.from({ length: PORTFOLIO.scenarios }, () => inField(value));
      const told = { row: expiryRowElements(row), mark: 0n, values };
      expectAccepted(alone, await alone.witness(told));
      expectRejected(alone, await liar.witness(told), where);
    }
  });

  it('an absolute scenario never gains, and its loss cannot be understated', async () => {
    const last = PORTFOLIO.scenarios - 1;
    const values = Array.from({ length: PORTFOLIO.scenarios }, () => 1000n);
    const witness = await circuit.witness({ row: expiryRowElements(row), mark: 500n, values });
    expect(circuit.get(witness, `main.change[${last}]`)).toBe(inField(-(1000n * 950_000_001n - 500n * FINE_SCALE)));
    const lie = circuit.edit(witness, { [`main.change[${last}]`]: 0n });
    expectRejected(circuit, lie, /tested/);
  });
});

describe('WorstLoss and BasisLoss', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileTextForTest(LOSS, ['change', 'shocked', 'floors', 'up', 'down']);
  });
  const scenarios = scenarioFields(snapshot.model);
  const flat = [...scenarios.weight, ...scenarios.shock, ...scenarios.floorWeight].map(inField);

  it('agree with their twins', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(signed(178), { minLength: PORTFOLIO.scenarios, maxLength: PORTFOLIO.scenarios }),
        signed(133),
        fc.bigInt({ min: 0n, max: 2n ** 142n }),
        fc.tuple(signed(141), signed(141)),
        async (change, shocked, floors, [up, down]) => {
          const basis = basisLoss(up, down);
          await expectTwin(
            circuit,
            {
              scenarios: flat,
              change: change.map(inField),
              shocked: inField(shocked),
              floors,
              up: inField(up),
              down: inField(down),
            },
            () => [worstLoss(scenarios, { change, shocked, floors, basis }), basis, scenariosHash(scenarios)],
            ['loss', 'basis', 'hash'],
          );
        },
      ),
      { seed: 20325, numRuns: 30 },
    );
  });

  it('a loss of a basis that is five units too small, on either side, or a gain in its place', async () => {
    const source = { file: 'portfolio/basisLoss.circom', template: 'BasisLoss', parameters: [], publicSignals: [] };
    const alone = await compileForTest(source);
    const liar = await compileLiar(alone, source, [[source.file, 'loss <-- worst;', 'loss <-- worst - 5;']]);
    for (const [up, down, where] of [
      [-7n, 5n, /widened/],
      [5n, -7n, /narrowed/],
      [5n, 7n, /least/],
    ] as const) {
      const told = { up: inField(up), down: inField(down) };
      expectAccepted(alone, await alone.witness(told));
      expectRejected(alone, await liar.witness(told), where);
    }
  });

  it('a loss that is a unit below that of the basis, where no scenario loses more', async () => {
    const source = { file: 'portfolio/worstLoss.circom', template: 'WorstLoss', parameters: [], publicSignals: [] };
    const alone = await compileForTest(source);
    const liar = await compileLiar(alone, source, [[source.file, 'loss <-- worst;', 'loss <-- worst - 1;']]);
    const change = Array<bigint>(PORTFOLIO.scenarios).fill(0n);
    const told = { scenarios: flat, change, shocked: 0n, floors: 0n, basis: 9n };
    expectAccepted(alone, await alone.witness(told));
    expectRejected(alone, await liar.witness(told), /overBasis/);
  });

  it('a smaller loss is refused by the scenario that it leaves out, and a smaller basis by its side', async () => {
    const change = Array.from({ length: PORTFOLIO.scenarios }, (_, s) => inField(-BigInt(s)));
    const witness = await circuit.witness({
      scenarios: flat,
      change,
      shocked: 0n,
      floors: 0n,
      up: inField(-9n),
      down: 5n,
    });
    expectRejected(circuit, circuit.edit(witness, { 'main.loss': (loss) => loss - 1n }), /worst/);
    expectRejected(circuit, circuit.edit(witness, { 'main.basis': 8n }), /tested/);
  });
});
