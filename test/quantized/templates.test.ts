import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { below } from '../../src/numbers/below.js';
import { QUANTIZED } from '../../src/protocol/constants.js';
import { fundingSettlement } from '../../src/quantized/fundingSettlement.js';
import { marginRequirement } from '../../src/quantized/marginRequirement.js';
import { quantizedRowHash } from '../../src/quantized/quantizedRow.js';
import { quantumNotional } from '../../src/quantized/quantumNotional.js';
import { roundedUp } from '../../src/quantized/roundedUp.js';
import { initialMarginAt, maintenanceMarginAt } from '../../src/venues/dydx/model.js';
import { accepts, compileForTest, expectAccepted } from '../support/circuit.js';
import { editEveryWire } from '../support/everyWire.js';
import { reduce } from '../support/field.js';
import { freeDirections } from '../support/jacobian.js';
import { expectTwin } from '../support/twin.js';

const compile = (
  file: string,
  template: string,
  publicSignals: readonly string[],
  parameters: readonly number[] = [],
) => compileForTest({ file: `${file}.circom`, template, parameters, publicSignals });

const upTo = (most: bigint) => fc.oneof(fc.constantFrom(0n, 1n, most - 1n, most), fc.bigInt({ min: 0n, max: most }));
const rate = upTo(1_000_000n);

describe('Below', () => {
  it.each([2, 3, 5, 8, 10, 23, 24, 32, 37])('holds for every number below %i and for none above', async (bound) => {
    const circuit = await compile('numbers/below', 'Below', ['in'], [bound]);
    for (let value = -3n; value < 3n * BigInt(bound); value++) {
      expect(
        await expectTwin(
          circuit,
          { in: value },
          () => {
            below(BigInt(bound), value);
            return [];
          },
          [],
        ),
      ).toBe(value >= 0n && value < BigInt(bound));
    }
  });

  it.each([
    ['a million', 1_000_000n],
    ['the units in a quantum', QUANTIZED.quantum],
  ])('holds up to %s less one, and leaves no wire free', async (_, bound) => {
    const circuit = await compile('numbers/below', 'Below', ['in'], [Number(bound)]);
    for (const value of [0n, 1n, bound / 2n, bound - 2n, bound - 1n]) {
      const witness = await circuit.witness({ in: value });
      expectAccepted(circuit, witness);
      expect(editEveryWire(circuit, witness)).toEqual([]);
      // next to the bound a bit is forced by b b = 0, whose derivative says nothing: there the edits above speak
      if (value <= bound / 2n) expect(freeDirections(circuit, witness)).toEqual([]);
    }
    for (const value of [bound, bound + 1n, 2n * bound, -1n, -bound]) {
      expect(accepts(circuit, await circuit.witness({ in: value }))).toBe(false);
    }
  });
});

describe('every template agrees with its twin', () => {
  it('QuantumNotional', async () => {
    const circuit = await compile('quantized/quantumNotional', 'QuantumNotional', ['size', 'price']);
    await fc.assert(
      fc.asyncProperty(upTo(2n ** 64n - 1n), upTo(2n ** 56n - 1n), async (size, price) => {
        const digits = quantumNotional(size, price);
        expect(digits.quantums).toBe((size * price) / 10n ** 10n);
        const twin = () => [digits.low, digits.middle, digits.high, digits.quantums];
        expect(await expectTwin(circuit, { size, price }, twin, ['low', 'middle', 'high', 'quantums'])).toBe(true);
      }),
      { seed: 20411, numRuns: 60 },
    );
  });

  it('RoundedUp', async () => {
    const circuit = await compile('quantized/roundedUp', 'RoundedUp', ['in'], [20]);
    const million = 10n ** 6n;
    const edges = fc.constantFrom(0n, 1n, million - 1n, million, million + 1n, million * (2n ** 20n - 1n));
    await fc.assert(
      fc.asyncProperty(fc.oneof(edges, upTo(million * 2n ** 20n + million)), async (value) => {
        await expectTwin(circuit, { in: value }, () => [roundedUp(20, value)], ['out']);
      }),
      { seed: 20412, numRuns: 60 },
    );
  });

  it('MarginRequirement, which is what the venue asks for however the notional is split', async () => {
    const signals = ['low', 'middle', 'high', 'baseRate', 'fraction'];
    const circuit = await compile('quantized/marginRequirement', 'MarginRequirement', signals);
    const digit = upTo(2n ** 20n - 1n);
    await fc.assert(
      fc.asyncProperty(
        digit,
        digit,
        upTo(2n ** 47n - 1n),
        rate,
        rate,
        async (low, middle, high, baseRate, fraction) => {
          const inputs = { low, middle, high, baseRate, fraction };
          const requirement = marginRequirement(inputs, inputs);
          const notional = low + 10n ** 6n * middle + 10n ** 12n * high;
          const rates = { initialMarginPpm: baseRate, maintenanceFractionPpm: fraction };
          expect(requirement).toBe(maintenanceMarginAt(notional, rates));
          expect(marginRequirement(inputs, { baseRate, fraction: 1_000_000n })).toBe(
            initialMarginAt(notional, baseRate),
          );
          expect(await expectTwin(circuit, inputs, () => [requirement], ['requirement'])).toBe(true);
        },
      ),
      { seed: 20413, numRuns: 80 },
    );
  });

  it('FundingSettlement', async () => {
    const circuit = await compile('quantized/fundingSettlement', 'FundingSettlement', ['funding']);
    const quantum = QUANTIZED.quantum;
    const edges = [-quantum - 1n, -quantum, -quantum + 1n, -1n, 0n, 1n, quantum - 1n, quantum];
    const bound = quantum * 2n ** 103n;
    const ends = [-bound - 1n, -bound, bound - 1n, bound];
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(fc.constantFrom(...edges, ...ends), fc.bigInt({ min: -bound, max: bound - 1n })),
        async (funding) => {
          const both = await expectTwin(circuit, { funding }, () => [reduce(fundingSettlement(funding))], ['quantums']);
          expect(both).toBe(funding >= -bound && funding < bound);
        },
      ),
      { seed: 20414, numRuns: 60 },
    );
    expect([-1n, 0n, quantum - 1n, quantum, -quantum, -quantum - 1n].map(fundingSettlement)).toEqual([
      -1n,
      0n,
      0n,
      1n,
      -1n,
      -2n,
    ]);
  });

  it('QuantizedRowHash', async () => {
    const circuit = await compile('quantized/quantizedRow', 'QuantizedRowHash', ['row']);
    const row = { key: 2n ** 33n + 100n, price: 5n, fundingIndex: -7n, baseRate: 11n, fraction: 13n };
    await expectTwin(circuit, { row: Object.values(row) }, () => [quantizedRowHash(row)], ['out']);
    for (const change of [{ key: 1n }, { price: 1n }, { fundingIndex: 7n }, { baseRate: 1n }, { fraction: 1n }]) {
      expect(quantizedRowHash({ ...row, ...change })).not.toBe(quantizedRowHash(row));
    }
  });
});
