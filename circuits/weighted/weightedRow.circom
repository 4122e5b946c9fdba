// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// One side, long or short, of one instrument of the weighted model.
//
// Tables are public and validated before their root is used, so these values need no range checks in a proof.
bus WeightedRow() {
    signal key;          // kind * 2^32 + id, and 2^40 more for shorts
    signal price;        // what values the position in equity, 16 - amountDecimals decimals, below 2^56; 0: it is not valued
    signal marginPrice;  // what values it in the requirement, likewise
    signal rate;         // least margin rate, parts per million, below 2^24
    signal premiumBase;  // to which the size premium is added, parts per million, below 2^24
    signal premium;      // rate per square root of a unit of size, parts per million, below 2^24
    signal rootScale;    // 10^10 / 10^amountDecimals; 0 where there is no premium
    signal quadratic;    // rate per smallest unit of size, 1e-18, below 2^64
    signal gainWeight;   // of unrealised profit, parts per million, at most 10^6
    signal gainCap;      // most unrealised profit that counts, 1e-16 quote, below 2^104
}

// @input  row  the side
// @output out  its hash, a leaf of the table
template WeightedRowHash() {
    input WeightedRow() row;
    signal output out;

    component hash = TaggedHash(TAG_WEIGHTED_ROW(), 10);
    hash.in <== [
        row.key, row.price, row.marginPrice, row.rate, row.premiumBase,
        row.premium, row.rootScale, row.quadratic, row.gainWeight, row.gainCap
    ];
    out <== hash.out;
}
