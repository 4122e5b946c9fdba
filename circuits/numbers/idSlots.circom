// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../account/entryIds.circom";
include "../account/usedSlots.circom";
include "ranged.circom";

// Slots for things that a prover names by strictly increasing ids: two slots are never about the same thing.
//
// How many are used is the prover's choice, and so is which things they name: what must be in a slot is forced by who
// refers to it. An unused slot has id 0: whoever refers to ids of at least 1 is never in it.
//
// @param  N      slots
// @input  count  used slots
// @input  gap    per slot, id minus the previous id minus 1
// @output used   per slot
// @output id     per slot, 1 to 2^32 - 1, 0 where unused
template IdSlots(N) {
    signal input count;
    signal input gap[N];
    signal output used[N];
    signal output id[N];

    used <== UsedSlots(N)(count);
    component gapRange[N];
    for (var k = 0; k < N; k++) {
        gapRange[k] = Ranged(ID_BITS());
        gapRange[k].in <== gap[k];
    }
    signal named[N] <== EntryIds(N)(gap, used);
    for (var k = 0; k < N; k++) id[k] <== used[k] * named[k];
}
