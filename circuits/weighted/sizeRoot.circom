// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/ranged.circom";

// floor(sqrt(number)), for a hint only; 2^40 - 1 where the root has more than 40 bits.
function rootOf(number) {
    var root = 0;
    for (var i = WEIGHTED_ROOT_BITS() - 1; i >= 0; i--) {
        var next = root + (1 << i);
        if (next * next <= number) root = next;
    }
    return root;
}

// A root of size x scale + 1 in 1e-5 units of size: not below floor(sqrt(size x scale + 1)).
//
// Only from below, since a larger root only raises the rate. A prover with room to spare may take one; it has to stay
// below 2^40, and so its square far below the field's order.
//
// @input  size   |size|, below 2^64
// @input  scale  of the row, below 2^34: size x scale is in 1e-10 units
// @output root   below 2^40
template SizeRoot() {
    signal input size;
    signal input scale;
    signal output root;

    signal scaled <== size * scale;
    root <-- rootOf(scaled + 1);
    component rootRange = Ranged(WEIGHTED_ROOT_BITS());
    rootRange.in <== root;

    // (root + 1)^2 > scaled + 1; for the least root the difference is at most 2 root
    signal nextSquare <== (root + 1) * (root + 1);
    component above = Ranged(WEIGHTED_ROOT_BITS() + 1);
    above.in <== nextSquare - scaled - 2;
}
