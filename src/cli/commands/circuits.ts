import type { Command } from 'commander';
import { manifestOf } from '../../setup/artifacts.js';
import { CIRCUITS } from '../../setup/circuits.js';
import { setupInWords } from '../../setup/manifest.js';
import { artifactsOption } from '../options.js';
import { print } from '../output.js';

/** `circuits`: what can be proven, how large it is, and whether its keys are there. */
export function circuitsCommand(program: Command): void {
  program
    .command('circuits')
    .description('list the circuits: constraints, public signals, keys')
    .addOption(artifactsOption())
    .option('--json', 'print JSON')
    .action(async (options: { artifacts: string; json?: true }) => {
      const circuits = await Promise.all(
        CIRCUITS.map(async ({ name, capacity, r1cs, budget, publicSignals }) => {
          const manifest = await manifestOf(options.artifacts, name);
          return {
            name,
            constraints: r1cs.constraints,
            budget,
            ...capacity,
            publicSignals,
            setup: manifest?.setup ?? 'not set up',
            keys: manifest === undefined ? 'not set up' : setupInWords(manifest),
          };
        }),
      );
      print(
        {
          json: { circuits },
          lines: circuits.flatMap((circuit) => [
            `${circuit.name}: up to ${circuit.positions} positions and ${circuit.assets} assets, ${circuit.constraints} constraints`,
            `  public signals: ${circuit.publicSignals.join(', ')}`,
            `  keys: ${circuit.keys}`,
          ]),
        },
        options.json === true,
      );
    });
}
