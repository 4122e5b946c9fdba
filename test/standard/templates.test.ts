import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { expiryMargins, leastMargins } from '../../src/standard/expiryMargins.js';
import type { OptionSlot } from '../../src/standard/optionSlot.js';
import { positionTerms } from '../../src/standard/positionTerms.js';
import { optionHints } from '../../src/standard/standardInput.js';
import type { OptionHints } from '../../src/standard/standardMargin.js';
import { type StandardRowFields, standardRowElements } from '../../src/standard/standardRow.js';
import { strikeOrder } from '../../src/standard/strikeOrder.js';
import {
  accepts,
  brokenBy,
  compileTextForTest,
  expectAccepted,
  expectRejected,
  type TestCircuit,
} from '../support/circuit.js';
import { expectTwin } from '../support/twin.js';

const N = 5;
const HINTS = ['order', 'joins', 'worstLoss', 'takesIsolated'] as const;
const FIELDS = ['expiry', 'strike', 'calls', 'puts', 'isolated', 'unpaired'] as const;

// inputs are public, so that the compiler cannot solve one away instead of constraining it
const OPTIONS = `pragma circom 2.2.2;
include "circuits/standard/expiryMargins.circom";
include "circuits/standard/strikeOrder.circom";
template Test() {
    ${[...FIELDS, ...HINTS].map((name) => `signal input ${name}[${N}];`).join(' ')}
    signal output margin;
    component byStrike = StrikeOrder(${N});
    component options = ExpiryMargins(${N});
    for (var k = 0; k < ${N}; k++) {
        ${FIELDS.map((name) => `byStrike.slots[k].${name} <== ${name}[k];`).join(' ')}
    }
    byStrike.order <== order;
    byStrike.joins <== joins;
    options.sorted <== byStrike.sorted;
    options.joins <== joins;
    options.worstLoss <== worstLoss;
    options.takesIsolated <== takesIsolated;
    margin <== options.margin;
}`;

const TERMS = `pragma circom 2.2.2;
include "circuits/standard/positionTerms.circom";
template Test() {
    signal input used; signal input sizeSign; signal input size; signal input costSign; signal input cost;
    signal input row[10];
    signal output pnl; signal output charge; signal output option[6];
    component terms = PositionTerms();
    terms.used <== used; terms.sizeSign <== sizeSign; terms.size <== size;
    terms.costSign <== costSign; terms.cost <== cost;
    ${['key', 'expiry', 'strike', 'call', 'put', 'price', 'isolated', 'unpaired', 'longCharge', 'shortCharge']
      .map((name, k) => `terms.row.${name} <== row[${k}];`)
      .join(' ')}
    pnl <== terms.pnl; charge <== terms.charge;
    ${FIELDS.map((name, k) => `option[${k}] <== terms.option.${name};`).join(' ')}
}`;

const LARGEST = 2n ** 64n - 1n;
const element = (value: bigint) => ((value % FIELD_ORDER) + FIELD_ORDER) % FIELD_ORDER;
const amount = fc.oneof(fc.constantFrom(1n, 2n, 3n, LARGEST), fc.bigInt({ min: 1n, max: 9n }));

/** Options of up to two expiries and few strikes, so that they often meet; or no option. */
const slot: fc.Arbitrary<OptionSlot> = fc
  .record({
    expiry: fc.constantFrom(0n, 1n, 1n, 2n),
    strike: fc.oneof(fc.constantFrom(0n, 5n, 7n, LARGEST), fc.bigInt({ min: 0n, max: 20n })),
    size: amount,
    short: fc.boolean(),
    call: fc.boolean(),
    rate: fc.bigInt({ min: 0n, max: 6n }),
  })
  .map(({ expiry, strike, size, short, call, rate }) => {
    if (expiry === 0n) return { expiry, strike: 0n, calls: 0n, puts: 0n, isolated: 0n, unpaired: 0n };
    const signed = short ? -size : size;
    return {
      expiry,
      strike,
      calls: call ? signed : 0n,
      puts: call ? 0n : signed,
      isolated: short ? rate * size : 0n,
      unpaired: 3n * expiry,
    };
  });
const slots = fc.array(slot, { minLength: N, maxLength: N });

/** A lie about one of the hints, or none. */
const lie = fc.record({
  hint: fc.constantFrom(undefined, undefined, undefined, ...HINTS),
  place: fc.nat(N - 1),
  change: fc.constantFrom(-1n, 1n, 2n, -2n, 2n ** 135n, FIELD_ORDER - 1n),
});

const changed = (hints: OptionHints, { hint, place, change }: typeof lie extends fc.Arbitrary<infer L> ? L : never) =>
  hint === undefined
    ? hints
    : { ...hints, [hint]: hints[hint].map((value, p) => (p === place ? element(value + change) : value)) };

let options: TestCircuit;
let terms: TestCircuit;
beforeAll(async () => {
  options = await compileTextForTest(OPTIONS, [...FIELDS, ...HINTS]);
  terms = await compileTextForTest(TERMS, ['used', 'sizeSign', 'size', 'costSign', 'cost', 'row']);
});

describe('StrikeOrder and ExpiryMargins', () => {
  it('agree with their twins, whatever the prover says of the order and of the margins', async () => {
    const seen = { accepted: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(slots, lie, async (held, told) => {
        const hints = changed(optionHints(held), told);
        const inputs = {
          ...Object.fromEntries(FIELDS.map((name) => [name, held.map((each) => element(each[name]))])),
          ...hints,
        };
        const accepted = await expectTwin(
          options,
          inputs,
          () => [
            element(
              expiryMargins(
                strikeOrder(held, hints.order, hints.joins),
                hints.joins,
                hints.worstLoss,
                hints.takesIsolated,
              ),
            ),
          ],
          ['margin'],
        );
        seen[accepted ? 'accepted' : 'refused']++;
      }),
      { seed: 20411, numRuns: 400 },
    );
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(80);
  });
});

