// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../account/listHash.circom";
include "../account/positionEntry.circom";
include "../account/usedSlots.circom";
include "../constants.circom";

// The positions of an account, opened from the list that its leaf commits to: PositionList for a batch. Of the ids holds
// what BalanceEntries says.
//
// @param  POSITIONS   slots
// @input  count       number of positions
// @input  gap         per slot, id minus the previous id minus 1
// @input  sizeSign    per slot, 1 for a short
// @input  size        per slot, |size|
// @input  costSign    per slot, 1 for a negative cost basis
// @input  cost        per slot, |cost basis|
// @output hash        of the list, the same as PositionList's
// @output used        per slot, whether it holds an entry
// @output id          per slot, the instrument's id; padding repeats the last one
// @output long        per slot, size held long
// @output short       per slot, size held short
// @output signedCost  per slot
template PositionEntries(POSITIONS) {
    signal input count;
    signal input gap[POSITIONS];
    signal input sizeSign[POSITIONS];
    signal input size[POSITIONS];
    signal input costSign[POSITIONS];
    signal input cost[POSITIONS];
    signal output hash;
    signal output used[POSITIONS];
    signal output id[POSITIONS];
    signal output long[POSITIONS];
    signal output short[POSITIONS];
    signal output signedCost[POSITIONS];

    used <== UsedSlots(POSITIONS)(count);

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

        id[k] <== (k == 0 ? 0 : id[k - 1]) + gap[k] + used[k];
        short[k] <== sizeSign[k] * size[k];
        long[k] <== size[k] - short[k];
        signedCost[k] <== cost[k] - 2 * costSign[k] * cost[k];
    }
    list.count <== count;
    list.used <== used;
    hash <== list.out;
}
