import { BITS, RATE_SCALE, WEIGHTED } from '../protocol/constants.js';
import type { RegistryEntry } from '../snapshot/registry.js';
import type { WeightedInstrument, WeightedSide, WeightedSnapshot } from '../snapshot/snapshot.js';
import { violation } from '../snapshot/validateRegistry.js';

/** Checks what WeightedMargin takes for granted of its tables; `entries` are the instruments' in the registry. */
export function validateWeighted({ model, instruments }: WeightedSnapshot, entries: readonly RegistryEntry[]): void {
  if (model.rateStep < 1n || model.rateStep > WEIGHTED.maxRateStep) {
    violation('model', `the step of rates must be from 1 to ${WEIGHTED.maxRateStep} parts per million`);
  }
  instruments.forEach((instrument, index) => {
    validateInstrument(instrument, entries[index] as RegistryEntry);
  });
}

function validateInstrument(instrument: WeightedInstrument, entry: RegistryEntry): void {
  const where = `instrument ${entry.symbol}`;
  const { price, gainWeight, gainCap, long, short } = instrument;
  // a short option has no margin by its mark
  if (entry.kind === 'option') violation(where, 'this model knows no options');
  if (price <= 0n || price >= 1n << BigInt(WEIGHTED.priceBits)) {
    violation(where, `the mark must be above zero and below 2^${WEIGHTED.priceBits} in its unit`);
  }
  if (gainWeight < 0n || gainWeight > RATE_SCALE) violation(where, 'the weight of profits must be from 0 to 1');
  if (gainCap !== null && (gainCap < 0n || gainCap >= 1n << BigInt(WEIGHTED.profitBits))) {
    violation(where, `the cap of profits must be from 0 to 2^${WEIGHTED.profitBits} - 1 in its unit`);
  }
  validateSide(long, entry, `${where} long`);
  validateSide(short, entry, `${where} short`);

  // a prover picks neither side, but a position that gains by its own price would pay for others
  if (long.price > price) violation(`${where} long`, 'a long must not be valued above the mark');
  const isDebt = short.price === 0n && short.rate >= RATE_SCALE && short.marginPrice >= price;
  if (short.price < price && !isDebt) {
    violation(
      `${where} short`,
      'a short must not be valued below the mark, but for a debt, which is valued at 0 and required in full at the mark',
    );
  }
  // its cost alone would be a profit
  if (isDebt && gainWeight !== 0n && gainCap !== 0n) violation(`${where} short`, 'a debt must not earn a profit');
}

function validateSide(side: WeightedSide, { amountDecimals }: RegistryEntry, where: string): void {
  const [priceBound, rateBound] = [1n << BigInt(WEIGHTED.priceBits), 1n << BigInt(BITS.rate)];
  const bounds: readonly (readonly [value: bigint, bound: bigint, what: string])[] = [
    [side.price, priceBound, `the price must be from 0 to 2^${WEIGHTED.priceBits} - 1 in its unit`],
    [side.marginPrice, priceBound, `the margin price must be from 0 to 2^${WEIGHTED.priceBits} - 1 in its unit`],
    [side.rate, rateBound, `the rate must be from 0 to 2^${BITS.rate} - 1 parts per million`],
    [side.premiumBase, rateBound, `the base of the premium must be from 0 to 2^${BITS.rate} - 1 parts per million`],
    [
      side.premium,
      rateBound,
      `the premium must be from 0, so that rates do not fall as sizes grow, to 2^${BITS.rate} - 1 parts per million`,
    ],
    [
      side.quadratic,
      1n << BigInt(WEIGHTED.growthBits),
      `the quadratic part must be from 0, so that rates do not fall as sizes grow, to 2^${WEIGHTED.growthBits} - 1 in its unit`,
    ],
  ];
  for (const [value, bound, rule] of bounds) if (value < 0n || value >= bound) violation(where, rule);
  // the root is taken of 1e-10 units
  if (side.premium > 0n && amountDecimals > WEIGHTED.rootDecimals) {
    violation(where, `with a premium for size an instrument may have at most ${WEIGHTED.rootDecimals} amount decimals`);
  }
}
