/** With fewer bits than these, small balances are found from a leaf by trying salts. */
const SALT_BITS = 128n;

/**
 * Whether a salt may be one of SALT_BITS random bits or more. Those are drawn of 248 bits (book/commit.ts), where a smaller
 * number than this has a chance of 2^-121.
 */
export const isLongSalt = (salt: bigint): boolean => salt >> (SALT_BITS - 1n) > 0n;
