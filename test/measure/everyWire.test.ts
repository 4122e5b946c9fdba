import { beforeAll, describe, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { evaluate } from '../../src/margin/evaluate.js';
import type { Witness } from '../../src/r1cs/evaluateR1cs.js';
import { buildRiskTable, type RiskTable } from '../../src/risk/riskTable.js';
import type { MeasuredSnapshot } from '../../src/snapshot/snapshot.js';
import { compileForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { editEveryWire } from '../support/everyWire.js';
import { freeDirections } from '../support/jacobian.js';
import {
  contractsOf,
  expectedShortfall,
  greeks,
  hybridMaximum,
  type MeasuredCase,
  parametric,
  statementOf,
  usd,
} from '../support/measureMarket.js';

const SCENARIOS = 45;
const FULL: Holdings = {
  collateral: [usd(10n ** 6n), { assetId: 2, amount: -7n }],
  positions: contractsOf({ 'BTC-CALL': -12_345n, 'ETH-PERP': 77n * 10n ** 9n, 'ETH-PUT': 10n ** 8n, GOLD: 7n }).map(
    (position) => ({
      ...position,
      cost: -98_765n,
    }),
  ),
};
const HALF: Holdings = {
  collateral: [usd(10n ** 6n)],
  positions: contractsOf({ 'BTC-CALL': 12_345n }).map((position) => ({ ...position, cost: 7n })),
};

const POSITION = ['costSignMeans', 'held'];

/** The same parameters with as many scenarios as a block holds: at most one is not of the distribution. */
function withAllScenarios(snapshot: MeasuredSnapshot): MeasuredSnapshot {
  const { model } = snapshot;
  if (!('tail' in model)) return snapshot;
  const stress = model.family === 'hybrid' ? 1 : 0;
  const scenarios = Array.from({ length: SCENARIOS - stress }, (_, s) => `day ${s}`);
  const instruments = snapshot.instruments.map((each) => ({
    ...each,
    changes: Array.from({ length: SCENARIOS }, (_, s) => (each.changes[s % 21] as bigint) + BigInt(s)),
  }));
  const tail = { ...model.tail, scenarios };
  return {
    ...snapshot,
    model: { ...model, tail, ...(stress === 1 ? { stress: ['stress'] } : {}) },
    instruments,
  } as MeasuredSnapshot;
}

describe.each<[MeasuredCase]>([[greeks], [parametric], [expectedShortfall], [hybridMaximum]])('$name', (measured) => {
  const { snapshot, table, source, pose } = measured;
  const filled = buildRiskTable(withAllScenarios(snapshot));
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest(source);
  });
  async function witnessOf(held: Holdings, under: RiskTable): Promise<Witness> {
    const { weightedEquity, requirement } = evaluate(held, under);
    expect(weightedEquity).toBeGreaterThan(requirement);
    const witness = await circuit.witness(pose(statementOf(under, held)).signals);
    expectAccepted(circuit, witness);
    return witness;
  }

  it('an account that fills all slots, in as many scenarios as there are, has one witness near by', async () => {
    const witness = await witnessOf(FULL, filled);
    expect(editEveryWire(circuit, witness)).toEqual([]);
    expect(freeDirections(circuit, witness)).toEqual([]);
  });

  it('in empty slots and after the last scenario only what nothing else uses is free', async () => {
    const free = editEveryWire(circuit, await witnessOf(HALF, table));
    // inverses of zero
    const inverses = free.filter(({ value }) => value === 'any').map(({ signal }) => signal);
    const empty = [
      'collateral.entry[1].held',
      ...[1, 2, 3].flatMap((k) => POSITION.map((part) => `positions.entry[${k}].${part}`)),
    ];
    expect(inverses.sort()).toEqual(empty.map((part) => `main.owned.${part}.inverse`));
    // the gap to an underlying that is none, and whether a scenario that is none exceeds the pivot on which it lies
    const isIdle = /^main\.(underlyingGap\[1\]|measures\.split\[(\d+)\]\.exceeds\[(\d)\])$/;
    for (const { signal } of free.filter(({ value }) => value !== 'any')) {
      const [, , element, lane] = isIdle.exec(signal) ?? expect.fail(signal);
      const listed = table.snapshot.instruments[0];
      const scenarios = listed !== undefined && 'changes' in listed ? listed.changes.length : 0;
      if (element !== undefined) expect(3 * Number(element) + Number(lane)).toBeGreaterThanOrEqual(scenarios);
    }
  });
});
