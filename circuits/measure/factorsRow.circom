// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// The factorised covariance as a row of the table: it moves with the market, and a model's hash, by which contracts know the
// models that they trust, stays. Hashed row by row, each with the hash of those before it, the first with the key.
//
// @input  key       kind * 2^32 + 1
// @input  cholesky  lower triangle in a square, 1e-9, signed, |entry| below 2^33
// @output out       a leaf of the table
template FactorsRowHash() {
    var factors = MEASURE_FACTORS();
    signal input key;
    signal input cholesky[factors][factors];
    signal output out;

    component row[factors];
    for (var i = 0; i < factors; i++) {
        row[i] = TaggedHash(TAG_FACTORS(), 1 + factors);
        if (i == 0) {
            row[i].in[0] <== key;
        } else {
            row[i].in[0] <== row[i - 1].out;
        }
        for (var j = 0; j < factors; j++) row[i].in[1 + j] <== cholesky[i][j];
    }
    out <== row[factors - 1].out;
}
