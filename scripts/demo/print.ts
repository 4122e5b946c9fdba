import { describeEvaluation } from '../../src/cli/describeEvaluation.js';
import type { DemoAccount } from './accounts.js';

export const heading = (text: string): void => console.log(`\n${text}\n${'─'.repeat(text.length)}`);

/** The plain evaluation, as the command prints it. */
export function describeAccount({ holder, maintenance, initial }: DemoAccount): void {
  for (const line of describeEvaluation(holder.account.account, [maintenance, initial]).lines) console.log(`  ${line}`);
}

/** Runs a step and prints how long it took. */
export async function timed<T>(what: string, run: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const result = await run();
  console.log(`  ${what} (${((performance.now() - start) / 1000).toFixed(1)} s)`);
  return result;
}
