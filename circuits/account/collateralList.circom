// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "collateralEntry.circom";
include "entryIds.circom";
include "listHash.circom";
include "usedSlots.circom";

// The balances of an account: opens the list that the leaf commits to. Two packed entries share one element.
//
// @param  ASSETS     slots
// @input  count      number of balances
// @input  gap        per slot, id minus the previous id minus 1
// @input  sign       per slot, 1 for a debt
// @input  magnitude  per slot, |balance|
// @output hash       of the list
// @output used       per slot, whether it holds an entry
// @output id         per slot, the asset's id
template CollateralList(ASSETS) {
    signal input count;
    signal input gap[ASSETS];
    signal input sign[ASSETS];
    signal input magnitude[ASSETS];
    signal output hash;
    signal output used[ASSETS];
    signal output id[ASSETS];

    // 1. which slots are used follows from the count
    used <== UsedSlots(ASSETS)(count);

    // 2. every slot is ranged and packed
    component entry[ASSETS];
    for (var k = 0; k < ASSETS; k++) {
        entry[k] = CollateralEntry();
        entry[k].used <== used[k];
        entry[k].gap <== gap[k];
        entry[k].sign <== sign[k];
        entry[k].magnitude <== magnitude[k];
    }

    // 3. ids strictly increase
    id <== EntryIds(ASSETS)(gap, used);

    // 4. the list's hash, two entries of 97 bits in one element
    var share = COLLATERAL_PER_ELEMENT();
    var bits = ID_BITS() + 1 + AMOUNT_BITS();
    var elements = (ASSETS + share - 1) \ share;
    component list = ListHash(TAG_COLLATERAL_HEAD(), elements);
    list.count <== count;
    for (var i = 0; i < elements; i++) {
        var element = 0;
        for (var j = 0; j < share; j++) {
            if (i * share + j < ASSETS) element += entry[i * share + j].packed * (1 << (j * bits));
        }
        list.elements[i] <== element;
        list.used[i] <== used[i * share];
    }
    hash <== list.out;
}
