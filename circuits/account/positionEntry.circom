// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/boolean.circom";
include "../numbers/nonZeroIf.circom";
include "../numbers/ranged.circom";

// Packs one position: gap (32 bits) | size sign (1) | size (64) | cost sign (1) | cost (80), 178 bits.
//
// What is packed is exactly what is ranged. A used slot has a size other than zero, so a cost never stands alone (it
// would be free equity); a cost of zero has sign zero; a slot of padding is all zero.
//
// @input  used      1 for an entry, 0 for padding
// @input  gap       id minus the previous id minus 1
// @input  sizeSign  1 for a short
// @input  size      |size|, in units of 10^-amountDecimals
// @input  costSign  1 for a negative cost basis
// @input  cost      |cost basis|, in 1e-8 quote units
// @output packed    below 2^178
template PositionEntry() {
    signal input used;
    signal input gap;
    signal input sizeSign;
    signal input size;
    signal input costSign;
    signal input cost;
    signal output packed;

    // 1. ranges
    component gapRange = Ranged(ID_BITS());
    gapRange.in <== gap;
    component sizeSignRange = Boolean();
    sizeSignRange.in <== sizeSign;
    component sizeRange = Ranged(AMOUNT_BITS());
    sizeRange.in <== size;
    component costSignRange = Boolean();
    costSignRange.in <== costSign;
    component costRange = Ranged(COST_BITS());
    costRange.in <== cost;

    // 2. one encoding
    component held = NonZeroIf();
    held.in <== size;
    held.flag <== used;
    component costSignMeans = NonZeroIf();
    costSignMeans.in <== cost;
    costSignMeans.flag <== costSign;

    // 3. pack
    var sizeSignAt = ID_BITS();
    var sizeAt = sizeSignAt + 1;
    var costSignAt = sizeAt + AMOUNT_BITS();
    var costAt = costSignAt + 1;
    packed <== gap + sizeSign * (1 << sizeSignAt) + size * (1 << sizeAt) + costSign * (1 << costSignAt) + cost * (1 << costAt);

    // 4. padding is zero in every part, since the packed element determines them
    packed * (1 - used) === 0;
}
