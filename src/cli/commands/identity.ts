import { randomBytes } from 'node:crypto';
import { access } from 'node:fs/promises';
import type { Command } from 'commander';
import { ownerCommitment } from '../../account/ownerCommitment.js';
import { SolvencyError } from '../../errors.js';
import { requireWritable, writeFileAtomic } from '../../files.js';
import { serializeIdentity } from '../../formats/identity.js';
import { FIELD_ORDER } from '../../protocol/constants.js';
import { print } from '../output.js';

/** `identity new`: makes an owner secret, writes it with a backup, and prints the commitment to hand to a venue. */
export function identityCommand(program: Command): void {
  program
    .command('identity')
    .description('the owner secret behind your accounts')
    .command('new')
    .description('make an owner secret and print the commitment to hand to a venue')
    .requiredOption('--out <file>', 'where the secret is written; never overwritten')
    .option(
      '--backup <file>',
      'a second copy, best on another disk: a lost secret cannot be made again (default: beside it)',
    )
    .option('--json', 'print JSON')
    .action(async ({ out, backup = `${out}.backup`, json }: { out: string; backup?: string; json?: true }) => {
      for (const path of [out, backup]) {
        await refuseExisting(path);
        await requireWritable(path);
      }
      const ownerSecret = randomSecret();
      const identity = { ownerSecret, ownerCommitment: ownerCommitment(ownerSecret) };
      const text = serializeIdentity(identity);
      for (const path of [out, backup]) await writeFileAtomic(path, text, 0o600);
      print(
        {
          json: { ownerCommitment: identity.ownerCommitment, out, backup },
          lines: [
            `Owner commitment: ${identity.ownerCommitment}`,
            'Hand this number to your venue. Whoever holds the secret can prove for your accounts, so keep it to yourself.',
            `The secret is in ${out}, its backup in ${backup}.`,
          ],
        },
        json === true,
      );
    });
}

/** Uniform below r: a draw at or above it is thrown away. */
function randomSecret(): bigint {
  for (;;) {
    const bytes = randomBytes(32);
    const candidate = BigInt(`0x${bytes.toString('hex')}`) >> 2n;
    bytes.fill(0);
    if (candidate > 0n && candidate < FIELD_ORDER) return candidate;
  }
}

async function refuseExisting(path: string): Promise<void> {
  const exists = await access(path).then(
    () => true,
    () => false,
  );
  if (!exists) return;
  throw new SolvencyError(
    'INVALID_INPUT',
    `${path} exists already, and a secret is never overwritten. Name another file.`,
    {
      details: { path },
    },
  );
}
