// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// One perpetual of the quantized model.
//
// Tables are public and validated before their root is used, so these values need no range checks in a proof.
bus QuantizedRow() {
    signal key;           // kind * 2^32 + id
    signal price;         // mark, quote per unit of size, 16 - amountDecimals decimals, below 2^56
    signal fundingIndex;  // paid so far by a unit long, in the unit of the price, below 2^64; signed
    signal baseRate;      // initial margin, parts per million, at most 10^6
    signal fraction;      // of the base margin that the claim asks for, parts per million, at most 10^6
}

// @input  row  the perpetual
// @output out  its hash, a leaf of the table
template QuantizedRowHash() {
    input QuantizedRow() row;
    signal output out;

    component hash = TaggedHash(TAG_QUANTIZED_ROW(), 5);
    hash.in <== [row.key, row.price, row.fundingIndex, row.baseRate, row.fraction];
    out <== hash.out;
}
