import { Option } from 'commander';

/** Options that mean the same in every command. */
export const artifactsOption = () =>
  new Option('--artifacts <folder>', 'where circuits and keys are built').default('artifacts');
export const accountOption = () =>
  new Option('--account <file>', 'the account package from your venue').makeOptionMandatory();
export const snapshotOption = () => new Option('--snapshot <file>', 'the risk snapshot').makeOptionMandatory();
export const baseSnapshotOption = () =>
  new Option('--snapshot <file>', 'the snapshot that you trust, never a derived one').makeOptionMandatory();
export const thresholdOption = (description: string) =>
  new Option('--threshold <bps>', `${description}, in basis points of the requirement`).default('10000');
export const floorOption = (description: string) =>
  new Option('--floor <amount>', `${description}, in quote units`).default('0');
export const scopeOption = () =>
  new Option('--scope <number>', 'whose nullifiers are meant: a number that the verifier names').default('0');
export const contextOption = () =>
  new Option('--context <number>', 'what the proof is bound to: a number that the verifier names').default('0');
export const maxAgeOption = () => new Option('--max-age <seconds>', 'refuse what is older');
