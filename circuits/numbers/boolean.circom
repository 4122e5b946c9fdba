// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

// Constrains in to 0 or 1. A sign of 2 or r - 1 would turn a magnitude into any multiple of itself.
//
// @input in  a field element
template Boolean() {
    signal input in;

    in * (1 - in) === 0;
}
