// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

// Picks one of 2^LEVELS values by the bits of an index: a binary tree of 2^LEVELS - 1 products.
//
// @param  LEVELS  number of index bits
// @input  values  2^LEVELS field elements
// @input  bits    index, least significant bit first; each must be constrained to 0 or 1 by the caller
// @output out     values[index]
template Select(LEVELS) {
    signal input values[1 << LEVELS];
    signal input bits[LEVELS];
    signal output out;

    signal layer[LEVELS + 1][1 << LEVELS];
    for (var i = 0; i < (1 << LEVELS); i++) layer[0][i] <== values[i];
    for (var level = 0; level < LEVELS; level++) {
        var width = 1 << (LEVELS - level - 1);
        for (var i = 0; i < width; i++) {
            layer[level + 1][i] <== layer[level][2 * i] + bits[level] * (layer[level][2 * i + 1] - layer[level][2 * i]);
        }
        for (var i = width; i < (1 << LEVELS); i++) layer[level + 1][i] <== 0;
    }
    out <== layer[LEVELS][0];
}
