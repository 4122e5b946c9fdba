import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { evaluate } from '../../src/margin/evaluate.js';
import {
  BITS,
  BPS_SCALE,
  COST_SCALE,
  FIELD_ORDER,
  MAX_ASSETS,
  MAX_POSITIONS,
  PUBLIC_SIGNALS,
  RATE_SCALE,
  STANDARD,
  WIDTHS,
} from '../../src/protocol/constants.js';
import type { Witness } from '../../src/r1cs/evaluateR1cs.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import type { CircuitSource } from '../../src/setup/compileCircuit.js';
import type { StandardSnapshot } from '../../src/snapshot/snapshot.js';
import { expiryMargins } from '../../src/standard/expiryMargins.js';
import type { OptionSlot } from '../../src/standard/optionSlot.js';
import { optionHints, standardInput, standardSignals } from '../../src/standard/standardInput.js';
import type { StandardMarginInput } from '../../src/standard/standardMargin.js';
import { strikeOrder } from '../../src/standard/strikeOrder.js';
import { brokenBy, type Calculator, compileForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { inverse, reduce } from '../support/field.js';
import { compileLiar } from '../support/liar.js';
import { OWNER_SECRET } from '../support/market.js';
import { idOf, packageOf, snapshot, table } from '../support/standardMarket.js';

// Each attack is a whole witness of a false statement, consistent but for one lie: the account is one smallest unit of
// cash short of its requirement. Nothing but the component that the lie is about may refuse it, so without that
// constraint the false statement would pass.
//
// The liar is the same circuit with other right-hand sides of `<--`: it lies where an order or a sum tells it to.

const CAPACITY = { positions: 4, assets: 2 };
const REQUEST = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };
const INSTANCE: CircuitSource = {
  file: 'standard/standardMargin.circom',
  template: 'StandardMargin',
  parameters: Object.values(CAPACITY),
  publicSignals: PUBLIC_SIGNALS,
};

/** Places that the liar fills otherwise: the mean of slots 1 and 2; slots 2 and 3 at once, and then the first with none. */
const MEAN = reduce(3n * inverse(2n));
const STACKED = 5n;
/** Net short calls, in smallest units, that the liar splits otherwise. */
const HALVED = 10_003n;
const WRAPPED = 10_005n;

const LIES = [
  ['standard/strikeOrder.circom', '    // 1. stands', '    var stacked = 0;\n    // 1. stands'],
  [
    'standard/strikeOrder.circom',
    '        var named = 0;',
    `        var named = 0;
        for (var q = 0; q < N; q++) { if (order[q] == ${STACKED}) { stacked = 1; } }`,
  ],
  [
    'standard/strikeOrder.circom',
    'order[p] == k ? 1 : 0;',
    `(2 * order[p] == 3) ? ((k == 1 || k == 2) ? 1 / 2 : 0)
                : ((order[p] == ${STACKED}) ? ((k == 2 || k == 3) ? 1 : 0)
                : ((stacked == 1 && p == 0) ? 0 : (order[p] == k ? 1 : 0)));`,
  ],
  [
    'numbers/signSplit.circom',
    'in < 0 ? 1 : 0;',
    `(in == -${HALVED}) ? ${(HALVED + 1n) / 2n} : ((in == -${WRAPPED}) ? 0 : (in < 0 ? 1 : 0));`,
  ],
  [
    'numbers/signSplit.circom',
    'in < 0 ? -in : in;',
    `(in == -${HALVED}) ? 1 : ((in == -${WRAPPED}) ? in : (in < 0 ? -in : in));`,
  ],
] as const;

let circuit: TestCircuit;
let liar: Calculator;
beforeAll(async () => {
  circuit = await compileForTest(INSTANCE);
  liar = await compileLiar(circuit, INSTANCE, LIES);
});

const CONTRACT = 10n ** 4n;
const QUOTE = 10n ** 16n;

