import { type Command, InvalidArgumentError, Option } from 'commander';
import type { PhaseOne } from '../../../ceremony/powersOfTau.js';

/** The phase 1, as the command line names it. */
export interface PhaseOneOptions {
  readonly ptau: string;
  readonly ptauHash?: string;
}

/** Adds the options that name a phase 1 to a command. */
export const withPhaseOneOptions = (command: Command): Command =>
  command
    .requiredOption('--ptau <file>', 'the Powers of Tau file, prepared for phase 2; nothing is downloaded')
    .addOption(
      new Option(
        '--ptau-hash <hash>',
        'BLAKE2b-512 of a phase 1 of your own; one of the published files unless told',
      ).argParser((text) => {
        if (/^[0-9a-f]{128}$/.test(text)) return text;
        throw new InvalidArgumentError('It must be 128 hexadecimal digits in lower case.');
      }),
    );

export const phaseOneOf = ({ ptau, ptauHash }: PhaseOneOptions): PhaseOne => ({
  ptau,
  ...(ptauHash === undefined ? {} : { ptauHash }),
});
