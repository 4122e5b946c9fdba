/** What went wrong, as a stable word that programs can match on. */
export type ErrorCode =
  // the statement is false, a proof is invalid, or a verifier's expectation is not met
  | 'INSOLVENT'
  | 'BELOW_FLOOR'
  | 'PROOF_INVALID'
  | 'EXPECTATION_NOT_MET'
  // input that cannot be read, is unknown or out of range
  | 'INVALID_INPUT'
  | 'UNREADABLE'
  | 'UNWRITABLE'
  | 'UNSUPPORTED_VERSION'
  | 'UNKNOWN_INSTRUMENT'
  | 'UNKNOWN_ASSET'
  | 'UNKNOWN_CIRCUIT'
  | 'OUT_OF_RANGE'
  | 'NOT_REPRESENTABLE'
  | 'DUPLICATE'
  | 'TOO_MANY_POSITIONS'
  | 'TOO_MANY_ASSETS'
  | 'TOO_MANY_EXPIRIES'
  | 'TOO_MANY_UNDERLYINGS'
  | 'STALE_SNAPSHOT'
  | 'INVALID_SNAPSHOT'
  | 'MISSING_PRICE'
  // market data that parameters cannot be made of
  | 'INVALID_HISTORY'
  | 'INVALID_CORRELATION'
  | 'INVALID_VOLATILITY'
  | 'EXPIRED_OPTION'
  | 'TOO_FEW_SCENARIOS'
  | 'MISMATCH'
  | 'ARTIFACT_MISSING'
  | 'ARTIFACT_ALTERED'
  | 'INSECURE_KEY'
  | 'COMPILE_FAILED'
  | 'CHAIN'
  | 'CANCELLED'
  // a fault of this software
  | 'INTERNAL';

const EXIT_CODE_1: ReadonlySet<ErrorCode> = new Set([
  'INSOLVENT',
  'BELOW_FLOOR',
  'PROOF_INVALID',
  'EXPECTATION_NOT_MET',
]);

/** Plain, JSON-safe facts about an error: where it is and what was found. Never a private value unless `ownerOnly`. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/**
 * The one error of this package. `message` says what was wrong, where, and what to do, and holds nothing private;
 * `ownerOnly` holds what only the account's owner may see (a shortfall) and is left out of `toJSON`.
 */
export class SolvencyError extends Error {
  override readonly name = 'SolvencyError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly ownerOnly: ErrorDetails;

  constructor(
    code: ErrorCode,
    message: string,
    options: { details?: ErrorDetails; ownerOnly?: ErrorDetails; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    // not enumerable, so that a logger that walks the error does not print it
    this.ownerOnly = {};
    Object.defineProperty(this, 'ownerOnly', { value: options.ownerOnly ?? {}, enumerable: false });
  }

  /** The process exit code: 1 statement false, 2 bad input, 3 internal fault. */
  get exitCode(): 1 | 2 | 3 {
    if (this.code === 'INTERNAL') return 3;
    return EXIT_CODE_1.has(this.code) ? 1 : 2;
  }

  toJSON(): { code: ErrorCode; message: string; details: ErrorDetails } {
    return { code: this.code, message: this.message, details: this.details };
  }
}
