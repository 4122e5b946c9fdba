// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

// numerator / denominator.
//
// Where both are zero the quotient is free. Denominators are differences between a challenge and a value fixed before it
// was drawn, so that happens with a chance of 1 in r.
//
// @input  numerator
// @input  denominator
// @output out
template Fraction() {
    signal input numerator;
    signal input denominator;
    signal output out;

    out <-- numerator / denominator;
    out * denominator === numerator;
}
