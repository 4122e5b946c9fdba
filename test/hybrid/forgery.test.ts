import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { hybridInput, hybridSignals } from '../../src/hybrid/hybridInput.js';
import type { HybridMarginInput } from '../../src/hybrid/hybridMargin.js';
import type { MeasureRowFields } from '../../src/measure/measureRow.js';
import type { UnderlyingRowFields } from '../../src/measure/underlyingRow.js';
import { FIELD_ORDER, MEASURE } from '../../src/protocol/constants.js';
import type { Witness } from '../../src/r1cs/evaluateR1cs.js';
import { modelHash } from '../../src/risk/modelHash.js';
import { riskRoot } from '../../src/risk/riskRoot.js';
import { buildRiskTable, findRow, openRow, type RiskTable } from '../../src/risk/riskTable.js';
import type { CashGreeks, HybridModel, HybridSnapshot, MeasuredInstrument } from '../../src/snapshot/snapshot.js';
import {
  assets,
  brokenIn,
  changes,
  contractAt,
  contracts,
  expectRefusedOnly,
  held,
  otherRoots,
  PER_CONTRACT,
  registry,
  statementOf,
  underlyingsWith,
  withContract,
  withFactors,
  withOpening,
  withRow,
} from '../measure/forger.js';
import { type Calculator, compileForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { compileLiar, type HintLie } from '../support/liar.js';
import { HYBRID, WITH_BOTH } from '../support/measureMarket.js';

// Each test is an attack of a prover who computes a whole witness that is consistent but for one lie, for an account one
// smallest unit short of its requirement. Only the component that the lie is about may refuse it: without its constraint
// the false statement would pass.
//
// The hybrid holds every measure, so that what refuses a lie here refuses it in the circuits of the single measures too.
// The liar is the same circuit with other right-hand sides of `<--`; it lies where a figure of the public table, or the
// pivot that the prover chooses, says so.

/** Underlyings that the liar does not put where they belong, by their ids. */
const UNDERLYING = { honest: 1, leftOut: 2, inFirstSlot: 3, doubled: 4, coded: 5 } as const;
/** Delta of a contract that is said to have no Greeks, 1e-12 quote per unit. */
const NO_GREEKS = 77n * PER_CONTRACT;
/** Changes of volatility in the last shock of an underlying: how the loss by shocks is understated. */
const SHOCKED = { nothing: 1n, roundedDown: 2n, negative: 3n, more: 4n } as const;
/** Last entry of the factor matrix, of a factor that nothing is exposed to: how the length is understated. */
const LENGTH = { nothing: 1n, roundedDown: 2n, negative: 3n, more: 4n } as const;
/** Weights of the charges, parts per million: how the maximum is understated. */
const MAXIMUM = { nothing: 1n, less: 2n, negative: 3n, more: 4n } as const;
/** Losses at which the pivot stands: how the splits of totals around it lie. */
const LOSS = { carry: 31n, inverse: 32n, flip: 33n, gains: 34n, three: 35n, none: 36n, more: 38n } as const;
const GAIN = 7n;
const pivotOf = (loss: bigint): bigint => loss * PER_CONTRACT * 10n ** 4n;
/** Numbers of scenarios whose flags lie. */
const COUNT = { shifted: 19, short: 18, stress: 25 } as const;

/** A conditional expression of the circuit's language, in which conditionals nest only in brackets. */
const choose = (cases: readonly (readonly [when: string, value: string])[], otherwise: string): string =>
  cases.reduceRight((rest, [when, value]) => `((${when}) ? (${value}) : ${rest})`, `(${otherwise})`);
const LANE = 1n << BigInt(MEASURE.laneBits);
const MOVES = 'used[k] == 1 && underlying[k] != 0 ? 1 : 0';
const ABOVE = 'lane / 2 - ((shifted >> (i * MEASURE_LANE_BITS())) & (lane - 1)) - pivot[i]';

const LIES: readonly HintLie[] = [
  [
    'numbers/membership.circom',
    'belongs == 1 && name == id[j] ? 1 : 0',
    choose(
      [
        [`belongs != 1 || name == ${UNDERLYING.leftOut}`, '0'],
        [`name == ${UNDERLYING.inFirstSlot}`, choose([['j == 0', '1']], '0')],
        [`name == ${UNDERLYING.doubled} && name == id[j]`, '-1'],
        [`name == ${UNDERLYING.doubled}`, '2'],
        ['name == id[j]', '1'],
      ],
      '0',
    ),
  ],
  [
    'measure/greeksLoss.circom',
    MOVES,
    choose(
      [
        [`delta[k] == ${NO_GREEKS}`, '0'],
        ['used[k] == 1 && underlying[k] != 0', '1'],
      ],
      '0',
    ),
  ],
  [
    'measure/shockedLoss.circom',
    '(worst + scale - 1) \\ scale',
    choose(
      [
        [`volatility[shocks - 1] == ${SHOCKED.nothing}`, '0'],
        [`volatility[shocks - 1] == ${SHOCKED.roundedDown}`, 'worst \\ scale'],
        [`volatility[shocks - 1] == ${SHOCKED.negative}`, '-1000000000000'],
        [`volatility[shocks - 1] == ${SHOCKED.more}`, '(worst + scale - 1) \\ scale + 1'],
      ],
      '(worst + scale - 1) \\ scale',
    ),
  ],
  [
    'measure/parametricLoss.circom',
    'root * root == squares ? root : root + 1',
    choose(
      [
        [`cholesky[factors - 1][factors - 1] == ${LENGTH.nothing}`, '0'],
        [`cholesky[factors - 1][factors - 1] == ${LENGTH.roundedDown}`, 'root'],
        [`cholesky[factors - 1][factors - 1] == ${LENGTH.negative}`, '-root - 1'],
        [`cholesky[factors - 1][factors - 1] == ${LENGTH.more}`, 'root + 2'],
        ['root * root == squares', 'root'],
      ],
      'root + 1',
    ),
  ],
  [
    'measure/combination.circom',
    'signal maximum <-- largest',
    `signal maximum <-- ${choose(
      [
        [`combination.weight[0] == ${MAXIMUM.nothing}`, '0'],
        [`combination.weight[0] == ${MAXIMUM.less}`, 'largest - 1000000'],
        [`combination.weight[0] == ${MAXIMUM.negative}`, '-1000000'],
        [`combination.weight[0] == ${MAXIMUM.more}`, 'largest + 1000000'],
      ],
      'largest',
    )}`,
  ],
  [
    'measure/pivotSplit.circom',
    ABOVE,
    choose(
      [
        [`pivot[i] == ${pivotOf(LOSS.carry)} && total != 0 && i == 0`, `${ABOVE} - ${LANE}`],
        [`pivot[i] == ${pivotOf(LOSS.carry)} && total != 0 && i == 1`, `${ABOVE} + 1`],
        // what lane 0 is short of is taken from lane 1, divided in the field
        [`pivot[i] == ${pivotOf(LOSS.inverse)} && total != 0 && i == 0`, '0'],
        [
          `pivot[i] == ${pivotOf(LOSS.inverse)} && total != 0 && i == 1`,
          `${ABOVE} + (lane / 2 - (shifted & (lane - 1)) - pivot[0]) / lane`,
        ],
      ],
      ABOVE,
    ),
  ],
  [
    'measure/pivotSplit.circom',
    'above > 0 ? 1 : 0',
    choose(
      [
        [`pivot[i] == ${pivotOf(LOSS.flip)}`, '0'],
        [`pivot[i] == ${pivotOf(LOSS.gains)}`, '1'],
        [`pivot[i] == ${pivotOf(LOSS.three)} && above > 0`, '3'],
        ['above > 0', '1'],
      ],
      '0',
    ),
  ],
  [
    'measure/pivotSplit.circom',
    'above > 0 ? above : -above',
    choose(
      [
        [`pivot[i] == ${pivotOf(LOSS.gains)}`, 'above'],
        // three times it less itself is what the lane says
        [`pivot[i] == ${pivotOf(LOSS.three)} && above > 0`, 'above / 5'],
        ['above > 0', 'above'],
      ],
      '-above',
    ),
  ],
  [
    'measure/notBelow.circom',
    'in > 0 ? in : 0',
    choose(
      [
        [`in == ${MEASURE.measureScale * pivotOf(LOSS.none)}`, '0'],
        [`in == ${-MEASURE.measureScale * pivotOf(GAIN)}`, 'in'],
        [`in == ${MEASURE.measureScale * pivotOf(LOSS.more)}`, 'in + 1'],
        ['in > 0', 'in'],
      ],
      '0',
    ),
  ],
  [
    'account/usedSlots.circom',
    'k < count ? 1 : 0',
    choose(
      [
        // the first scenario left out, the one after the last in its place
        [`N == 45 && count == ${COUNT.shifted}`, choose([['k == 0 || k > count', '0']], '1')],
        // the last one left out
        [`N == 45 && (count == ${COUNT.short} || count == ${COUNT.stress})`, choose([['k < count - 1', '1']], '0')],
        ['k < count', '1'],
      ],
      '0',
    ),
  ],
];

let circuit: TestCircuit;
let liar: Calculator;
beforeAll(async () => {
  circuit = await compileForTest(HYBRID);
  liar = await compileLiar(circuit, HYBRID, LIES);
});

const ONE = 1_000_000n;
const greeks = (change: Partial<CashGreeks> = {}): CashGreeks => ({
  ...{ underlying: 0, delta: 100n * PER_CONTRACT, gamma: 0n, vega: 0n },
  ...change,
});

interface Told {
  readonly model?: Partial<HybridModel>;
  /** of the first contracts */
  readonly special?: readonly Partial<MeasuredInstrument>[];
  /** scenarios of the distribution, stress scenarios */
  readonly counts?: readonly [likely: number, stress: number];
  /** of the first scenarios, of every contract, quote per contract */
  readonly days?: readonly bigint[];
  /** codes of the last underlying and of the last factor */
  readonly shocked?: bigint;
  readonly length?: bigint;
}

/** All measures weigh the same and are added up, unless told: each of them alone keeps the account short. */
function marketOf({
  model = {},
  special = [],
  counts = [20, 2],
  days = [-50n, -40n, -30n],
  shocked = 0n,
  length = 0n,
}: Told): RiskTable {
  const [likely, stress] = counts;
  const snapshot: HybridSnapshot = {
    registry,
    model: {
      ...{ family: 'hybrid', version: 1, claim: 'maintenance', haircuts: 'marginal' },
      factors: {
        names: Array.from({ length: 8 }, (_, f) => `F${f}`),
        cholesky: Array.from({ length: 8 }, (_, i) =>
          Array.from({ length: i + 1 }, (__, j) => (i === 7 ? (j === 7 ? length : 0n) : i === j ? 100_000_001n : 3n)),
        ),
      },
      tail: {
        measure: 'expected shortfall',
        confidence: 900_000n,
        scenarios: Array.from({ length: likely }, (_, s) => `day ${s}`),
      },
      stress: Array.from({ length: stress }, (_, s) => `stress ${s}`),
      blocks: 1,
      rule: 'sum',
      weights: { charges: 0n, greeks: ONE, parametric: ONE, tail: ONE, stress: ONE },
      added: ONE,
      ...model,
    },
    time: 1_760_000_000,
    assets,
    underlyings: underlyingsWith([0n, 0n, 0n, 0n, shocked]),
    instruments: contracts(
      {
        greeks: greeks(),
        exposures: [100n, 0n, 7n, 0n, 0n, 0n, 0n, 0n].map((exposure) => exposure * PER_CONTRACT),
        changes: changes(likely + stress, days),
      },
      special,
    ),
    roundings: [],
  };
  return buildRiskTable(snapshot);
}
const MARKET = marketOf({
  special: [
    {},
    { greeks: greeks({ underlying: 1, delta: 100n * PER_CONTRACT }) },
    { greeks: greeks({ underlying: UNDERLYING.leftOut - 1 }) },
    { greeks: greeks({ underlying: UNDERLYING.inFirstSlot - 1 }) },
    { greeks: greeks({ underlying: UNDERLYING.doubled - 1 }) },
    { greeks: greeks({ delta: NO_GREEKS }) },
    { greeks: null },
    // gains where the others lose, and is exposed otherwise
    {
      changes: changes(22, [50n, 40n, 30n]),
      exposures: [-100n, 0n, 0n, 1n, 0n, 0n, 0n, 0n].map((exposure) => exposure * PER_CONTRACT),
    },
  ],
});

interface Lie {
  readonly table?: RiskTable;
  readonly slack?: bigint;
  readonly change?: (input: HybridMarginInput) => HybridMarginInput;
}

/** The witness of the liar for an account that is by default one smallest unit short of its requirement. */
async function lieOf(
  holdings: Holdings,
  { table = MARKET, slack = -1n, change = (input) => input }: Lie,
): Promise<Witness> {
  return liar.witness(hybridSignals(change(hybridInput(statementOf(table, holdings, slack), WITH_BOTH))));
}

const expectLieRefused = async (holdings: Holdings, where: RegExp, lie: Lie = {}): Promise<void> =>
  expectRefusedOnly(circuit, await lieOf(holdings, lie), where);

const long = held([0, 1]);

describe('the liar', () => {
  it('is the same circuit: where it is told no lie it finds the honest witness', async () => {
    const signals = hybridSignals(hybridInput(statementOf(MARKET, held([0, 1], [6, -2]), 0n), WITH_BOTH));
    const honest = await circuit.witness(signals);
    expectAccepted(circuit, honest);
    expect(await liar.witness(signals)).toEqual(honest);
  });

  it('an account one unit short is refused for that alone', async () => {
    expect(brokenIn(circuit, await lieOf(long, {})).every((signals) => /solvency\.ratio/.test(signals))).toBe(true);
  });
});

describe('positions and their underlyings', () => {
  const underlyingOpening = (id: number) => openRow<UnderlyingRowFields>(MARKET, findRow(MARKET, 'underlying', id, 0n));
  /** The input with these ids in its slots; gaps of ids that do not rise wrap around the field. */
  const withUnderlyings = (input: HybridMarginInput, ids: readonly number[]): HybridMarginInput => ({
    ...input,
    underlyingCount: BigInt(ids.length),
    underlyingGap: input.underlyingGap.map((_, u) => {
      const gap = u < ids.length ? BigInt((ids[u] as number) - (ids[u - 1] ?? 0) - 1) : 0n;
      return gap < 0n ? gap + FIELD_ORDER : gap;
    }),
    underlyings: input.underlyings.map((_, u) => underlyingOpening(ids[u] ?? 1)),
  });

  it('a losing position said to have no Greeks: what its row says', async () => {
    await expectLieRefused(held([5, 1]), /greeks\.(moves\[0\]|of\[0\])|positionRow\[0\]\.underlying/);
  });

  it('a position left out of its underlying, or named in no slot at all: Membership', async () => {
    await expectLieRefused(held([2, 1]), /greeks\.(of\[0\]|moves\[0\])/);
    await expectLieRefused(held([0, -1], [2, 1]), /greeks\.(of\[1\]|moves\[1\])/, {
      change: (input) => withUnderlyings(input, [1]),
    });
  });

  it('a hedge in the slot of another underlying: Membership', async () => {
    await expectLieRefused(held([0, -1], [3, 1]), /greeks\.(of\[1\]|moves\[1\])/);
  });

  it('a hedge counted twice here and taken off where nothing counts: Membership', async () => {
    await expectLieRefused(held([0, -2], [4, 1]), /greeks\.(of\[1\]|moves\[1\])/);
  });

  it('one underlying split over two slots, slots whose ids fall: IdSlots, and nothing else would mind', async () => {
    for (const ids of [
      [UNDERLYING.inFirstSlot, UNDERLYING.inFirstSlot],
      [UNDERLYING.inFirstSlot, 1],
    ]) {
      const change = (input: HybridMarginInput) => withUnderlyings(input, ids);
      await expectLieRefused(held([3, 1]), /underlyingGap\[1\]|greeks\.slot/, { slack: 0n, change });
    }
  });

  it('the row of another underlying, without shocks that hurt: TableLookup', async () => {
    const change = (input: HybridMarginInput): HybridMarginInput => ({
      ...input,
      underlyings: input.underlyings.map((opening, u) =>
        u === 0 ? { ...opening, row: { ...opening.row, move: opening.row.move.map(() => 0n) } } : opening,
      ),
    });
    await expectLieRefused(long, /greeks\.(hash|lookup)\[0\]/, { change });
    const other = (input: HybridMarginInput): HybridMarginInput => ({
      ...input,
      underlyings: [underlyingOpening(2), ...input.underlyings.slice(1)],
    });
    await expectLieRefused(held([0, 1]), /underlyingRow\[0\]\.key/, { slack: 0n, change: other });
  });

  it.each([
    ['no loss at all', SHOCKED.nothing, greeks({ underlying: UNDERLYING.coded - 1 })],
    ['a loss rounded down', SHOCKED.roundedDown, greeks({ underlying: UNDERLYING.coded - 1, delta: 0n, gamma: -1n })],
    [
      'a negative loss, where nothing is lost',
      SHOCKED.negative,
      greeks({ underlying: UNDERLYING.coded - 1, delta: 0n }),
    ],
  ])('%s: ShockedLoss', async (_, shocked, coded) => {
    await expectLieRefused(held([0, 1n]), /greeks\.shocked\[0\]/, {
      table: marketOf({ shocked, special: [{ greeks: coded }] }),
    });
  });
});

describe('rows and figures that are not the table’s', () => {
  const row = (change: Partial<MeasureRowFields>) => (input: HybridMarginInput) => withRow(input, 0, change);
  const OWN_HASH = /holdings\.(lookup|hash)\[0\]/;
  const cases: readonly (readonly [string, Holdings, RegExp, (input: HybridMarginInput) => HybridMarginInput])[] = [
    [
      'the row of another contract: TableLookup',
      long,
      /positionRow\[0\]\.key/,
      (input) => withOpening(input, 0, () => contractAt(MARKET, 7)),
    ],
    ['Greeks of another: the hash of its row', long, OWN_HASH, row({ delta: 0n })],
    [
      'another underlying: the hash of its row',
      held([0, -1], [1, 1]),
      /holdings\.(lookup|hash)\[1\]/,
      (input) => withRow(input, 1, { underlying: 1n }),
    ],
    ['no charge: the hash of its row', long, OWN_HASH, row({ charge: 0n })],
    ['a deduction: the hash of its row', long, OWN_HASH, row({ deduction: 10n ** 12n })],
    [
      'a smaller bound of its changes: the hash of its row',
      long,
      OWN_HASH,
      (input) => withRow({ ...input }, 0, { bound: 0n, price: 101n * 10n ** 12n }),
    ],
    [
      'changes of another contract: ChangesHash',
      long,
      /losses\.hash\[0\]|positionRow\[0\]\.changes/,
      (input) => {
        const { lanes } = contractAt(MARKET, 7).row;
        return { ...withContract(input, 0, (contract) => ({ ...contract, lanes })), pivot: 0n, worst: 0n };
      },
    ],
    [
      'changes moved behind the last scenario: ChangesHash',
      long,
      /losses\.hash\[0\]|positionRow\[0\]\.changes/,
      (input) => ({
        ...withContract(input, 0, (contract) => ({ ...contract, lanes: [...contract.lanes].reverse() })),
        ...{ pivot: 0n, worst: 0n },
      }),
    ],
    [
      'exposures of another contract: ExposuresHash',
      held([0, 1], [6, 1]),
      /parametric\.rowHash\[0\]|positionRow\[0\]\.exposures/,
      (input) =>
        withContract(input, 0, (contract) => ({ ...contract, exposures: contractAt(MARKET, 7).row.exposures })),
    ],
    [
      'exposures swapped: ExposuresHash',
      long,
      /parametric\.rowHash\[0\]|positionRow\[0\]\.exposures/,
      (input) =>
        withContract(input, 0, (contract) => ({
          ...contract,
          exposures: contract.exposures.map((_, f) => (f === 7 ? 100n * PER_CONTRACT : 0n)),
        })),
    ],
    [
      'another factor matrix: FactorsRowHash',
      long,
      /parametric\.factors(Lookup|Hash)/,
      (input) => withFactors(input, () => 0n),
    ],
    [
      'fewer scenarios: the risk root',
      long,
      /riskRoot/,
      (input) => ({ ...input, count: 1n, stressCount: 0n, pivot: 0n, tailWeight: 0n, allowed: 20n }),
    ],
    [
      'a smaller weight of the tail: the risk root',
      long,
      /riskRoot/,
      (input) => ({ ...input, tailWeight: 0n, pivot: 0n }),
    ],
    [
      'other weights of the measures: CombinationHash and the risk root',
      long,
      /riskRoot/,
      (input) => ({ ...input, combination: { ...input.combination, weight: input.combination.weight.map(() => 0n) } }),
    ],
    [
      'the sum said to be a maximum: CombinationHash and the risk root',
      long,
      /riskRoot/,
      (input) => ({ ...input, combination: { ...input.combination, isMaximum: 1n } }),
    ],
    [
      'charges that are not added: CombinationHash and the risk root',
      long,
      /riskRoot/,
      (input) => ({ ...input, combination: { ...input.combination, added: 0n } }),
    ],
  ];
  it.each(cases)('%s', async (_, holdings, where, change) => {
    const lie = await lieOf(holdings, { change });
    expectRefusedOnly(circuit, lie, where);
  });

  it.each(otherRoots(MARKET, 'hybrid', 'tail'))('a snapshot of %s', async (_, where, signals, model) => {
    const change = (input: HybridMarginInput) => ({ ...input, model, signals: { ...input.signals, ...signals } });
    await expectLieRefused(long, where, { slack: 0n, change });
  });

  it('a snapshot that is hashed in another number of blocks: the risk root', async () => {
    const { model, opening } = MARKET;
    const rules = model.rules.map((rule, place) => (place === 1 ? 2n : rule));
    const other = riskRoot({ ...opening, modelHash: modelHash('hybrid', { ...model, rules }) });
    const change = (input: HybridMarginInput) => ({ ...input, signals: { ...input.signals, riskRoot: other } });
    await expectLieRefused(long, /riskRoot/, { slack: 0n, change });
  });
});

describe('charges by size', () => {
  const large = held([0, 20]);

  it('the tier of another size: both its bounds', async () => {
    // the lower tier’s charge for a large position, the upper one’s deduction for a small one
    await expectLieRefused(large, /holdings\.charge\[0\]\.tier\.below/, {
      change: (input) => withOpening(input, 0, () => contractAt(MARKET, 0, 1n)),
    });
    await expectLieRefused(long, /holdings\.charge\[0\]\.tier\.above/, {
      change: (input) => withOpening(input, 0, () => contractAt(MARKET, 0, 10n ** 9n)),
    });
  });

  it('a deduction in a slot that holds no position is not deducted, and its tier is refused', async () => {
    const change = (input: HybridMarginInput) => withOpening(input, 1, () => contractAt(MARKET, 0, 10n ** 9n));
    for (const slack of [-1n, 0n]) {
      const broken = brokenIn(circuit, await lieOf(long, { slack, change }));
      expect(broken.some((signals) => /solvency\.ratio/.test(signals))).toBe(slack < 0n);
      expect(broken.some((signals) => /holdings\.charge\[1\]\.tier\.above/.test(signals))).toBe(true);
    }
  });
});

describe('the length of the exposures', () => {
  it.each([
    ['nothing', LENGTH.nothing],
    ['rounded down', LENGTH.roundedDown],
    ['negative, whose square is as large', LENGTH.negative],
  ])('%s: ParametricLoss', async (_, length) => {
    await expectLieRefused(long, /parametric\.(lossRange|above|loss)/, { table: marketOf({ length }) });
  });
});

describe('losses in scenarios', () => {
  const market = (loss: bigint) => marketOf({ days: [-50n, -40n, -loss] });

  it.each([
    ['a lane that borrows from the next', LOSS.carry],
    ['a lane that borrows from the next by a division in the field', LOSS.inverse],
  ])('%s: the ranges of PivotSplit', async (_, loss) => {
    await expectLieRefused(long, /split\[0\]\.magnitudeRange\[[01]\]/, { table: market(loss) });
  });

  it('losses said not to exceed the pivot: what the lanes add up to', async () => {
    await expectLieRefused(long, /losses\.|split\[0\]\.beyond/, { table: market(LOSS.flip) });
  });

  it('gains counted as negative losses: the ranges of PivotSplit', async () => {
    await expectLieRefused(long, /split\[\d+\]\.magnitudeRange/, { table: market(LOSS.gains) });
  });

  it('a flag of three, which divides the loss: PivotSplit', async () => {
    await expectLieRefused(long, /split\[0\]\.exceeds/, { table: market(LOSS.three) });
  });

  it('scenarios of the distribution left out, one moved after the last: UsedSlots', async () => {
    const none = Array<bigint>(17).fill(0n);
    const shifted = marketOf({ counts: [COUNT.shifted, 2], days: [-50n, -40n, ...none, 0n, -60n] });
    await expectLieRefused(long, /measures\.(likely|UsedSlots)/, { table: shifted });
    const short = marketOf({ counts: [COUNT.short, 2], days: [-40n, ...none.slice(1), -50n, 0n, -60n] });
    await expectLieRefused(long, /measures\.(likely|UsedSlots|scenarioCount)|scenarioCount/, { table: short });
  });

  it('a stress scenario exempted, or its loss understated: UsedSlots, and the losses beyond the worst', async () => {
    const days = [...Array<bigint>(24).fill(0n), -60n];
    const table = marketOf({ counts: [20, COUNT.stress - 20], days });
    const change = (input: HybridMarginInput) => ({ ...input, worst: 0n });
    await expectLieRefused(long, /measures\.(listed|UsedSlots)|stressCount/, { table, change });
    const other = marketOf({ counts: [20, 2], days: [...days.slice(0, 20), 0n, -60n] });
    await expectLieRefused(long, /stressExceeds/, { table: other, change });
  });

  it('a worst loss, and a pivot, below the range in which lanes can be opened', async () => {
    await expectLieRefused(long, /measures\.(worstRange|worse|split)|worst/, {
      change: (input) => ({ ...input, worst: -1n }),
    });
    const pivot = -(2n ** BigInt(MEASURE.totalBits)) - 1n;
    const witness = await lieOf(long, { slack: 10n ** 30n, change: (input) => ({ ...input, pivot }) });
    const broken = brokenIn(circuit, witness);
    expect(broken.filter((signals) => /pivotRange/.test(signals))).toHaveLength(1);
    expect(broken.filter((signals) => !/pivotRange|solvency\.ratio/.test(signals))).toEqual([]);
  });

  it('more losses beyond the pivot of a value at risk than may lie there', async () => {
    const table = marketOf({
      model: {
        tail: {
          measure: 'value at risk',
          confidence: 900_000n,
          scenarios: Array.from({ length: 20 }, (_, s) => `day ${s}`),
        },
      },
    });
    await expectLieRefused(long, /measures\.few|tailExceeds/, { table, change: (input) => ({ ...input, pivot: 0n }) });
  });

  it('a tail said to be nothing, and a gain that pays for other measures: NotBelow', async () => {
    const losses = Array<bigint>(22).fill(-LOSS.none);
    await expectLieRefused(long, /measures\.(atLeast|tail)/, { table: marketOf({ days: losses }) });
    await expectLieRefused(long, /measures\.(atLeast|tail)/, { table: marketOf({ days: losses.map(() => GAIN) }) });
  });
});

describe('the largest of the measures', () => {
  it.each([
    ['nothing', MAXIMUM.nothing],
    ['less than one of them', MAXIMUM.less],
    ['negative', MAXIMUM.negative],
  ])('%s: Combine', async (_, charges) => {
    const weights = { charges, greeks: ONE, parametric: ONE, tail: ONE, stress: ONE };
    await expectLieRefused(long, /requirement\.(maximum|covers)/, {
      table: marketOf({ model: { rule: 'maximum', weights } }),
    });
  });
});

describe('what the prover may raise', () => {
  const weights = { charges: MAXIMUM.more, greeks: ONE, parametric: ONE, tail: ONE, stress: ONE };
  const raised: readonly (readonly [string, RiskTable, NonNullable<Lie['change']>])[] = [
    [
      'the loss by shocks',
      marketOf({ shocked: SHOCKED.more, special: [{ greeks: greeks({ underlying: UNDERLYING.coded - 1 }) }] }),
      (input) => input,
    ],
    ['the length of the exposures', marketOf({ length: LENGTH.more }), (input) => input],
    ['the tail', marketOf({ days: Array<bigint>(22).fill(-LOSS.more) }), (input) => input],
    ['the largest of the measures', marketOf({ model: { rule: 'maximum', weights } }), (input) => input],
    ['the pivot', MARKET, (input) => ({ ...input, pivot: input.pivot + 2n ** 45n })],
    ['the worst loss under stress', MARKET, (input) => ({ ...input, worst: input.worst + 1n })],
  ];
  it.each(raised)('%s: which only asks for more', async (_, table, change) => {
    const broken = brokenIn(circuit, await lieOf(long, { table, change, slack: 0n }));
    expect(broken).toHaveLength(1);
    expect(broken[0]).toMatch(/solvency\.ratio/);
    expectAccepted(circuit, await lieOf(long, { table, change, slack: 10n ** 30n }));
  });
});
