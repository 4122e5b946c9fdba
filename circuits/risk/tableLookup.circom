// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/select.circom";
include "../tree/parentNode.circom";
include "circomlib/circuits/bitify.circom";
include "tableRow.circom";

// Constrains a row to stand in the table, and, if the slot is used, to be about the thing that the entry names.
//
// A slot of padding looks up any row whose floor is zero: its size is zero, so it adds nothing.
//
// @param  KIND      ROW_KIND_ASSET or ROW_KIND_INSTRUMENT: ids of both share one table
// @input  used      whether the slot holds an entry
// @input  id        id of the entry, below 2^32
// @input  row       the row
// @input  index     its place in the table, below 8^4
// @input  children  for the two lower levels, all eight children of the node above
// @input  nodes     the 64 nodes that TableTop hashes
template TableLookup(KIND) {
    var lower = TABLE_DEPTH() - 2;
    signal input used;
    signal input id;
    input TableRow() row;
    signal input index;
    signal input children[lower][8];
    signal input nodes[64];

    // 1. the row is about this asset or instrument; without it a prover picks the rates of another
    used * (row.key - KIND * (1 << ID_BITS()) - id) === 0;

    // 2. the row stands in the table
    component place = Num2Bits(3 * TABLE_DEPTH());
    place.in <== index;
    component hash = TableRowHash();
    hash.row <== row;
    component level[lower];
    for (var i = 0; i < lower; i++) {
        level[i] = ParentNode(TAG_TABLE_NODE());
        if (i == 0) {
            level[i].child <== hash.out;
        } else {
            level[i].child <== level[i - 1].out;
        }
        for (var b = 0; b < 3; b++) level[i].place[b] <== place.out[3 * i + b];
        level[i].children <== children[i];
    }
    component node = Select(6);
    node.values <== nodes;
    for (var b = 0; b < 6; b++) node.bits[b] <== place.out[3 * lower + b];
    node.out === level[lower - 1].out;
}
