import type { Command } from 'commander';
import { ceremonyBeaconCommand } from './ceremony/beacon.js';
import { ceremonyContributeCommand } from './ceremony/contribute.js';
import { ceremonyFinishCommand } from './ceremony/finish.js';
import { ceremonyStartCommand } from './ceremony/start.js';
import { ceremonyVerifyCommand } from './ceremony/verify.js';

/** `ceremony`: keys whose secrets nobody knows, made by several people; anybody checks them. */
export function ceremonyCommand(program: Command): void {
  const group = program.command('ceremony').description('make keys together, so that nobody knows their secrets');
  for (const add of [
    ceremonyStartCommand,
    ceremonyContributeCommand,
    ceremonyBeaconCommand,
    ceremonyVerifyCommand,
    ceremonyFinishCommand,
  ]) {
    add(group);
  }
}
