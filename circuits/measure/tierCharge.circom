// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../margin/withinTier.circom";

// What one position is charged beside the risk measure: rate x |size| - deduction of the tier in which its size lies.
//
// @input  used    whether the slot holds a position
// @input  size    |size|, below 2^64; 0 in padding
// @input  sizeFloor, sizeCap, rate, deduction  of the tier, constrained by TableLookup
// @output charge  1e-16 quote, not negative in a validated table
template TierCharge() {
    signal input used;
    signal input size;
    signal input sizeFloor;
    signal input sizeCap;
    signal input rate;
    signal input deduction;
    signal output charge;

    // both bounds: with the last tier's deduction a small position would be charged less than nothing
    component tier = WithinTier();
    tier.size <== size;
    tier.floor <== sizeFloor;
    tier.cap <== sizeCap;

    signal units <== size * rate;
    signal deducted <== used * deduction;
    charge <== units - deducted;
}
