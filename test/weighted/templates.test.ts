import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PositionSlot } from '../../src/account/positionEntry.js';
import { FIELD_ORDER, WEIGHTED } from '../../src/protocol/constants.js';
import { assetWeightAt, integerRoot, liabilityWeightAt } from '../../src/venues/drift/model.js';
import { countedProfit } from '../../src/weighted/countedProfit.js';
import { greaterRate } from '../../src/weighted/greaterRate.js';
import { sizePremium } from '../../src/weighted/sizePremium.js';
import { sizeRoot } from '../../src/weighted/sizeRoot.js';
import { weightedPosition } from '../../src/weighted/weightedPosition.js';
import { type WeightedRowFields, weightedRowElements, weightedRowHash } from '../../src/weighted/weightedRow.js';
import { compileForTest } from '../support/circuit.js';
import { reduce } from '../support/field.js';
import { expectTwin } from '../support/twin.js';

const compile = (template: string, publicSignals: readonly string[]) => {
  const file = template.endsWith('Hash') ? template.slice(0, -4) : template;
  const path = `weighted/${file.charAt(0).toLowerCase()}${file.slice(1)}.circom`;
  return compileForTest({ file: path, template, parameters: [], publicSignals });
};

const upTo = (most: bigint) => fc.oneof(fc.constantFrom(0n, 1n, most - 1n, most), fc.bigInt({ min: 0n, max: most }));
const bits = (width: number) => fc.integer({ min: 1, max: width }).chain((length) => upTo((1n << BigInt(length)) - 1n));

describe('every template agrees with its twin', () => {
  it('SizeRoot, whose root is the floor, next to squares too', async () => {
    const circuit = await compile('SizeRoot', ['size', 'scale']);
    const squares = bits(32).chain((root) => fc.constantFrom(-2n, -1n, 0n).map((beside) => root * root + beside));
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(
          fc.tuple(
            squares.filter((size) => size >= 0n),
            fc.constant(1n),
          ),
          fc.tuple(bits(64), fc.constantFrom(0n, 1n, 10n, 100n, 10n ** 8n, 10n ** 10n)),
        ),
        async ([size, scale]) => {
          const twin = () => [sizeRoot(size, scale)];
          const accepted = await expectTwin(circuit, { size, scale }, twin, ['root']);
          expect(accepted).toBe(size * scale + 1n < 1n << BigInt(2 * WEIGHTED.rootBits));
          if (accepted) expect(twin()).toEqual([integerRoot(size * scale + 1n)]);
        },
      ),
      { seed: 20511, numRuns: 120 },
    );
  });

  it('SizePremium', async () => {
    const circuit = await compile('SizePremium', ['root', 'premium', 'step']);
    await fc.assert(
      fc.asyncProperty(bits(40), bits(24), fc.constantFrom(1n, 7n, 100n, 10_000n), async (root, premium, step) => {
        const twin = () => [sizePremium(root, premium, step)];
        const accepted = await expectTwin(circuit, { root, premium, step }, twin, ['rate']);
        expect(accepted).toBe(root * premium < 10n ** 5n * step * (1n << 24n));
      }),
      { seed: 20512, numRuns: 80 },
    );
  });

  it('GreaterRate', async () => {
    const circuit = await compile('GreaterRate', ['first', 'second']);
    const most = (1n << 24n) + 10_000n * ((1n << 24n) - 1n) - 1n;
    await fc.assert(
      fc.asyncProperty(upTo((1n << 24n) - 1n), fc.oneof(upTo(1n << 24n), upTo(most)), async (first, second) => {
        expect(await expectTwin(circuit, { first, second }, () => [greaterRate(first, second)], ['out'])).toBe(true);
        expect(await expectTwin(circuit, { first, second: first }, () => [first], ['out'])).toBe(true);
      }),
      { seed: 20513, numRuns: 60 },
    );
  });

  it('CountedProfit', async () => {
    const circuit = await compile('CountedProfit', ['profit', 'weight', 'cap']);
    const most = (1n << 104n) - 1n;
    const profit = fc.oneof(
      fc.tuple(bits(105), fc.boolean()).map(([value, negative]) => (negative ? -value : value)),
      fc.constantFrom(most, most + 1n, -most, -most - 1n, FIELD_ORDER / 3n),
    );
    await fc.assert(
      fc.asyncProperty(profit, upTo(1_000_000n), fc.oneof(upTo(most), bits(60)), async (signed, weight, cap) => {
        const twin = (value: bigint) => () => [reduce(countedProfit(value, weight, cap))];
        const accepted = await expectTwin(circuit, { profit: signed, weight, cap }, twin(signed), ['counted']);
        expect(accepted).toBe(signed <= most && signed >= -most);
        for (const value of [cap, cap + 1n, cap - 1n].filter((each) => each <= most)) {
          expect(await expectTwin(circuit, { profit: value, weight, cap }, twin(value), ['counted'])).toBe(true);
        }
      }),
      { seed: 20514, numRuns: 60 },
    );
  });

  it('WeightedPosition, whose requirement rounds nothing but the steps of the premium', async () => {
    const names = ['sizeSign', 'size', 'costSign', 'cost', 'row', 'rateStep'];
    const circuit = await compile('WeightedPosition', names);
    const bit = fc.constantFrom(0n, 1n);
    const row = fc.record<WeightedRowFields>({
      key: bits(33),
      price: bits(56),
      marginPrice: bits(56),
      rate: bits(24),
      premiumBase: bits(24),
      premium: bits(24),
      rootScale: fc.constantFrom(0n, 1n, 10n, 10_000n),
      quadratic: bits(20),
      gainWeight: upTo(1_000_000n),
      gainCap: bits(104),
    });
    const seen = { yes: 0, no: 0 };
    await fc.assert(
      fc.asyncProperty(bit, bits(64), bit, bits(80), row, async (sizeSign, size, costSign, cost, fields) => {
        const slot: PositionSlot = { gap: 0n, sizeSign, size, costSign, cost };
        const inputs = { sizeSign, size, costSign, cost, row: weightedRowElements(fields), rateStep: 100n };
        const twin = (): readonly bigint[] => {
          const { counted, requirement } = weightedPosition(slot, fields, 100n);
          return [reduce(counted), requirement];
        };
        const accepted = await expectTwin(circuit, inputs, twin, ['counted', 'requirement']);
        seen[accepted ? 'yes' : 'no']++;
        if (!accepted) return;
        const premium = (integerRoot(size * fields.rootScale + 1n) * fields.premium) / 10n ** 7n;
        const rate = [fields.rate, fields.premiumBase + 100n * premium].reduce((a, b) => (a > b ? a : b));
        expect(weightedPosition(slot, fields, 100n).requirement).toBe(
          size * fields.marginPrice * (rate * 10n ** 12n + fields.quadratic * size),
        );
      }),
      { seed: 20515, numRuns: 120 },
    );
    expect(Math.min(seen.yes, seen.no)).toBeGreaterThan(10);
  });

  it('WeightedRowHash', async () => {
    const circuit = await compile('WeightedRowHash', ['row']);
    const names = [
      'key',
      'price',
      'marginPrice',
      'rate',
      'premiumBase',
      'premium',
      'rootScale',
      'quadratic',
      'gainWeight',
      'gainCap',
    ] as const;
    const row = Object.fromEntries(names.map((name, k) => [name, BigInt(k + 3)])) as unknown as WeightedRowFields;
    await expectTwin(circuit, { row: weightedRowElements(row) }, () => [weightedRowHash(row)], ['out']);
    for (const name of names) expect(weightedRowHash({ ...row, [name]: 1n })).not.toBe(weightedRowHash(row));
  });
});

