import type { Command } from 'commander';
import { requireWritable, writeFileAtomic } from '../../files.js';
import { parseAccountPackage } from '../../formats/accountPackage.js';
import { parseIdentity } from '../../formats/identity.js';
import { serializeProof } from '../../formats/proof.js';
import { circuitForAccount } from '../../margin/families.js';
import { parseAmount } from '../../numbers/decimal.js';
import { type ProveStep, prove } from '../../proof/prove.js';
import { VALUE_DECIMALS } from '../../protocol/constants.js';
import { loadArtifacts } from '../../setup/artifacts.js';
import { setupInWords } from '../../setup/manifest.js';
import { claimInWords } from '../../snapshot/derived/claim.js';
import { fieldElement, readTable, readText, seconds, wholeNumber } from '../input.js';
import { cancelOnInterrupt } from '../interrupt.js';
import * as options from '../options.js';
import { print, startProgress } from '../output.js';
import { readSecret } from '../readSecret.js';

interface ProveCommandOptions {
  readonly account: string;
  readonly identity: string;
  readonly snapshot: string;
  readonly threshold: string;
  readonly floor: string;
  readonly scope: string;
  readonly context: string;
  readonly maxAge?: string;
  readonly circuit?: string;
  readonly artifacts: string;
  readonly out: string;
  readonly json?: true;
}

const STEPS: Record<ProveStep, string> = {
  evaluate: 'evaluating the account',
  witness: 'computing the witness',
  prove: 'proving',
  verify: 'verifying the proof',
};

/** `prove`: shows that an account is solvent, after saying in plain why not where it is not. */
export function proveCommand(program: Command): void {
  program
    .command('prove')
    .description('prove that an account meets a margin ratio and an equity floor')
    .addOption(options.accountOption())
    .requiredOption('--identity <file>', 'the owner secret, as `identity new` wrote it')
    .addOption(options.snapshotOption())
    .addOption(options.thresholdOption('the margin ratio to show'))
    .addOption(options.floorOption('the equity to show'))
    .addOption(options.scopeOption())
    .addOption(options.contextOption())
    .addOption(options.maxAgeOption())
    .option('--circuit <name>', 'the circuit; the smallest that holds the account unless told')
    .addOption(options.artifactsOption())
    .requiredOption('--out <file>', 'where the proof is written')
    .option('--json', 'print JSON')
    .action(async (given: ProveCommandOptions) => {
      const request = {
        thresholdBps: wholeNumber('--threshold', given.threshold),
        equityFloor: parseAmount(given.floor, VALUE_DECIMALS, '--floor'),
        scope: fieldElement('--scope', given.scope),
        context: fieldElement('--context', given.context),
      };
      await requireWritable(given.out);
      const table = await readTable(given.snapshot);
      const account = parseAccountPackage(await readText(given.account), given.account, table.snapshot.registry);
      const { ownerSecret } = parseIdentity(await readSecret(given.identity), given.identity);
      const progress = startProgress();
      try {
        const artifacts = await loadArtifacts(
          given.artifacts,
          circuitForAccount(account.account, table, given.circuit).name,
        );
        const proof = await prove(
          { account, ownerSecret, table, request, artifacts },
          {
            signal: cancelOnInterrupt(),
            onProgress: (step) => progress.step(STEPS[step]),
            ...(given.maxAge === undefined ? {} : { maxAge: seconds('--max-age', given.maxAge) }),
          },
        );
        progress.stop();
        await writeFileAtomic(given.out, serializeProof(proof));
        const { publicSignals, circuit, keyHash, setup } = proof;
        print(
          {
            json: { proof: given.out, circuit, keyHash, setup, keys: setupInWords(artifacts.manifest), publicSignals },
            lines: [
              `Proven: ${claimInWords(table.snapshot.model.claim, request.thresholdBps)}, equity at least ${given.floor} ${table.snapshot.registry.quote}.`,
              `The proof is in ${given.out}. It shows nothing else of the account.`,
              `Keys: ${setupInWords(artifacts.manifest)}.`,
            ],
          },
          given.json === true,
        );
      } finally {
        progress.stop();
      }
    });
}
