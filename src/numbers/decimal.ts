import { SolvencyError } from '../errors.js';

/** Longer texts are refused: no quantity of this system needs them, and reading digits costs more than linear time. */
export const MAX_DECIMAL_LENGTH = 100;

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/;

/**
 * Reads a decimal string ("-12.50") as an integer in units of 10^-decimals, exactly. Zeros at the end may go beyond
 * `decimals`. `where` names the place for the error; the text itself may be private and is never repeated.
 * Errors: INVALID_INPUT when it is no decimal string, NOT_REPRESENTABLE when it has more decimals than the unit.
 */
export function parseAmount(text: string, decimals: number, where: string): bigint {
  const match = text.length > MAX_DECIMAL_LENGTH ? null : DECIMAL.exec(text);
  if (match === null) {
    throw new SolvencyError(
      'INVALID_INPUT',
      `${where} must be a decimal string such as "-12.5", of at most ${MAX_DECIMAL_LENGTH} characters.`,
      { details: { where } },
    );
  }
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  if (fraction.length > decimals) {
    throw new SolvencyError(
      'NOT_REPRESENTABLE',
      `${where} has ${fraction.length} decimals, and at most ${decimals} can be represented. Nothing is rounded here: give it with at most ${decimals} decimals.`,
      { details: { where, decimals } },
    );
  }
  const magnitude = BigInt(`${match[2]}${fraction.padEnd(decimals, '0')}`);
  return match[1] === '-' ? -magnitude : magnitude;
}

/** The shortest decimal string of an integer in units of 10^-decimals; exact. */
export function formatAmount(value: bigint, decimals: number): string {
  const digits = (value < 0n ? -value : value).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${whole}${fraction === '' ? '' : `.${fraction}`}`;
}
