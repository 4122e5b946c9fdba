import { ONE, type Rational, rational, ZERO } from '../../numbers/rational.js';
import type { ScenarioParameters } from '../../portfolio/portfolioParameters.js';

/**
 * The 16 scenarios of a SPAN risk array in their fixed order: the price unchanged and moved by one, two and three thirds of
 * its scan range, up before down, each with volatility up before down; then the extreme moves up and down, with volatility
 * unchanged. Source: CME SPAN; L. G. McMillan, Options as a Strategic Investment, on futures options.
 */
export interface SpanScenario {
  /** in price scan ranges; of an extreme move its sign */
  readonly ranges: Rational;
  readonly volatility: 1n | 0n | -1n;
  readonly extreme: boolean;
}

const THIRDS = [0n, 1n, -1n, 2n, -2n, 3n, -3n] as const;

export const SPAN_SCENARIOS: readonly SpanScenario[] = [
  ...THIRDS.flatMap((third) =>
    ([1n, -1n] as const).map((volatility) => ({ ranges: rational(third, 3n), volatility, extreme: false })),
  ),
  ...[ONE, rational(-1n)].map((ranges) => ({ ranges, volatility: 0n as const, extreme: true })),
];

/** No collateral moves in SPAN, so no scenario states a shock. `cover`: the part of an extreme loss that counts. */
export const spanScenarios = (cover: Rational): readonly ScenarioParameters[] =>
  SPAN_SCENARIOS.map(({ extreme }) => ({ weight: extreme ? cover : ONE, shock: ZERO, floorWeight: ZERO }));
