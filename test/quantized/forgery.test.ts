import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import type { PositionSlot } from '../../src/account/positionEntry.js';
import { positionSlots } from '../../src/account/slots.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { FIELD_ORDER, PUBLIC_SIGNALS, QUANTIZED } from '../../src/protocol/constants.js';
import { fundingSettlement } from '../../src/quantized/fundingSettlement.js';
import { quantizedInput, quantizedSignals } from '../../src/quantized/quantizedInput.js';
import type { QuantizedMarginInput } from '../../src/quantized/quantizedMargin.js';
import { quantizedPosition } from '../../src/quantized/quantizedPosition.js';
import type { QuantizedRowFields } from '../../src/quantized/quantizedRow.js';
import { quantumNotional } from '../../src/quantized/quantumNotional.js';
import { roundedUp } from '../../src/quantized/roundedUp.js';
import type { Witness } from '../../src/r1cs/evaluateR1cs.js';
import { findRow, openRow } from '../../src/risk/riskTable.js';
import { compileForTest, expectAccepted, expectRejected, type TestCircuit } from '../support/circuit.js';
import { inverse, reduce } from '../support/field.js';
import { OWNER_SECRET } from '../support/market.js';
import { packageOf, table } from '../support/quantizedMarket.js';

// Each test is an attack of a prover who computes a whole witness that is consistent but for one lie. The R1CS has to
// refuse it, in the component that the lie is about.

const MILLION = 10n ** 6n;
const QUANTUM = QUANTIZED.quantum;

type Values = Readonly<Record<string, bigint>>;

/** Wires of Ranged for a value: its lowest bits, whatever the value is. */
const rangedWires = (prefix: string, bits: number, value: bigint): Values =>
  Object.fromEntries(
    Array.from({ length: bits }, (_, i) => [`${prefix}.bits.out[${i}]`, (reduce(value) >> BigInt(i)) & 1n]),
  );

/** Wires of Below for a value: its lowest bits, and whether those above are the bound's as far as they go. */
function belowWires(prefix: string, bound: bigint, value: bigint): Values {
  const most = bound - 1n;
  const wires: Record<string, bigint> = {};
  let tight = 1n;
  for (let i = BigInt(most.toString(2).length) - 1n; i >= 0n; i--) {
    const bit = (reduce(value) >> i) & 1n;
    wires[`${prefix}.bits[${i}]`] = bit;
    // the lowest ones are met by any bits, and nothing is carried over them
    if (((most >> i) & 1n) === 1n && ((most + 1n) & most & ((1n << (i + 1n)) - 1n)) !== 0n) tight *= bit;
    wires[`${prefix}.tight[${i}]`] = tight;
  }
  return wires;
}

/** All wires of RoundedUp for a quotient, with what is then missing to the next whole. */
const roundedUpWires = (prefix: string, bits: number, value: bigint, out: bigint): Values => ({
  [`${prefix}.out`]: out,
  ...rangedWires(`${prefix}.outRange`, bits, out),
  ...belowWires(`${prefix}.missing`, MILLION, MILLION * out - value),
});

/** All wires of FundingSettlement for a number of quantums. */
const settlementWires = (prefix: string, funding: bigint, quantums: bigint): Values => {
  const raised = quantums + (1n << BigInt(QUANTIZED.fundingBits));
  return {
    [`${prefix}.raised`]: raised,
    [`${prefix}.quantums`]: quantums,
    ...rangedWires(`${prefix}.raisedRange`, QUANTIZED.fundingBits + 1, raised),
    ...belowWires(`${prefix}.remainder`, QUANTUM, funding - QUANTUM * quantums),
  };
};

/** The witness with these wires, without those that the compiler eliminated; one that does not exist is a fault. */
const forged = (circuit: TestCircuit, witness: Witness, values: Values): Witness =>
  circuit.edit(
    witness,
    Object.fromEntries(Object.entries(values).filter(([name]) => (circuit.symbols.wireOf(name) ?? 0) >= 0)),
  );

