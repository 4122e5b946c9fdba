// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "optionSlot.circom";
include "standardRow.circom";

// What one position adds to equity, to the charges, and to the margin of its expiry.
//
// The mark of an option does not count in equity: a short one is in its margin already, a long one pays for nothing.
//
// @input  used      whether the slot holds an entry; the size and the cost of padding are zero
// @input  sizeSign  1 for a short
// @input  size      |size|, below 2^64
// @input  costSign  1 for a negative cost basis
// @input  cost      |cost basis|, below 2^80
// @input  row       the contract, constrained by TableLookup
// @output pnl       1e-16 quote, signed: value of a perpetual, less the cost of any position
// @output charge    1e-16 quote, below 2^136
// @output option    all zero for a perpetual and for padding
template PositionTerms() {
    signal input used;
    signal input sizeSign;
    signal input size;
    signal input costSign;
    signal input cost;
    input StandardRow() row;
    signal output pnl;
    signal output charge;
    output OptionSlot() option;

    // 1. long and short units: one of the two is zero
    signal short <== sizeSign * size;
    var long = size - short;
    var signedSize = long - short;

    // 2. what its expiry sums up. The row of a slot of padding is any row, and its strike is no held strike
    option.expiry <== used * row.expiry;
    option.strike <== used * row.strike;
    option.calls <== row.call * signedSize;
    option.puts <== row.put * signedSize;
    option.isolated <== row.isolated * short;
    option.unpaired <== row.unpaired;

    // 3. equity; what is neither call nor put counts at its mark
    signal value <== row.price * (signedSize - option.calls - option.puts);
    signal signedCost <== (1 - 2 * costSign) * cost;
    pnl <== value - COST_SCALE() * signedCost;

    // 4. charges by side, outside of every netting
    signal longCharge <== row.longCharge * long;
    signal shortCharge <== row.shortCharge * short;
    charge <== longCharge + shortCharge;
}
