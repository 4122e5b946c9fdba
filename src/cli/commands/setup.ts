import type { Command } from 'commander';
import { buildArtifacts } from '../../setup/artifacts.js';
import { CIRCUITS, circuitByName } from '../../setup/circuits.js';
import { cancelOnInterrupt } from '../interrupt.js';
import { artifactsOption } from '../options.js';
import { print, startProgress } from '../output.js';

/** `setup`: compiles circuits and makes development keys; what is up to date is left alone. */
export function setupCommand(program: Command): void {
  program
    .command('setup')
    .description('compile circuits and make development keys (insecure: for trying out)')
    .argument('[circuits...]', 'names of circuits; the smallest unless told', [CIRCUITS[0]?.name])
    .addOption(artifactsOption())
    .option('--json', 'print JSON')
    .action(async (names: readonly string[], options: { artifacts: string; json?: true }) => {
      const circuits = names.map(circuitByName);
      const built = [];
      for (const circuit of circuits) {
        const progress = startProgress();
        try {
          const manifest = await buildArtifacts(circuit, options.artifacts, {
            signal: cancelOnInterrupt(),
            onProgress: (step, fraction) => progress.fraction(`${circuit.name}: ${step}`, fraction),
          });
          built.push({
            circuit: circuit.name,
            setup: manifest.setup,
            constraints: manifest.constraints,
            keyHash: manifest.keyHash,
          });
        } finally {
          progress.stop();
        }
      }
      print(
        {
          json: { artifacts: options.artifacts, circuits: built },
          lines: [
            ...built.map(
              ({ circuit, constraints, keyHash }) => `${circuit}: ${constraints} constraints, key ${keyHash}`,
            ),
            `In ${options.artifacts}. These keys are for development and insecure: their secrets were known to this machine.`,
          ],
        },
        options.json === true,
      );
    });
}
