import type { Command } from 'commander';
import { startCeremony } from '../../../ceremony/start.js';
import { circuitByName } from '../../../setup/circuits.js';
import { cancelOnInterrupt } from '../../interrupt.js';
import { print, startProgress } from '../../output.js';
import { describeCeremony } from './describeCeremony.js';
import { type PhaseOneOptions, phaseOneOf, withPhaseOneOptions } from './phaseOneOptions.js';

interface StartOptions extends PhaseOneOptions {
  readonly out: string;
  readonly json?: true;
}

/** `ceremony start`: compiles a circuit and makes the key that contributions begin with. */
export function ceremonyStartCommand(group: Command): void {
  withPhaseOneOptions(group.command('start <circuit>').description('begin a ceremony for a circuit, in a new folder'))
    .requiredOption('--out <folder>', 'the folder of the ceremony')
    .option('--json', 'print JSON')
    .action(async (name: string, given: StartOptions) => {
      const circuit = circuitByName(name);
      const progress = startProgress();
      try {
        const ceremony = await startCeremony(
          circuit,
          { ...phaseOneOf(given), folder: given.out },
          { signal: cancelOnInterrupt(), onProgress: (step) => progress.step(step) },
        );
        progress.stop();
        print(
          {
            json: { folder: given.out, ceremony },
            lines: [
              ...describeCeremony(ceremony),
              `The ceremony is in ${given.out}. Anybody can forge proofs under its key until somebody contributes:`,
              `  zk-solvency ceremony contribute ${given.out} --name <name>`,
            ],
          },
          given.json === true,
        );
      } finally {
        progress.stop();
      }
    });
}
