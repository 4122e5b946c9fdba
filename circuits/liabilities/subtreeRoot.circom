// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// Root of a subtree of the account tree with all its leaves given: 58 constraints a leaf.
//
// @param  HEIGHT  levels, 0 for a single leaf
// @input  leaves  8^HEIGHT leaves
// @output out     root of the subtree
template SubtreeRoot(HEIGHT) {
    signal input leaves[8 ** HEIGHT];
    signal output out;

    if (HEIGHT == 0) {
        out <== leaves[0];
    } else {
        component below[8];
        component node = TaggedHash(TAG_ACCOUNT_NODE(), 8);
        for (var i = 0; i < 8; i++) {
            below[i] = SubtreeRoot(HEIGHT - 1);
            for (var j = 0; j < 8 ** (HEIGHT - 1); j++) below[i].leaves[j] <== leaves[i * 8 ** (HEIGHT - 1) + j];
            node.in[i] <== below[i].out;
        }
        out <== node.out;
    }
}
