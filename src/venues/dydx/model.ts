/**
 * dYdX v4 in exact integers, with every rounding where the chain has it. Money in quote quantums of 1e-6 USDC:
 *
 *   notional      = quantums * price * 10^(exponent + atomicResolution + 6), truncated toward zero
 *   base initial  = ceil(|notional| * im / 1e6)
 *   maintenance   = ceil(base initial * fraction / 1e6)             two ceilings, and never scaled by open interest
 *   initial       = ceil(|notional| * imf / 1e6), imf = max(custom, im scaled by open interest)
 *   scaled        = im + floor((1e6 - im) * (OI - lower) / (upper - lower)), im below the lower cap, 1e6 from the upper on
 *   funding       = floor(sum of -(index - index of the position) * quantums / 1e6), one floor for the account
 *
 * Collateralised when equity >= margin; liquidatable when maintenance > 0 and maintenance > equity.
 * Checked against the test suite of dydxprotocol/v4-chain (commit 84d4664b).
 */

export const PPM = 1_000_000n;
const QUOTE_RESOLUTION = 6n;

export interface DydxMarket {
  readonly price: bigint;
  readonly exponent: bigint;
  readonly atomicResolution: bigint;
  readonly fundingIndex: bigint;
  readonly openInterest: bigint;
  readonly initialMarginPpm: bigint;
  readonly maintenanceFractionPpm: bigint;
  /** in quote quantums; 0 for either: no scaling */
  readonly openInterestLowerCap: bigint;
  readonly openInterestUpperCap: bigint;
}

export interface DydxPosition {
  readonly perpetual: string;
  readonly quantums: bigint;
  readonly fundingIndex: bigint;
  /** the account's own initial margin fraction, 0 for none */
  readonly customImfPpm: bigint;
  readonly market: DydxMarket;
}

export interface DydxAccount {
  readonly usdc: bigint;
  readonly positions: readonly DydxPosition[];
}

export interface DydxRisk {
  readonly equity: bigint;
  readonly initialMargin: bigint;
  readonly maintenanceMargin: bigint;
}

const magnitude = (value: bigint): bigint => (value < 0n ? -value : value);

/** Ceiling of a non-negative numerator over a positive denominator. */
const ceilDiv = (numerator: bigint, denominator: bigint): bigint => (numerator + denominator - 1n) / denominator;

const floorDiv = (numerator: bigint, denominator: bigint): bigint => {
  const quotient = numerator / denominator;
  return numerator < 0n && quotient * denominator !== numerator ? quotient - 1n : quotient;
};

/** Signed value of base quantums in quote quantums, truncated toward zero as bigint division does. */
export function notionalOf(
  quantums: bigint,
  { price, exponent, atomicResolution }: Pick<DydxMarket, 'price' | 'exponent' | 'atomicResolution'>,
): bigint {
  const power = exponent + atomicResolution + QUOTE_RESOLUTION;
  const value = quantums * price;
  return power >= 0n ? value * 10n ** power : value / 10n ** -power;
}

/** Initial margin fraction under an open interest in quote quantums. */
export function scaledInitialPpm(
  {
    initialMarginPpm,
    openInterestLowerCap: lower,
    openInterestUpperCap: upper,
  }: Pick<DydxMarket, 'initialMarginPpm' | 'openInterestLowerCap' | 'openInterestUpperCap'>,
  openInterest: bigint,
): bigint {
  if (lower === 0n || upper === 0n || openInterest <= lower) return initialMarginPpm;
  if (openInterest >= upper) return PPM;
  return initialMarginPpm + ((PPM - initialMarginPpm) * (openInterest - lower)) / (upper - lower);
}

/** Initial margin of a notional at a fraction. */
export const initialMarginAt = (notional: bigint, ppm: bigint): bigint => ceilDiv(magnitude(notional) * ppm, PPM);

/** Maintenance margin of a notional: from the base initial margin, both rounded up. */
export const maintenanceMarginAt = (
  notional: bigint,
  { initialMarginPpm, maintenanceFractionPpm }: Pick<DydxMarket, 'initialMarginPpm' | 'maintenanceFractionPpm'>,
): bigint => ceilDiv(initialMarginAt(notional, initialMarginPpm) * maintenanceFractionPpm, PPM);

/** A position's initial margin fraction: its own choice or the market's, whichever is higher. */
export function initialPpmOf({ customImfPpm, market }: DydxPosition): bigint {
  const scaled = scaledInitialPpm(market, magnitude(notionalOf(market.openInterest, market)));
  return customImfPpm > scaled ? customImfPpm : scaled;
}

/** The USDC balance after unsettled funding. */
export function settledUsdc({ usdc, positions }: DydxAccount): bigint {
  const funding = positions.reduce(
    (total, { market, fundingIndex, quantums }) => total - (market.fundingIndex - fundingIndex) * quantums,
    0n,
  );
  return usdc + floorDiv(funding, PPM);
}

export function riskOf(account: DydxAccount): DydxRisk {
  const total = (of: (position: DydxPosition, notional: bigint) => bigint): bigint =>
    account.positions.reduce((sum, position) => sum + of(position, notionalOf(position.quantums, position.market)), 0n);
  return {
    equity: settledUsdc(account) + total((_, notional) => notional),
    initialMargin: total((position, notional) => initialMarginAt(notional, initialPpmOf(position))),
    maintenanceMargin: total((position, notional) => maintenanceMarginAt(notional, position.market)),
  };
}

export const isInitialCollateralized = ({ equity, initialMargin }: Omit<DydxRisk, 'maintenanceMargin'>): boolean =>
  equity >= initialMargin;
export const isMaintenanceCollateralized = ({ equity, maintenanceMargin }: Omit<DydxRisk, 'initialMargin'>): boolean =>
  equity >= maintenanceMargin;
export const isLiquidatable = ({ equity, maintenanceMargin }: Omit<DydxRisk, 'initialMargin'>): boolean =>
  maintenanceMargin > 0n && maintenanceMargin > equity;
