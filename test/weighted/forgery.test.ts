import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { positionSlots } from '../../src/account/slots.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { FIELD_ORDER, PUBLIC_SIGNALS, WEIGHTED } from '../../src/protocol/constants.js';
import type { Witness } from '../../src/r1cs/evaluateR1cs.js';
import { openSide } from '../../src/weighted/openSide.js';
import { sizePremium } from '../../src/weighted/sizePremium.js';
import { sizeRoot } from '../../src/weighted/sizeRoot.js';
import { weightedInput, weightedSignals } from '../../src/weighted/weightedInput.js';
import type { WeightedMarginInput } from '../../src/weighted/weightedMargin.js';
import type { WeightedRowFields } from '../../src/weighted/weightedRow.js';
import { compileForTest, expectAccepted, expectRejected, type TestCircuit } from '../support/circuit.js';
import { inverse, reduce } from '../support/field.js';
import { OWNER_SECRET } from '../support/market.js';
import { packageOf, table } from '../support/weightedMarket.js';

// Each test is an attack of a prover who computes a whole witness that is consistent but for one lie. The R1CS has to
// refuse it, in the component that the lie is about.

type Values = Readonly<Record<string, bigint>>;

/** Wires of Ranged for a value: its lowest bits, whatever the value is. */
const rangedWires = (prefix: string, bits: number, value: bigint): Values =>
  Object.fromEntries(
    Array.from({ length: bits }, (_, i) => [`${prefix}.bits.out[${i}]`, (reduce(value) >> BigInt(i)) & 1n]),
  );

/** The witness with these wires, without those that the compiler eliminated; one that does not exist is a fault. */
const forged = (circuit: TestCircuit, witness: Witness, values: Values): Witness =>
  circuit.edit(
    witness,
    Object.fromEntries(Object.entries(values).filter(([name]) => (circuit.symbols.wireOf(name) ?? 0) >= 0)),
  );

const compile = (template: string, publicSignals: readonly string[]) =>
  compileForTest({
    file: `weighted/${template.charAt(0).toLowerCase()}${template.slice(1)}.circom`,
    template,
    parameters: [],
    publicSignals,
  });

const rootWires = (prefix: string, scaled: bigint, root: bigint): Values => ({
  [`${prefix}.root`]: root,
  [`${prefix}.nextSquare`]: (root + 1n) ** 2n,
  ...rangedWires(`${prefix}.rootRange`, WEIGHTED.rootBits, root),
  ...rangedWires(`${prefix}.above`, WEIGHTED.rootBits + 1, (root + 1n) ** 2n - scaled - 2n),
});

const premiumWires = (prefix: string, exact: bigint, step: bigint, steps: bigint): Values => ({
  [`${prefix}.steps`]: steps,
  [`${prefix}.rate`]: steps * step,
  ...rangedWires(`${prefix}.stepsRange`, WEIGHTED.stepsBits, steps),
  ...rangedWires(`${prefix}.missing`, WEIGHTED.missingBits, WEIGHTED.rootOne * (steps * step + step) - exact - 1n),
});

const greaterWires = (prefix: string, first: bigint, second: bigint, flag: bigint): Values => ({
  [`${prefix}.isSecond`]: flag,
  [`${prefix}.more`]: flag * (second - first),
  [`${prefix}.out`]: first + flag * (second - first),
  ...rangedWires(`${prefix}.difference`, WEIGHTED.rateBits, (2n * flag - 1n) * (second - first)),
});

interface ProfitLie {
  readonly sign: bigint;
  readonly magnitude: bigint;
  readonly isAbove: bigint;
}
function profitWires(prefix: string, weight: bigint, cap: bigint, { sign, magnitude, isAbove }: ProfitLie): Values {
  const negative = sign * magnitude;
  const positive = magnitude - negative;
  const room = cap - positive;
  const gain = weight * (positive + isAbove * room);
  return {
    [`${prefix}.split.sign`]: sign,
    [`${prefix}.split.magnitude`]: magnitude,
    [`${prefix}.split.negative`]: negative,
    [`${prefix}.split.positive`]: positive,
    ...rangedWires(`${prefix}.split.magnitudeRange`, WEIGHTED.profitBits, magnitude),
    [`${prefix}.isAbove`]: isAbove,
    [`${prefix}.lacking`]: isAbove * room,
    ...rangedWires(`${prefix}.distance`, WEIGHTED.profitBits, room - 2n * isAbove * room),
    [`${prefix}.gain`]: gain,
    [`${prefix}.counted`]: gain - 10n ** 6n * negative,
  };
}

