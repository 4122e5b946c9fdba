import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { collateralValue } from '../../src/margin/collateralValue.js';
import { solvency } from '../../src/margin/solvency.js';
import { FIELD_ORDER, WIDTHS } from '../../src/protocol/constants.js';
import { rowElements, type TableRowFields } from '../../src/risk/tableRow.js';
import { positionMargin } from '../../src/tiered/positionMargin.js';
import { TIERED_UNIT } from '../../src/tiered/tieredMargin.js';
import {
  compileForTest,
  compileTextForTest,
  expectAccepted,
  expectRejected,
  type TestCircuit,
} from '../support/circuit.js';
import { inverse } from '../support/field.js';
import { table } from '../support/market.js';
import { expectTwin } from '../support/twin.js';

/** Wraps a template that takes a row, so that a test can give the row as its eight elements. */
const withRow = (folder: string, template: string, inputs: readonly string[], outputs: readonly string[]) => `
pragma circom 2.2.2;
include "circuits/${folder}/${template.charAt(0).toLowerCase()}${template.slice(1)}.circom";
template Test() {
    signal input row[8];
    ${inputs.map((name) => `signal input ${name};`).join('\n    ')}
    ${outputs.map((name) => `signal output ${name};`).join('\n    ')}
    TableRow() tableRow;
    ${['key', 'tier', 'price', 'sizeFloor', 'sizeCap', 'rate', 'offset', 'extension'].map((field, k) => `tableRow.${field} <== row[${k}];`).join('\n    ')}
    component tested = ${template}();
    tested.row <== tableRow;
    ${inputs.map((name) => `tested.${name} <== ${name};`).join('\n    ')}
    ${outputs.map((name) => `${name} <== tested.${name};`).join('\n    ')}
}`;

const rowsOf = (kind: 'asset' | 'instrument') =>
  table.rows.filter((row) => row.kind === kind).map((row) => row.fields as TableRowFields);
const inField = (value: bigint): bigint => ((value % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER;
const valuesOf = ({ weighted, value }: { weighted: bigint; value: bigint }) => [inField(weighted), inField(value)];

/** A row and a size in, at or just outside its bounds. */
const rowAndSize = (kind: 'asset' | 'instrument') =>
  fc
    .constantFrom(...rowsOf(kind))
    .chain((row) =>
      fc.tuple(
        fc.constant(row),
        fc.oneof(
          fc.constantFrom(row.sizeFloor, row.sizeCap, row.sizeCap + 1n, row.sizeFloor === 0n ? 0n : row.sizeFloor - 1n),
          fc.bigInt({ min: row.sizeFloor, max: row.sizeCap }),
        ),
      ),
    );

describe('CollateralValue', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileTextForTest(
      withRow('margin', 'CollateralValue', ['used', 'sign', 'magnitude'], ['weighted', 'signedValue']),
    );
  });

  it('agrees with its twin on every step, owned and owed, at both bounds', async () => {
    const seen = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        rowAndSize('asset'),
        fc.constantFrom(0n, 1n),
        fc.constantFrom(0n, 1n),
        async ([row, magnitude], sign, used) => {
          const both = await expectTwin(
            circuit,
            { row: rowElements(row), used, sign, magnitude },
            () => valuesOf(collateralValue(used, { sign, magnitude }, row)),
            ['weighted', 'signedValue'],
          );
          seen[both ? 'accepted' : 'refused']++;
        },
      ),
      { seed: 20268, numRuns: 300 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(30);
  });

  it('a haircut step saturated early is refused: its addition would count value that is not there', async () => {
    const [, second] = rowsOf('asset').filter((row) => row.key === (1n << 32n) + 2n);
    if (second === undefined) throw new Error('the market has no second step');
    const below = { row: rowElements(second), used: 1n, sign: 0n, magnitude: second.sizeFloor - 1n };
    expectRejected(circuit, await circuit.witness(below), /step\.above/);
    expectAccepted(circuit, await circuit.witness({ ...below, magnitude: second.sizeFloor }));
  });

  it('a debt counts in full, and takes no addition', async () => {
    const [, second] = rowsOf('asset').filter((row) => row.key === (1n << 32n) + 2n);
    if (second === undefined) throw new Error('the market has no second step');
    expectRejected(
      circuit,
      await circuit.witness({ row: rowElements(second), used: 1n, sign: 1n, magnitude: second.sizeFloor }),
    );
  });
});

