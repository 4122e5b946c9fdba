// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "entryIds.circom";
include "listHash.circom";
include "positionEntry.circom";
include "usedSlots.circom";

// The positions of an account: opens the list that the leaf commits to.
//
// @param  POSITIONS  slots
// @input  count      number of positions
// @input  gap        per slot, id minus the previous id minus 1
// @input  sizeSign   per slot, 1 for a short
// @input  size       per slot, |size|
// @input  costSign   per slot, 1 for a negative cost basis
// @input  cost       per slot, |cost basis|
// @output hash       of the list
// @output used       per slot, whether it holds an entry
// @output id         per slot, the instrument's id
template PositionList(POSITIONS) {
    signal input count;
    signal input gap[POSITIONS];
    signal input sizeSign[POSITIONS];
    signal input size[POSITIONS];
    signal input costSign[POSITIONS];
    signal input cost[POSITIONS];
    signal output hash;
    signal output used[POSITIONS];
    signal output id[POSITIONS];

    // 1. which slots are used follows from the count
    used <== UsedSlots(POSITIONS)(count);

    // 2. every slot is ranged and packed
    component entry[POSITIONS];
    component list = ListHash(TAG_POSITIONS_HEAD(), POSITIONS);
    for (var k = 0; k < POSITIONS; k++) {
        entry[k] = PositionEntry();
        entry[k].used <== used[k];
        entry[k].gap <== gap[k];
        entry[k].sizeSign <== sizeSign[k];
        entry[k].size <== size[k];
        entry[k].costSign <== costSign[k];
        entry[k].cost <== cost[k];
        list.elements[k] <== entry[k].packed;
    }

    // 3. ids strictly increase
    id <== EntryIds(POSITIONS)(gap, used);

    // 4. the list's hash
    list.count <== count;
    list.used <== used;
    hash <== list.out;
}
