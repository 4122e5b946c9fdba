import { SolvencyError } from '../errors.js';
import { readSecret } from './readSecret.js';

/** As long as the keys that providers put into paths, and longer than the words that stand there. */
const KEY = /^[A-Za-z0-9_-]{20,}$/;

/**
 * The URL of --rpc, or what the file that it names holds. INVALID_INPUT for a URL with a key in it, which belongs into such
 * a file; what readSecret throws.
 */
export async function nodeUrl(given: string): Promise<string> {
  if (!given.includes('://')) return (await readSecret(given)).trim();
  if (!holdsKey(given)) return given;
  throw new SolvencyError(
    'INVALID_INPUT',
    '--rpc holds what looks like a key, and arguments are seen by others on this machine. Write the URL to a file of your own and name that.',
    { details: { flag: '--rpc' } },
  );
}

function holdsKey(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password, search, hash, pathname } = new URL(text);
  return `${username}${password}${search}${hash}` !== '' || pathname.split('/').some((part) => KEY.test(part));
}
