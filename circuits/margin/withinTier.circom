// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/ranged.circom";

// Constrains sizeFloor <= size <= sizeCap. Both bounds: a prover who may choose a tier freely takes the top tier of a
// small position, whose deduction exceeds its rate x notional.
//
// @input size   below 2^64
// @input floor  of the row, below 2^64
// @input cap    of the row, below 2^64
template WithinTier() {
    signal input size;
    signal input floor;
    signal input cap;

    component above = Ranged(AMOUNT_BITS());
    above.in <== size - floor;
    component below = Ranged(AMOUNT_BITS());
    below.in <== cap - size;
}
