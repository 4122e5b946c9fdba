import { join } from 'node:path';
import type { Command } from 'commander';
import { TRANSCRIPT } from '../../../ceremony/ceremonyFolder.js';
import { parseCeremony } from '../../../ceremony/transcript.js';
import { verifyCeremony } from '../../../ceremony/verify.js';
import { circuitByName } from '../../../setup/circuits.js';
import { readText } from '../../input.js';
import { cancelOnInterrupt } from '../../interrupt.js';
import { print, startProgress } from '../../output.js';
import { describeCeremony } from './describeCeremony.js';
import { type PhaseOneOptions, phaseOneOf, withPhaseOneOptions } from './phaseOneOptions.js';

/** The circuit that a ceremony says it is of. */
export const circuitOf = async (folder: string) => {
  const path = join(folder, TRANSCRIPT);
  return circuitByName(parseCeremony(await readText(path), path).circuit);
};

/** `ceremony verify`: checks everything again, from the circuit's sources to the finished key. */
export function ceremonyVerifyCommand(group: Command): void {
  withPhaseOneOptions(
    group.command('verify <folder>').description('check a finished ceremony from the sources and the phase 1'),
  )
    .option('--json', 'print JSON')
    .action(async (folder: string, given: PhaseOneOptions & { readonly json?: true }) => {
      const progress = startProgress();
      try {
        const { ceremony, transcript } = await verifyCeremony(
          await circuitOf(folder),
          { ...phaseOneOf(given), folder },
          { signal: cancelOnInterrupt(), onProgress: (step) => progress.step(step) },
        );
        progress.stop();
        print(
          {
            json: { folder, transcript, ceremony },
            lines: [
              `Verified: the key of ${ceremony.circuit} follows from its sources, its phase 1 and the steps below.`,
              ...describeCeremony(ceremony),
              `transcript      ${transcript}`,
              'Nobody can forge proofs under this key if one contributor forgot their secret: ask those whom you know for',
              'their hash. Names are as they were written down, and no hash covers them.',
            ],
          },
          given.json === true,
        );
      } finally {
        progress.stop();
      }
    });
}
