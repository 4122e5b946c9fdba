import type { Command } from 'commander';
import { SolvencyError } from '../../errors.js';
import { parseProof } from '../../formats/proof.js';
import { parseAmount } from '../../numbers/decimal.js';
import { verify } from '../../proof/verify.js';
import { VALUE_DECIMALS } from '../../protocol/constants.js';
import { loadVerificationKey } from '../../setup/artifacts.js';
import { DEVELOPMENT_SETUP, setupInWords } from '../../setup/manifest.js';
import { parseVerificationKey, type VerificationKey } from '../../setup/verificationKey.js';
import { claimInWords } from '../../snapshot/derived/claim.js';
import { type DerivationOptions, derivationLines, derivationsOf, withDerivationOptions } from '../derivations.js';
import { fieldElement, readTable, readText, seconds, wholeNumber } from '../input.js';
import * as options from '../options.js';
import { print } from '../output.js';

interface VerifyCommandOptions extends DerivationOptions {
  readonly proof: string;
  readonly snapshot: string;
  readonly accountRoot: string;
  readonly threshold: string;
  readonly floor: string;
  readonly scope: string;
  readonly context: string;
  readonly maxAge?: string;
  readonly keyHash?: string;
  readonly key?: string;
  readonly artifacts: string;
  readonly json?: true;
}

/** `verify`: checks a proof against what the verifier expects. */
export function verifyCommand(program: Command): void {
  const command = program
    .command('verify')
    .description('check a proof against your expectations')
    .requiredOption('--proof <file>', 'the proof')
    .addOption(options.baseSnapshotOption());
  withDerivationOptions(command)
    .requiredOption('--account-root <number>', 'the account root that you trust')
    .addOption(options.thresholdOption('the lowest margin ratio to accept'))
    .addOption(options.floorOption('the lowest equity floor to accept'))
    .addOption(options.scopeOption())
    .addOption(options.contextOption())
    .addOption(options.maxAgeOption())
    .option('--key-hash <hash>', 'hash of the verification key that you trust; needed with --key')
    .option('--key <file>', 'a verification key; from --artifacts unless told')
    .addOption(options.artifactsOption())
    .option('--json', 'print JSON')
    .action(async (given: VerifyCommandOptions) => {
      const derivations = derivationsOf(given);
      const proof = parseProof(await readText(given.proof), given.proof);
      const table = await readTable(given.snapshot);
      const { key, keyHash, setup, keys } = await trustedKey(given, proof.circuit);
      const shown = await verify(proof, key, {
        accountRoot: fieldElement('--account-root', given.accountRoot),
        table,
        derivations,
        minimumThresholdBps: wholeNumber('--threshold', given.threshold),
        minimumEquityFloor: parseAmount(given.floor, VALUE_DECIMALS, '--floor'),
        scope: fieldElement('--scope', given.scope),
        context: fieldElement('--context', given.context),
        ...(given.maxAge === undefined ? {} : { maxAge: seconds('--max-age', given.maxAge) }),
        keyHash,
      });
      print(
        {
          json: { proof: given.proof, keyHash, setup, keys, baseRoot: table.riskRoot, ...shown },
          lines: [
            `Valid: the account's ${claimInWords(shown.claim, shown.thresholdBps)}.`,
            ...(derivations.length === 0 ? [] : derivationLines(shown.claim, table.riskRoot, shown.riskRoot)),
            `nullifier ${shown.nullifier}`,
            `Keys: ${keys}.${setup === DEVELOPMENT_SETUP ? ' Do not rely on this.' : ''}`,
          ],
        },
        given.json === true,
      );
    });
}

const UNKNOWN_KEYS =
  'unknown to this machine. How they were made is for you to know: a development key lets its maker forge proofs';

/** The key of the verifier, and how it was made by the verifier's own manifest: never by what a proof says of itself. */
async function trustedKey(
  { key: file, keyHash, artifacts }: VerifyCommandOptions,
  circuit: string,
): Promise<{ readonly key: VerificationKey; readonly keyHash: string; readonly setup: string; readonly keys: string }> {
  if (file === undefined) {
    const loaded = await loadVerificationKey(artifacts, circuit);
    const { verificationKey: key, manifest } = loaded;
    return { key, keyHash: keyHash ?? loaded.keyHash, setup: manifest.setup, keys: setupInWords(manifest) };
  }
  if (keyHash === undefined) {
    throw new SolvencyError(
      'INVALID_INPUT',
      '--key needs --key-hash: a key is only as good as the hash that you trust.',
    );
  }
  return { key: parseVerificationKey(await readText(file), file), keyHash, setup: 'unknown', keys: UNKNOWN_KEYS };
}
