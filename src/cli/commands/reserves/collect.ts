import type { Command } from 'commander';
import { SolvencyError } from '../../../errors.js';
import { requireWritable, writeFileAtomic } from '../../../files.js';
import { parsePolicy } from '../../../formats/policy.js';
import { serializeReserveEvidence } from '../../../formats/reserveEvidence.js';
import { parseReserveOwners } from '../../../formats/reserveOwners.js';
import { formatAmount } from '../../../numbers/decimal.js';
import { type BlockChoice, type CollectedEvidence, collectEvidence } from '../../../reserves/collectEvidence.js';
import { connectNode } from '../../../reserves/rpc.js';
import { fieldElement, readText, seconds } from '../../input.js';
import { nodeUrl } from '../../nodeUrl.js';
import { print, startProgress } from '../../output.js';
import { accountRootOption, timeOption } from './attestationOptions.js';

interface CollectOptions {
  readonly rpc: string;
  readonly block: string;
  readonly policy: string;
  readonly owners: string;
  readonly accountRoot: string;
  readonly time: string;
  readonly out: string;
  readonly json?: true;
}

/** `collect`: asks a node what the venue's addresses hold at a block, checks the proofs and writes them down. */
export function reservesCollectCommand(group: Command): void {
  group
    .command('collect')
    .description('collect and check evidence of what the addresses of a venue hold on one chain')
    .requiredOption(
      '--rpc <url|file>',
      'a node of the chain that serves eth_getProof: its URL, or a file with it where it holds a key',
    )
    .requiredOption('--block <block>', 'a block number, or latest, safe or finalized')
    .requiredOption('--policy <file>', 'the policy that names the tokens and where their balances are stored')
    .requiredOption('--owners <file>', 'the addresses with their signatures over the ownership message')
    .addOption(accountRootOption())
    .addOption(timeOption())
    .requiredOption('--out <file>', 'where the evidence is written')
    .option('--json', 'print JSON')
    .action(async (given: CollectOptions) => {
      const block = blockChoice(given.block);
      const accountRoot = fieldElement('--account-root', given.accountRoot);
      const time = seconds('--time', given.time);
      await requireWritable(given.out);
      const policy = parsePolicy(await readText(given.policy), given.policy);
      const owners = parseReserveOwners(await readText(given.owners), given.owners);
      const progress = startProgress();
      const node = await connectNode(await nodeUrl(given.rpc));
      try {
        progress.step(`collecting from chain ${node.chainId}`);
        const attestation = { venue: policy.venue, accountRoot, time };
        const collected = await collectEvidence({ node, block, policy, owners, attestation });
        progress.stop();
        await writeFileAtomic(given.out, serializeReserveEvidence(collected.evidence));
        print(report(node.chainId, collected, given.out), given.json === true);
      } finally {
        node.close();
        progress.stop();
      }
    });
}

function report(chainId: number, { block, addresses }: CollectedEvidence, out: string) {
  const balances = addresses.flatMap(({ address, ownership, balances }) =>
    balances.map(({ token, balance }) => ({
      address,
      ownership,
      asset: token.asset,
      token: token.token,
      balance: formatAmount(balance, token.decimals),
    })),
  );
  return {
    json: { evidence: out, chainId, block: block.number, blockHash: block.hash, timestamp: block.timestamp, balances },
    lines: [
      `Chain ${chainId}, block ${block.number}, hash ${block.hash}: ${addresses.length} addresses.`,
      ...balances.map(
        ({ address, ownership, asset, token, balance }) =>
          `${address}  ${balance} ${asset} (${token ?? 'native coin'}), ${ownership}`,
      ),
      `The evidence is in ${out}. A verifier checks it against a block hash of their own.`,
    ],
  };
}

function blockChoice(text: string): BlockChoice {
  if (text === 'latest' || text === 'safe' || text === 'finalized') return text;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new SolvencyError('INVALID_INPUT', '--block must be a block number, or latest, safe or finalized.', {
    details: { flag: '--block' },
  });
}
