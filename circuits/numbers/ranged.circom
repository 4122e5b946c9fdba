// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "circomlib/circuits/bitify.circom";

// Constrains 0 <= in < 2^BITS.
//
// Every number is ranged before it is compared, packed or multiplied. A difference a - b of two ranged numbers is
// ranged too, and that is the comparison a >= b: a negative difference wraps to a number near the field's order r,
// far above 2^BITS.
//
// @param BITS  at most 252, so that a bit decomposition is unique below r
// @input in    a field element
template Ranged(BITS) {
    assert(BITS <= 252);
    signal input in;

    component bits = Num2Bits(BITS);
    bits.in <== in;
}
