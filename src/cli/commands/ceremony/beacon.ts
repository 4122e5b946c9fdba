import type { Command } from 'commander';
import { applyBeacon } from '../../../ceremony/beacon.js';
import { wholeNumber } from '../../input.js';
import { cancelOnInterrupt } from '../../interrupt.js';
import { print, startProgress } from '../../output.js';
import { describeCeremony } from './describeCeremony.js';

interface BeaconOptions {
  readonly source: string;
  readonly value: string;
  readonly iterations: string;
  readonly json?: true;
}

/** `ceremony beacon`: the last step, a public value that nobody knew before. */
export function ceremonyBeaconCommand(group: Command): void {
  group
    .command('beacon <folder>')
    .description('end a ceremony with a public random value of a moment after the last contribution')
    .requiredOption(
      '--source <text>',
      'which event the value is of, announced beforehand, such as "drand round 5000000"',
    )
    .requiredOption('--value <hex>', 'the value, in lower case hexadecimal')
    .option('--iterations <exponent>', 'the value is hashed 2^this times, 10 to 32', '10')
    .option('--json', 'print JSON')
    .action(async (folder: string, given: BeaconOptions) => {
      const iterationsExponent = Number(wholeNumber('--iterations', given.iterations));
      const progress = startProgress();
      try {
        const ceremony = await applyBeacon(
          folder,
          { source: given.source, value: given.value, iterationsExponent },
          { signal: cancelOnInterrupt(), onProgress: (step) => progress.step(step) },
        );
        progress.stop();
        print(
          {
            json: { folder, ceremony },
            lines: [
              ...describeCeremony(ceremony),
              `Next, everybody checks it: zk-solvency ceremony verify ${folder} --ptau <file>`,
            ],
          },
          given.json === true,
        );
      } finally {
        progress.stop();
      }
    });
}
