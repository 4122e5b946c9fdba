// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// Root of a table from its 64 nodes two levels below. All look-ups of a proof share these nine hashes.
//
// @input  nodes  the 64 nodes
// @output out    root of the table
template TableTop() {
    signal input nodes[64];
    signal output out;

    component middle[8];
    component root = TaggedHash(TAG_TABLE_NODE(), 8);
    for (var i = 0; i < 8; i++) {
        middle[i] = TaggedHash(TAG_TABLE_NODE(), 8);
        for (var j = 0; j < 8; j++) middle[i].in[j] <== nodes[8 * i + j];
        root.in[i] <== middle[i].out;
    }
    out <== root.out;
}
