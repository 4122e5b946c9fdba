// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/ranged.circom";

// Ids of a list from the gaps between them: id = previous id + gap + 1, starting from 0.
//
// Gaps are ranged where the entries are packed, so ids strictly increase: a duplicate would split one position over two
// tiers, or count one asset twice. The last id is ranged here, and with it every id.
//
// @param  N     slots
// @input  gap   N gaps, each below 2^32, 0 in padding
// @input  used  N flags, ones, then zeros
// @output id    N ids, 1 to 2^32 - 1; padding repeats the last one (0 in an empty list)
template EntryIds(N) {
    signal input gap[N];
    signal input used[N];
    signal output id[N];

    for (var k = 0; k < N; k++) {
        if (k == 0) {
            id[k] <== gap[k] + used[k];
        } else {
            id[k] <== id[k - 1] + gap[k] + used[k];
        }
    }

    component lastId = Ranged(ID_BITS());
    lastId.in <== id[N - 1];
}
