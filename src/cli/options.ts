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
export const rpcOption = () =>
  new Option(
    '--rpc <url|file>',
    'a node of the chain: its URL, or a file with it where it holds a key',
  ).makeOptionMandatory();
export const keyOption = () =>
  new Option(
    '--key <file>',
    'a file with the private key of the account that pays, 0x hexadecimal',
  ).makeOptionMandatory();
export const deploymentOption = () =>
  new Option('--deployment <file>', 'the deployment, as `deploy` wrote it').makeOptionMandatory();
export const deadlineOption = () =>
  new Option(
    '--deadline <seconds>',
    'last second, since 1970, at which the proof may be submitted',
  ).makeOptionMandatory();
export const actionOption = () => new Option('--action <hash>', 'hash of the action that the proof is used up for');
export const consumerOption = () =>
  new Option('--consumer <address>', 'who carries the action out; needed with --action');
