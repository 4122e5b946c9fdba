// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../account/collateralEntry.circom";
include "../account/listHash.circom";
include "../account/usedSlots.circom";
include "../constants.circom";

// The balances of an account, opened from the list that its leaf commits to: CollateralList for a batch.
//
// Gaps are ranged and packed, sums of at most 2^7 of them stay below 2^39, so ids strictly increase without a range of
// the last one: an id that is in no table, 2^32 and above among them, has no place to go (see LiabilitiesBatch).
//
// @param  ASSETS     slots
// @input  count      number of balances
// @input  gap        per slot, id minus the previous id minus 1
// @input  sign       per slot, 1 for a debt
// @input  magnitude  per slot, |balance|
// @output hash       of the list, the same as CollateralList's
// @output used       per slot, whether it holds an entry
// @output id         per slot, the asset's id; padding repeats the last one
// @output positive   per slot, what is owned
// @output negative   per slot, what is owed
template BalanceEntries(ASSETS) {
    signal input count;
    signal input gap[ASSETS];
    signal input sign[ASSETS];
    signal input magnitude[ASSETS];
    signal output hash;
    signal output used[ASSETS];
    signal output id[ASSETS];
    signal output positive[ASSETS];
    signal output negative[ASSETS];

    used <== UsedSlots(ASSETS)(count);

    var share = COLLATERAL_PER_ELEMENT();
    var bits = ID_BITS() + 1 + AMOUNT_BITS();
    var elements = (ASSETS + share - 1) \ share;
    var packed[ASSETS];
    component entry[ASSETS];
    for (var k = 0; k < ASSETS; k++) {
        entry[k] = CollateralEntry();
        entry[k].used <== used[k];
        entry[k].gap <== gap[k];
        entry[k].sign <== sign[k];
        entry[k].magnitude <== magnitude[k];
        packed[k] = entry[k].packed;

        id[k] <== (k == 0 ? 0 : id[k - 1]) + gap[k] + used[k];
        negative[k] <== sign[k] * magnitude[k];
        positive[k] <== magnitude[k] - negative[k];
    }

    component list = ListHash(TAG_COLLATERAL_HEAD(), elements);
    list.count <== count;
    for (var i = 0; i < elements; i++) {
        var element = 0;
        for (var j = 0; j < share; j++) {
            if (i * share + j < ASSETS) element += packed[i * share + j] * (1 << (j * bits));
        }
        list.elements[i] <== element;
        list.used[i] <== used[i * share];
    }
    hash <== list.out;
}