/** Sizes in smallest units by symbol. */
const positions = (sizes: Readonly<Record<string, bigint>>): Holdings['positions'] =>
  Object.entries(sizes)
    .map(([symbol, size]) => ({ instrumentId: idOf(symbol), size, cost: 0n }))
    .sort((a, b) => a.instrumentId - b.instrumentId);

/** The positions with so much cash that the account lies `slack` smallest units of it above its requirement. */
function withCash(sizes: Readonly<Record<string, bigint>>, slack: bigint): Holdings {
  const UNIT = 10n ** 14n;
  const cash = (amount: bigint): Holdings => ({
    collateral: [{ assetId: 1, amount }],
    positions: positions(sizes),
  });
  const { weightedEquity, requirement } = evaluate(cash(1n), table);
  const missing = requirement - weightedEquity + UNIT;
  return cash((missing + UNIT - 1n) / UNIT + slack);
}

const inputOf = (held: Holdings, market = table, request = REQUEST): StandardMarginInput =>
  standardInput({ account: packageOf(held), ownerSecret: OWNER_SECRET, table: market, request }, CAPACITY);

/** The witness of an account short of its requirement by one unit of cash, and of what its prover says otherwise. */
async function lieOf(
  sizes: Readonly<Record<string, bigint>>,
  said: Partial<Pick<StandardMarginInput, 'order' | 'joins' | 'worstLoss' | 'takesIsolated'>>,
): Promise<Witness> {
  const held = withCash(sizes, -1n);
  const { weightedEquity, requirement } = evaluate(held, table);
  expect(weightedEquity).toBeLessThan(requirement);
  return liar.witness(standardSignals({ ...inputOf(held), ...said }));
}

/** Every broken constraint has to be of the component named: the rest of the witness is consistent. */
function expectRefusedOnly(witness: Witness, where: RegExp): void {
  const broken = brokenBy(circuit, witness).map(({ component, signals }) => `${component} (${signals.join(', ')})`);
  expect(broken.length, 'the R1CS accepts a false statement').toBeGreaterThan(0);
  for (const name of broken) expect(name, 'the lie is inconsistent elsewhere').toMatch(where);
}

const NONE = [0n, 0n, 0n, 0n] as const;
const SPREAD = { 'BTC-NEAR-80-call': -CONTRACT, 'BTC-NEAR-100-call': CONTRACT };
const BUTTERFLY = {
  'BTC-NEAR-80-call': -CONTRACT,
  'BTC-NEAR-100-call': 2n * CONTRACT,
  'BTC-NEAR-120-call': -CONTRACT,
};

describe('the liar', () => {
  it('is the same circuit: where it is told no lie it finds the honest witness', async () => {
    const signals = standardSignals(inputOf(withCash(BUTTERFLY, 0n)));
    const honest = await circuit.witness(signals);
    expectAccepted(circuit, honest);
    expect(await liar.witness(signals)).toEqual(honest);
  });
});

