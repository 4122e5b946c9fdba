// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "roundedUp.circom";

// Margin of one position in whole quantums, rounded up twice as the venue does:
//
//   base         ceil(notional x baseRate / 10^6)
//   requirement  ceil(base x fraction / 10^6)
//
// Only what a division cuts through is rounded, which keeps the quotients short. With notional = low + 10^6 middle + 10^12 high
//
//   base         10^6 high x baseRate + lower, lower = middle x baseRate + ceil(low x baseRate / 10^6)
//   requirement  high x baseRate x fraction + ceil(lower x fraction / 10^6)
//
// which are the same numbers however the notional is split, since whole terms pass through a ceiling.
//
// @input  low          part of the notional in quantums, below 2^20
// @input  middle       the next one, below 2^20
// @input  high         the rest, below 2^47
// @input  baseRate     parts per million, at most 10^6
// @input  fraction     parts per million, at most 10^6
// @output requirement  quantums, at most the notional
template MarginRequirement() {
    signal input low;
    signal input middle;
    signal input high;
    signal input baseRate;
    signal input fraction;
    signal output requirement;

    // 1. the base margin of what the first division cuts through
    component lowMargin = RoundedUp(QUANTIZED_DIGIT_BITS());
    lowMargin.in <== low * baseRate;

    // 2. the fraction of what the second one cuts through
    signal lower <== middle * baseRate + lowMargin.out;
    component lowerMargin = RoundedUp(QUANTIZED_LOWER_MARGIN_BITS());
    lowerMargin.in <== lower * fraction;

    // 3. the rest is whole
    signal rate <== baseRate * fraction;
    requirement <== high * rate + lowerMargin.out;
}
