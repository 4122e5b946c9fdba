import type { Command } from 'commander';
import { describeAttestation } from '../../../attestation/describeAttestation.js';
import { type VerifiedAttestation, verifyBundle } from '../../../attestation/verifyBundle.js';
import { parsePolicy } from '../../../formats/policy.js';
import type { Setup } from '../../../proof/marginProof.js';
import { loadVerificationKey } from '../../../setup/artifacts.js';
import { setupKind } from '../../../setup/manifest.js';
import { readText } from '../../input.js';
import * as options from '../../options.js';
import { print, startProgress } from '../../output.js';
import { blockHashes, blockHashOption } from './blockHashOption.js';

interface VerifyOptions {
  readonly policy: string;
  readonly blockHash: readonly string[];
  readonly countCheckedOnline?: true;
  readonly artifacts: string;
  readonly json?: true;
}

/** `reserves verify`: replays an attestation from its bundle, a policy and block hashes. */
export function reservesVerifyCommand(group: Command): void {
  group
    .command('verify <bundle>')
    .description('check an attestation: every proof, the totals, the reserves')
    .requiredOption('--policy <file>', 'what you pin: venue, keys, tokens, haircuts, marks')
    .addOption(blockHashOption())
    .option('--count-checked-online', 'count contract wallets, whose ownership the venue checked by a call')
    .addOption(options.artifactsOption())
    .option('--json', 'print JSON')
    .action(async (folder: string, given: VerifyOptions) => {
      const policy = parsePolicy(await readText(given.policy), given.policy);
      const hashes = blockHashes(given.blockHash);
      const progress = startProgress();
      try {
        progress.step('reading the bundle');
        const result = await verifyBundle(
          { folder, policy, blockHashes: hashes, countCheckedOnline: given.countCheckedOnline === true },
          { onProgress: ({ done, total }) => progress.fraction('checking proofs', done / total) },
        );
        progress.stop();
        const knownKeys = await knownSetups(given.artifacts, result);
        const developmentKeys = keysOf(knownKeys, 'development');
        const ceremonyKeys = keysOf(knownKeys, 'ceremony');
        print(
          {
            json: { developmentKeys, ceremonyKeys, ...jsonOf(result) },
            lines: describeAttestation(result, { developmentKeys, ceremonyKeys }),
          },
          given.json === true,
        );
        // the totals are true, and say that the venue owes more than it holds
        if (result.verdict === 'not covered') process.exitCode = 1;
      } finally {
        progress.stop();
      }
    });
}

/** Keys that this machine's own artifacts know; a bundle says nothing of how its keys were made. */
async function knownSetups(artifacts: string, { keys }: VerifiedAttestation): Promise<ReadonlyMap<string, Setup>> {
  const known = new Map<string, Setup>();
  for (const { circuit, keyHash } of keys) {
    const own = await loadVerificationKey(artifacts, circuit).catch(() => undefined);
    if (own?.keyHash === keyHash) known.set(circuit, setupKind(own.manifest));
  }
  return known;
}

const keysOf = (known: ReadonlyMap<string, Setup>, kind: Setup): readonly string[] =>
  [...known].flatMap(([circuit, setup]) => (setup === kind ? [circuit] : []));

function jsonOf({ attestation, reserves, totals, registry, comparison, ...result }: VerifiedAttestation) {
  const { claim, venue, accountRoot, riskRoot, statement, venueStart, accounts, loans, covered, software } =
    attestation;
  return {
    ...result,
    software,
    claim,
    venue,
    quote: registry.quote,
    accountRoot,
    riskRoot,
    statement,
    venueStart,
    accounts,
    batches: attestation.batches.length,
    totals: totals === null ? null : plain(totals),
    loans: loans === null ? null : plain(loans),
    covered,
    blocks: reserves.blocks,
    addresses: reserves.addresses,
    labels: reserves.labels,
    comparison,
  };
}

/** Maps as objects by id, which JSON has. */
function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, item]) => [key, plain(item)]));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}
