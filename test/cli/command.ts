import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { vi } from 'vitest';
import { run } from '../../src/cli/run.js';

const ROOT = resolve(import.meta.dirname, '../..');

export interface Outcome {
  readonly code: number | null;
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
  const [stdout, stderr]: [string[], string[]] = [[], []];
  const written = (stream: NodeJS.WriteStream, to: string[]) =>
    vi.spyOn(stream, 'write').mockImplementation((text) => to.push(String(text)) > 0);
  const said = (method: 'log' | 'error', to: string[]) =>
    vi.spyOn(console, method).mockImplementation((text) => void to.push(`${text}\n`));
  const spies = [
    ...[written(process.stdout, stdout), written(process.stderr, stderr)],
    ...[said('log', stdout), said('error', stderr)],
  ];
  const former = process.exitCode;
  process.exitCode = undefined;
  try {
    await run(args);
    return { code: Number(process.exitCode ?? 0), stdout: stdout.join(''), stderr: stderr.join('') };
  } finally {
    process.exitCode = former;
    for (const spy of spies) spy.mockRestore();
  }
}
