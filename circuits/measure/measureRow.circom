// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// One charge tier of one contract, with what every risk measure needs of the contract. Public and validated.
//
// Changes, Greeks and exposures are in 1e-12 quote per unit of size, signed, below 2^59. What a family does not use is 0.
bus MeasureRow() {
    signal key;         // kind * 2^32 + id
    signal tier;        // which tier, below 16
    signal price;       // mark, quote per unit with 16 - amountDecimals decimals
    signal sizeFloor;   // smallest |size| of the tier; 0 in the first
    signal sizeCap;     // largest one, below 2^64
    signal charge;      // for each unit of size, 1e-16 quote, below 2^64
    signal deduction;   // 1e-16 quote: keeps the charge continuous where a tier begins
    signal bound;       // largest |change| in any scenario
    signal changes;     // hash of the changes in all scenarios
    signal exposures;   // hash of the exposures to all factors
    signal underlying;  // id of the underlying, at least 1; 0 for a contract without Greeks
    signal delta;       // change per relative move of 1
    signal gamma;       // second derivative by the relative move
    signal vega;        // change per 1 of volatility
}

// @input  row  the row
// @output out  its hash, a leaf of the table
template MeasureRowHash() {
    input MeasureRow() row;
    signal output out;

    component hash = TaggedHash(TAG_MEASURE_ROW(), 14);
    hash.in <== [row.key, row.tier, row.price, row.sizeFloor, row.sizeCap, row.charge, row.deduction, row.bound, row.changes, row.exposures, row.underlying, row.delta, row.gamma, row.vega];
    out <== hash.out;
}
