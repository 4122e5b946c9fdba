// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../risk/tableRow.circom";
include "withinTier.circom";

// Weighted value of one balance, in 1e-22 quote units: factor x value + addition for what is owned, and the full value,
// factor 1, for what is owed.
//
//   value     magnitude x price, 1e-16, below 2^128
//   weighted  below 2^153 in magnitude
//
// @input  used       whether the slot holds an entry
// @input  sign       1 for a debt; 0 in padding
// @input  magnitude  |balance|, below 2^64
// @input  row        the haircut step, constrained by TableLookup
// @output weighted     signed
// @output signedValue  before haircuts, 1e-16, signed
template CollateralValue() {
    signal input used;
    signal input sign;
    signal input magnitude;
    input TableRow() row;
    signal output weighted;
    signal output signedValue;

    // 1. split by sign: one of the two is zero
    signal owed <== sign * magnitude;
    signal owned <== magnitude - owed;

    // 2. the step is the one in which the owned part lies; a debt lies in the first, and is not weighted by it
    component step = WithinTier();
    step.size <== owned;
    step.floor <== row.sizeFloor;
    step.cap <== row.sizeCap;

    // 3. values
    signal value <== magnitude * row.price;
    signal owedValue <== sign * value;
    signedValue <== value - 2 * owedValue;

    // 4. weighted; the addition is for what is owned: not for padding, and not for a debt, which would be paid for it
    signal factored <== row.rate * (value - owedValue);
    signal addition <== (used - sign) * row.offset;
    weighted <== factored + addition - RATE_SCALE() * owedValue;
}
