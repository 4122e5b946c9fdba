// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "circuits/numbers/below.circom";

// The same bound said in two ways, so that the attack can be seen: an assertion is checked by whoever computes the
// witness, and only a constraint by whoever verifies the proof.
//
// @input asserted     below 10, says the author
// @input constrained  below 10, says the R1CS
template AssertedBound() {
    signal input asserted;
    signal input constrained;
    signal output product;

    assert(asserted < 10);
    component bound = Below(10);
    bound.in <== constrained;
    product <== asserted * constrained;
}
