import type { Command } from 'commander';
import { snapshotBuildCommand } from './snapshot/build.js';
import { snapshotCheckCommand } from './snapshot/check.js';
import { snapshotDeriveCommand } from './snapshot/derive.js';
import { snapshotDiffCommand } from './snapshot/diff.js';
import { snapshotExplainCommand } from './snapshot/explain.js';

/** `snapshot`: public risk parameters are made, derived, checked, explained and compared. */
export function snapshotCommand(program: Command): void {
  const group = program.command('snapshot').description('public risk parameters at one time');
  for (const add of [
    snapshotBuildCommand,
    snapshotDeriveCommand,
    snapshotCheckCommand,
    snapshotExplainCommand,
    snapshotDiffCommand,
  ]) {
    add(group);
  }
}
