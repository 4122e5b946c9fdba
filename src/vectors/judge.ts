import {
  absolute,
  compare,
  divide,
  formatRational,
  multiply,
  ONE,
  type Rational,
  rational,
  subtract,
  ZERO,
} from '../numbers/rational.js';
import type { Evaluation, Figure, Figures } from './evaluator.js';
import { isObject, type Json, type JsonObject, readNumber } from './json.js';

/**
 * How far a figure may lie from the expected one: by an amount in quote units, by a part of the expected figure (near zero
 * by an amount all the same, where the source does so), or by what is lost when it is truncated toward zero to whole quote
 * units.
 */
export type Tolerance =
  | { readonly kind: 'absolute' | 'relative'; readonly amount: Rational }
  | { readonly kind: 'relativeUnlessTiny'; readonly amount: Rational }
  | { readonly kind: 'truncated' };

/**
 * A source that recomputes in floats cannot hold a relative tolerance near zero: a difference of two equal values leaves
 * noise. It then asserts an absolute one: derivexyz/v2-core (commit 7736900d),
 * test/risk-managers/unit-tests/PMRM_2/TestPMRM_2_PortfolioCasesNEW.t.sol, where either figure is below 1e-10.
 */
const TINY = { below: rational(1n, 10n ** 10n), amount: rational(1n, 10n ** 8n) };

const NUMBER = String.raw`(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)`;
const AFTERWORD = String.raw`(?: \(.*\))?$`;
const EXACT = new RegExp(`^(?:exact(?: integers?)?|boolean)${AFTERWORD}`);
// whole figures whose rounding the case repeats from its source
const EXACT_LEVELS = /^exact integer; MM=ceil, other levels floor\(MM\*factor\)$/;
const TRUNCATED = new RegExp(`^exact after truncation toward zero to whole USD${AFTERWORD}`);
const RELATIVE = [
  new RegExp(`^${NUMBER} relative${AFTERWORD}`),
  new RegExp(`^source asserts relative ${NUMBER}${AFTERWORD}`),
  new RegExp(`^relative ${NUMBER} in source${AFTERWORD}`),
];
const RELATIVE_UNLESS_TINY = new RegExp(
  String.raw`^source asserts \|x-y\|/\|y\| <= ${NUMBER}(?: for [^()]*)?${AFTERWORD}`,
);
const ABSOLUTE = new RegExp(`^${NUMBER}(?: USD)?${AFTERWORD}`);
const WEI = new RegExp(`^source asserts absolute ${NUMBER} wei${AFTERWORD}`);
const WEI_PER_QUOTE = rational(10n ** 18n);

/** Reads the tolerance that a case states in words; undefined when it is none of the known forms. */
export function readTolerance(text: string): Tolerance | undefined {
  if (EXACT.test(text) || EXACT_LEVELS.test(text)) return { kind: 'absolute', amount: ZERO };
  if (TRUNCATED.test(text)) return { kind: 'truncated' };
  const amountIn = (form: RegExp): Rational | undefined => readNumber(form.exec(text)?.[1] ?? '');
  for (const form of RELATIVE) {
    const part = amountIn(form);
    if (part !== undefined) return { kind: 'relative', amount: part };
  }
  const unlessTiny = amountIn(RELATIVE_UNLESS_TINY);
  if (unlessTiny !== undefined) return { kind: 'relativeUnlessTiny', amount: unlessTiny };
  const wei = amountIn(WEI);
  const amount = wei === undefined ? amountIn(ABSOLUTE) : divide(wei, WEI_PER_QUOTE);
  return amount === undefined ? undefined : { kind: 'absolute', amount };
}

/** The tolerance around a figure, in quote units as the figure is. */
export function allowance(tolerance: Tolerance, around: Rational): Rational {
  if (tolerance.kind === 'truncated') return ONE;
  return tolerance.kind === 'absolute' ? tolerance.amount : multiply(tolerance.amount, absolute(around));
}

/** Units of a field in one quote unit: "net_MM_1e18" counts in 1e-18. */
const unitsOf = (field: string): Rational => rational(10n ** BigInt(/_1e(\d{1,2})$/.exec(field)?.[1] ?? '0'));

