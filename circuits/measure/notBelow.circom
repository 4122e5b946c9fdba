// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../numbers/ranged.circom";

// A bound of max(0, in): not below zero, and not below `in`. Requirements grow with it, so that a prover who takes a larger
// one asks more of himself.
//
// @param  BITS  |in| is below 2^BITS
// @input  in    signed
// @output out   in [0, 2^BITS)
template NotBelow(BITS) {
    signal input in;
    signal output out;

    out <-- in > 0 ? in : 0;
    component range = Ranged(BITS);
    range.in <== out;
    component above = Ranged(BITS + 1);
    above.in <== out - in;
}
