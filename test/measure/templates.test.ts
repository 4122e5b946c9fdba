import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { changesHash, laneElements } from '../../src/measure/changesHash.js';
import { type Combination, combinationElements, combinationHash, combine } from '../../src/measure/combination.js';
import { exposuresHash } from '../../src/measure/exposuresHash.js';
import { factorsRowHash } from '../../src/measure/factorsRow.js';
import { factorsSignals } from '../../src/measure/measuredInput.js';
import { type MeasureRowFields, measureRowHash } from '../../src/measure/measureRow.js';
import { notBelow } from '../../src/measure/notBelow.js';
import { factorLoss, parametricLoss } from '../../src/measure/parametricLoss.js';
import { pivotSplit } from '../../src/measure/pivotSplit.js';
import { leastPivots } from '../../src/measure/pivots.js';
import { scenarioLosses } from '../../src/measure/scenarioLosses.js';
import { type ScenarioRules, scenarioMeasures } from '../../src/measure/scenarioMeasures.js';
import { type NetGreeks, shockedLoss } from '../../src/measure/shockedLoss.js';
import { tierCharge } from '../../src/measure/tierCharge.js';
import { type UnderlyingRowFields, underlyingRowHash } from '../../src/measure/underlyingRow.js';
import { FIELD_ORDER, FINE_SCALE, MEASURE, TABLE_DEPTH, TAGS, WIDTHS } from '../../src/protocol/constants.js';
import { rowKey } from '../../src/risk/tableRow.js';
import { buildTree, childrenAbove, layerNodes } from '../../src/tree/tree.js';
import {
  compileForTest,
  compileTextForTest,
  expectAccepted,
  expectRejected,
  type TestCircuit,
} from '../support/circuit.js';
import { reduce } from '../support/field.js';
import { compileLiar } from '../support/liar.js';
import { expectTwin, hasWitness } from '../support/twin.js';

const compile = (template: string, publicSignals: readonly string[], parameters: readonly number[] = []) =>
  compileForTest({
    ...{ file: `measure/${template.charAt(0).toLowerCase()}${template.slice(1)}.circom`, template },
    ...{ parameters, publicSignals },
  });
const power = (bits: number): bigint => 2n ** BigInt(bits);
const signed = (bits: number): fc.Arbitrary<bigint> => {
  const most = power(bits) - 1n;
  return fc.oneof(
    fc.constantFrom(0n, 1n, -1n, most, -most),
    fc.integer({ min: 1, max: bits }).chain((width) => fc.bigInt({ min: -power(width) + 1n, max: power(width) - 1n })),
  );
};
const upTo = (most: bigint) => fc.oneof(fc.constantFrom(0n, 1n, most), fc.bigInt({ min: 0n, max: most }));
const list = <T>(each: fc.Arbitrary<T>, length: number) => fc.array(each, { minLength: length, maxLength: length });
const names = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, k) => `${name}[${k}]`);

