// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../hash/taggedHash.circom";
include "../numbers/select.circom";

// One level of an 8-ary tree: the node above eight children of which one is known.
//
// @param  TAG       the tree's node domain, so that a node of one tree never stands for a node of another
// @input  child     the known child
// @input  place     its place among the eight, three bits, least significant first, each 0 or 1
// @input  children  all eight children
// @output out       hash of the eight
template ParentNode(TAG) {
    signal input child;
    signal input place[3];
    signal input children[8];
    signal output out;

    // without this the path would start at a node that has nothing to do with the child
    component own = Select(3);
    own.values <== children;
    own.bits <== place;
    own.out === child;

    component node = TaggedHash(TAG, 8);
    node.in <== children;
    out <== node.out;
}
