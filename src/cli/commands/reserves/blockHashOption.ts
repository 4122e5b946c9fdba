import { Option } from 'commander';
import { SolvencyError } from '../../../errors.js';

/** The caller's own block hashes: never those of the evidence, whose maker could have made the block. */
export const blockHashOption = () =>
  new Option('--block-hash <chain:hash>', 'a chain id and the hash of its block, from a source of your own; repeatable')
    .argParser((text: string, before: readonly string[] = []) => [...before, text])
    .default([], 'none');

/** Block hashes by chain id. INVALID_INPUT for a text of another form, DUPLICATE for a chain named twice. */
export function blockHashes(given: readonly string[]): ReadonlyMap<number, string> {
  const hashes = new Map<number, string>();
  for (const text of given) {
    const [, chain, hash] = /^(\d{1,15}):(0x[0-9a-fA-F]{64})$/.exec(text) ?? [];
    if (chain === undefined || hash === undefined) {
      throw new SolvencyError('INVALID_INPUT', '--block-hash must be a chain id, a colon and 0x with 64 digits.', {
        details: { flag: '--block-hash' },
      });
    }
    if (hashes.has(Number(chain))) {
      throw new SolvencyError('DUPLICATE', `--block-hash names chain ${chain} twice.`, { details: { chain } });
    }
    hashes.set(Number(chain), hash);
  }
  return hashes;
}
