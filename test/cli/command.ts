import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { vi } from 'vitest';
import { run } from '../../src/cli/run.js';

const ROOT = resolve(import.meta.dirname, '../..');

export interface Outcome {
  readonly code: number | string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs the built command as a user would. */
export function zkSolvency(args: readonly string[], cwd = ROOT): Promise<Outcome> {
  const child = spawn(process.execPath, [resolve(ROOT, 'dist/cli/main.js'), ...args], { cwd });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((done) => child.once('close', (code) => done({ code, stdout, stderr })));
}

/** The same in this process, which spares a start: for what is not about being a process. One at a time. */
export async function runHere(args: readonly string[]): Promise<Outcome> {
  let [stdout, stderr] = ['', ''];
  const spies = [
    vi.spyOn(console, 'log').mockImplementation((text: string) => void (stdout += `${text}\n`)),
    vi.spyOn(console, 'error').mockImplementation((text: string) => void (stderr += `${text}\n`)),
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => (stdout += text) !== ''),
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => (stderr += text) !== ''),
  ];
  const former = process.exitCode;
  process.exitCode = undefined;
  try {
    await run(args);
    return { code: process.exitCode ?? 0, stdout, stderr };
  } finally {
    process.exitCode = former;
    for (const spy of spies) spy.mockRestore();
  }
}
