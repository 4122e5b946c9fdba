import type { Command } from 'commander';
import { reservesAttestCommand } from './reserves/attest.js';
import { reservesCheckInclusionCommand } from './reserves/checkInclusion.js';
import { reservesCollectCommand } from './reserves/collect.js';
import { reservesCommitCommand } from './reserves/commit.js';
import { reservesGenerateCommand } from './reserves/generate.js';
import { reservesInclusionCommand } from './reserves/inclusion.js';
import { reservesOwnershipMessageCommand } from './reserves/ownershipMessage.js';
import { reservesProveCommand } from './reserves/prove.js';
import { reservesVerifyCommand } from './reserves/verify.js';

/** `reserves`: an exchange shows that what it holds covers what it owes; anybody checks it. */
export function reservesCommand(program: Command): void {
  const group = program.command('reserves').description('show, and check, that reserves cover what an exchange owes');
  for (const add of [
    reservesGenerateCommand,
    reservesCommitCommand,
    reservesInclusionCommand,
    reservesProveCommand,
    reservesOwnershipMessageCommand,
    reservesCollectCommand,
    reservesAttestCommand,
    reservesVerifyCommand,
    reservesCheckInclusionCommand,
  ]) {
    add(group);
  }
}