describe('a ceiling', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest({
      file: 'quantized/roundedUp.circom',
      template: 'RoundedUp',
      parameters: [20],
      publicSignals: ['in'],
    });
  });

  const quotient = (value: bigint, out: bigint): Values => roundedUpWires('main', 20, value, out);

  it.each([5n * MILLION, 5n * MILLION - 7n, 4n * MILLION + 1n, 0n])('of %s is no other than its own', async (value) => {
    const witness = await circuit.witness({ in: value });
    const out = (value + MILLION - 1n) / MILLION;
    expectAccepted(circuit, forged(circuit, witness, quotient(value, out)));
    // less than the ceiling: what is missing is negative; more: it is a whole or more
    expectRejected(circuit, forged(circuit, witness, quotient(value, out - 1n)), /missing|outRange/);
    expectRejected(circuit, forged(circuit, witness, quotient(value, out + 1n)), /missing/);
    // a quotient in the field, with a remainder in its bounds
    const missing = (MILLION * out - value + 1n) % MILLION;
    const wide = reduce((value + missing) * inverse(MILLION));
    expect(wide >> 200n).not.toBe(0n);
    expectRejected(circuit, forged(circuit, witness, quotient(value, wide)), /outRange/);
  });

  it('leaves no room between the bound and the bits that hold it', async () => {
    // a million to 2^20 - 1 fit the bits
    for (const missing of [MILLION, MILLION + 1n, 2n ** 20n - 1n]) {
      const value = 5n * MILLION - (missing - MILLION);
      const witness = await circuit.witness({ in: value });
      expectRejected(circuit, forged(circuit, witness, quotient(value, 6n)), /missing/);
    }
  });
});

describe('a notional', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest({
      file: 'quantized/quantumNotional.circom',
      template: 'QuantumNotional',
      parameters: [],
      publicSignals: ['size', 'price'],
    });
  });

  interface Split {
    readonly low: bigint;
    readonly middle: bigint;
    readonly high: bigint;
  }
  const SIZE = 1_234_568_037_362n;
  const PRICE = 59_123_456_789n;
  const NOTIONAL = SIZE * PRICE;
  const HONEST: Split = {
    low: (NOTIONAL / QUANTUM) % MILLION,
    middle: (NOTIONAL / QUANTUM / MILLION) % MILLION,
    high: NOTIONAL / QUANTUM / MILLION ** 2n,
  };

  function split({ low, middle, high }: Split): Values {
    const quantums = reduce(low + MILLION * (middle + MILLION * high));
    return {
      'main.low': low,
      'main.middle': middle,
      'main.high': high,
      'main.quantums': quantums,
      ...rangedWires('main.lowRange', QUANTIZED.digitBits, low),
      ...rangedWires('main.middleRange', QUANTIZED.digitBits, middle),
      ...rangedWires('main.highRange', QUANTIZED.highBits, high),
      ...belowWires('main.remainder', QUANTUM, NOTIONAL - QUANTUM * quantums),
    };
  }
  const witnessOf = async (digits: Split) =>
    forged(circuit, await circuit.witness({ size: SIZE, price: PRICE }), split(digits));

  it('is split in another way only into the same number of quantums', async () => {
    expectAccepted(circuit, await witnessOf(HONEST));
    const carried = { ...HONEST, middle: HONEST.middle - 1n, low: HONEST.low + MILLION };
    expect(carried.low >> 20n).toBe(0n);
    const witness = await witnessOf(carried);
    expectAccepted(circuit, witness);
    expect(circuit.get(witness, 'main.quantums')).toBe(NOTIONAL / QUANTUM);
  });

  it('one quantum less or more', async () => {
    expectRejected(circuit, await witnessOf({ ...HONEST, low: HONEST.low - 1n }), /remainder/);
    expectRejected(circuit, await witnessOf({ ...HONEST, low: HONEST.low + 1n }), /remainder/);
    expectRejected(circuit, await witnessOf({ ...HONEST, middle: HONEST.middle - 1n }), /remainder/);
    expectRejected(circuit, await witnessOf({ ...HONEST, high: HONEST.high + 1n }), /remainder/);
  });

  it('digits outside of their ranges, with the same sum or with a remainder in its bounds', async () => {
    const carried = { ...HONEST, middle: HONEST.middle + 1n, low: HONEST.low - MILLION };
    expectRejected(circuit, await witnessOf(carried), /lowRange/);
    const borrowed = { ...HONEST, high: HONEST.high + 1n, middle: HONEST.middle - MILLION };
    expectRejected(circuit, await witnessOf(borrowed), /middleRange/);
    const remainder = (NOTIONAL % QUANTUM) - 1n;
    const wide = reduce((NOTIONAL - remainder) * inverse(QUANTUM) - HONEST.low - MILLION * HONEST.middle);
    expectRejected(circuit, await witnessOf({ ...HONEST, high: reduce(wide * inverse(MILLION ** 2n)) }), /highRange/);
    expectRejected(circuit, await witnessOf({ low: reduce(wide), middle: 0n, high: 0n }), /lowRange/);
  });
});

