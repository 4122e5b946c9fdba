// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// Hash of the factorised covariance, row by row, each with the hash of those before it.
//
// @input  cholesky  lower triangle in a square, 1e-9, signed, |entry| below 2^33
// @output out       field element
template FactorsHash() {
    var factors = MEASURE_FACTORS();
    signal input cholesky[factors][factors];
    signal output out;

    component row[factors];
    for (var i = 0; i < factors; i++) {
        row[i] = TaggedHash(TAG_FACTORS(), 1 + factors);
        if (i == 0) {
            row[i].in[0] <== 0;
        } else {
            row[i].in[0] <== row[i - 1].out;
        }
        for (var j = 0; j < factors; j++) row[i].in[1 + j] <== cholesky[i][j];
    }
    out <== row[factors - 1].out;
}