describe('StrikeOrder', () => {
  it('two places hold the mean of a short and a long call, so that neither strike is held: stands is 0 or 1', async () => {
    expectRefusedOnly(
      await lieOf(
        { 'BTC-PERP': -CONTRACT, ...SPREAD },
        { order: [0n, 3n, MEAN, MEAN], joins: [0n, 1n, 0n, 1n], worstLoss: NONE, takesIsolated: NONE },
      ),
      /main\.byStrike \(main\.byStrike\.stands/,
    );
  });

  it('two options of one expiry at one place add up to one of another expiry: one slot a place', async () => {
    expectRefusedOnly(
      await lieOf(
        { 'BTC-PERP': -CONTRACT, ...SPREAD, 'BTC-NEAR-120-call': CONTRACT },
        { order: [0n, 0n, 1n, STACKED], joins: [0n, 1n, 0n, 0n], worstLoss: NONE, takesIsolated: NONE },
      ),
      /main\.byStrike/,
    );
  });

  it('a dropped step between strikes, by the highest before the lowest: rises', async () => {
    expectRefusedOnly(
      await lieOf(BUTTERFLY, {
        order: [3n, 2n, 0n, 1n],
        joins: [0n, 0n, 1n, 1n],
        worstLoss: NONE,
        takesIsolated: NONE,
      }),
      /byStrike\.rises\[3\]/,
    );
  });

  it('an expiry in two runs, each with the better of its margins: rises', async () => {
    const loss = 20n * QUOTE;
    expectRefusedOnly(
      await lieOf(
        { ...SPREAD, 'BTC-NEAR-120-call': -CONTRACT },
        {
          order: [3n, 1n, 2n, 0n],
          joins: [0n, 0n, 1n, 0n],
          worstLoss: [0n, loss, loss, 0n],
          takesIsolated: [0n, 0n, 0n, 1n],
        },
      ),
      /byStrike\.rises\[3\]/,
    );
  });

  it('the long of another expiry at the same strike covers a short: a place joins its own expiry only', async () => {
    expectRefusedOnly(
      await lieOf(
        { 'BTC-NEAR-80-call': -CONTRACT, 'BTC-FAR-80-call': CONTRACT },
        { order: [2n, 3n, 0n, 1n], joins: [0n, 1n, 0n, 1n], worstLoss: NONE, takesIsolated: NONE },
      ),
      /joins\[3\]/,
    );
  });

  it('an unused slot ends an expiry at strike 0, and its row names no unpaired charge: joins', async () => {
    expectRefusedOnly(
      await lieOf(
        { 'BTC-NEAR-0-call': -CONTRACT },
        { order: [1n, 2n, 0n, 3n], joins: [0n, 1n, 0n, 1n], worstLoss: NONE, takesIsolated: NONE },
      ),
      /joins\[3\]/,
    );
  });

  it('a perpetual ends an expiry at strike 0 in the same way: joins', async () => {
    expectRefusedOnly(
      await lieOf(
        { 'BTC-NEAR-0-call': -CONTRACT, 'BTC-PERP': -CONTRACT },
        { order: [2n, 3n, 1n, 0n], joins: [0n, 1n, 0n, 1n], worstLoss: NONE, takesIsolated: NONE },
      ),
      /joins\[3\]/,
    );
  });

  it('a join of 2 at equal strikes counts the place before it negatively, and all margins cancel: joinsRange', async () => {
    // isolated: 33 a call, 13 a put; the loss at zero is 80 a put
    const [calls, puts] = [18n, 11n];
    const loss = (33n * calls + 2n * 13n * puts) * QUOTE;
    expect(loss).toBe(80n * puts * QUOTE);
    expectRefusedOnly(
      await lieOf(
        { 'BTC-NEAR-80-call': -calls * CONTRACT, 'BTC-NEAR-80-put': -puts * CONTRACT },
        {
          order: [2n, 3n, 1n, 0n],
          joins: [0n, 1n, 0n, 2n],
          worstLoss: [0n, 0n, loss, loss],
          takesIsolated: [0n, 0n, 0n, 1n],
        },
      ),
      /joins\[3\]/,
    );
  });

  it('equal strikes stand in either order and need the same', async () => {
    const sizes = { 'BTC-NEAR-80-call': -CONTRACT, 'BTC-NEAR-80-put': -CONTRACT, 'BTC-NEAR-100-put': 2n * CONTRACT };
    // slots: the call, the put, the other put
    for (const order of [
      [3n, 0n, 1n, 2n],
      [3n, 1n, 0n, 2n],
    ]) {
      const enough = inputOf(withCash(sizes, 0n));
      expectAccepted(circuit, await circuit.witness(standardSignals({ ...enough, order })));
      expectRefusedOnly(await lieOf(sizes, { order }), /solvency\.ratio/);
    }
  });
});

describe('ExpiryMargins', () => {
  it('a loss at a strike between others that lose nothing: atStrike', async () => {
    const said = { worstLoss: NONE, takesIsolated: NONE };
    const reversed = {
      'BTC-NEAR-80-call': CONTRACT,
      'BTC-NEAR-100-call': -2n * CONTRACT,
      'BTC-NEAR-120-call': CONTRACT,
    };
    // the reversed one never loses and needs nothing
    expect(evaluate({ collateral: [], positions: positions(reversed) }, table).requirement).toBe(0n);
    expectRefusedOnly(await lieOf({ ...BUTTERFLY }, said), /options\.atStrike\[2\]/);
  });

  it('the loss that counts, at the last place, is not the one that bounds the others: one bound an expiry', async () => {
    const loss = 20n * QUOTE;
    expectRefusedOnly(
      await lieOf(BUTTERFLY, { worstLoss: [0n, loss, loss, 0n], takesIsolated: NONE }),
      /worstLoss\[3\]/,
    );
  });

  it('puts that lose at zero only, in an expiry after another: atZero', async () => {
    expectRefusedOnly(
      await lieOf(
        { 'BTC-FAR-120-put': CONTRACT, 'BTC-FAR-100-put': -2n * CONTRACT, 'BTC-NEAR-80-call': CONTRACT },
        { worstLoss: NONE, takesIsolated: NONE },
      ),
      /options\.atZero\[2\]/,
    );
  });

  it('a share of both margins at which nothing is left: the choice is 0 or 1', async () => {
    const share = reduce(20n * inverse(20n - 33n));
    expectRefusedOnly(await lieOf(SPREAD, { takesIsolated: [0n, 0n, 0n, share] }), /takesIsolated\[3\]/);
  });

  it('short calls that wrap to long ones: the range of SignSplit', async () => {
    expectRefusedOnly(
      await lieOf({ 'BTC-NEAR-80-call': -WRAPPED }, { worstLoss: NONE, takesIsolated: NONE }),
      /options\.netCalls\[3\]\.magnitudeRange/,
    );
  });

  it('a sign that halves the short calls: the sign of SignSplit', async () => {
    expectRefusedOnly(
      await lieOf({ 'BTC-NEAR-0-call': -HALVED }, { worstLoss: NONE, takesIsolated: NONE }),
      /options\.netCalls\[3\]/,
    );
  });
});

describe('the largest figures that a table may hold', () => {
  const [MOST, MOST_PRICE, MOST_CHARGE] = [
    (1n << BigInt(BITS.amount)) - 1n,
    (1n << BigInt(BITS.price)) - 1n,
    (1n << BigInt(STANDARD.chargeBits)) - 1n,
  ];
  /** No charges for the first expiry and for cash, so that the margins alone decide. */
  const largest: StandardSnapshot = {
    ...snapshot,
    assets: snapshot.assets.map((asset) => ({
      ...asset,
      price: MOST_PRICE,
      charge: asset.assetId === 1 ? 0n : MOST_CHARGE,
    })),
    expiries: snapshot.expiries.map((expiry) => ({ ...expiry, unpaired: MOST_CHARGE })),
    instruments: snapshot.instruments.map((instrument) => {
      const charge = instrument.option?.expiry === 0 ? 0n : MOST_CHARGE;
      const { option } = instrument;
      return {
        ...instrument,
        price: MOST_PRICE,
        option: option && { ...option, strike: option.strike > 0n ? MOST_PRICE : 0n, isolated: MOST_CHARGE },
        longCharge: charge,
        shortCharge: charge,
      };
    }),
  };
  const market = buildRiskTable(largest);
  const witnessOf = (held: Holdings, request = REQUEST) =>
    circuit.witness(standardSignals(inputOf(held, market, request)));
  const cash = (amount: bigint) => [{ assetId: 1, amount }];

  it('are compared exactly: a put at the highest strike needs the last unit of the most cash', async () => {
    const put = positions({ 'BTC-NEAR-120-put': -MOST });
    expectAccepted(circuit, await witnessOf({ collateral: cash(MOST), positions: put }));
    expectRefusedOnly(await witnessOf({ collateral: cash(MOST - 1n), positions: put }), /solvency\.ratio/);
    expectRefusedOnly(
      await witnessOf({ collateral: cash(MOST), positions: put }, { ...REQUEST, thresholdBps: 10_001n }),
      /solvency\.ratio/,
    );
  });

  it('do not wrap a requirement: shorts, charges and debts at the highest threshold and floor', async () => {
    const short = positions({
      'BTC-FAR-120-call': -MOST,
      'BTC-FAR-0-call': -MOST,
      'ETH-NEAR-120-put': -MOST,
      'BTC-PERP': -MOST,
    });
    const costs = short.map((position) => ({ ...position, cost: (1n << BigInt(BITS.cost)) - 1n }));
    const request = { ...REQUEST, thresholdBps: (1n << BigInt(BITS.thresholdBps)) - 1n };
    const owed = [
      { assetId: 1, amount: -MOST },
      { assetId: 2, amount: -MOST },
    ];
    expectRefusedOnly(await witnessOf({ collateral: owed, positions: costs }, request), /solvency\.(ratio|floor)/);
    expectRefusedOnly(
      await witnessOf(
        { collateral: cash(MOST), positions: costs },
        { ...request, equityFloor: (1n << BigInt(BITS.equityFloor)) - 1n },
      ),
      /solvency\.(ratio|floor)/,
    );
  });

  it('fit the widths with every slot in use', () => {
    const slot = (change: Partial<OptionSlot>): OptionSlot => ({
      expiry: 1n,
      strike: MOST_PRICE,
      calls: 0n,
      puts: 0n,
      isolated: MOST * MOST_CHARGE,
      unpaired: MOST_CHARGE,
      ...change,
    });
    // twins throw where a range does not hold
    for (const change of [{ puts: -MOST }, { puts: MOST }, { calls: -MOST }, { calls: MOST }]) {
      const slots = Array.from({ length: MAX_POSITIONS }, (_, k) =>
        slot({ ...change, strike: k % 2 === 0 ? 0n : MOST_PRICE }),
      );
      const { order, joins, worstLoss, takesIsolated } = optionHints(slots);
      const sorted = strikeOrder(slots, order, joins);
      for (const choice of [takesIsolated, takesIsolated.map((taken) => 1n - taken)]) {
        expect(expiryMargins(sorted, joins, worstLoss, choice)).toBeGreaterThanOrEqual(0n);
      }
    }
  });

  it('leave no requirement, and no difference, that reaches around the field', () => {
    const [slots, assets] = [BigInt(MAX_POSITIONS), BigInt(MAX_ASSETS)];
    // every place an expiry of its own, with the largest loss that a prover can state
    const losses = slots * ((1n << BigInt(STANDARD.lossBits)) - 1n);
    const perUnit = slots * MOST * MOST_CHARGE;
    const requirement = RATE_SCALE * (losses + 2n * perUnit + assets * MOST * MOST_CHARGE);
    expect(requirement).toBeLessThan(1n << BigInt(WIDTHS.standard.requirement));
    const equity =
      assets * MOST * MOST_PRICE * RATE_SCALE * 2n +
      RATE_SCALE * slots * (MOST * MOST_PRICE + ((1n << BigInt(BITS.cost)) - 1n) * COST_SCALE);
    const range = 1n << BigInt(WIDTHS.standard.comparison);
    expect(BPS_SCALE * equity).toBeLessThan(range);
    const least =
      -BPS_SCALE * equity - ((1n << BigInt(BITS.thresholdBps)) - 1n) * (1n << BigInt(WIDTHS.standard.requirement));
    expect(FIELD_ORDER + least).toBeGreaterThan(range);
    const floor = -equity - RATE_SCALE * ((1n << BigInt(BITS.equityFloor)) - 1n);
    expect(FIELD_ORDER + floor).toBeGreaterThan(range);
    // net calls of all slots, and their longest loss
    expect(slots * MOST).toBeLessThan(1n << BigInt(STANDARD.callsBits));
    expect(slots * MOST * MOST_PRICE).toBeLessThan(1n << BigInt(STANDARD.lossBits));
  });
});
