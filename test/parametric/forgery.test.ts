import { beforeAll, expect, it } from 'vitest';
import type { Holdings } from '../../src/account/account.js';
import { parametricInput, parametricSignals } from '../../src/parametric/parametricInput.js';
import type { ParametricMarginInput } from '../../src/parametric/parametricMargin.js';
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
  withContract,
  withFactors,
  withOpening,
  withRow,
} from '../measure/forger.js';
import { compileForTest, expectAccepted, type TestCircuit } from '../support/circuit.js';
import { PARAMETRIC, WITHOUT_UNDERLYINGS } from '../support/measureMarket.js';

// What the hybrid’s circuit is attacked with is refused here by the same templates. These attacks are on how this circuit
// puts them together: one for each thing that it is given.

const exposures = [100n * PER_CONTRACT, 7n * PER_CONTRACT];
const MARKET = buildRiskTable({
  registry,
  model: {
    ...{ family: 'parametric', version: 1, claim: 'maintenance', haircuts: 'marginal' },
    factors: { names: ['level', 'slope'], cholesky: [[100_000_001n], [-3n, 70_000_000n]] },
  },
  time: 1_760_000_000,
  assets,
  underlyings: [],
  instruments: contracts({ greeks: null, exposures, changes: [] }, [{}, { exposures: [1n, 0n] }]),
  roundings: [],
});

let circuit: TestCircuit;
beforeAll(async () => {
  circuit = await compileForTest(PARAMETRIC);
});
const inputOf = (holdings: Holdings, slack: bigint): ParametricMarginInput =>
  parametricInput(statementOf(MARKET, holdings, slack), WITHOUT_UNDERLYINGS);
const witnessOf = (input: ParametricMarginInput) => circuit.witness(parametricSignals(input));

it('an account one unit short is refused, on its requirement accepted', async () => {
  const short = await witnessOf(inputOf(held([0, 1]), -1n));
  expect(() => expectAccepted(circuit, short)).toThrow(/solvency\.ratio/);
  expectAccepted(circuit, await witnessOf(inputOf(held([0, 1]), 0n)));
});

const HASH = /parametric\.rowHash\[0\]|positionRow\[0\]\.exposures/;
it.each<[string, RegExp, (input: ParametricMarginInput) => ParametricMarginInput]>([
  [
    'the row of another contract',
    /positionRow\[0\]\.key/,
    (input) => withOpening(input, 0, () => contractAt(MARKET, 1)),
  ],
  ['another charge', /holdings\.(lookup|hash)\[0\]/, (input) => withRow(input, 0, { charge: 0n })],
  [
    'the exposures of another contract',
    HASH,
    (input) => withContract(input, 0, (contract) => ({ ...contract, exposures: contractAt(MARKET, 1).row.exposures })),
  ],
  [
    'exposures to each other’s factors',
    HASH,
    (input) => withContract(input, 0, (contract) => ({ ...contract, exposures: [...contract.exposures].reverse() })),
  ],
  [
    'the exposures and the hash of another contract',
    /holdings\.(lookup|hash)\[0\]/,
    (input) => {
      const { row, exposures: other } = contractAt(MARKET, 1).row;
      return withRow(
        withContract(input, 0, (contract) => ({ ...contract, exposures: other })),
        0,
        { exposures: row.exposures },
      );
    },
  ],
  ['the factors', /factors(Lookup|Hash)/, (input) => withFactors(input, (entry) => entry / 2n)],
])('%s', async (_, where, change) => {
  expectRefusedOnly(circuit, await witnessOf(change(inputOf(held([0, 1]), -1n))), where);
});

it.each(otherRoots(MARKET, 'parametric', 'hybrid'))('a snapshot of %s', async (_, where, signals, model) => {
  const input = inputOf(held([0, 1]), 0n);
  expectRefusedOnly(circuit, await witnessOf({ ...input, model, signals: { ...input.signals, ...signals } }), where);
});