describe('the rate of a side', () => {
  it("is Drift's weight of a debt, to the step", () => {
    fc.assert(
      fc.property(bits(56), bits(17), fc.bigInt({ min: 50n, max: 20_000n }), (size, imf, weight) => {
        const premium = sizePremium(sizeRoot(size, 10n), imf, 100n);
        expect(greaterRate(weight * 100n, (weight - weight / 5n) * 100n + premium)).toBe(
          liabilityWeightAt(size, imf, weight) * 100n,
        );
      }),
      { seed: 20516, numRuns: 300 },
    );
    // an asset's weight falls by the root, and no affine rate says that: depositLadder does
    expect(assetWeightAt(10n ** 18n, 10n, 9_000n)).toBe(8_357n);
  });

  it("is Deribit's of a standard account: 1% and 0.005% for each coin", () => {
    const row: WeightedRowFields = {
      key: 1n,
      price: 60_000n * 10n ** 8n,
      marginPrice: 60_000n * 10n ** 8n,
      rate: 10_000n,
      premiumBase: 0n,
      premium: 0n,
      rootScale: 0n,
      // 0.00005 a coin of 10^8 units
      quadratic: 500_000n,
      gainWeight: 1_000_000n,
      gainCap: (1n << 104n) - 1n,
    };
    for (const coins of [1n, 25n, 400n]) {
      const slot = { gap: 0n, sizeSign: 0n, size: coins * 10n ** 8n, costSign: 0n, cost: 0n };
      const { requirement } = weightedPosition(slot, row, 1n);
      // in 1e-5 of the notional: 1000 + 5 a coin
      expect(requirement).toBe(coins * 60_000n * (1_000n + 5n * coins) * 10n ** 29n);
    }
  });
});
