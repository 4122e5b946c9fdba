import { Command, CommanderError } from 'commander';
import { packageVersion } from '../package.js';
import { backtestCommand } from './commands/backtest.js';
import { ceremonyCommand } from './commands/ceremony.js';
import { circuitsCommand } from './commands/circuits.js';
import { contextCommand } from './commands/context.js';
import { deployCommand } from './commands/deploy.js';
import { evaluateCommand } from './commands/evaluate.js';
import { identityCommand } from './commands/identity.js';
import { proveCommand } from './commands/prove.js';
import { reservesCommand } from './commands/reserves.js';
import { setupCommand } from './commands/setup.js';
import { snapshotCommand } from './commands/snapshot.js';
import { submitCommand } from './commands/submit.js';
import { verifyCommand } from './commands/verify.js';
import { printError } from './output.js';

const COMMANDS = [
  identityCommand,
  setupCommand,
  ceremonyCommand,
  snapshotCommand,
  evaluateCommand,
  proveCommand,
  verifyCommand,
  reservesCommand,
  deployCommand,
  contextCommand,
  submitCommand,
  backtestCommand,
  circuitsCommand,
] as const;

/** The command with all its words. */
export function commandTree(): Command {
  const program = new Command('zk-solvency')
    .description('Prove that a derivatives account is solvent, without showing its positions')
    .version(packageVersion)
    .exitOverride();
  for (const add of COMMANDS) add(program);
  return program;
}

/** Runs the command with the words after its name, and leaves the exit code in process.exitCode. */
export async function run(args: readonly string[]): Promise<void> {
  try {
    await commandTree().parseAsync(args, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      // commander has printed what was wrong; help and version end with 0
      process.exitCode = error.exitCode === 0 ? 0 : 2;
    } else {
      process.exitCode = printError(error, args.includes('--json'));
    }
  }
}
