// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "boolean.circom";
include "ranged.circom";

// Splits a signed number into its positive and its negative part, exactly: in = positive - negative, one of them zero.
//
// With an inequality in place of the sign a prover could take the discount of the other side, or erase a loss where a
// later term is not monotone in it.
//
// @param  BITS      |in| is below 2^BITS, at most 251
// @input  in        signed
// @output positive  max(in, 0)
// @output negative  max(-in, 0)
template SignSplit(BITS) {
    assert(BITS <= 251);
    signal input in;
    signal output positive;
    signal output negative;

    signal sign <-- in < 0 ? 1 : 0;
    component signRange = Boolean();
    signRange.in <== sign;
    signal magnitude <-- in < 0 ? -in : in;
    component magnitudeRange = Ranged(BITS);
    magnitudeRange.in <== magnitude;

    negative <== sign * magnitude;
    positive <== magnitude - negative;
    positive - negative === in;
}