describe('settled funding', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest({
      file: 'quantized/fundingSettlement.circom',
      template: 'FundingSettlement',
      parameters: [],
      publicSignals: ['funding'],
    });
  });

  const settled = (funding: bigint, quantums: bigint): Values => settlementWires('main', funding, quantums);

  it.each([
    [-1n, -1n],
    [-QUANTUM, -1n],
    [-QUANTUM - 1n, -2n],
    [-3n * QUANTUM + 5n, -3n],
    [0n, 0n],
    [QUANTUM - 1n, 0n],
    [7n * QUANTUM + 5n, 7n],
  ])('of %s is %s quantums and no other', async (funding, quantums) => {
    const witness = await circuit.witness({ funding });
    expectAccepted(circuit, forged(circuit, witness, settled(funding, quantums)));
    // rounded toward zero, or a quantum kept back
    expectRejected(circuit, forged(circuit, witness, settled(funding, quantums + 1n)), /remainder/);
    expectRejected(circuit, forged(circuit, witness, settled(funding, quantums - 1n)), /remainder/);
    const remainder = (funding - QUANTUM * quantums + 1n) % QUANTUM;
    const wide = reduce((funding - remainder) * inverse(QUANTUM));
    expectRejected(circuit, forged(circuit, witness, settled(funding, wide)), /raisedRange/);
  });
});

