import { boolean } from '../numbers/boolean.js';
import { constrain } from '../numbers/constraint.js';
import { maximum } from '../numbers/maximum.js';
import { ranged } from '../numbers/ranged.js';
import { signSplit } from '../numbers/signSplit.js';
import { STANDARD } from '../protocol/constants.js';
import type { OptionSlot } from './optionSlot.js';

/** What the options of an account pay and require, by place. All but `calls` and `puts` in 1e-16 quote. */
interface Payoffs {
  /** net units from the first place of the expiry up to this one */
  readonly calls: bigint;
  readonly isolated: bigint;
  /** net units from this place to the last one of the expiry */
  readonly puts: bigint;
  readonly atStrike: bigint;
  /** at zero, in the first place of an expiry; 0 elsewhere */
  readonly atZero: bigint;
}

function payoffs(sorted: readonly OptionSlot[], joins: readonly bigint[]): readonly Payoffs[] {
  const up: { calls: bigint; isolated: bigint; pay: bigint }[] = [];
  sorted.forEach((slot, p) => {
    const before = up[p - 1];
    const join = before === undefined ? 0n : (joins[p] as bigint);
    up.push({
      calls: slot.calls + join * (before?.calls ?? 0n),
      isolated: slot.isolated + join * (before?.isolated ?? 0n),
      pay: join * ((before?.pay ?? 0n) + (before?.calls ?? 0n) * (slot.strike - (sorted[p - 1]?.strike ?? 0n))),
    });
  });
  const down: { puts: bigint; pay: bigint }[] = [];
  for (let p = sorted.length - 1; p >= 0; p--) {
    const slot = sorted[p] as OptionSlot;
    const after = down[p + 1];
    const join = after === undefined ? 0n : (joins[p + 1] as bigint);
    down[p] = {
      puts: slot.puts + join * (after?.puts ?? 0n),
      pay: join * ((after?.pay ?? 0n) + (after?.puts ?? 0n) * ((sorted[p + 1]?.strike ?? 0n) - slot.strike)),
    };
  }
  return sorted.map(({ strike }, p) => {
    const calls = up[p] as (typeof up)[number];
    const puts = down[p] as (typeof down)[number];
    return {
      calls: calls.calls,
      isolated: calls.isolated,
      puts: puts.puts,
      atStrike: calls.pay + puts.pay,
      atZero: (1n - (joins[p] as bigint)) * (puts.pay + puts.puts * strike),
    };
  });
}

/** Twin of ExpiryMargins: margin of all options in 1e-16 quote. */
export function expiryMargins(
  sorted: readonly OptionSlot[],
  joins: readonly bigint[],
  worstLoss: readonly bigint[],
  takesIsolated: readonly bigint[],
): bigint {
  const places = payoffs(sorted, joins);
  return places.reduce((margin, { calls, isolated, atStrike, atZero }, p) => {
    const loss = worstLoss[p] as bigint;
    ranged(STANDARD.lossBits, loss);
    ranged(STANDARD.lossBits + 1, loss + atStrike);
    ranged(STANDARD.lossBits + 1, loss + atZero);
    constrain(
      p === 0 || joins[p] === 0n || loss === worstLoss[p - 1],
      'ExpiryMargins',
      'an expiry has more than one bound of its loss',
    );
    const unpaired = (sorted[p] as OptionSlot).unpaired * signSplit(STANDARD.callsBits, calls).negative;
    boolean(takesIsolated[p] as bigint);
    if (joins[p + 1] === 1n) return margin;
    return margin + (takesIsolated[p] === 1n ? isolated : loss + unpaired);
  }, 0n);
}

/** What a prover gives to ExpiryMargins: for each expiry its exact worst loss, and the lesser of its margins. */
export function leastMargins(
  sorted: readonly OptionSlot[],
  joins: readonly bigint[],
): { readonly worstLoss: readonly bigint[]; readonly takesIsolated: readonly bigint[] } {
  const places = payoffs(sorted, joins);
  const losses: bigint[] = [];
  places.forEach(({ atStrike, atZero }, p) => {
    losses[p] = maximum([joins[p] === 1n ? (losses[p - 1] as bigint) : 0n, -atStrike, -atZero]);
  });
  // the last place of an expiry knows the loss at all of them
  for (let p = losses.length - 2; p >= 0; p--) if (joins[p + 1] === 1n) losses[p] = losses[p + 1] as bigint;
  return {
    worstLoss: losses,
    takesIsolated: places.map(({ calls, isolated }, p) => {
      const unpaired = calls < 0n ? -calls * (sorted[p] as OptionSlot).unpaired : 0n;
      return isolated < (losses[p] as bigint) + unpaired ? 1n : 0n;
    }),
  };
}