describe('a root', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compile('SizeRoot', ['size', 'scale']);
  });
  const lie = async (size: bigint, root: bigint) =>
    forged(circuit, await circuit.witness({ size, scale: 10n }), rootWires('main', 10n * size, root));

  it('may be larger, and not smaller by one', async () => {
    for (const [size, root] of [
      [1_000_000_000n, 100_000n],
      [999_999_999n, 99_999n],
      [0n, 1n],
    ] as const) {
      expectAccepted(circuit, await lie(size, root));
      expectRejected(circuit, await lie(size, root - 1n), /above/);
      expectAccepted(circuit, await lie(size, root + 1n));
    }
  });

  it('is no negative number and no other element whose square comes out right', async () => {
    const root = 100_000n;
    // the same square from the other root in the field
    expectRejected(circuit, await lie(1_000_000_000n, FIELD_ORDER - root - 2n), /rootRange/);
    expectRejected(circuit, await lie(1_000_000_000n, FIELD_ORDER - 1n), /rootRange|above/);
    expectRejected(circuit, await lie(1_000_000_000n, 1n << 40n), /rootRange/);
  });
});

describe('a premium', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compile('SizePremium', ['root', 'premium', 'step']);
  });
  const [root, premium, step] = [1_234_567n, 4_321n, 100n];
  const least = (root * premium) / (WEIGHTED.rootOne * step);
  const lie = async (steps: bigint) =>
    forged(
      circuit,
      await circuit.witness({ root, premium, step }),
      premiumWires('main', root * premium, step, reduce(steps)),
    );

  it('may have more steps, and not one less', async () => {
    expectAccepted(circuit, await lie(least));
    expectAccepted(circuit, await lie(least + 1n));
    expectRejected(circuit, await lie(least - 1n), /missing/);
    expectRejected(circuit, await lie(0n), /missing/);
  });

  it('is no fraction in the field', async () => {
    // steps x step = 1 part per million, with what is missing in its range
    const fraction = reduce((1n + FIELD_ORDER) * inverse(step));
    expectRejected(circuit, await lie(fraction), /stepsRange/);
    const exact = root * premium;
    const wide = reduce(((exact + 1n) * inverse(WEIGHTED.rootOne) - step) * inverse(step));
    expectRejected(circuit, await lie(wide), /stepsRange/);
  });
});

describe('the greater of two rates', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compile('GreaterRate', ['first', 'second']);
  });
  const lie = async (first: bigint, second: bigint, flag: bigint) =>
    forged(circuit, await circuit.witness({ first, second }), greaterWires('main', first, second, flag));

  it('is not the smaller, nor neither', async () => {
    expectAccepted(circuit, await lie(50_000n, 60_000n, 1n));
    expectRejected(circuit, await lie(50_000n, 60_000n, 0n), /difference/);
    expectAccepted(circuit, await lie(60_000n, 50_000n, 0n));
    expectRejected(circuit, await lie(60_000n, 50_000n, 1n), /difference/);
    // 60,000 - 6 x 10,000 = 0, with a difference in its range
    expectRejected(circuit, await lie(60_000n, 50_000n, 6n), /flag|difference/);
    expectRejected(circuit, await lie(50_000n, 60_000n, FIELD_ORDER - 5n), /flag|difference/);
    // half of each, where the difference is zero
    expectRejected(circuit, await lie(50_000n, 60_000n, inverse(2n)), /^main \(main\.isSecond\)$/);
  });
});

