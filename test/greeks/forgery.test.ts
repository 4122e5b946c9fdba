import { beforeAll, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { greeksInput, greeksSignals } from '../../src/greeks/greeksInput.js';
import type { GreeksMarginInput } from '../../src/greeks/greeksMargin.js';
import { buildRiskTable } from '../../src/risk/riskTable.js';
import {
  assets,
  contractAt,
  contracts,
  expectRefusedOnly,
  held,
  otherRoots,
  PER_CONTRACT,
  registry,
  statementOf,
  underlyingsWith,
  withOpening,
  withRow,
} from '../measure/forger.js';
import { compileForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { GREEKS, WITH_UNDERLYINGS } from '../support/measureMarket.js';

// What the hybrid’s circuit is attacked with is refused here by the same templates. These attacks are on how this circuit
// puts them together: one for each thing that it is given.

const greeks = { underlying: 0, delta: 100n * PER_CONTRACT, gamma: -5n, vega: 3n };
const MARKET = buildRiskTable({
  registry,
  model: { family: 'greeks', version: 1, claim: 'maintenance', haircuts: 'marginal' },
  time: 1_760_000_000,
  assets,
  underlyings: underlyingsWith([0n, 7n]),
  instruments: contracts({ greeks, exposures: [], changes: [] }, [
    {},
    { greeks: { ...greeks, delta: 1n } },
    { greeks: { ...greeks, underlying: 1 } },
  ]),
  roundings: [],
});

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest(GREEKS);
});
const inputOf = (holdings: Holdings, slack: bigint): GreeksMarginInput =>
  greeksInput(statementOf(MARKET, holdings, slack), WITH_UNDERLYINGS);
const witnessOf = (input: GreeksMarginInput) => circuit.witness(greeksSignals(input));

it('an account one unit short is refused, on its requirement accepted', async () => {
  const short = await witnessOf(inputOf(held([0, 1]), -1n));
  expect(() => expectAccepted(circuit, short)).toThrow(/solvency\.ratio/);
  expectAccepted(circuit, await witnessOf(inputOf(held([0, 1]), 0n)));
});

const OWN_HASH = /holdings\.(lookup|hash)\[0\]/;
it.each<[string, Holdings, RegExp, (input: GreeksMarginInput) => GreeksMarginInput]>([
  [
    'the row of another contract',
    held([0, 1]),
    /positionRow\[0\]\.key/,
    (input) => withOpening(input, 0, () => contractAt(MARKET, 1)),
  ],
  ['another delta', held([0, 1]), OWN_HASH, (input) => withRow(input, 0, { delta: 0n })],
  ['another gamma', held([0, 1]), OWN_HASH, (input) => withRow(input, 0, { gamma: 0n })],
  ['another vega', held([0, -1]), OWN_HASH, (input) => withRow(input, 0, { vega: 0n, delta: 0n })],
  ['no Greeks', held([0, 1]), OWN_HASH, (input) => withRow(input, 0, { underlying: 0n })],
  [
    'the underlying of a hedge',
    held([0, -1], [2, 1]),
    /holdings\.(lookup|hash)\[1\]/,
    (input) => withRow(input, 1, { underlying: 1n }),
  ],
  [
    'shocks that hurt less',
    held([0, 1]),
    /greeks\.(hash|lookup)\[0\]/,
    (input) => ({
      ...input,
      underlyings: input.underlyings.map(({ row, place }, u) => ({
        row: { ...row, move: u === 0 ? row.move.map((move) => move / 2n) : row.move },
        place,
      })),
    }),
  ],
])('%s is not the table’s', async (_, holdings, where, change) => {
  expectRefusedOnly(circuit, await witnessOf(change(inputOf(holdings, -1n))), where);
});

it.each(otherRoots(MARKET, 'greeks', 'parametric'))('a snapshot of %s', async (_, where, signals, model) => {
  const input = inputOf(held([0, 1]), 0n);
  expectRefusedOnly(circuit, await witnessOf({ ...input, model, signals: { ...input.signals, ...signals } }), where);
});
