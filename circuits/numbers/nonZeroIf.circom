// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

// Constrains: flag = 1 means in != 0. With flag = 0 nothing is said of in.
//
// Used for entries (a used slot holds something) and for signs (only a magnitude other than zero may be negative:
// one encoding of zero). The inverse is free when in = 0, and then it stands in no other constraint.
//
// @input in    a field element
// @input flag  0 or 1
template NonZeroIf() {
    signal input in;
    signal input flag;

    signal inverse;
    inverse <-- in == 0 ? 0 : flag / in;
    in * inverse === flag;
}