describe('a profit', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compile('CountedProfit', ['profit', 'weight', 'cap']);
  });
  const [weight, cap] = [400_000n, 10n ** 18n];
  const lie = async (profit: bigint, told: ProfitLie) =>
    forged(circuit, await circuit.witness({ profit, weight, cap }), profitWires('main', weight, cap, told));

  it('is no loss, which would be weighted', async () => {
    const loss = 5n * 10n ** 17n;
    expectAccepted(circuit, await lie(-loss, { sign: 1n, magnitude: loss, isAbove: 0n }));
    expectRejected(
      circuit,
      await lie(-loss, { sign: 0n, magnitude: FIELD_ORDER - loss, isAbove: 0n }),
      /magnitudeRange/,
    );
    expectRejected(circuit, await lie(-loss, { sign: 0n, magnitude: loss, isAbove: 0n }), /split/);
    // sign r - 1 and 2 would make any multiple of it
    expectRejected(circuit, await lie(-loss, { sign: 2n, magnitude: loss / 3n, isAbove: 0n }), /split/);
  });

  it('counts up to the cap, below it as it is, and as no loss in full', async () => {
    const much = 3n * 10n ** 18n;
    expectAccepted(circuit, await lie(much, { sign: 0n, magnitude: much, isAbove: 1n }));
    expectRejected(circuit, await lie(much, { sign: 0n, magnitude: much, isAbove: 0n }), /distance/);
    const little = 10n ** 17n;
    expectAccepted(circuit, await lie(little, { sign: 0n, magnitude: little, isAbove: 0n }));
    expectRejected(circuit, await lie(little, { sign: 0n, magnitude: little, isAbove: 1n }), /distance/);
    expectRejected(circuit, await lie(little, { sign: 0n, magnitude: little, isAbove: 5n }), /flag|distance/);
    // half of what lies beyond the cap, where the distance is zero
    expectRejected(
      circuit,
      await lie(much, { sign: 0n, magnitude: much, isAbove: inverse(2n) }),
      /^main \(main\.isAbove\)$/,
    );
    expectRejected(
      circuit,
      await lie(little, { sign: 1n, magnitude: FIELD_ORDER - little, isAbove: 0n }),
      /magnitudeRange/,
    );
  });
});

