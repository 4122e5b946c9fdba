import ora from 'ora';
import { SolvencyError } from '../errors.js';

/** What a command has to say: an object for --json, lines for people. */
export interface Report {
  readonly json: Readonly<Record<string, unknown>>;
  readonly lines: readonly string[];
}

/** Prints a report on standard output. */
export function print({ json, lines }: Report, asJson: boolean): void {
  console.log(asJson ? JSON.stringify({ ok: true, ...json }, jsonValue, 2) : lines.join('\n'));
}

const jsonValue = (_key: string, value: unknown): unknown => (typeof value === 'bigint' ? value.toString() : value);

/**
 * Prints an error without a stack trace and returns the exit code. What is for the owner only, such as by how much an
 * account falls short, goes to a screen alone: never to --json, a log or a pipe, which others read.
 */
export function printError(error: unknown, asJson: boolean): number {
  const known =
    error instanceof SolvencyError
      ? error
      : new SolvencyError('INTERNAL', 'Something failed inside zk-solvency. Run with DEBUG=zk-solvency to see where.', {
          cause: error,
        });
  if (known.code === 'INTERNAL' && process.env['DEBUG'] === 'zk-solvency') console.error(known.cause);
  if (asJson) {
    console.log(JSON.stringify({ ok: false, error: known }, null, 2));
  } else {
    console.error(`${known.code}: ${known.message}`);
    for (const [name, value] of process.stderr.isTTY ? Object.entries(known.ownerOnly) : [])
      console.error(`  for your eyes only: ${name} ${value}`);
  }
  return known.exitCode;
}

/** Progress of a long step on standard error, so that standard output stays a result. */
export interface Progress {
  step(text: string): void;
  fraction(text: string, done: number): void;
  stop(): void;
}

/** A spinner on a terminal; plain lines, once a step, where there is none. */
export function startProgress(): Progress {
  const spinner = ora({ stream: process.stderr });
  let current = '';
  return {
    step(text) {
      if (spinner.isSpinning) spinner.succeed(current);
      current = text;
      spinner.start(text);
    },
    fraction(text, done) {
      if (text !== current) this.step(text);
      if (process.stderr.isTTY) spinner.text = `${text} ${Math.floor(done * 100)}%`;
    },
    stop() {
      if (spinner.isSpinning) spinner.succeed(current);
    },
  };
}
