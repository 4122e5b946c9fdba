import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { proveStart } from '../../src/attestation/proveStart.js';
import { parseLiabilitiesProof, serializeLiabilitiesProof } from '../../src/formats/liabilitiesProof.js';
import { startSignals } from '../../src/liabilities/liabilitiesStart.js';
import { checkGroth16 } from '../../src/proof/groth16.js';
import { FIELD_ORDER } from '../../src/protocol/constants.js';
import { loadVerificationKey } from '../../src/setup/artifacts.js';
import { ARTIFACTS } from '../support/artifacts.js';

const CIRCUIT = 'liabilities-start';

describe('the proof of a chain’s start', () => {
  it('is valid for its statement and first state, and for no others', async () => {
    const statement = 12_345n;
    const proof = await proveStart({ statement, artifacts: ARTIFACTS });
    const { verificationKey, keyHash } = await loadVerificationKey(ARTIFACTS, CIRCUIT);
    const { firstState } = startSignals(statement);
    expect(proof).toMatchObject({ circuit: CIRCUIT, keyHash, publicSignals: [firstState, statement] });
    expect(parseLiabilitiesProof(serializeLiabilitiesProof(proof), 'start')).toEqual(proof);

    await checkGroth16(verificationKey, proof.proof, proof.publicSignals);
    const another = startSignals(statement + 1n);
    for (const signals of [
      [firstState, another.statement],
      [another.firstState, statement],
      [another.firstState, another.statement],
      [statement, firstState],
      [firstState, statement + FIELD_ORDER],
      [firstState],
    ]) {
      await expect(checkGroth16(verificationKey, proof.proof, signals)).rejects.toMatchObject({
        code: 'PROOF_INVALID',
      });
    }
  });

  it.each([-1n, FIELD_ORDER, FIELD_ORDER + 3n])('a statement of %s is none', async (statement) => {
    await expect(proveStart({ statement, artifacts: ARTIFACTS })).rejects.toMatchObject({ code: 'OUT_OF_RANGE' });
  });

  it('without keys says which ones to make', async () => {
    const artifacts = join(tmpdir(), 'zk-solvency-no-artifacts');
    await expect(proveStart({ statement: 1n, artifacts })).rejects.toMatchObject({
      code: 'ARTIFACT_MISSING',
      details: { circuit: CIRCUIT },
    });
  });
});
