import { join, resolve } from 'node:path';
import { ZeroHash } from 'ethers';
import { groth16 } from 'snarkjs';
import { startAnvil } from '../scripts/support/anvil.js';
import { localGate } from '../scripts/support/localGate.js';
import { contextOf } from '../src/chain/context.js';
import { connectGate, submissionOf, submitProof } from '../src/chain/gate.js';
import { prove } from '../src/proof/prove.js';
import { type Prover, proofFromSnarkjs } from '../src/proof/prover.js';
import { verify } from '../src/proof/verify.js';
import { loadArtifacts, loadVerificationKey } from '../src/setup/artifacts.js';
import { circuitByName } from '../src/setup/circuits.js';
import { accountFor } from './accounts.js';

/** What one circuit takes; seconds, bytes, gas. */
export interface Measured {
  readonly cold: number;
  readonly warm: number;
  /** processor seconds of all cores for a warm proof, the witness included */
  readonly warmCpu: number;
  readonly verify: number;
  /** resident memory of a process that loads the key, computes the witness and proves */
  readonly proverPeak: number;
  readonly submitGas: number;
}

const root = resolve(import.meta.dirname, '..');
const name = process.argv[2] ?? 'tiered-8';
const now = Math.floor(Date.now() / 1000);

const timed = async <T>(run: () => Promise<T>): Promise<readonly [number, T]> => {
  const start = performance.now();
  const result = await run();
  return [(performance.now() - start) / 1000, result];
};
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1] ?? 0;

/** The same prover inside this process, whose processor time and memory can be read. */
const insideProver: Prover = {
  name: 'snarkjs in this process',
  prove: async (zkey, witness) => proofFromSnarkjs((await groth16.prove(zkey, witness)).proof),
};

const demo = await accountFor(circuitByName(name), root, now);
const chain = await startAnvil();
try {
  const [owner, subject] = chain.signers;
  if (owner === undefined || subject === undefined) throw new Error('the chain has no accounts');
  const key = await loadVerificationKey(join(root, 'artifacts'), name);
  const local = await localGate(owner, {
    scope: 1n,
    verifier: { key: key.verificationKey, setup: 'development', circuit: name },
    modelHash: demo.maintenance.opening.modelHash,
  });
  const { address } = local.gate;
  const deadline = BigInt(now + 3600);
  const context = contextOf({
    chainId: chain.chainId,
    gate: address,
    consumer: address,
    subject: await subject.getAddress(),
    actionHash: ZeroHash,
    deadline,
  });
  const request = { thresholdBps: 10_000n, equityFloor: 0n, scope: 1n, context };
  const load = () => loadArtifacts(join(root, 'artifacts'), name);
  const input = async () => ({
    account: demo.holder.account,
    ownerSecret: demo.holder.ownerSecret,
    table: demo.maintenance,
    request,
    artifacts: await load(),
  });
  // cold: the key is read and its hash checked as well
  const [cold, proof] = await timed(async () => prove(await input()));
  const ready = await input();
  const warms: number[] = [];
  for (let run = 0; run < 3; run++) warms.push((await timed(() => prove(ready)))[0]);
  const before = process.cpuUsage();
  await prove(ready, { prover: insideProver });
  const { user, system } = process.cpuUsage(before);
  const proverPeak = process.resourceUsage().maxRSS * 1024;
  const verifies: number[] = [];
  for (let run = 0; run < 5; run++) {
    const [took] = await timed(() =>
      verify(proof, ready.artifacts.verificationKey, {
        accountRoot: demo.accountRoot,
        table: demo.maintenance,
        minimumThresholdBps: 10_000n,
        minimumEquityFloor: 0n,
        scope: 1n,
        context,
        keyHash: ready.artifacts.keyHash,
      }),
    );
    verifies.push(took);
  }
  await local.postAccountRoot(demo.accountRoot, demo.holder.account.root.time);
  await local.postRiskRoot(demo.maintenance);
  const { venue, verifier } = local;
  const receipt = await submitProof(
    connectGate(address, subject),
    submissionOf(proof, { subject: await subject.getAddress(), deadline, venue, verifier }),
  );
  const measured: Measured = {
    cold,
    warm: median(warms),
    warmCpu: (user + system) / 1e6,
    verify: median(verifies),
    proverPeak,
    submitGas: Number(receipt.gasUsed),
  };
  console.log(JSON.stringify(measured));
} finally {
  await chain.stop();
  await (globalThis as { curve_bn128?: { terminate(): Promise<void> } }).curve_bn128?.terminate();
}
