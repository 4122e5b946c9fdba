// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// One contract of the standard model: an option or a perpetual. Prices, strikes and charges are in quote per unit of
// size, with 16 - amountDecimals decimals, so that size times any of them is in 1e-16 quote; charges are below 2^72.
// Tables are public and validated before their root is used, so nothing here needs a range in a proof.
bus StandardRow() {
    signal key;          // kind * 2^32 + id
    signal expiry;       // id of the expiry, from 1; 0 for a perpetual
    signal strike;       // below 2^64; 0 for a perpetual
    signal call;         // 1 for a call
    signal put;          // 1 for a put
    signal price;        // mark, below 2^64
    signal isolated;     // margin of each unit short on its own
    signal unpaired;     // of the expiry: for each short call that no long call covers
    signal longCharge;   // for each unit held long, whatever it nets with
    signal shortCharge;  // for each unit held short
}

// @input  row  the contract
// @output out  its hash, a leaf of the table
template StandardRowHash() {
    input StandardRow() row;
    signal output out;

    component hash = TaggedHash(TAG_STANDARD_ROW(), 10);
    hash.in <== [row.key, row.expiry, row.strike, row.call, row.put, row.price, row.isolated, row.unpaired, row.longCharge, row.shortCharge];
    out <== hash.out;
}
