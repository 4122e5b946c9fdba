// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../margin/withinTier.circom";
include "../risk/tableRow.circom";

// Unrealised profit and loss and margin requirement of one position.
//
//   notional     size x price, 1e-16, below 2^128
//   pnl          signed notional - signed cost, 1e-16, below 2^129 in magnitude
//   requirement  rate x notional - deduction, 1e-22, in [0, 2^152)
//
// @input  used         whether the slot holds an entry
// @input  sizeSign     1 for a short
// @input  size         |size|, below 2^64
// @input  costSign     1 for a negative cost basis
// @input  cost         |cost basis|, below 2^80
// @input  row          the margin tier, constrained by TableLookup
// @output pnl          signed
// @output requirement  not negative for a validated table
template PositionMargin() {
    signal input used;
    signal input sizeSign;
    signal input size;
    signal input costSign;
    signal input cost;
    input TableRow() row;
    signal output pnl;
    signal output requirement;

    // 1. the tier is the one in which the size lies
    component tier = WithinTier();
    tier.size <== size;
    tier.floor <== row.sizeFloor;
    tier.cap <== row.sizeCap;

    // 2. profit and loss at the mark
    signal notional <== size * row.price;
    signal signedNotional <== (1 - 2 * sizeSign) * notional;
    signal signedCost <== (1 - 2 * costSign) * cost;
    pnl <== signedNotional - COST_SCALE() * signedCost;

    // 3. requirement; the deduction only counts for a used slot
    signal charge <== row.rate * notional;
    signal deduction <== used * row.offset;
    requirement <== charge - deduction;
}
