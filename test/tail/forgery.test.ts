import { beforeAll, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { modelHash } from '../../src/risk/modelHash.js';
import { riskRoot } from '../../src/risk/riskRoot.js';
import { buildRiskTable, type RiskTable } from '../../src/risk/riskTable.js';
import type { TailMeasure } from '../../src/snapshot/snapshot.js';
import { tailInput, tailSignals } from '../../src/tail/tailInput.js';
import type { TailMarginInput } from '../../src/tail/tailMargin.js';
import {
  assets,
  changes,
  contractAt,
  contracts,
  expectRefusedOnly,
  held,
  otherRoots,
  registry,
  statementOf,
  withContract,
  withOpening,
  withRow,
} from '../measure/forger.js';
import { compileForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { TAIL, WITH_BLOCK } from '../support/measureMarket.js';

// What the hybrid’s circuit is attacked with is refused here by the same templates. These attacks are on how this circuit
// puts them together: one for each thing that it is given.

const COUNT = 20;
const marketOf = (measure: TailMeasure['measure']): RiskTable =>
  buildRiskTable({
    registry,
    model: {
      ...{ family: 'tail', version: 1, claim: 'maintenance', haircuts: 'marginal', blocks: 1 },
      tail: { measure, confidence: 900_000n, scenarios: Array.from({ length: COUNT }, (_, s) => `day ${s}`) },
    },
    time: 1_760_000_000,
    assets,
    underlyings: [],
    instruments: contracts({ greeks: null, exposures: [], changes: changes(COUNT, [-50n, -40n, -30n]) }, [
      {},
      { changes: changes(COUNT, [50n, 40n, 30n]) },
    ]),
    roundings: [],
  });
const SHORTFALL = marketOf('expected shortfall');
const QUANTILE = marketOf('value at risk');

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest(TAIL);
});
const inputOf = (table: RiskTable, holdings: Holdings, slack: bigint): TailMarginInput =>
  tailInput(statementOf(table, holdings, slack), WITH_BLOCK);
const witnessOf = (input: TailMarginInput) => circuit.witness(tailSignals(input));

it.each([SHORTFALL, QUANTILE])('an account one unit short is refused, on its requirement accepted', async (table) => {
  const short = await witnessOf(inputOf(table, held([0, 1]), -1n));
  expect(() => expectAccepted(circuit, short)).toThrow(/solvency\.ratio/);
  expectAccepted(circuit, await witnessOf(inputOf(table, held([0, 1]), 0n)));
});

const HASH = /losses\.hash\[0\]|positionRow\[0\]\.changes/;
const other = () => contractAt(SHORTFALL, 1).row;
it.each<[string, RiskTable, RegExp, (input: TailMarginInput) => TailMarginInput]>([
  [
    'the row of another contract',
    SHORTFALL,
    /positionRow\[0\]\.key/,
    (input) => ({ ...withOpening(input, 0, () => contractAt(SHORTFALL, 1)), pivot: 0n }),
  ],
  [
    'the changes of another contract',
    SHORTFALL,
    HASH,
    (input) => ({ ...withContract(input, 0, (contract) => ({ ...contract, lanes: other().lanes })), pivot: 0n }),
  ],
  [
    'the changes and the hash of another contract',
    SHORTFALL,
    /holdings\.(lookup|hash)\[0\]/,
    (input) => ({
      ...withRow(
        withContract(input, 0, (contract) => ({ ...contract, lanes: other().lanes })),
        0,
        { changes: other().row.changes },
      ),
      pivot: 0n,
    }),
  ],
  ['a smaller weight', SHORTFALL, /riskRoot/, (input) => ({ ...input, tailWeight: 0n, pivot: 0n })],
  ['fewer scenarios', SHORTFALL, /riskRoot/, (input) => ({ ...input, count: 0n, pivot: 0n })],
  ['more losses that may exceed', QUANTILE, /riskRoot/, (input) => ({ ...input, allowed: 20n, pivot: 0n })],
  ['a pivot that more losses exceed', QUANTILE, /measures\.few|tailExceeds/, (input) => ({ ...input, pivot: 0n })],
])('%s', async (_, table, where, change) => {
  expectRefusedOnly(circuit, await witnessOf(change(inputOf(table, held([0, 1]), -1n))), where);
});

it('a smaller bound of changes, by which lanes could carry into each other, is not the table’s', async () => {
  const input = withRow(inputOf(SHORTFALL, held([0, 1]), 0n), 0, { bound: 0n });
  expectRefusedOnly(circuit, await witnessOf(input), /holdings\.(lookup|hash)\[0\]/);
});

it.each(otherRoots(SHORTFALL, 'tail', 'hybrid'))('a snapshot of %s', async (_, where, signals, model) => {
  const input = inputOf(SHORTFALL, held([0, 1]), 0n);
  expectRefusedOnly(circuit, await witnessOf({ ...input, model, signals: { ...input.signals, ...signals } }), where);
});

it('a snapshot that is hashed in another number of blocks', async () => {
  const { model, opening } = SHORTFALL;
  const rules = model.rules.map((rule, place) => (place === 1 ? 2n : rule));
  const root = riskRoot({ ...opening, modelHash: modelHash('tail', { ...model, rules }) });
  const input = inputOf(SHORTFALL, held([0, 1]), 0n);
  expectRefusedOnly(circuit, await witnessOf({ ...input, signals: { ...input.signals, riskRoot: root } }), /riskRoot/);
});
