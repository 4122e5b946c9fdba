import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { evaluate } from '../../src/margin/evaluate.js';
import { PUBLIC_SIGNALS } from '../../src/protocol/constants.js';
import { quantizedInput, quantizedSignals } from '../../src/quantized/quantizedInput.js';
import { quantizedMargin } from '../../src/quantized/quantizedMargin.js';
import { accepts, compileForTest, type TestCircuit } from '../support/circuit.js';
import { OWNER_SECRET } from '../support/market.js';
import { holdings, packageOf, table } from '../support/quantizedMarket.js';
import { hasWitness } from '../support/twin.js';

const CAPACITY = { positions: 2, assets: 2 };
const REQUEST = { thresholdBps: 10_000n, equityFloor: 0n, scope: 5n, context: 6n };
/** one quantum in 1e-22 quote */
const QUANTUM = 10n ** 16n;

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest({
    file: 'quantized/quantizedMargin.circom',
    template: 'QuantizedMargin',
    parameters: [CAPACITY.positions, CAPACITY.assets],
    publicSignals: PUBLIC_SIGNALS,
  });
});

const inputOf = (held: Holdings, request = REQUEST) =>
  quantizedInput({ account: packageOf(held), ownerSecret: OWNER_SECRET, table, request }, CAPACITY);

/** What the twin says of an input: whether there is a witness. */
const twinAccepts = (input: ReturnType<typeof inputOf>): boolean => hasWitness(() => quantizedMargin(input));

const circuitAccepts = async (input: ReturnType<typeof inputOf>) =>
  accepts(circuit, await circuit.witness(quantizedSignals(input)));

/** Moves the cash so that the account lies `slack` quantums above the least that is solvent. */
function atThreshold(held: Holdings, slack: bigint): Holdings {
  const others = held.collateral.filter(({ assetId }) => assetId !== 1);
  const { weightedEquity, requirement } = evaluate({ ...held, collateral: others }, table);
  const missing = requirement - weightedEquity;
  const least = missing / QUANTUM + (missing > 0n && missing % QUANTUM !== 0n ? 1n : 0n);
  return { ...held, collateral: [{ assetId: 1, amount: least + slack }, ...others] };
}

describe('twin and circuit', () => {
  it('agree on random accounts of all magnitudes, solvent and insolvent', async () => {
    const seen = { solvent: 0, insolvent: 0 };
    await fc.assert(
      fc.asyncProperty(holdings(CAPACITY), async (held) => {
        const input = inputOf(held);
        const { weightedEquity, requirement } = evaluate(held, table);
        const solvent = weightedEquity >= requirement && weightedEquity >= 0n;
        seen[solvent ? 'solvent' : 'insolvent']++;
        expect(twinAccepts(input)).toBe(solvent);
        expect(await circuitAccepts(input)).toBe(solvent);
      }),
      { seed: 20401, numRuns: 60 },
    );
    expect(Math.min(seen.solvent, seen.insolvent)).toBeGreaterThan(10);
  });

  it('agree on a quantum below the threshold, on it and above; equality is solvent', async () => {
    let asked = 0;
    await fc.assert(
      fc.asyncProperty(holdings(CAPACITY), fc.constantFrom(-1n, 0n, 1n), async (held, slack) => {
        const moved = atThreshold(held, slack);
        const cash = moved.collateral[0]?.amount as bigint;
        fc.pre(cash !== 0n && cash < 1n << 64n && cash > -(1n << 64n));
        const { weightedEquity } = evaluate(moved, table);
        fc.pre(weightedEquity >= 0n);
        const input = inputOf(moved);
        expect(twinAccepts(input)).toBe(slack >= 0n);
        expect(await circuitAccepts(input)).toBe(slack >= 0n);
        asked++;
      }),
      { seed: 20402, numRuns: 60 },
    );
    expect(asked).toBe(60);
  });

  it('agree on the largest positions that a leaf holds', async () => {
    const most = { size: 2n ** 64n - 1n, cost: 2n ** 80n - 1n };
    for (const [size, cost] of [
      [most.size, -most.cost],
      [-most.size, -most.cost],
      [most.size, most.cost],
    ] as const) {
      const held = {
        collateral: [{ assetId: 1, amount: 2n ** 64n - 1n }],
        positions: [
          { instrumentId: 103, size, cost },
          { instrumentId: 106, size, cost },
        ],
      };
      const { weightedEquity, requirement } = evaluate(held, table);
      const input = inputOf(held);
      expect(twinAccepts(input)).toBe(weightedEquity >= requirement);
      expect(await circuitAccepts(input)).toBe(weightedEquity >= requirement);
    }
  });

  it('agree on an empty account, on the floor and on the bounds of the public signals', async () => {
    const held = { collateral: [{ assetId: 1, amount: 100n * 10n ** 6n }], positions: [] };
    for (const [change, holds] of [
      [{}, true],
      [{ equityFloor: 100n * 10n ** 16n }, true],
      [{ equityFloor: 100n * 10n ** 16n + 1n }, false],
      [{ thresholdBps: 0n }, false],
      [{ thresholdBps: 2n ** 20n - 1n }, true],
      [{ thresholdBps: 2n ** 20n }, false],
      [{ equityFloor: 2n ** 160n }, false],
    ] as const) {
      const input = inputOf(held, { ...REQUEST, ...change });
      expect(twinAccepts(input)).toBe(holds);
      expect(await circuitAccepts(input)).toBe(holds);
    }
  });
});