describe('an account', () => {
  const CAPACITY = { positions: 2, assets: 2 };
  const REQUEST = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };
  // both at a loss; the short's premium for size exceeds its flat rate
  const POSITIONS: Holdings['positions'] = [
    { instrumentId: 100, size: -500n * 10n ** 9n, cost: -4_900_000_000_000n },
    { instrumentId: 103, size: 40_000_001n, cost: 2_500_000_000_000n },
  ];

  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest({
      file: 'weighted/weightedMargin.circom',
      template: 'WeightedMargin',
      parameters: [CAPACITY.positions, CAPACITY.assets],
      publicSignals: PUBLIC_SIGNALS,
    });
  });

  const honest = (amount: bigint, positions = POSITIONS): WeightedMarginInput =>
    weightedInput(
      {
        account: packageOf({ collateral: [{ assetId: 1, amount }], positions }),
        ownerSecret: OWNER_SECRET,
        table,
        request: REQUEST,
      },
      CAPACITY,
    );
  const witnessOf = (input: WeightedMarginInput) => circuit.witness(weightedSignals(input));
  const refused = async (input: WeightedMarginInput, where: RegExp) =>
    expectRejected(circuit, await witnessOf(input), where);

  /** The cash with which the account is just solvent. */
  function leastCash(positions = POSITIONS): bigint {
    const { weightedEquity, requirement } = evaluate({ collateral: [], positions }, table);
    const [missing, unit] = [requirement - weightedEquity, 10n ** 28n];
    return missing / unit + (missing % unit > 0n ? 1n : 0n);
  }

  it('is accepted to the unit of cash, and refused one below', async () => {
    expect(leastCash()).toBeGreaterThan(0n);
    expectAccepted(circuit, await witnessOf(honest(leastCash())));
    await refused(honest(leastCash() - 1n), /solvency\.ratio/);
  });

  it('one unit short is not saved by a smaller root or premium, a smaller rate or a loss as a profit', async () => {
    const witness = await witnessOf(honest(leastCash() - 1n));
    const [slot] = positionSlots({ collateral: [], positions: POSITIONS }, 2);
    const { row } = openSide(table, 100, -1n);
    const size = slot?.size as bigint;
    const root = sizeRoot(size, row.rootScale);
    const steps = sizePremium(root, row.premium, 100n) / 100n;
    const second = row.premiumBase + steps * 100n;
    const loss = size * row.price - 4_900_000_000_000n * 10n ** 8n;
    expect(second).toBeGreaterThan(row.rate);
    expect(loss).toBeGreaterThan(0n);
    const position = 'main.position[0]';
    const told = (lie: bigint): readonly Values[] => [
      rootWires(`${position}.root`, size * row.rootScale, root - lie),
      premiumWires(`${position}.premium`, root * row.premium, 100n, steps - lie),
      greaterWires(`${position}.rate`, row.rate, second, 1n - lie),
      profitWires(`${position}.profit`, row.gainWeight, row.gainCap, {
        sign: 1n - lie,
        magnitude: lie === 0n ? loss : FIELD_ORDER - loss,
        isAbove: 0n,
      }),
    ];
    // put back as they are, they leave the account a unit short and nothing else
    for (const values of told(0n)) expect(forged(circuit, witness, values)).toEqual(witness);
    const where = [/root\.above/, /premium\.missing/, /rate\.difference/, /magnitudeRange/];
    told(1n).forEach((values, k) => {
      expectRejected(circuit, forged(circuit, witness, values), where[k]);
    });
  });

  it('takes no figure but that of the table', async () => {
    const input = honest(leastCash());
    const [first, second] = input.positionRows as readonly [
      WeightedMarginInput['positionRows'][number],
      WeightedMarginInput['positionRows'][number],
    ];
    const changes: readonly Partial<WeightedRowFields>[] = [
      { price: 0n },
      { marginPrice: 0n },
      { rate: 0n },
      { premiumBase: 0n },
      { premium: 0n },
      { rootScale: 0n },
      { quadratic: 1n },
      { gainWeight: 1_000_000n },
      { gainCap: 0n },
    ];
    for (const change of changes) {
      const row = { ...first.row, ...change };
      await refused({ ...input, positionRows: [{ ...first, row }, second] }, /positionLookup\[0\]/);
    }
  });

  it('takes neither the row of another instrument nor that of the other side', async () => {
    const input = honest(leastCash());
    const [, second] = input.positionRows as WeightedMarginInput['positionRows'];
    for (const other of [openSide(table, 106, -1n), openSide(table, 100, 1n)]) {
      const positionRows = [other, second as typeof other];
      await refused({ ...input, positionRows }, /positionRow\[0\]\.key/);
    }
  });

  it('takes no flipped side: the leaf holds the sign', async () => {
    const input = honest(leastCash());
    const positions = input.account.positions.map((slot, k) => (k === 0 ? { ...slot, sizeSign: 0n } : slot));
    const [, second] = input.positionRows as WeightedMarginInput['positionRows'];
    const positionRows = [openSide(table, 100, 1n), second as WeightedMarginInput['positionRows'][number]];
    await refused({ ...input, account: { ...input.account, positions }, positionRows }, /owned/);
  });

  it.each([2n, FIELD_ORDER - 1n])('takes no sign of %s for size or cost', async (sign) => {
    const input = honest(leastCash());
    for (const field of ['sizeSign', 'costSign'] as const) {
      const positions = input.account.positions.map((slot, k) => (k === 0 ? { ...slot, [field]: sign } : slot));
      await refused({ ...input, account: { ...input.account, positions } }, new RegExp(`${field}\\[0\\]`));
    }
  });

  it('takes no other step, version or claim of the rules, and no row of another family', async () => {
    const input = honest(leastCash());
    const { model } = input;
    await refused({ ...input, model: { ...model, rules: [model.rules[0] as bigint, 10_000n] } }, /model|risk/);
    await refused({ ...input, model: { ...model, version: 2n } }, /main/);
    await refused({ ...input, model: { ...model, claim: 2n } }, /model|risk/);
    const [cash, ...others] = input.collateralRows as readonly [
      WeightedMarginInput['collateralRows'][number],
      ...WeightedMarginInput['collateralRows'],
    ];
    const extended = { ...cash, row: { ...cash.row, extension: 1n } };
    await refused({ ...input, collateralRows: [extended, ...others] }, /extension|collateral/);
  });

  it('takes no size whose quadratic requirement exceeds the range, before it could wrap', async () => {
    const huge = [{ instrumentId: 103, size: (1n << 64n) - 1n, cost: 0n }];
    await refused(honest((1n << 64n) - 1n, huge), /growthRange/);
  });
});