describe('an account', () => {
  const CAPACITY = { positions: 2, assets: 2 };
  const REQUEST = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };
  const POSITIONS: Holdings['positions'] = [
    { instrumentId: 100, size: -1_234_567_890_123n, cost: 12_345n },
    { instrumentId: 103, size: 40_000_000_001n, cost: -98_765n },
  ];

  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest({
      file: 'quantized/quantizedMargin.circom',
      template: 'QuantizedMargin',
      parameters: [CAPACITY.positions, CAPACITY.assets],
      publicSignals: PUBLIC_SIGNALS,
    });
  });

  const honest = (amount: bigint): QuantizedMarginInput =>
    quantizedInput(
      {
        account: packageOf({ collateral: [{ assetId: 1, amount }], positions: POSITIONS }),
        ownerSecret: OWNER_SECRET,
        table,
        request: REQUEST,
      },
      CAPACITY,
    );
  const witnessOf = (input: QuantizedMarginInput) => circuit.witness(quantizedSignals(input));

  /** The cash with which the account is solvent to the quantum. */
  function leastCash(): bigint {
    const { weightedEquity, requirement } = evaluate({ collateral: [], positions: POSITIONS }, table);
    return (requirement - weightedEquity) / 10n ** 16n;
  }

  it('is accepted to the quantum, and refused one below', async () => {
    expectAccepted(circuit, await witnessOf(honest(leastCash())));
    expectRejected(circuit, await witnessOf(honest(leastCash() - 1n)), /solvency\.ratio/);
  });

  it('one quantum short is not saved by any of its roundings', async () => {
    const witness = await witnessOf(honest(leastCash() - 1n));
    const slots = positionSlots({ collateral: [], positions: POSITIONS }, 2);
    const rows = POSITIONS.map(
      ({ instrumentId }) => openRow<QuantizedRowFields>(table, findRow(table, 'instrument', instrumentId, 0n)).row,
    );
    const [slot, row] = [slots[0] as PositionSlot, rows[0] as QuantizedRowFields];
    const funding = slots.reduce(
      (sum, each, k) => sum + quantizedPosition(each, rows[k] as QuantizedRowFields).funding,
      0n,
    );
    const quantums = fundingSettlement(funding);
    const { low, middle } = quantumNotional(slot.size, row.price);
    const lowMargin = roundedUp(20, low * row.baseRate);
    const lower = (middle * row.baseRate + lowMargin) * row.fraction;
    const margin = 'main.position[0].margin';
    const roundings = (kept: bigint): readonly Values[] => [
      settlementWires('main.settled', funding, quantums + kept),
      roundedUpWires(`${margin}.lowMargin`, QUANTIZED.digitBits, low * row.baseRate, lowMargin - kept),
      roundedUpWires(`${margin}.lowerMargin`, QUANTIZED.lowerMarginBits, lower, roundedUp(40, lower) - kept),
    ];
    // put back as they are, they leave the account a quantum short and nothing else
    for (const values of roundings(0n)) expect(forged(circuit, witness, values)).toEqual(witness);
    const where = [/settled\.remainder/, /lowMargin\.missing/, /lowerMargin\.missing/];
    roundings(1n).forEach((values, k) => {
      expectRejected(circuit, forged(circuit, witness, values), where[k]);
    });
  });

  it('takes no rates, mark or index but those of the table', async () => {
    const input = honest(leastCash());
    const [first, second] = input.positionRows as readonly [
      QuantizedMarginInput['positionRows'][number],
      QuantizedMarginInput['positionRows'][number],
    ];
    const changes: readonly Partial<QuantizedRowFields>[] = [
      { baseRate: 0n },
      { fraction: 0n },
      { price: 1n },
      { fundingIndex: 2n ** 60n },
    ];
    for (const change of changes) {
      const row = { ...first.row, ...change };
      await expectLookupRefused({ ...input, positionRows: [{ ...first, row }, second] }, /positionLookup\[0\]/);
    }
    const other = openRow<QuantizedRowFields>(table, findRow(table, 'instrument', 106, 0n));
    await expectLookupRefused({ ...input, positionRows: [other, second] }, /positionRow\[0\]\.key/);
  });

  const expectLookupRefused = async (input: QuantizedMarginInput, where: RegExp) =>
    expectRejected(circuit, await witnessOf(input), where);

  it('takes no other version or claim of the rules, and no row of another family', async () => {
    const input = honest(leastCash());
    await expectLookupRefused({ ...input, model: { ...input.model, version: 2n } }, /main/);
    await expectLookupRefused({ ...input, model: { ...input.model, claim: 2n } }, /model|risk/);
    const [cash, ...others] = input.collateralRows as readonly [
      QuantizedMarginInput['collateralRows'][number],
      ...QuantizedMarginInput['collateralRows'],
    ];
    const extended = { ...cash, row: { ...cash.row, extension: 1n } };
    await expectLookupRefused({ ...input, collateralRows: [extended, ...others] }, /extension|collateral/);
  });

  it.each([2n, FIELD_ORDER - 1n])('takes no sign of %s for size or cost', async (sign) => {
    const input = honest(leastCash());
    for (const field of ['sizeSign', 'costSign'] as const) {
      const positions = input.account.positions.map((slot, k) => (k === 0 ? { ...slot, [field]: sign } : slot));
      await expectLookupRefused({ ...input, account: { ...input.account, positions } }, new RegExp(`${field}\\[0\\]`));
    }
  });
});
