// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// Hash of the changes of one contract in all scenarios, as lanes: three of them share an element.
//
// @param  BLOCKS  of 15 elements, each hashed with the hash of the blocks before it
// @input  lanes   per element, change_0 + change_1 2^84 + change_2 2^168 of three scenarios in a row
// @output out     field element
template ChangesHash(BLOCKS) {
    var elements = MEASURE_BLOCK_ELEMENTS();
    signal input lanes[BLOCKS * elements];
    signal output out;

    component block[BLOCKS];
    for (var b = 0; b < BLOCKS; b++) {
        block[b] = TaggedHash(TAG_CHANGES(), 1 + elements);
        if (b == 0) {
            block[b].in[0] <== 0;
        } else {
            block[b].in[0] <== block[b - 1].out;
        }
        for (var i = 0; i < elements; i++) block[b].in[1 + i] <== lanes[b * elements + i];
    }
    out <== block[BLOCKS - 1].out;
}
