import { type Command, Option } from 'commander';
import { type AttestationClaim, CLAIMS, MANIFEST_PATH } from '../../../attestation/attestation.js';
import { openAttestedBook } from '../../../attestation/openAttestedBook.js';
import { proveBook } from '../../../attestation/proveBook.js';
import { writeAttestation } from '../../../attestation/writeAttestation.js';
import { attestationId } from '../../../formats/attestation.js';
import { parsePolicy } from '../../../formats/policy.js';
import { parseReserveEvidence } from '../../../formats/reserveEvidence.js';
import { describeKeys } from '../../describeKeys.js';
import { readText } from '../../input.js';
import { cancelOnInterrupt } from '../../interrupt.js';
import * as options from '../../options.js';
import { print, startProgress } from '../../output.js';
import { readSecret } from '../../readSecret.js';
import { blockHashes, blockHashOption } from './blockHashOption.js';

interface AttestOptions {
  readonly book: string;
  readonly bundle: string;
  readonly claim: AttestationClaim;
  readonly evidence: string;
  readonly policy: string;
  readonly blockHash: readonly string[];
  readonly venueKey: string;
  readonly artifacts: string;
  readonly json?: true;
}

/** `reserves attest`: closes a proven book and signs its bundle. */
export function reservesAttestCommand(group: Command): void {
  group
    .command('attest')
    .description('close a proven book, add reserves and everything else to its bundle, and sign it')
    .requiredOption('--book <folder>', 'the committed book')
    .requiredOption('--bundle <folder>', 'the bundle that `reserves prove` wrote')
    .addOption(
      new Option('--claim <claim>', 'show all totals, or only that reserves cover them')
        .choices(CLAIMS)
        .default('opened'),
    )
    .requiredOption('--evidence <file>', 'what the reserves are, as `reserves collect` wrote it')
    .requiredOption('--policy <file>', 'which tokens count, and how much')
    .addOption(blockHashOption())
    .requiredOption('--venue-key <file>', 'a file with the signing key of the venue, 0x hexadecimal')
    .addOption(options.artifactsOption())
    .option('--json', 'print JSON')
    .action(async (given: AttestOptions) => {
      const policy = parsePolicy(await readText(given.policy), given.policy);
      const evidence = parseReserveEvidence(await readText(given.evidence), given.evidence);
      const hashes = blockHashes(given.blockHash);
      const venueKey = (await readSecret(given.venueKey)).trim();
      const opened = await openAttestedBook(given.book);
      const progress = startProgress();
      try {
        progress.step('checking the proofs of all batches');
        // proves what is missing, and verifies what is there
        const proven = await proveBook(
          { ...opened, artifacts: given.artifacts, folder: given.bundle },
          { signal: cancelOnInterrupt() },
        );
        progress.step('closing the book');
        const attestation = await writeAttestation({
          ...opened,
          folder: given.bundle,
          claim: given.claim,
          proven,
          evidence,
          policy,
          blockHashes: hashes,
          artifacts: given.artifacts,
          venueKey,
        });
        progress.stop();
        const keys = await describeKeys(
          given.artifacts,
          attestation.verificationKeys.map(({ circuit }) => circuit),
        );
        const id = attestationId(attestation);
        print(
          {
            json: {
              bundle: given.bundle,
              id,
              claim: attestation.claim,
              accountRoot: attestation.accountRoot,
              ...keys.json,
            },
            lines: [
              `Attested: ${given.bundle}/${MANIFEST_PATH}, claim "${attestation.claim}", id ${id}.`,
              ...keys.lines,
              `Anybody verifies it with: zk-solvency reserves verify ${given.bundle} --policy <file> --block-hash <chain:hash>`,
            ],
          },
          given.json === true,
        );
      } finally {
        progress.stop();
        opened.close();
      }
    });
}
