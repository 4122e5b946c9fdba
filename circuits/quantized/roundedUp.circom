// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/below.circom";
include "../numbers/ranged.circom";

// out = ceil(in / 10^6), exactly: what is missing to the next whole is ranged from both sides.
//
// @param  BITS  out is below 2^BITS; 10^6 x 2^BITS is far below the field's order
// @input  in    not negative
// @output out
template RoundedUp(BITS) {
    assert(BITS <= 200);
    signal input in;
    signal output out;

    out <-- (in + RATE_SCALE() - 1) \ RATE_SCALE();
    // without it out is any quotient in the field
    component outRange = Ranged(BITS);
    outRange.in <== out;
    component missing = Below(RATE_SCALE());
    missing.in <== RATE_SCALE() * out - in;
}
