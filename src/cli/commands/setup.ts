import type { Command } from 'commander';
import { buildArtifacts } from '../../setup/artifacts.js';
import { CIRCUITS, circuitByName } from '../../setup/circuits.js';
import { DEVELOPMENT_SETUP, setupInWords } from '../../setup/manifest.js';
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
            keys: setupInWords(manifest),
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
              ({ circuit, constraints, keyHash, setup, keys }) =>
                `${circuit}: ${constraints} constraints, key ${keyHash}${setup === DEVELOPMENT_SETUP ? '' : `, from a ${keys}`}`,
            ),
            built.some(({ setup }) => setup === DEVELOPMENT_SETUP)
              ? `In ${options.artifacts}. Keys that no ceremony made are for development and insecure: this machine knew their secrets.`
              : `In ${options.artifacts}.`,
          ],
        },
        options.json === true,
      );
    });
}
