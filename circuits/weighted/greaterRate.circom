// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/boolean.circom";
include "../numbers/ranged.circom";

// The greater of two rates, exactly: a prover who could choose would take the smaller one.
//
// @input  first   parts per million, below 2^24
// @input  second  parts per million, below 2^38
// @output out
template GreaterRate() {
    signal input first;
    signal input second;
    signal output out;

    signal isSecond <-- second > first ? 1 : 0;
    component flag = Boolean();
    flag.in <== isSecond;

    // |second - first|, with the sign that the flag says
    signal more <== isSecond * (second - first);
    component difference = Ranged(WEIGHTED_RATE_BITS());
    difference.in <== 2 * more - (second - first);
    out <== first + more;
}
