import type { Command } from 'commander';
import { finishCeremony } from '../../../ceremony/finish.js';
import { setupInWords } from '../../../setup/manifest.js';
import { cancelOnInterrupt } from '../../interrupt.js';
import { artifactsOption } from '../../options.js';
import { print, startProgress } from '../../output.js';
import { type PhaseOneOptions, phaseOneOf, withPhaseOneOptions } from './phaseOneOptions.js';
import { circuitOf } from './verify.js';

interface FinishOptions extends PhaseOneOptions {
  readonly artifacts: string;
  readonly json?: true;
}

/** `ceremony finish`: verifies a ceremony and puts its key where proofs are made with it. */
export function ceremonyFinishCommand(group: Command): void {
  withPhaseOneOptions(
    group.command('finish <folder>').description('verify a finished ceremony and put its keys among the artifacts'),
  )
    .addOption(artifactsOption())
    .option('--json', 'print JSON')
    .action(async (folder: string, given: FinishOptions) => {
      const progress = startProgress();
      try {
        const manifest = await finishCeremony(
          await circuitOf(folder),
          { ...phaseOneOf(given), folder, artifacts: given.artifacts },
          { signal: cancelOnInterrupt(), onProgress: (step) => progress.step(step) },
        );
        progress.stop();
        const { circuit, setup, keyHash } = manifest;
        print(
          {
            json: { artifacts: given.artifacts, circuit, setup, keyHash, manifest },
            lines: [
              `${circuit} in ${given.artifacts}: key ${keyHash}`,
              `Keys: ${setupInWords(manifest)}. Verifiers pin the key's hash.`,
            ],
          },
          given.json === true,
        );
      } finally {
        progress.stop();
      }
    });
}
