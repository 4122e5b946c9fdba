// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/below.circom";
include "../numbers/ranged.circom";

// |size| x price in whole quote quantums, what is left over dropped, and split in three to the base 10^6:
//
//   size x price = (low + 10^6 middle + 10^12 high) x 10^10 + remainder, 1e-16 quote, below 2^120
//   remainder    below 10^10, exactly
//   low, middle  below 2^20
//   high         below 2^47
//
// The right side is below 2^122, so that the equation holds among integers and quantums is the only quotient. Its split
// may be another one where a digit lies in [10^6, 2^20): MarginRequirement gives the same for every split.
//
// @input  size      |size|, below 2^64
// @input  price     mark, below 2^56
// @output low
// @output middle
// @output high
// @output quantums  of 1e-6 quote
template QuantumNotional() {
    signal input size;
    signal input price;
    signal output low;
    signal output middle;
    signal output high;
    signal output quantums;

    signal notional <== size * price;
    var whole = notional \ QUANTIZED_QUANTUM();
    low <-- whole % RATE_SCALE();
    middle <-- (whole \ RATE_SCALE()) % RATE_SCALE();
    high <-- (whole \ RATE_SCALE()) \ RATE_SCALE();

    component lowRange = Ranged(QUANTIZED_DIGIT_BITS());
    lowRange.in <== low;
    component middleRange = Ranged(QUANTIZED_DIGIT_BITS());
    middleRange.in <== middle;
    component highRange = Ranged(QUANTIZED_HIGH_BITS());
    highRange.in <== high;
    quantums <== low + RATE_SCALE() * (middle + RATE_SCALE() * high);

    // both bounds: a remainder of a quantum or more would make a short's debt and requirement smaller
    component remainder = Below(QUANTIZED_QUANTUM());
    remainder.in <== notional - QUANTIZED_QUANTUM() * quantums;
}
