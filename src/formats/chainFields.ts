import { getAddress, isAddress, ZeroAddress } from 'ethers';
import { z } from 'zod';
import { patternText, refined, wholeNumber } from './fields.js';

const ADDRESS_RULE =
  'must be an address: 0x and 40 hexadecimal digits, in lower case or with a valid checksum, not zero';

/** An address in lower case or checksummed; the zero address is nobody's. */
export const addressText = refined(
  patternText(/^0x[0-9a-fA-F]{40}$/, ADDRESS_RULE),
  (text) => isAddress(text) && getAddress(text) !== ZeroAddress,
  ADDRESS_RULE,
);

export const chainIdNumber = wholeNumber(1, Number.MAX_SAFE_INTEGER);

/** Bytes in hexadecimal. */
export const hexBytes = (least: number, most: number) =>
  z
    .string()
    .max(2 + 2 * most, { error: `must have at most ${most} bytes`, abort: true })
    .min(2 + 2 * least, { error: `must have at least ${least} bytes`, abort: true })
    .regex(/^0x([0-9a-fA-F]{2})*$/, { error: 'must be 0x and an even number of hexadecimal digits', abort: true });

const WORD_RULE = 'must be a whole number below 2^256 in a string, decimal or 0x hexadecimal';

/** A number of 256 bits, decimal or 0x hexadecimal. */
export const wordText = refined(
  patternText(/^(0|[1-9][0-9]{0,77}|0x[0-9a-fA-F]{1,64})$/, WORD_RULE),
  (text) => BigInt(text) < 1n << 256n,
  WORD_RULE,
);