// that hashes are those of the circuits is tied by every witness of the families: a row of another hash is in no table
describe('hashes', () => {
  const row: MeasureRowFields = {
    ...{ key: 2n ** 33n + 100n, tier: 1n, price: 5n, sizeFloor: 7n, sizeCap: 11n, charge: 13n, deduction: 17n },
    ...{ bound: 19n, changes: 23n, exposures: 29n, underlying: 2n, delta: -31n, gamma: -37n, vega: -41n },
  };
  const underlying: UnderlyingRowFields = {
    key: 2n ** 34n + 1n,
    move: Array.from({ length: MEASURE.shocks }, (_, i) => BigInt(i * i - 100)),
    volatility: Array.from({ length: MEASURE.shocks }, (_, i) => BigInt(7 - i)),
  };
  const combination: Combination = { isMaximum: 1n, weight: [2n, 3n, 5n, 7n, 11n], added: 13n };
  const changes = Array.from({ length: 90 }, (_, s) => BigInt(s * s - 4000));

  it('differ for every other field', () => {
    const all = [
      measureRowHash(row),
      ...Object.keys(row).map((field) => measureRowHash({ ...row, [field]: 1000n })),
      underlyingRowHash(underlying),
      ...underlying.move.flatMap((_, i) => {
        const other = (values: readonly bigint[]) => values.map((value, k) => (k === i ? 1000n : value));
        return [
          underlyingRowHash({ ...underlying, move: other(underlying.move) }),
          underlyingRowHash({ ...underlying, volatility: other(underlying.volatility) }),
        ];
      }),
      combinationHash(combination),
      combinationHash({ ...combination, isMaximum: 0n }),
      combinationHash({ ...combination, added: 1000n }),
      ...combination.weight.map((_, i) =>
        combinationHash({ ...combination, weight: combination.weight.map((each, k) => (k === i ? 1000n : each)) }),
      ),
      changesHash(laneElements(changes, 2)),
      // a block of nothing more is another list
      changesHash(laneElements(changes, 3)),
      ...changes.map((_, s) =>
        changesHash(
          laneElements(
            changes.map((each, k) => (k === s ? 1000n : each)),
            2,
          ),
        ),
      ),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('PivotSplit', () => {
  const total = (losses: readonly bigint[]): bigint =>
    laneElements(
      losses.map((loss) => -loss),
      1,
    )[0] as bigint;

  it('agrees with its twin on totals and pivots up to their bounds, and on splits too wide', async () => {
    const circuit = await compile('PivotSplit', ['total', 'pivot']);
    const outputs = [...names('beyond', 3), ...names('exceeds', 3)];
    const agree = (losses: readonly bigint[], pivot: readonly bigint[]) =>
      expectTwin(
        circuit,
        { total: total(losses), pivot },
        () => {
          const splits = pivotSplit(total(losses), pivot);
          return [...splits.map(({ beyond }) => beyond), ...splits.map(({ exceeds }) => exceeds)];
        },
        outputs,
      );
    await fc.assert(
      fc.asyncProperty(
        list(signed(MEASURE.totalBits), 3),
        list(signed(MEASURE.totalBits), 3),
        async (losses, pivot) => {
          expect(pivotSplit(total(losses), pivot).map(({ beyond }) => beyond)).toEqual(
            losses.map((loss, i) => (loss > (pivot[i] as bigint) ? loss - (pivot[i] as bigint) : 0n)),
          );
          expect(await agree(losses, pivot)).toBe(true);
        },
      ),
      { seed: 20651, numRuns: 40 },
    );
    const widest = power(MEASURE.splitBits);
    for (const lane of [0, 1, 2]) {
      const at = (value: bigint) => [0n, 0n, 0n].map((_, i) => (i === lane ? value : 0n));
      expect(await agree(at(0n), at(1n - widest))).toBe(true);
      expect(await agree(at(0n), at(-widest))).toBe(false);
      expect(await agree(at(0n), at(widest - 1n))).toBe(true);
      expect(await agree(at(0n), at(widest))).toBe(false);
    }
  });
});

describe('ScenarioMeasures', () => {
  let circuit: TestCircuit;
  const SCENARIOS = 45;
  beforeAll(async () => {
    circuit = await compile(
      'ScenarioMeasures',
      ['total', 'count', 'stressCount', 'tailWeight', 'allowed', 'pivot', 'worst'],
      [1],
    );
  });
  const agree = (losses: readonly bigint[], rules: ScenarioRules, pivots: { pivot: bigint; worst: bigint }) => {
    const total = laneElements(
      losses.map((loss) => -loss),
      1,
    );
    const twin = () => {
      const { tail, stress } = scenarioMeasures(total, rules, pivots);
      return [tail, stress];
    };
    return expectTwin(circuit, { total, ...rules, ...pivots }, twin, ['tail', 'stress']);
  };

  it('agrees with its twin on any losses, rules and pivots', async () => {
    let accepted = 0;
    await fc.assert(
      fc.asyncProperty(
        list(signed(MEASURE.totalBits), SCENARIOS),
        fc.record({
          count: upTo(46n),
          stressCount: upTo(46n),
          tailWeight: upTo(FINE_SCALE),
          allowed: upTo(45n),
        }),
        fc.tuple(signed(20), signed(20)),
        fc.boolean(),
        async (losses, rules, [pivot, worst], least) => {
          const pivots = leastPivots(
            laneElements(
              losses.map((loss) => -loss),
              1,
            ),
            rules,
          );
          // the least are always a witness, others seldom
          if (await agree(losses, rules, least ? pivots : { pivot, worst })) accepted++;
          else if (least) expect(rules.count + rules.stressCount).toBeGreaterThan(45n);
        },
      ),
      { seed: 20652, numRuns: 40 },
    );
    expect(accepted).toBeGreaterThan(5);
  });

  it('holds up to its bounds: scenarios, pivots, the losses that may exceed', async () => {
    const losses = Array.from({ length: SCENARIOS }, (_, s) => BigInt(s));
    const all = { count: 45n, stressCount: 0n, tailWeight: FINE_SCALE / 45n, allowed: 45n };
    const none = { pivot: 44n, worst: 0n };
    const bound = power(MEASURE.totalBits);
    const cases: readonly (readonly [boolean, Partial<ScenarioRules>, { pivot: bigint; worst: bigint }])[] = [
      [true, {}, none],
      [false, { count: 46n }, none],
      [true, { count: 40n, stressCount: 5n }, { pivot: 44n, worst: 44n }],
      [false, { count: 40n, stressCount: 5n }, { pivot: 44n, worst: 43n }],
      // what is no stress scenario may be worse
      [true, { count: 40n, stressCount: 4n }, { pivot: 44n, worst: 43n }],
      [false, { count: 40n, stressCount: 6n }, { pivot: 44n, worst: 44n }],
      [true, { allowed: 3n }, { pivot: 41n, worst: 0n }],
      [false, { allowed: 3n }, { pivot: 40n, worst: 0n }],
      [true, { tailWeight: 0n, allowed: 0n }, none],
      [true, {}, { pivot: -bound, worst: 0n }],
      [false, {}, { pivot: -bound - 1n, worst: 0n }],
      [true, {}, { pivot: bound - 1n, worst: bound - 1n }],
      [false, {}, { pivot: bound, worst: 0n }],
      [false, {}, { pivot: 44n, worst: bound }],
      [false, {}, { pivot: 44n, worst: -1n }],
    ];
    for (const [holds, rules, pivots] of cases) expect(await agree(losses, { ...all, ...rules }, pivots)).toBe(holds);
    // the most that can be beyond: losses next to the bound, a pivot at the other end
    const most = losses.map(() => bound - 1n);
    expect(await agree(most, { ...all, tailWeight: FINE_SCALE }, { pivot: -bound, worst: 0n })).toBe(true);
  });
});

describe('ScenarioLosses', () => {
  it('adds what positions lose, for lanes of their rows in both blocks and totals below their bound', async () => {
    const circuit = await compile('ScenarioLosses', ['magnitude', 'size', 'changes', 'bound', 'lanes'], [2, 2]);
    const agree = (
      sizes: readonly bigint[],
      each: readonly (readonly bigint[])[],
      bound: readonly bigint[],
      other = 0n,
    ) => {
      const contracts = each.map((changes, k) => {
        const lanes = laneElements(changes, 2);
        const row = { changes: changesHash(lanes) + (k === 1 ? other : 0n), bound: bound[k] as bigint };
        return { row: row as MeasureRowFields, lanes, exposures: [] };
      });
      const magnitude = sizes.map((size) => (size < 0n ? -size : size));
      const inputs = {
        ...{ magnitude, size: sizes, bound },
        changes: contracts.map(({ row }) => row.changes),
        lanes: contracts.flatMap(({ lanes }) => lanes),
      };
      const twin = () => scenarioLosses(magnitude, sizes, contracts).map(reduce);
      return expectTwin(circuit, inputs, twin, names('total', 30));
    };
    await fc.assert(
      fc.asyncProperty(list(signed(30), 2), list(list(signed(50), 90), 2), async (sizes, each) => {
        expect(await agree(sizes, each, [power(50), power(50)])).toBe(true);
      }),
      { seed: 20653, numRuns: 10 },
    );
    const flat = [0, 1].map(() => Array.from({ length: 90 }, () => 1n));
    expect(await agree([1n, -1n], flat, [power(81) - 2n, 1n])).toBe(true);
    expect(await agree([1n, -1n], flat, [power(81) - 2n, 2n])).toBe(false);
    expect(await agree([1n, -1n], flat, [1n, 1n], 1n)).toBe(false);
  });
});

describe('NotBelow', () => {
  it('is zero or more, and no less than its input, within its width', async () => {
    const circuit = await compile('NotBelow', ['in'], [4]);
    for (let value = -33n; value <= 17n; value++) {
      const both = await expectTwin(circuit, { in: value }, () => [notBelow(4, value)], ['out']);
      expect(both).toBe(value > -32n && value < 16n);
    }
    const witness = await circuit.witness({ in: 5n });
    expectRejected(circuit, circuit.edit(witness, { 'main.out': 4n }));
  });
});

describe('TierCharge', () => {
  it('charges by a tier in which the size lies, and deducts nothing of an empty slot', async () => {
    const circuit = await compile('TierCharge', ['used', 'size', 'sizeFloor', 'sizeCap', 'rate', 'deduction']);
    const agree = async (
      used: bigint,
      size: bigint,
      sizeFloor: bigint,
      sizeCap: bigint,
      rate: bigint,
      deduction: bigint,
    ) => {
      const row = { sizeFloor, sizeCap, charge: rate, deduction } as MeasureRowFields;
      const inputs = { used, size, sizeFloor, sizeCap, rate, deduction };
      return expectTwin(circuit, inputs, () => [reduce(tierCharge(used, size, row))], ['charge']);
    };
    const most = power(64) - 1n;
    for (const [size, holds] of [
      [6n, false],
      [7n, true],
      [11n, true],
      [12n, false],
    ] as const) {
      expect(await agree(1n, size, 7n, 11n, 3n, 20n)).toBe(holds);
    }
    expect(await agree(1n, most, 0n, most, most, 1n)).toBe(true);
    expect(await agree(0n, 0n, 0n, 11n, 3n, 20n)).toBe(true);
    expect(tierCharge(0n, 0n, { sizeFloor: 0n, sizeCap: 1n, charge: 3n, deduction: 20n } as MeasureRowFields)).toBe(0n);
    // a tier above: its deduction would be a payment
    expect(await agree(0n, 0n, 7n, 11n, 3n, 20n)).toBe(false);
  });
});

describe('ShockedLoss', () => {
  const wide = power(MEASURE.fineBits) - 1n;
  const row = (move: readonly bigint[], volatility: readonly bigint[]): UnderlyingRowFields => ({
    key: 0n,
    move,
    volatility,
  });

  it('agrees with its twin on any shocks and Greeks, up to the bounds of net ones', async () => {
    const circuit = await compile('ShockedLoss', ['move', 'volatility', 'delta', 'gamma', 'vega']);
    const agree = ({ move, volatility }: UnderlyingRowFields, net: NetGreeks) =>
      expectTwin(circuit, { move, volatility, ...net }, () => [shockedLoss({ key: 0n, move, volatility }, net)], [
        'loss',
      ]);
    await fc.assert(
      fc.asyncProperty(
        list(signed(33), MEASURE.shocks),
        list(signed(33), MEASURE.shocks),
        fc.record({ delta: signed(81), gamma: signed(81), vega: signed(81) }),
        async (move, volatility, net) => {
          expect(await agree(row(move, volatility), net)).toBe(true);
        },
      ),
      { seed: 20654, numRuns: 30 },
    );
    const worst = row(Array(24).fill(wide), Array(24).fill(-wide));
    const bound = power(MEASURE.netBits);
    expect(await agree(worst, { delta: -bound, gamma: -bound, vega: bound - 1n })).toBe(true);
    for (const greek of ['delta', 'gamma', 'vega'] as const) {
      const none = { delta: 0n, gamma: 0n, vega: 0n };
      expect(await agree(worst, { ...none, [greek]: bound })).toBe(false);
      expect(await agree(worst, { ...none, [greek]: -bound - 1n })).toBe(false);
      expect(await agree(worst, { ...none, [greek]: -bound })).toBe(true);
    }
  });

  it('is the worst of second-order losses, rounded up to 1e-21', () => {
    const shocks = row([-(10n ** 8n), 10n ** 8n], [0n, 5n * 10n ** 7n]);
    // -(100 x -0.1 + 40 x 0.01 / 2) = 9.8
    expect(shockedLoss(shocks, { delta: 100n, gamma: 40n, vega: 0n })).toBe(98n * 10n ** 8n);
    expect(shockedLoss(shocks, { delta: 0n, gamma: 0n, vega: -4n })).toBe(2n * 10n ** 8n);
    expect(shockedLoss(shocks, { delta: 0n, gamma: 3n, vega: 3n })).toBe(0n);
    // half of 1e-30: any loss is a step
    expect(shockedLoss(row([1n], [0n]), { delta: 0n, gamma: -1n, vega: 0n })).toBe(1n);
  });

  it('is never a gain, though every shock is one', async () => {
    const source = {
      ...{ file: 'measure/shockedLoss.circom', template: 'ShockedLoss', parameters: [] },
      publicSignals: ['move', 'volatility', 'delta', 'gamma', 'vega'],
    };
    const circuit = await compileForTest(source);
    const liar = await compileLiar(circuit, source, [
      [source.file, 'loss <-- (worst + scale - 1) \\ scale;', 'loss <-- -7;'],
    ]);
    const { move, volatility } = row(Array(24).fill(1_000n), Array(24).fill(0n));
    const inputs = { move, volatility, delta: 1_000n, gamma: 0n, vega: 0n };
    expectAccepted(circuit, await circuit.witness(inputs));
    const lie = await liar.witness(inputs);
    expect(circuit.get(lie, 'main.loss')).toBe(FIELD_ORDER - 7n);
    expectRejected(circuit, lie, /lossRange/);
  });
});

describe('ParametricLoss', () => {
  const exposed = (exposures: readonly bigint[]) => ({
    row: { exposures: exposuresHash(exposures) } as MeasureRowFields,
    ...{ lanes: [], exposures },
  });

  /** A table that holds a factor matrix and nothing else. */
  const tableOf = (cholesky: readonly (readonly bigint[])[]) => {
    const row = { key: rowKey('factors', 1n), cholesky };
    const tree = buildTree(TAGS.tableNode, TABLE_DEPTH, [factorsRowHash(row)]);
    const place = { index: 0n, children: childrenAbove(tree, 0, TABLE_DEPTH - 2) };
    return { factors: { row, place }, nodes: layerNodes(tree, TABLE_DEPTH - 2) };
  };

  it('agrees with its twin on any exposures, up to the bound of its components', async () => {
    const circuit = await compile('ParametricLoss', ['size', 'hash', 'exposures', 'cholesky', 'nodes'], [2]);
    const agree = (
      size: readonly bigint[],
      exposures: readonly (readonly bigint[])[],
      cholesky: readonly (readonly bigint[])[],
    ) => {
      const contracts = exposures.map(exposed);
      const { factors, nodes } = tableOf(cholesky);
      const inputs = {
        ...{ size, ...factorsSignals(factors), exposures: exposures.flat(), nodes },
        hash: contracts.map(({ row }) => row.exposures),
      };
      return expectTwin(circuit, inputs, () => [parametricLoss(size, contracts, factors, nodes)], ['loss']);
    };
    await fc.assert(
      fc.asyncProperty(
        list(signed(60), 2),
        list(list(signed(20), 8), 2),
        list(list(signed(33), 8), 8),
        async (size, exposures, cholesky) => {
          expect(await agree(size, exposures, cholesky)).toBe(true);
        },
      ),
      { seed: 20655, numRuns: 20 },
    );
    const none = Array.from({ length: 8 }, () => Array<bigint>(8).fill(0n));
    const diagonal = none.map((row, i) => row.map((_, j) => (i === j ? power(33) : 0n)));
    const each = (value: bigint) => Array<bigint>(8).fill(value);
    expect(await agree([0n, 0n], [each(1n), each(1n)], diagonal)).toBe(true);
    // 2^84 less one step along every column, then one of them at the bound, then where its square leaves the field
    expect(await agree([power(42), -1n], [each(power(42)), each(1n)], diagonal)).toBe(true);
    expect(await agree([power(42), 0n], [each(power(42)), each(0n)], diagonal)).toBe(false);
    expect(await agree([-power(42), 0n], [each(power(42)), each(0n)], diagonal)).toBe(true);
    expect(await agree([power(60), 0n], [each(power(59)), each(0n)], diagonal)).toBe(false);
  });

  it('is the least whole number whose square covers the sum of squares', () => {
    const unit = Array.from({ length: 8 }, (_, i) => Array.from({ length: 8 }, (__, j) => (i === j ? 1n : 0n)));
    for (const [three, four, length] of [
      [3n, 4n, 5n],
      [3n, 5n, 6n],
      [1n, 1n, 2n],
      [0n, 0n, 0n],
      [0n, -9n, 9n],
    ] as const) {
      expect(factorLoss([1n], [exposed([three, four, 0n, 0n, 0n, 0n, 0n, 0n])], unit)).toBe(length);
    }
  });
});

describe('Combine', () => {
  it('agrees with its twin on maxima and sums, up to the width of a requirement', async () => {
    const circuit = await compileTextForTest(
      `
pragma circom 2.2.2;
include "circuits/measure/combination.circom";
template Test() {
    input Combination() combination;
    signal input measure[5];
    signal output requirement;
    component combine = Combine();
    combine.combination <== combination;
    combine.measure <== measure;
    requirement <== combine.requirement;
}`,
      ['measure'],
    );
    const agree = (combination: Combination, measure: readonly bigint[]) =>
      expectTwin(
        circuit,
        { combination: combinationElements(combination), measure },
        () => [combine(combination, measure)],
        ['requirement'],
      );
    const weight = upTo(power(24) - 1n);
    await fc.assert(
      fc.asyncProperty(
        fc.record({ isMaximum: fc.constantFrom(0n, 1n), weight: list(weight, 5), added: weight }),
        list(upTo(power(124) - 1n), 5),
        async (combination, measure) => {
          expect(await agree(combination, measure)).toBe(true);
        },
      ),
      { seed: 20656, numRuns: 30 },
    );
    const bound = power(WIDTHS.measure.requirement);
    const one = { isMaximum: 1n, weight: [0n, 1n, 1n, 0n, 0n], added: 0n };
    expect(await agree(one, [0n, bound - 1n, 7n, 0n, 0n])).toBe(true);
    expect(await agree(one, [0n, bound, 7n, 0n, 0n])).toBe(false);
    expect(hasWitness(() => combine({ ...one, isMaximum: 0n }, [0n, bound, 7n, 0n, 0n]))).toBe(false);
  });
});
