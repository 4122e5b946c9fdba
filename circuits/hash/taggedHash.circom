// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "poseidonHash.circom";

// Poseidon with a domain tag.
//
// The tag is the initial capacity element, which no input reaches: hashes of different meaning (a leaf, an inner node,
// a list) never collide, whatever their arity, and the tag costs no constraint.
//
// @param  TAG  the domain, a constant of constants.circom
// @param  N    number of inputs, 1 to 16
// @input  in   N field elements
// @output out  one field element
template TaggedHash(TAG, N) {
    signal input in[N];
    signal output out;

    component permutation = PoseidonHash(N);
    permutation.capacity <== TAG;
    permutation.in <== in;
    out <== permutation.out;
}