describe('PositionMargin', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileTextForTest(
      withRow('tiered', 'PositionMargin', ['used', 'sizeSign', 'size', 'costSign', 'cost'], ['pnl', 'requirement']),
    );
  });

  it('agrees with its twin on every tier, long and short, at both bounds', async () => {
    const bit = fc.constantFrom(0n, 1n);
    await fc.assert(
      fc.asyncProperty(
        rowAndSize('instrument'),
        bit,
        bit,
        bit,
        fc.bigInt({ min: 0n, max: 2n ** 80n - 1n }),
        async ([row, size], used, sizeSign, costSign, cost) => {
          await expectTwin(
            circuit,
            { row: rowElements(row), used, sizeSign, size, costSign, cost },
            () => {
              const { pnl, requirement } = positionMargin(used, { sizeSign, size, costSign, cost }, row);
              return [inField(pnl), inField(requirement)];
            },
            ['pnl', 'requirement'],
          );
        },
      ),
      { seed: 20269, numRuns: 300 },
    );
  });

  it('the top tier of a small position is refused, by its floor; a low tier of a large one, by its cap', async () => {
    const tiers = rowsOf('instrument').filter((row) => row.key === (2n << 32n) + 100n);
    const [low, top] = [tiers[0], tiers.at(-1)];
    if (low === undefined || top === undefined) throw new Error('the market has no tiers');
    const position = { used: 1n, sizeSign: 0n, size: 10n, costSign: 0n, cost: 0n };
    // its deduction exceeds rate x notional: the requirement would be negative
    expect(top.rate * 10n * top.price - top.offset).toBeLessThan(0n);
    expectRejected(circuit, await circuit.witness({ ...position, row: rowElements(top) }), /tier\.above/);
    expectRejected(
      circuit,
      await circuit.witness({ ...position, size: low.sizeCap + 1n, row: rowElements(low) }),
      /tier\.below/,
    );
  });
});

describe('Solvency', () => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest({
      file: 'margin/solvency.circom',
      template: 'Solvency',
      parameters: [1_000_000, WIDTHS.tiered.requirement, WIDTHS.tiered.comparison],
      publicSignals: [],
    });
  });

  it('agrees with its twin around the threshold and the floor', async () => {
    const seen = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.bigInt({ min: 0n, max: 2n ** 159n - 1n }),
        fc.oneof(fc.constantFrom(0n, 1n, 10_000n, 2n ** 20n - 1n, 2n ** 20n), fc.bigInt({ min: 1n, max: 30_000n })),
        fc.oneof(fc.constantFrom(0n, 2n ** 160n - 1n, 2n ** 160n), fc.bigInt({ min: 0n, max: 2n ** 130n })),
        fc.constantFrom(-1n, 0n, 1n),
        fc.boolean(),
        async (requirement, thresholdBps, equityFloor, offset, byFloor) => {
          const weightedEquity = (byFloor ? equityFloor * 10n ** 6n : (thresholdBps * requirement) / 10_000n) + offset;
          fc.pre(weightedEquity < 2n ** 159n);
          const claim = { weightedEquity, requirement, thresholdBps, equityFloor };
          const both = await expectTwin(
            circuit,
            { ...claim, weightedEquity: inField(weightedEquity) },
            () => {
              solvency(TIERED_UNIT, claim);
              return [];
            },
            [],
          );
          seen[both ? 'accepted' : 'refused']++;
        },
      ),
      { seed: 20270, numRuns: 400 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(30);
  });

  it('a negative equity does not wrap around to a large one', async () => {
    const claim = { requirement: 0n, thresholdBps: 1n, equityFloor: 0n };
    for (const weightedEquity of [-1n, -(2n ** 100n), -(2n ** 159n - 1n)]) {
      expectRejected(circuit, await circuit.witness({ ...claim, weightedEquity: inField(weightedEquity) }));
    }
  });

  it('a requirement that is a fraction modulo r, near r / 2 and yet covered by a unit of equity', async () => {
    const thresholdBps = 10_007n;
    const requirement = inField(10_000n * inverse(thresholdBps));
    expect(requirement).toBeGreaterThan(1n << 200n);
    const claim = { weightedEquity: 1n, requirement, thresholdBps, equityFloor: 0n };
    expectRejected(circuit, await circuit.witness(claim), /requirementRange/);
  });

  it('a floor that is a fraction modulo r, far above the equity', async () => {
    const equityFloor = inverse(10n ** 6n);
    expect(equityFloor).toBeGreaterThan(1n << 200n);
    const claim = { weightedEquity: 1n, requirement: 0n, thresholdBps: 10_000n, equityFloor };
    expectRejected(circuit, await circuit.witness(claim), /floorRange/);
  });

  it('a floor of r - k, which is negative, is refused', async () => {
    const claim = { requirement: 0n, thresholdBps: 10_000n, weightedEquity: inField(-1n) };
    expectRejected(circuit, await circuit.witness({ ...claim, equityFloor: FIELD_ORDER - 5n }), /floorRange/);
  });
});
