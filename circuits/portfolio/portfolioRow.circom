// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// One contract of the portfolio model: an option, a dated future or a perpetual. All values are in 1e-16 quote per unit
// of size. Tables are public and validated before their root is used, so nothing here needs a range in a proof.
bus PortfolioRow() {
    signal key;          // kind * 2^32 + id
    signal group;        // 2 * expiry id, + 1 where it nets with the contract of the id before it (call and put of a strike)
    signal price;        // mark
    signal up;           // change when the basis widens, times the weight that the model gives it; signed
    signal down;         // the same when it narrows
    signal nakedCharge;  // for each unit short and not netted
    signal floorCharge;  // for each unit, in the scenarios that are floors
    signal valuesLow;    // hash of the values in scenarios 0 to 15
    signal valuesHigh;   // of 16 to 31
}

// @input  row  the contract
// @output out  its hash, a leaf of the table
template PortfolioRowHash() {
    input PortfolioRow() row;
    signal output out;

    component hash = TaggedHash(TAG_PORTFOLIO_ROW(), 9);
    hash.in <== [row.key, row.group, row.price, row.up, row.down, row.nakedCharge, row.floorCharge, row.valuesLow, row.valuesHigh];
    out <== hash.out;
}

// Half of a contract's values in all scenarios.
//
// @input  values  16 values, 1e-16 quote per unit of size
// @output out     their hash
template ScenarioValuesHash() {
    signal input values[16];
    signal output out;

    component hash = TaggedHash(TAG_SCENARIO_VALUES(), 16);
    hash.in <== values;
    out <== hash.out;
}
