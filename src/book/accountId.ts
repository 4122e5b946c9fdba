import { textHash } from '../hash/textHash.js';

/**
 * An account identifier that its user knows (e-mail address, number): 1 to 200 visible characters, no space at either
 * end. No control or format characters and no replacement character: bytes that are no UTF-8 become one, and two users
 * would be taken for one.
 */
const IDENTIFIER = /^(?!\s)(?!.*\s$)[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\uFFFD]{1,200}$/u;

/** The one form of an identifier (Unicode NFC, so that typing it on another system gives the same); undefined when it is none. */
export function normalizeIdentifier(text: string): string | undefined {
  const normal = text.normalize('NFC');
  return IDENTIFIER.test(normal) ? normal : undefined;
}

/**
 * The accountId of a leaf: anybody who knows the identifier computes it. Neither venue nor identifier holds a line
 * break, so no two pairs give the same text.
 */
export const accountIdOf = (venue: string, identifier: string): bigint =>
  textHash(`zk-solvency account\n${venue}\n${identifier}`);
