import { beforeAll, describe, it } from 'vitest';
import { modelHash } from '../../src/risk/modelHash.js';
import { riskRoot } from '../../src/risk/riskRoot.js';
import { compileForTest, type TestCircuit } from '../support/circuit.js';
import { ATTACKED, rich, statementOf } from './support/attackedFamilies.js';
import { expectRefusedOnlyAt, field, signalsOf, unvalidated } from './support/lies.js';

// A root of parameters that the circuit was not made for: another version of the model, whose rules the circuit does not
// know, or rows that say more than the circuit reads. All that is public is as that root says, and the claim would be
// about other rules than those that were computed.

/** Place of the extension in a row of an asset: what it says is read by the portfolio model alone. */
const EXTENSION = 7;
const WITHOUT_EXTENSIONS = ['tiered', 'quantized', 'weighted', 'greeks', 'parametric', 'tail', 'hybrid'];

describe.each(ATTACKED)('$family', (family) => {
  let circuit: TestCircuit;
  beforeAll(async () => {
    circuit = await compileForTest(family.source);
  });
  const honest = () => signalsOf(family, statementOf(family, rich(family)));

  it('another version of the model, under its own root', async () => {
    const { model, opening } = family.table;
    const next = modelHash(family.family, { ...model, version: model.version + 1n });
    const told = {
      ...honest(),
      modelVersion: model.version + 1n,
      riskRoot: riskRoot({ ...opening, modelHash: next }),
    };
    expectRefusedOnlyAt(circuit, await circuit.witness(told), [/main\.(modelVersion|model\.)/]);
  });

  it.runIf(WITHOUT_EXTENSIONS.includes(family.family))('rows with an extension', async () => {
    const told = unvalidated(family, honest(), [{ kind: 'balance', slot: 1, change: field(EXTENSION, () => 5n) }]);
    expectRefusedOnlyAt(circuit, await circuit.witness(told), [/collateralRow\[1\]\.extension|collateral\.hash\[1\]/]);
  });

  it.runIf(family.family === 'tiered')('rows of positions with an extension', async () => {
    const told = unvalidated(family, honest(), [{ kind: 'position', slot: 1, change: field(EXTENSION, () => 5n) }]);
    expectRefusedOnlyAt(circuit, await circuit.witness(told), [/positionRow\[1\]\.extension|positionHash\[1\]/]);
  });
});
