import { id } from 'ethers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type LocalChain, startAnvil } from '../../scripts/support/anvil.js';
import { type ProofCalldata, proofCalldata } from '../../src/chain/proofCalldata.js';
import { R } from '../support/bn254.js';
import { freeSignals, releaseSnarkjs } from '../support/freeSignals.js';
import { expectGas } from '../support/gas.js';
import { deployed } from '../support/verifierContract.js';

let chain: LocalChain;

beforeAll(async () => {
  chain = await startAnvil();
});
afterAll(async () => {
  await chain?.stop();
  await releaseSnarkjs();
});

/** signals as long as field elements are, whose calldata costs most */
const longSignals = (count: number): readonly bigint[] =>
  Array.from({ length: count }, (_, i) => BigInt(id(`signal ${i}`)) % R);

test('gas', async () => {
  const costs: Record<string, bigint> = {};
  let whole = 0n;
  for (const count of [1, 5, 7, 27]) {
    const free = await freeSignals(count);
    const verifier = await deployed(chain, free);
    const signals = longSignals(count);
    const proof: ProofCalldata = proofCalldata(await free.prove(signals));
    costs[`verify, signals: ${count}`] = (await verifier.send(verifier.single(proof, signals))).execution;
    if (count !== 7) continue;
    for (const n of [1, 2, 8, 32]) {
      const batch = { proofs: Array(n).fill(proof), signals: Array(n).fill(signals) };
      const { execution, gasUsed } = await verifier.send(verifier.batch(batch));
      costs[`verifyBatch, signals: 7, proofs: ${n}`] = execution;
      whole = gasUsed;
    }
  }
  await expectGas('verifier', costs);
  expect(costs['verify, signals: 7']).toBeLessThanOrEqual(235_000n);
  console.log(`verifyBatch of 32 proofs: ${whole / 32n} gas a proof in all`);
  // with the transaction's base price and its calldata
  expect(whole / 32n).toBeLessThanOrEqual(65_000n);
});
