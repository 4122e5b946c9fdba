// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "transcript.circom";

// The public parameters that a batch uses: rows of the risk snapshot, multiplied out where only a product is needed. A
// verifier makes it anew from the snapshot, so nothing of it is ranged here. Any public choice of rows will do: an account
// whose rows are not among them goes to a batch with another 
//
// A key holds what a look-up has to match, in one number: id + 2^32 floor + 2^96 cap, caps cut at 2^63 - 1. Unused rows are
// zero: no entry has id 0.
//
// @param ASSETS       rows; the first SETTLES of them are the settle assets
// @param STEPS        rows of haircut steps, or 0 for one flat factor an asset
// @param INSTRUMENTS  rows
// @param TIERS        rows of margin tiers
// @param SETTLES      settle assets
// @input  assetId, assetPrice             per asset; the price with 16 - amountDecimals decimals
// @input  assetWeight                     per asset, where STEPS is 0: factor x price, 1e-22 quote a unit
// @input  stepKey                         per step
// @input  stepWeight, stepAddition        per step: factor x price; addition in 1e-22 quote
// @input  instrumentId, instrumentPrice   per instrument
// @input  settlesIn                       per instrument a flag for each settle asset but the last
// @input  tierKey                         per tier
// @input  tierWeight, tierDeduction       per tier: rate x price; deduction in 1e-22 quote
// @output out                             field element
template LiabilitiesTableHash(ASSETS, STEPS, INSTRUMENTS, TIERS, SETTLES) {
    var flat = STEPS == 0 ? ASSETS : 0;
    var flags = SETTLES < 2 ? 0 : INSTRUMENTS * (SETTLES - 1);
    signal input assetId[ASSETS];
    signal input assetPrice[ASSETS];
    signal input assetWeight[flat];
    signal input stepKey[STEPS];
    signal input stepWeight[STEPS];
    signal input stepAddition[STEPS];
    signal input instrumentId[INSTRUMENTS];
    signal input instrumentPrice[INSTRUMENTS];
    signal input settlesIn[flags];
    signal input tierKey[TIERS];
    signal input tierWeight[TIERS];
    signal input tierDeduction[TIERS];
    signal output out;

    component hash = Transcript(TAG_LIABILITIES_TABLE(), 5 + 2 * ASSETS + flat + 3 * STEPS + 2 * INSTRUMENTS + flags + 3 * TIERS);
    hash.in[0] <== ASSETS;
    hash.in[1] <== STEPS;
    hash.in[2] <== INSTRUMENTS;
    hash.in[3] <== TIERS;
    hash.in[4] <== SETTLES;
    var at = 5;
    for (var a = 0; a < ASSETS; a++) { hash.in[at] <== assetId[a]; at++; }
    for (var a = 0; a < ASSETS; a++) { hash.in[at] <== assetPrice[a]; at++; }
    for (var a = 0; a < flat; a++) { hash.in[at] <== assetWeight[a]; at++; }
    for (var r = 0; r < STEPS; r++) { hash.in[at] <== stepKey[r]; at++; }
    for (var r = 0; r < STEPS; r++) { hash.in[at] <== stepWeight[r]; at++; }
    for (var r = 0; r < STEPS; r++) { hash.in[at] <== stepAddition[r]; at++; }
    for (var i = 0; i < INSTRUMENTS; i++) { hash.in[at] <== instrumentId[i]; at++; }
    for (var i = 0; i < INSTRUMENTS; i++) { hash.in[at] <== instrumentPrice[i]; at++; }
    for (var i = 0; i < flags; i++) { hash.in[at] <== settlesIn[i]; at++; }
    for (var t = 0; t < TIERS; t++) { hash.in[at] <== tierKey[t]; at++; }
    for (var t = 0; t < TIERS; t++) { hash.in[at] <== tierWeight[t]; at++; }
    for (var t = 0; t < TIERS; t++) { hash.in[at] <== tierDeduction[t]; at++; }
    out <== hash.out;
}
