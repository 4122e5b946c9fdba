// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// @input  exposures  of one contract to all factors, 1e-12 quote per unit of size, signed
// @output out        field element
template ExposuresHash() {
    signal input exposures[MEASURE_FACTORS()];
    signal output out;

    component hash = TaggedHash(TAG_EXPOSURES(), MEASURE_FACTORS());
    hash.in <== exposures;
    out <== hash.out;
}
