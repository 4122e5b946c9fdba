// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/ranged.circom";
include "changesHash.circom";

// What the account gains or loses in three scenarios at a time: sums over positions of size x lanes of their rows.
//
// Tables are public, so what is packed in a row needs no range check here; the account's totals do, since a lane that
// overflows would carry into the next. They are bounded by the sum of |size| x largest change, before lanes are opened.
//
// @param  POSITIONS  slots
// @param  BLOCKS     of 45 scenarios
// @input  magnitude  per slot, |size|, below 2^64
// @input  size       per slot, signed
// @input  changes    per slot, hash of the changes in all scenarios, of a row constrained by TableLookup
// @input  bound      per slot, largest |change| of that row
// @input  lanes      per slot, those changes
// @output total      per element, total_0 + total_1 2^84 + total_2 2^168, each |total| below 2^81, 1e-12 quote
template ScenarioLosses(POSITIONS, BLOCKS) {
    var elements = BLOCKS * MEASURE_BLOCK_ELEMENTS();
    signal input magnitude[POSITIONS];
    signal input size[POSITIONS];
    signal input changes[POSITIONS];
    signal input bound[POSITIONS];
    signal input lanes[POSITIONS][elements];
    signal output total[elements];

    // 1. the lanes are those of the row
    component hash[POSITIONS];
    for (var k = 0; k < POSITIONS; k++) {
        hash[k] = ChangesHash(BLOCKS);
        hash[k].lanes <== lanes[k];
        hash[k].out === changes[k];
    }

    // 2. no total leaves its lane
    signal most[POSITIONS];
    var sum = 0;
    for (var k = 0; k < POSITIONS; k++) {
        most[k] <== magnitude[k] * bound[k];
        sum += most[k];
    }
    component bounded = Ranged(MEASURE_TOTAL_BITS());
    bounded.in <== sum;

    // 3. totals
    signal term[elements][POSITIONS];
    for (var e = 0; e < elements; e++) {
        var all = 0;
        for (var k = 0; k < POSITIONS; k++) {
            term[e][k] <== size[k] * lanes[k][e];
            all += term[e][k];
        }
        total[e] <== all;
    }
}
