import {
  absolute,
  compare,
  formatRational,
  multiply,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../numbers/rational.js';
import type { Evaluation, Figure } from './evaluator.js';
import { type Json, type JsonObject, readNumber } from './json.js';

/** How far a figure may lie from the expected one. */
export interface Tolerance {
  readonly kind: 'absolute' | 'relative';
  readonly amount: Rational;
}

const NUMBER = String.raw`\d+(?:\.\d+)?(?:[eE][+-]?\d+)?`;
const EXACT = /^(?:exact(?: integers?)?|boolean)(?: \(.*\))?$/;
const RELATIVE = new RegExp(`^(${NUMBER}) relative(?: \\(.*\\))?$`);
const ABSOLUTE = new RegExp(`^(${NUMBER})(?: USD)?(?: \\(.*\\))?$`);

/** Reads the tolerance that a case states in words; undefined when it is none of the known forms. */
export function readTolerance(text: string): Tolerance | undefined {
  if (EXACT.test(text)) return { kind: 'absolute', amount: ZERO };
  const relative = RELATIVE.exec(text);
  const amount = readNumber((relative ?? ABSOLUTE.exec(text))?.[1] ?? '');
  return amount === undefined ? undefined : { kind: relative === null ? 'absolute' : 'relative', amount };
}

/** The tolerance around a figure, in that figure's unit. */
export const allowance = (tolerance: Tolerance, around: Rational): Rational =>
  tolerance.kind === 'absolute' ? tolerance.amount : multiply(tolerance.amount, absolute(around));

const matches = (expected: Json, got: Figure, tolerance: Tolerance): boolean => {
  if (typeof expected !== 'string' || got === null || typeof got === 'boolean') return expected === got;
  const value = readNumber(expected);
  return value !== undefined && compare(absolute(subtract(got, value)), allowance(tolerance, value)) <= 0;
};

/** A short text of a figure: exact where that is short, else to 18 decimals with an ellipsis. */
export function showFigure(figure: Figure | undefined): string {
  if (figure === undefined) return 'no such figure in this model';
  if (figure === null || typeof figure === 'boolean') return String(figure);
  const exact = formatRational(figure);
  if (!exact.includes('/')) return exact;
  const scaled = multiply(absolute(figure), rational(10n ** 18n));
  const digits = (scaled.num / scaled.den).toString().padStart(19, '0');
  return `${figure.num < 0n ? '-' : ''}${digits.slice(0, -18)}.${digits.slice(-18)}...`;
}

export interface Mismatch {
  readonly field: string;
  readonly expected: string;
  readonly got: string;
  readonly tolerance: string;
  readonly remark?: string;
}

/**
 * Compares every figure under `expected` with the model's. A field that the model does not know is a mismatch, and so is
 * everything under a tolerance that cannot be read: nothing expected is ever passed over.
 */
export function judge(expected: JsonObject, evaluation: Evaluation, toleranceText: string): readonly Mismatch[] {
  const tolerance = readTolerance(toleranceText);
  if (Object.keys(expected).length === 0) {
    return [{ field: '(none)', expected: 'a figure to compare', got: 'only inputs', tolerance: toleranceText }];
  }
  return Object.entries(expected).flatMap(([field, value]) => {
    const got = evaluation.figures.get(field);
    if (tolerance !== undefined && got !== undefined && matches(value, got, tolerance)) return [];
    const remark = evaluation.remarks?.get(field);
    return [
      {
        field,
        expected: typeof value === 'string' ? value : JSON.stringify(value),
        got: showFigure(got),
        tolerance: tolerance === undefined ? `unreadable: "${toleranceText}"` : toleranceText,
        ...(remark === undefined ? {} : { remark }),
      },
    ];
  });
}

const NET_PREFIX = { maintenance: 'net_MM', initial: 'net_IM' } as const;

/**
 * The verdict that a case itself states on a claim: its `*_ok` flag, else the sign of its net margin, else its equity
 * against its margin; undefined when it states none of these ("no verdict").
 */
export function statedVerdict(expected: JsonObject, claim: 'maintenance' | 'initial'): boolean | undefined {
  const flag = expected[`${claim}_ok`];
  if (typeof flag === 'boolean') return flag;
  const figure = (name: string | undefined): Rational | undefined => {
    const value = name === undefined ? undefined : expected[name];
    return typeof value === 'string' ? readNumber(value) : undefined;
  };
  const net = figure(Object.keys(expected).find((key) => key.startsWith(NET_PREFIX[claim])));
  if (net !== undefined) return net.num >= 0n;
  const [equity, margin] = [figure('equity'), figure(`${claim}_margin`)];
  return equity === undefined || margin === undefined ? undefined : compare(equity, margin) >= 0;
}