function matches(field: string, expected: Json, got: Figure, tolerance: Tolerance): boolean {
  if (typeof expected !== 'string' || got === null || typeof got === 'boolean') return expected === got;
  const value = readNumber(expected);
  if (value === undefined) return false;
  const units = unitsOf(field);
  if (tolerance.kind === 'truncated') return compare(rational(got.num / got.den), value) === 0;
  const isTiny = [value, got].some((figure) => compare(absolute(divide(figure, units)), TINY.below) < 0);
  const allowed =
    tolerance.kind === 'relativeUnlessTiny' && isTiny
      ? multiply(TINY.amount, units)
      : multiply(allowance(tolerance, divide(value, units)), units);
  return compare(absolute(subtract(got, value)), allowed) <= 0;
}

const isFigure = (value: Figures): value is Figure =>
  value === null || typeof value === 'boolean' || (!Array.isArray(value) && 'den' in value);

/** A short text of a figure: exact where that is short, else to 18 decimals with an ellipsis. */
export function showFigure(figure: Figures | undefined): string {
  if (figure === undefined) return 'no such figure in this model';
  if (figure === null || typeof figure === 'boolean') return String(figure);
  if (Array.isArray(figure)) return `a list of ${figure.length}`;
  if (!isFigure(figure)) return `a table of ${Object.keys(figure).join(', ')}`;
  const exact = formatRational(figure);
  if (/^-?\d+(?:\.\d{1,18})?$/.test(exact)) return exact;
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

interface Compared {
  readonly field: string;
  readonly expected: Json;
  readonly got: Figures | undefined;
}

/**
 * The single figures of an expected value, each with the model's: lists item by item, tables name by name. A list of
 * another length, an empty table, or a value of another shape is left whole, and matches nothing.
 */
function pairs({ field, expected, got }: Compared): readonly Compared[] {
  if (Array.isArray(expected) && Array.isArray(got) && expected.length === got.length) {
    return expected.flatMap((item: Json, index) =>
      pairs({ field: `${field}[${index}]`, expected: item, got: got[index] as Figures }),
    );
  }
  const isTable = got !== undefined && !Array.isArray(got) && !isFigure(got);
  if (isObject(expected) && isTable && Object.keys(expected).length > 0) {
    const table = got as { readonly [name: string]: Figures };
    return figuresOf(expected).flatMap(([name, item]) =>
      pairs({ field: `${field}.${name}`, expected: item, got: Object.hasOwn(table, name) ? table[name] : undefined }),
    );
  }
  return [{ field, expected, got }];
}

/** A note beside the figures is prose. */
const figuresOf = (expected: JsonObject): readonly (readonly [string, Json])[] =>
  Object.entries(expected).filter(([name]) => name !== 'note');

/**
 * Compares every figure under `expected` with the model's. A field that the model does not know is a mismatch, and so is
 * everything under a tolerance that cannot be read: nothing expected is ever passed over.
 */
export function judge(expected: JsonObject, evaluation: Evaluation, toleranceText: string): readonly Mismatch[] {
  const tolerance = readTolerance(toleranceText);
  const compared = figuresOf(expected).flatMap(([field, value]) =>
    pairs({ field, expected: value, got: evaluation.figures.get(field) }),
  );
  if (compared.length === 0) {
    return [{ field: '(none)', expected: 'a figure to compare', got: 'only inputs', tolerance: toleranceText }];
  }
  return compared.flatMap(({ field, expected: value, got }) => {
    if (tolerance !== undefined && got !== undefined && isFigure(got) && matches(field, value, got, tolerance))
      return [];
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
 * The verdict that a case itself states on a claim: its `*_ok` flag, or its `ok` of the requirement type that it names, else
 * the sign of its net margin, else its equity against its margin; undefined when it states none of these ("no verdict").
 */
export function statedVerdict(expected: JsonObject, claim: 'maintenance' | 'initial'): boolean | undefined {
  const flag = expected[`${claim}_ok`];
  if (typeof flag === 'boolean') return flag;
  const { ok, requirement_type: type } = expected;
  if (typeof ok === 'boolean' && typeof type === 'string' && type.toLowerCase() === claim) return ok;
  const figure = (name: string | undefined): Rational | undefined => {
    const value = name === undefined ? undefined : expected[name];
    return typeof value === 'string' ? readNumber(value) : undefined;
  };
  const net = figure(Object.keys(expected).find((key) => key.startsWith(NET_PREFIX[claim])));
  if (net !== undefined) return net.num >= 0n;
  const [equity, margin] = [figure('equity'), figure(`${claim}_margin`)];
  return equity === undefined || margin === undefined ? undefined : compare(equity, margin) >= 0;
}
