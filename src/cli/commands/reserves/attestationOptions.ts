import { Option } from 'commander';

/** Options that name the attestation, in every command that makes or checks evidence for it. */
export const accountRootOption = () =>
  new Option('--account-root <number>', "the attestation's account root").makeOptionMandatory();
export const timeOption = () =>
  new Option('--time <seconds>', "the attestation's time, in seconds since 1970").makeOptionMandatory();
