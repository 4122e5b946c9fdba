import type { Command } from 'commander';
import {
  connectGate,
  type Gate,
  recordOf,
  type Submission,
  statusOf,
  submissionOf,
  submitProof,
  submitProofs,
  useProof,
} from '../../chain/gate.js';
import { SolvencyError } from '../../errors.js';
import { type DeployedVerifier, type DeploymentRecord, parseDeployment } from '../../formats/deployment.js';
import { parseProof } from '../../formats/proof.js';
import { isoTime } from '../../numbers/isoTime.js';
import type { MarginProof, Setup } from '../../proof/marginProof.js';
import { CEREMONY_SETUP, DEVELOPMENT_SETUP } from '../../setup/manifest.js';
import { address, readText } from '../input.js';
import { openChain, readKey } from '../openChain.js';
import * as options from '../options.js';
import { print, startProgress } from '../output.js';
import { type Purpose, type PurposeOptions, purposeOf } from '../purpose.js';

interface SubmitOptions extends PurposeOptions {
  readonly rpc: string;
  readonly key: string;
  readonly deployment: string;
  readonly proof: string;
  readonly venue: string;
  readonly subject?: string;
  readonly json?: true;
}

/** `submit`: sends a proof to a gate, after checking here what needs no chain, and says until when it counts. */
export function submitCommand(program: Command): void {
  program
    .command('submit')
    .description('submit a proof to a gate')
    .addOption(options.rpcOption())
    .addOption(options.keyOption())
    .addOption(options.deploymentOption())
    .requiredOption('--proof <file>', 'the proof')
    .requiredOption('--venue <address>', 'the address under which the venue posts account roots')
    .option('--subject <address>', 'whom the proof makes solvent; the account of --key unless told')
    .addOption(options.deadlineOption())
    .addOption(options.actionOption())
    .addOption(options.consumerOption())
    .option('--json', 'print JSON')
    .action(async (given: SubmitOptions) => {
      const deployment = parseDeployment(await readText(given.deployment), given.deployment);
      const proof = parseProof(await readText(given.proof), given.proof);
      const venue = address('--venue', given.venue);
      const key = await readKey(given.key);
      const subject = given.subject === undefined ? key.address : address('--subject', given.subject);
      const purpose = purposeOf(given, deployment, subject);
      const verifier = checkBeforehand(deployment, proof, purpose);
      const send = sender(purpose, key.address, subject);
      const progress = startProgress();
      const chain = await openChain(given.rpc, key);
      try {
        if (chain.chainId !== deployment.chainId) {
          throw new SolvencyError(
            'MISMATCH',
            `The node is of chain ${chain.chainId}, and the deployment is on chain ${deployment.chainId}.`,
            { details: { node: chain.chainId, deployment: deployment.chainId } },
          );
        }
        progress.step('submitting');
        const gate = connectGate(deployment.contracts.gate, chain.signer);
        const { deadline, actionHash } = purpose;
        const rest = { subject, deadline, venue, verifier: verifier.address, actionHash };
        const receipt = await send(gate, submissionOf(proof, rest));
        const { solventUntil } = await recordOf(gate, subject);
        const status = await statusOf(gate, subject);
        progress.stop();
        print(
          {
            json: {
              transaction: receipt.hash,
              gasUsed: receipt.gasUsed,
              gate: gate.address,
              subject,
              status,
              solventUntil,
              setup: verifier.setup,
            },
            lines: [
              `${subject} is ${status}: its proof counts until ${solventUntil}, ${isoTime(Number(solventUntil))}, unless a root of it is revoked.`,
              `Keys of the verifier, as the deployment says: ${SETUP_WORDS[verifier.setup]}.`,
            ],
          },
          given.json === true,
        );
      } finally {
        chain.close();
        progress.stop();
      }
    });
}

/** What the gate would refuse whatever is on the chain; costs nothing to find out here. */
function checkBeforehand(
  { verifiers, scope }: DeploymentRecord,
  { circuit, keyHash, publicSignals }: MarginProof,
  { context }: Purpose,
): DeployedVerifier {
  const verifier = verifiers.find((entry) => entry.circuit === circuit);
  if (verifier === undefined || verifier.keyHash !== keyHash) {
    const lacking = verifier === undefined ? `no verifier of ${circuit}` : `another key for ${circuit} than the proof`;
    throw new SolvencyError('MISMATCH', `The deployment has ${lacking}.`, { details: { circuit } });
  }
  if (publicSignals.scope !== scope) {
    throw new SolvencyError(
      'EXPECTATION_NOT_MET',
      `The proof is for scope ${publicSignals.scope}, and the gate is of scope ${scope}.`,
    );
  }
  if (publicSignals.context !== context) {
    throw new SolvencyError(
      'EXPECTATION_NOT_MET',
      `The proof is for context ${publicSignals.context}, and this chain, gate, subject, action and deadline give ` +
        `${context}. Prove with the context that \`zk-solvency context\` prints, for the same deadline.`,
    );
  }
  return verifier;
}

/** By which function the proof goes in. INVALID_INPUT for an action that somebody else carries out. */
function sender(
  { actionHash, consumer }: Purpose,
  account: string,
  subject: string,
): (gate: Gate, submission: Submission) => ReturnType<typeof submitProof> {
  if (BigInt(actionHash) === 0n) {
    // somebody else's goes through the door at which nobody is bound
    return account === subject ? submitProof : (gate, submission) => submitProofs(gate, [submission]);
  }
  if (consumer === account) return useProof;
  throw new SolvencyError(
    'INVALID_INPUT',
    'A proof for an action is sent to the contract that carries the action out. Here --consumer can only be the account ' +
      'of --key itself.',
    { details: { flag: '--consumer' } },
  );
}

const SETUP_WORDS: Readonly<Record<Setup, string>> = {
  development: `${DEVELOPMENT_SETUP}: whoever made them can forge proofs`,
  ceremony: CEREMONY_SETUP,
};
