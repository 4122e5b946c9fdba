// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../tree/parentNode.circom";
include "circomlib/circuits/bitify.circom";

// Root of the account tree above one leaf. The depth is fixed, so an inner node never passes for a leaf and no path is
// shorter than another; the index is ranged to the tree's 2^27 places.
//
// @input  leaf      the account's leaf
// @input  index     its place, below 8^9
// @input  children  per level from the leaves up, all eight children of the node above
// @output out       root of the tree
template AccountTreeRoot() {
    var depth = ACCOUNT_TREE_DEPTH();
    signal input leaf;
    signal input index;
    signal input children[depth][8];
    signal output out;

    component place = Num2Bits(3 * depth);
    place.in <== index;

    component level[depth];
    for (var i = 0; i < depth; i++) {
        level[i] = ParentNode(TAG_ACCOUNT_NODE());
        if (i == 0) {
            level[i].child <== leaf;
        } else {
            level[i].child <== level[i - 1].out;
        }
        for (var b = 0; b < 3; b++) level[i].place[b] <== place.out[3 * i + b];
        level[i].children <== children[i];
    }
    out <== level[depth - 1].out;
}
