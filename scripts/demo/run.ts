import { join } from 'node:path';
import { ZeroHash } from 'ethers';
import { contextOf } from '../../src/chain/context.js';
import { connectGate, isSolvent, recordOf, statusOf, submissionOf, submitProof } from '../../src/chain/gate.js';
import { startProgress } from '../../src/cli/output.js';
import { SolvencyError } from '../../src/errors.js';
import { textHash } from '../../src/hash/textHash.js';
import { circuitForAccount } from '../../src/margin/families.js';
import { prove } from '../../src/proof/prove.js';
import { verify } from '../../src/proof/verify.js';
import { type Artifacts, buildArtifacts, loadArtifacts } from '../../src/setup/artifacts.js';
import { startAnvil } from '../support/anvil.js';
import { localGate } from '../support/localGate.js';
import { type DemoAccount, loadBinance, loadHyperliquid } from './accounts.js';
import { forcedWitness } from './forcedWitness.js';
import { describeAccount, heading, timed } from './print.js';

const SCOPE = textHash('zk-solvency demo');
const HOUR = 3600;
/** Runs the demo from the repository's folder and prints what happens. */
export async function solvencyDemo(root: string): Promise<void> {
  const now = Math.floor(Date.now() / 1000);
  const chain = await startAnvil();
  try {
    const [owner, trader, other] = chain.signers;
    if (owner === undefined || trader === undefined || other === undefined)
      throw new Error('the chain has no accounts');

    const show = async (account: DemoAccount, subject: typeof trader): Promise<void> => {
      heading(account.title);
      const { maintenance, initial, holder } = account;
      describeAccount(account);
      const artifacts = await artifactsFor(root, account);
      const { verificationKey: key, setup, circuit } = artifacts;
      const { modelHash } = maintenance.opening;
      const lender = await localGate(owner, { scope: SCOPE, verifier: { key, setup, circuit }, modelHash });
      const { address } = lender.gate;
      console.log(
        `  a lender’s gate is deployed at ${address}: it wants a margin ratio of 100%, not older than an hour`,
      );

      const deadline = BigInt(now + HOUR);
      const trader = await subject.getAddress();
      const context = contextOf({
        chainId: chain.chainId,
        gate: address,
        consumer: address,
        subject: trader,
        actionHash: ZeroHash,
        deadline,
      });
      const request = { thresholdBps: 10_000n, equityFloor: 0n, scope: SCOPE, context };
      const proof = await timed('proven and checked', () =>
        prove({ account: holder.account, ownerSecret: holder.ownerSecret, table: maintenance, request, artifacts }),
      );
      await timed('verified in Node, from the verifier’s own expectations', () =>
        verify(proof, artifacts.verificationKey, {
          accountRoot: account.accountRoot,
          table: maintenance,
          minimumThresholdBps: 10_000n,
          minimumEquityFloor: 0n,
          scope: SCOPE,
          context,
          maxAge: HOUR,
          keyHash: artifacts.keyHash,
        }),
      );
      console.log(
        `  initial margin is another claim: its snapshot has the risk root ${short(initial.riskRoot)}, not ${short(maintenance.riskRoot)}`,
      );

      await lender.postAccountRoot(account.accountRoot, holder.account.root.time);
      await lender.postRiskRoot(maintenance);
      const gate = connectGate(address, subject);
      const { venue, verifier } = lender;
      const receipt = await submitProof(gate, submissionOf(proof, { subject: trader, deadline, venue, verifier }));
      const { solventUntil } = await recordOf(gate, trader);
      console.log(
        `  the gate took it for ${receipt.gasUsed} gas: ${await statusOf(gate, trader)}, solvent ${await isSolvent(gate, trader)}, until ${new Date(Number(solventUntil) * 1000).toISOString()}`,
      );
      console.log('  what the chain saw: two roots, the ratio, a nullifier. No position, no balance, no size.');
    };

    const binance = await loadBinance(root, now, 'prices.json');
    await show(binance, trader);
    await show(await loadHyperliquid(root, now), other);

    heading('The first account again, at marks 10% lower');
    const fallen = await loadBinance(root, now, 'prices-lower.json');
    describeAccount(fallen);
    const artifacts = await artifactsFor(root, fallen);
    const request = { thresholdBps: 10_000n, equityFloor: 0n, scope: SCOPE, context: 0n };
    const refusal = await prove({
      account: fallen.holder.account,
      ownerSecret: fallen.holder.ownerSecret,
      table: fallen.maintenance,
      request,
      artifacts,
    }).then(
      () => undefined,
      (error: unknown) => error,
    );
    if (!(refusal instanceof SolvencyError) || refusal.code !== 'INSOLVENT')
      throw new Error('an insolvent account was not refused');
    console.log(
      `  refused before proving: ${refusal.code}, short of ${refusal.ownerOnly['shortfall']} USDT (only the owner is told)`,
    );
    const broken = await forcedWitness(root, fallen, request);
    console.log(`  forced past that check, the witness breaks the constraint ${broken.component}`);
    console.log(`  over ${broken.signals.slice(0, 2).join(', ')} and others: the shortfall has no such bits`);

    heading('In short');
    console.log(
      'Two accounts showed a lender that they cover their maintenance margin, and nothing else. The contract',
    );
    console.log('knows until when that counts. The same account at lower marks can make no proof: not because the');
    console.log('software refuses, but because no values satisfy the circuit.');
    console.log(
      'Keys made here are development keys, with secrets that this machine knew: good for a demo, insecure for money.',
    );
  } finally {
    await chain.stop();
  }
}

async function artifactsFor(root: string, { holder, maintenance }: DemoAccount): Promise<Artifacts> {
  const circuit = circuitForAccount(holder.account.account, maintenance);
  const folder = join(root, 'artifacts');
  const progress = startProgress();
  try {
    await timed(`circuit ${circuit.name} and its development keys ready`, () =>
      buildArtifacts(circuit, folder, {
        onProgress: (step, done) => progress.fraction(`${circuit.name}: ${step}`, done),
      }),
    );
  } finally {
    progress.stop();
  }
  return loadArtifacts(folder, circuit.name);
}

const short = (root: bigint): string => `${root.toString().slice(0, 8)}…`;