describe('a prover who says what he likes', () => {
  it('never shows a margin below the least', async () => {
    let accepted = 0;
    const places = fc.shuffledSubarray([0n, 1n, 2n, 3n, 4n], { minLength: N });
    const bits = fc.array(fc.constantFrom(0n, 1n), { minLength: N, maxLength: N });
    // small figures, so that a wrong order often goes through where it is not wrong
    const few = fc.array(
      slot.filter(({ strike, calls, puts }) => [strike, calls, puts].every((value) => value < 100n)),
      { minLength: N, maxLength: N },
    );
    await fc.assert(
      fc.asyncProperty(few, fc.boolean(), places, bits, bits, async (held, inOrder, order, joins, takesIsolated) => {
        const honest = optionHints(held);
        const told = inOrder ? { ...honest, takesIsolated } : { order, joins: [0n, ...joins.slice(1)], takesIsolated };
        const sorted = told.order.map((k) => held[Number(k)] as OptionSlot);
        // the smallest losses that go with what was told
        const { worstLoss } = leastMargins(sorted, told.joins);
        const inputs = {
          ...Object.fromEntries(FIELDS.map((name) => [name, held.map((each) => element(each[name]))])),
          ...told,
          worstLoss: worstLoss.map(element),
        };
        const witness = await options.witness(inputs);
        if (!accepts(options, witness)) return;
        accepted++;
        const least = expiryMargins(
          strikeOrder(held, honest.order, honest.joins),
          honest.joins,
          honest.worstLoss,
          honest.takesIsolated,
        );
        expect(options.get(witness, 'main.margin')).toBeGreaterThanOrEqual(least);
      }),
      { seed: 20413, numRuns: 600 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});

describe('net calls', () => {
  it('that are short, said to be long ones below zero, would be charged nothing', async () => {
    const none = { expiry: 0n, strike: 0n, calls: 0n, puts: 0n, isolated: 0n, unpaired: 0n };
    const short = { expiry: 1n, strike: 5n, calls: -5n, puts: 0n, isolated: 1_000n, unpaired: 3n };
    const held = Array.from({ length: N }, (_, k) => (k === 0 ? short : none));
    const witness = await options.witness({
      ...Object.fromEntries(FIELDS.map((name) => [name, held.map((each) => element(each[name]))])),
      ...optionHints(held),
    });
    expectAccepted(options, witness);
    expect(options.get(witness, 'main.margin')).toBe(15n);
    const place = held.findIndex((_, p) => options.get(witness, `main.options.netCalls[${p}].sign`) === 1n);
    const told: Readonly<Record<string, bigint>> = {
      [`main.options.netCalls[${place}].sign`]: 0n,
      [`main.options.netCalls[${place}].positive`]: -5n,
      [`main.options.netCalls[${place}].negative`]: 0n,
      [`main.options.unpaired[${place}]`]: 0n,
      [`main.options.taken[${place}]`]: 0n,
      [`main.options.counted[${place}]`]: 0n,
      'main.margin': 0n,
    };
    // some of them are expressions of the others
    const lie = options.edit(
      witness,
      Object.fromEntries(Object.entries(told).filter(([name]) => (options.symbols.wireOf(name) ?? -1) >= 0)),
    );
    expect(options.get(lie, 'main.margin')).toBe(0n);
    for (const { all } of brokenBy(options, lie)) expect(all.join()).toMatch(/netCalls\[\d\]\.magnitudeRange/);
    expectRejected(options, lie);
  });
});

describe('PositionTerms', () => {
  it('agrees with its twin', async () => {
    const bit = fc.constantFrom(0n, 1n);
    const value = fc.oneof(fc.constantFrom(0n, 1n, LARGEST), fc.bigInt({ min: 0n, max: 10n ** 12n }));
    const row: fc.Arbitrary<StandardRowFields> = fc
      .record({
        kind: fc.constantFrom('call', 'put', 'perpetual'),
        figures: fc.array(value, { minLength: 7, maxLength: 7 }),
      })
      .map(({ kind, figures }) => {
        const [expiry, strike, price, isolated, unpaired, longCharge, shortCharge] = figures as unknown as readonly [
          bigint,
          bigint,
          bigint,
          bigint,
          bigint,
          bigint,
          bigint,
        ];
        const [call, put] = [kind === 'call' ? 1n : 0n, kind === 'put' ? 1n : 0n];
        return { key: 1n, expiry, strike, call, put, price, isolated, unpaired, longCharge, shortCharge };
      });
    await fc.assert(
      fc.asyncProperty(
        row,
        fc.record({ used: bit, sizeSign: bit, size: value, costSign: bit, cost: value }),
        async (fields, position) => {
          const { used, ...taken } = position;
          const accepted = await expectTwin(
            terms,
            { ...position, row: standardRowElements(fields) },
            () => {
              const { pnl, charge, option } = positionTerms(used, { gap: 0n, ...taken }, fields);
              return [pnl, charge, ...FIELDS.map((name) => option[name])].map(element);
            },
            ['pnl', 'charge', ...FIELDS.map((_, k) => `option[${k}]`)],
          );
          expect(accepted).toBe(true);
        },
      ),
      { seed: 20412, numRuns: 100 },
    );
  });
});
