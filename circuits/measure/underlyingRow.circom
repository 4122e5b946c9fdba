// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// One underlying and its shocks, 1e-9, signed, below 2^33; unused ones are zero. Public and validated.
bus UnderlyingRow() {
    signal key;                             // kind * 2^32 + id
    signal move[MEASURE_SHOCKS()];          // relative change of the price
    signal volatility[MEASURE_SHOCKS()];    // change of volatility, 0.1 is ten points
}

// @input  row  the underlying
// @output out  its hash, a leaf of the table
template UnderlyingRowHash() {
    var shocks = MEASURE_SHOCKS();
    var part = 12;
    var parts = shocks / part;
    input UnderlyingRow() row;
    signal output out;

    component moves[parts];
    component volatilities[parts];
    component hash = TaggedHash(TAG_UNDERLYING_ROW(), 1 + 2 * parts);
    hash.in[0] <== row.key;
    for (var p = 0; p < parts; p++) {
        moves[p] = TaggedHash(TAG_SHOCKS(), part);
        volatilities[p] = TaggedHash(TAG_SHOCKS(), part);
        for (var i = 0; i < part; i++) {
            moves[p].in[i] <== row.move[p * part + i];
            volatilities[p].in[i] <== row.volatility[p * part + i];
        }
        hash.in[1 + p] <== moves[p].out;
        hash.in[1 + parts + p] <== volatilities[p].out;
    }
    out <== hash.out;
}
