import { z } from 'zod';
import { MAX_DECIMAL_LENGTH } from '../numbers/decimal.js';
import { BITS, FIELD_ORDER, VALUE_DECIMALS } from '../protocol/constants.js';
import { BASE_FIELD_ORDER } from '../setup/bn254Field.js';
import { NAME } from '../snapshot/validateRegistry.js';

const text = (pattern: RegExp, rule: string) => z.string().regex(pattern, { error: rule, abort: true });

const below = (bound: bigint, rule: string) =>
  text(/^(0|[1-9][0-9]{0,76})$/, rule).refine((digits) => BigInt(digits) < bound, rule);

const SHORT = `of at most ${MAX_DECIMAL_LENGTH} characters`;

/** A signed quantity, "-12.5". Never a JSON number: those are rounded on the way in. */
export const decimalText = text(/^-?[0-9]+(\.[0-9]+)?$/, 'must be a decimal string such as "-12.5"').max(
  MAX_DECIMAL_LENGTH,
  `must be a decimal string ${SHORT}`,
);

/** A quantity without sign, "12.5". */
export const unsignedText = text(/^[0-9]+(\.[0-9]+)?$/, 'must be a decimal string without sign such as "12.5"').max(
  MAX_DECIMAL_LENGTH,
  `must be a decimal string ${SHORT}`,
);

/** A public parameter without sign, exact also where no decimal is: "0.004" or "1/75". */
export const rationalText = text(
  /^([0-9]+(\.[0-9]+)?|[0-9]+\/[1-9][0-9]*)$/,
  'must be a decimal string or a fraction such as "0.004" or "1/75"',
).max(MAX_DECIMAL_LENGTH, `must be a decimal string or a fraction ${SHORT}`);

/** A field element in its one decimal form; the circuits' field, so that nothing is reduced silently. */
export const fieldElement = below(FIELD_ORDER, "must be a whole number in a string, below the field's order");

/** A coordinate of a proof point. */
export const coordinate = below(BASE_FIELD_ORDER, "must be a whole number in a string, below the base field's order");

/** A symbol, or the name of a venue. */
export const nameText = text(NAME, 'must be a name of 1 to 64 visible characters');

/** Words for people. */
export const noteText = z.string().max(200, 'must have at most 200 characters');

/** The name of a circuit: never a path. */
export const circuitName = text(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be the name of a circuit');

/** SHA-256 of a file, in hexadecimal. */
export const sha256Text = text(/^[0-9a-f]{64}$/, 'must be a SHA-256 hash: 64 hexadecimal digits in lower case');

const whole = (least: number, most: number) =>
  z
    .int(`must be a whole number from ${least} to ${most}`)
    .min(least, `must be at least ${least}`)
    .max(most, `must be at most ${most}`);

/** An asset's or instrument's id. */
export const entryId = whole(1, 2 ** BITS.id - 1);
export const amountDecimals = whole(0, VALUE_DECIMALS);
/** Seconds since 1970. */
export const seconds = whole(0, Number.MAX_SAFE_INTEGER);
export const versionNumber = whole(1, Number.MAX_SAFE_INTEGER);
export const wholeNumber = whole;

export const ladderRule = z.enum(['marginal', 'whole'], 'must be "marginal" or "whole"');