describe('what counts', () => {
  const position = (instrumentId: number, size: bigint, cost = 0n) => ({ instrumentId, size, cost });
  const figures = (...positions: Holdings['positions']) => {
    const { weightedEquity, requirement } = evaluate({ collateral: [], positions }, table);
    return { equity: weightedEquity / QUANTUM, requirement: requirement / QUANTUM, whole: weightedEquity % QUANTUM };
  };

  it('a notional below a quantum counts nothing, on either side', () => {
    // 9_999_999_999 of the 10^10 smallest units in a quantum
    expect(figures(position(2 ** 32 - 1, 9_999_999_999n))).toEqual({ equity: 0n, requirement: 0n, whole: 0n });
    expect(figures(position(2 ** 32 - 1, -10_000_000_000n)).equity).toBe(-1n);
    expect(figures(position(2 ** 32 - 1, -19_999_999_999n)).equity).toBe(-1n);
  });

  it('funding of all positions is added up before it is rounded down', () => {
    // a hundredth of a quantum each
    const one = position(2 ** 32 - 1, 1n, 1n);
    expect(figures(one).equity).toBe(-1n);
    expect(figures({ ...one, cost: -1n }).equity).toBe(0n);
    expect(figures({ ...one, cost: -100n }).equity).toBe(1n);
    expect(figures({ ...one, cost: 101n }).equity).toBe(-2n);
    // a unit of PERP-2 has paid 7 units of 1e-16: far less than the hundredth that the other received
    const paid = { ...position(106, 1n), cost: 0n };
    const value = figures(paid).equity + 1n;
    expect(figures(paid, { ...one, cost: -1n }).equity).toBe(value);
  });

  it('open funding is part of what is shown as profit and loss', () => {
    const { positions, equity } = evaluate({ collateral: [], positions: [position(100, -(10n ** 10n), 5n)] }, table);
    // one coin short at its mark, which has received the index, and a cost of 5e-8
    expect(positions[0]?.pnl).toBe((-59_123_456_789n + 1_234_567n) * 10n ** 10n - 5n * 10n ** 8n);
    expect(equity).toBe(positions[0]?.pnl);
  });

  it('both roundings of a margin go up', () => {
    // 59123 x 0.050001 = 2956.2..., 2957 x 0.600007 = 1774.22...
    expect(figures(position(100, 10n ** 4n))).toMatchObject({ requirement: 1775n });
    expect(figures(position(100, -(10n ** 4n)))).toMatchObject({ requirement: 1775n });
    // a whole rate of a millionth: any notional asks for a quantum
    expect(figures(position(106, 1n)).requirement).toBe(2n);
  });
});
