// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// One row of a risk table: a margin tier of an instrument, or a haircut step of an asset.
//
// Tables are public and validated before their root is used, so these values need no range checks in a proof.
bus TableRow() {
    signal key;       // kind * 2^32 + id
    signal tier;      // which tier or step, below 16
    signal price;     // quote per unit, 16 - amountDecimals decimals, in (0, 2^64)
    signal sizeFloor; // smallest |size| or balance of the tier, below 2^64 units; 0 in the first
    signal sizeCap;   // largest one, below 2^64
    signal rate;      // margin rate or haircut factor, parts per million
    signal offset;    // deduction (margin) or addition (haircut), 1e-22 quote units
    signal extension; // hash of what further model families need; 0 here
}

// @input  row  the row
// @output out  its hash, a leaf of the table
template TableRowHash() {
    input TableRow() row;
    signal output out;

    component hash = TaggedHash(TAG_TABLE_ROW(), 8);
    hash.in <== [row.key, row.tier, row.price, row.sizeFloor, row.sizeCap, row.rate, row.offset, row.extension];
    out <== hash.out;
}
