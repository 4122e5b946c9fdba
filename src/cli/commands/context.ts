import type { Command } from 'commander';
import { parseDeployment } from '../../formats/deployment.js';
import { address, readText } from '../input.js';
import * as options from '../options.js';
import { print } from '../output.js';
import { type PurposeOptions, purposeOf } from '../purpose.js';

interface ContextOptions extends PurposeOptions {
  readonly deployment: string;
  readonly subject: string;
  readonly json?: true;
}

/** `context`: the number that ties a proof to a gate, a subject, an action and a deadline. Asks no node. */
export function contextCommand(program: Command): void {
  program
    .command('context')
    .description('the scope and context with which to prove for a gate')
    .addOption(options.deploymentOption())
    .requiredOption('--subject <address>', 'whom the proof makes solvent')
    .addOption(options.deadlineOption())
    .addOption(options.actionOption())
    .addOption(options.consumerOption())
    .option('--json', 'print JSON')
    .action(async (given: ContextOptions) => {
      const deployment = parseDeployment(await readText(given.deployment), given.deployment);
      const subject = address('--subject', given.subject);
      const purpose = purposeOf(given, deployment, subject);
      const { scope, chainId } = deployment;
      print(
        {
          json: { ...purpose, subject, scope, chainId, gate: deployment.contracts.gate },
          lines: [`--scope ${scope} --context ${purpose.context}`],
        },
        given.json === true,
      );
    });
}
