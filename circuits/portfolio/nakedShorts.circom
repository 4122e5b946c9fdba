// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/boolean.circom";
include "../numbers/signSplit.circom";

// Units short and not netted: max(0, -(calls + puts)) for each strike of an expiry.
//
// Call and put of a strike have neighbouring ids, the second is marked as netting with the one before it, so they stand
// in neighbouring slots. Joining is the prover's choice: leaving it out only counts more units.
//
// @param  POSITIONS  slots
// @input  id         per slot, the contract's id
// @input  size       per slot, signed
// @input  netting    per slot, whether the contract nets with the one of the id before it
// @output naked      per slot, units; a slot that the next one joins counts there
template NakedShorts(POSITIONS) {
    signal input id[POSITIONS];
    signal input size[POSITIONS];
    signal input netting[POSITIONS];
    signal output naked[POSITIONS];

    // 1. join[k]: slot k nets with slot k - 1
    signal join[POSITIONS + 1];
    component joinRange[POSITIONS];
    join[0] <== 0;
    join[POSITIONS] <== 0;
    for (var k = 1; k < POSITIONS; k++) {
        join[k] <-- netting[k] == 1 && id[k] == id[k - 1] + 1 && join[k - 1] == 0 ? 1 : 0;
        joinRange[k] = Boolean();
        joinRange[k].in <== join[k];
        join[k] * (1 - netting[k]) === 0;
        join[k] * (id[k] - id[k - 1] - 1) === 0;
        // in a chain of three the first would count nowhere
        join[k] * join[k - 1] === 0;
    }

    // 2. what is short in the net counts, unless the next slot takes it over
    component net[POSITIONS];
    signal joined[POSITIONS];
    for (var k = 0; k < POSITIONS; k++) {
        joined[k] <== k == 0 ? 0 : join[k] * size[k - 1];
        net[k] = SignSplit(AMOUNT_BITS() + 1);
        net[k].in <== size[k] + joined[k];
        naked[k] <== net[k].negative * (1 - join[k + 1]);
    }
}
