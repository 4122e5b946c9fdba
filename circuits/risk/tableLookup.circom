// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/select.circom";
include "../tree/parentNode.circom";
include "circomlib/circuits/bitify.circom";

// Where a row stands in the table.
bus RowPlace() {
    signal index;                             // below 8^4
    signal children[TABLE_DEPTH() - 2][8];    // for the two lower levels, all eight children of the node above
}

// Constrains a row to stand in the table, and, if the slot is used, to be about the thing that the entry names.
//
// A slot of padding looks up any row: its magnitude is zero, so it adds nothing.
//
// @param  KIND   one of ROW_KIND: ids of all kinds share one table
// @input  used   whether the slot holds an entry
// @input  id     id of the entry, below 2^32
// @input  key    key of the row
// @input  hash   hash of the row
// @input  place  where it stands
// @input  nodes  the 64 nodes that RiskOpening hashes
template TableLookup(KIND) {
    var lower = TABLE_DEPTH() - 2;
    signal input used;
    signal input id;
    signal input key;
    signal input hash;
    input RowPlace() place;
    signal input nodes[64];

    // 1. the row is about this thing; without it a prover picks the rates of another
    used * (key - KIND * (1 << ID_BITS()) - id) === 0;

    // 2. the row stands in the table
    component index = Num2Bits(3 * TABLE_DEPTH());
    index.in <== place.index;
    component level[lower];
    for (var i = 0; i < lower; i++) {
        level[i] = ParentNode(TAG_TABLE_NODE());
        if (i == 0) {
            level[i].child <== hash;
        } else {
            level[i].child <== level[i - 1].out;
        }
        for (var b = 0; b < 3; b++) level[i].place[b] <== index.out[3 * i + b];
        level[i].children <== place.children[i];
    }
    component node = Select(6);
    node.values <== nodes;
    for (var b = 0; b < 6; b++) node.bits[b] <== index.out[3 * lower + b];
    node.out === level[lower - 1].out;
}
