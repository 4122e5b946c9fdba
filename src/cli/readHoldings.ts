import type { Holdings } from '../account/account.js';
import { parseAccount } from '../formats/account.js';
import { parseAccountPackage } from '../formats/accountPackage.js';
import type { Registry } from '../snapshot/registry.js';
import { readText } from './input.js';

/** What an account package, or a plain account, holds. Throws what the parsers of both throw. */
export async function readHoldings(file: string, registry: Registry): Promise<Holdings> {
  const text = await readText(file);
  return /"format"\s*:\s*"zk-solvency\/account-package"/.test(text)
    ? parseAccountPackage(text, file, registry).account
    : parseAccount(text, file, registry);
}
