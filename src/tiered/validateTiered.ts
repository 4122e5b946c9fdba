import { BITS, MAX_TIERS } from '../protocol/constants.js';
import type { RegistryEntry } from '../snapshot/registry.js';
import type { InstrumentParameters, LadderRule, TieredSnapshot } from '../snapshot/snapshot.js';
import { RULES, validateCaps, validatePrice } from '../snapshot/validate.js';
import { violation } from '../snapshot/validateRegistry.js';

const RATE_BOUND = 1n << BigInt(BITS.rate);
/** Every requirement of one position is below it, so a deduction above it could only be there to wrap. */
const OFFSET_BOUND = 1n << BigInt(BITS.amount + BITS.price + BITS.rate);

/** Checks what TieredMargin takes for granted of its instruments; `entries` are theirs in the registry. */
export function validateTiered({ model, instruments }: TieredSnapshot, entries: readonly RegistryEntry[]): void {
  if (!RULES.includes(model.tiers)) violation('model', `the rule of tiers must be one of ${RULES.join(', ')}`);
  for (const [index, instrument] of instruments.entries()) {
    validateTieredInstrument(instrument, model.tiers, `instrument ${entries[index]?.symbol}`);
  }
}

function validateTieredInstrument(instrument: InstrumentParameters, rule: LadderRule, where: string): void {
  const { price, tiers } = instrument;
  validatePrice(price, where);
  if (tiers.length === 0) violation(where, 'it must have at least one tier');
  if (tiers.length > MAX_TIERS) violation(where, `it may have at most ${MAX_TIERS} tiers and has ${tiers.length}`);
  validateCaps(
    tiers.map(({ notionalCap }) => notionalCap),
    where,
  );
  const top = tiers.at(-1)?.notionalCap;
  if (top !== null && top !== undefined && top < price) {
    violation(where, 'the last cap must hold at least the smallest size: one unit of 10^-amountDecimals at the mark');
  }
  for (const [index, { rate, deduction }] of tiers.entries()) {
    const here = `${where} tier ${index}`;
    const below = tiers[index - 1];
    if (rate < 0n || rate >= RATE_BOUND) violation(here, 'the rate must be from 0 to 2^24 - 1 parts per million');
    if (rate < (below?.rate ?? 0n)) violation(here, 'the rate must not be below that of the tier below');
    // Continuous from zero with rates that do not fall: the requirement is the maximum of its pieces and never negative.
    const continuous = below === undefined ? 0n : below.deduction + (below.notionalCap ?? 0n) * (rate - below.rate);
    if (rule === 'marginal' && deduction !== continuous) {
      violation(
        here,
        'the deduction must be that of the tier below plus the cap between them times the step of the rate',
      );
    }
    if (rule === 'whole' && deduction !== 0n) violation(here, 'a rate on the whole notional has no deduction');
    if (deduction >= OFFSET_BOUND) violation(here, 'the deduction must be below 2^152 in 1e-22 quote units');
  }
}
