import { z } from 'zod';
import { isLongSalt } from '../account/salt.js';
import { MAX_DECIMAL_LENGTH } from '../numbers/decimal.js';
import { LAST_TIME } from '../numbers/isoTime.js';
import { BITS, FIELD_ORDER, VALUE_DECIMALS } from '../protocol/constants.js';
import { BASE_FIELD_ORDER } from '../setup/bn254Field.js';
import { NAME } from '../snapshot/validateRegistry.js';

// Every rule of what stands in lists aborts: a long file is then left at its first fault, see readFormat.
/** A text of that form; `rule` says which. */
export const patternText = (pattern: RegExp, rule: string) => z.string().regex(pattern, { error: rule, abort: true });

/** A text of a form, and under a rule that the pattern does not say. */
export const refined = <Schema extends z.ZodType<string>>(
  schema: Schema,
  isSound: (text: string) => boolean,
  rule: string,
) => schema.refine(isSound, { error: rule, abort: true });

const below = (bound: bigint, rule: string) =>
  refined(patternText(/^(0|[1-9][0-9]{0,76})$/, rule), (digits) => BigInt(digits) < bound, rule);

const SHORT = `of at most ${MAX_DECIMAL_LENGTH} characters`;

/** A signed quantity, "-12.5". Never a JSON number: those are rounded on the way in. */
export const decimalText = patternText(/^-?[0-9]+(\.[0-9]+)?$/, 'must be a decimal string such as "-12.5"').max(
  MAX_DECIMAL_LENGTH,
  { error: `must be a decimal string ${SHORT}`, abort: true },
);

/** A quantity without sign, "12.5". */
export const unsignedText = patternText(
  /^[0-9]+(\.[0-9]+)?$/,
  'must be a decimal string without sign such as "12.5"',
).max(MAX_DECIMAL_LENGTH, { error: `must be a decimal string ${SHORT}`, abort: true });

/** A public parameter without sign, exact also where no decimal is: "0.004" or "1/75". */
export const rationalText = patternText(
  /^([0-9]+(\.[0-9]+)?|[0-9]+\/[1-9][0-9]*)$/,
  'must be a decimal string or a fraction such as "0.004" or "1/75"',
).max(MAX_DECIMAL_LENGTH, { error: `must be a decimal string or a fraction ${SHORT}`, abort: true });

/** A field element in its one decimal form; the circuits' field, so that nothing is reduced silently. */
export const fieldElement = below(FIELD_ORDER, "must be a whole number in a string, below the field's order");

/** The salt of a leaf or of totals. */
export const saltElement = refined(
  fieldElement,
  (digits) => isLongSalt(BigInt(digits)),
  'must have at least 128 bits: a salt is drawn of 248 random bits, and a short one lets others guess what it hides',
);

/** A coordinate of a proof point. */
export const coordinate = below(BASE_FIELD_ORDER, "must be a whole number in a string, below the base field's order");

/** A symbol, or the name of a venue. */
export const nameText = patternText(NAME, 'must be a name of 1 to 64 visible characters');

/** Words for people. */
export const noteText = z.string().max(200, { error: 'must have at most 200 characters', abort: true });

/** The name of a circuit: never a path. */
export const circuitName = patternText(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be the name of a circuit');

/** SHA-256 of a file, in hexadecimal. */
export const sha256Text = patternText(/^[0-9a-f]{64}$/, 'must be a SHA-256 hash: 64 hexadecimal digits in lower case');

const whole = (least: number, most: number) =>
  z
    .int(`must be a whole number from ${least} to ${most}`)
    .min(least, { error: `must be at least ${least}`, abort: true })
    .max(most, { error: `must be at most ${most}`, abort: true });

/** An asset's or instrument's id. */
export const entryId = whole(1, 2 ** BITS.id - 1);
export const amountDecimals = whole(0, VALUE_DECIMALS);
/** Seconds since 1970, up to the last that ECMAScript has a date for: later ones could be read and never be shown. */
export const seconds = whole(0, LAST_TIME);
export const versionNumber = whole(1, Number.MAX_SAFE_INTEGER);
export const wholeNumber = whole;

export const ladderRule = z.enum(['marginal', 'whole'], 'must be "marginal" or "whole"');
