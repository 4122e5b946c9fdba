// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";

// Sums over the positions of each expiry. in[k][e] is 1 where slot k belongs to expiry slot e, so every term stands in
// exactly one sum.
//
// @param  POSITIONS  slots
// @param  EXPIRIES   slots
// @input  in         Membership of every position
// @input  sign       per slot, 1 for a short
// @input  size       per slot, |size|, below 2^64
// @input  price, up, down, floorCharge  per slot, of its contract
// @input  value      per slot and scenario, of its contract, below 2^72
// @output marks      per expiry, signed, 1e-16 quote, below 2^142
// @output ups, downs per expiry, signed
// @output gross      per expiry, units
// @output floors     per expiry, 1e-16 quote
// @output values     per expiry and scenario, signed, below 2^142
// @output net        per slot, the signed size of what it holds
template ExpiryTotals(POSITIONS, EXPIRIES) {
    var scenarios = PORTFOLIO_SCENARIOS();
    signal input in[POSITIONS][EXPIRIES];
    signal input sign[POSITIONS];
    signal input size[POSITIONS];
    signal input price[POSITIONS];
    signal input up[POSITIONS];
    signal input down[POSITIONS];
    signal input floorCharge[POSITIONS];
    signal input value[POSITIONS][scenarios];
    signal output marks[EXPIRIES];
    signal output ups[EXPIRIES];
    signal output downs[EXPIRIES];
    signal output gross[EXPIRIES];
    signal output floors[EXPIRIES];
    signal output values[EXPIRIES][scenarios];
    signal output net[POSITIONS];

    signal units[POSITIONS][EXPIRIES];
    signal signed[POSITIONS][EXPIRIES];
    signal mark[POSITIONS][EXPIRIES];
    signal widened[POSITIONS][EXPIRIES];
    signal narrowed[POSITIONS][EXPIRIES];
    signal floor[POSITIONS][EXPIRIES];
    signal shocked[POSITIONS][EXPIRIES][scenarios];
    for (var e = 0; e < EXPIRIES; e++) {
        var markSum = 0;
        var upSum = 0;
        var downSum = 0;
        var grossSum = 0;
        var floorSum = 0;
        var valueSum[scenarios];
        for (var s = 0; s < scenarios; s++) valueSum[s] = 0;
        for (var k = 0; k < POSITIONS; k++) {
            units[k][e] <== in[k][e] * size[k];
            signed[k][e] <== (1 - 2 * sign[k]) * units[k][e];
            mark[k][e] <== signed[k][e] * price[k];
            widened[k][e] <== signed[k][e] * up[k];
            narrowed[k][e] <== signed[k][e] * down[k];
            floor[k][e] <== units[k][e] * floorCharge[k];
            markSum += mark[k][e];
            upSum += widened[k][e];
            downSum += narrowed[k][e];
            grossSum += units[k][e];
            floorSum += floor[k][e];
            for (var s = 0; s < scenarios; s++) {
                shocked[k][e][s] <== signed[k][e] * value[k][s];
                valueSum[s] += shocked[k][e][s];
            }
        }
        marks[e] <== markSum;
        ups[e] <== upSum;
        downs[e] <== downSum;
        gross[e] <== grossSum;
        floors[e] <== floorSum;
        for (var s = 0; s < scenarios; s++) values[e][s] <== valueSum[s];
    }
    for (var k = 0; k < POSITIONS; k++) {
        var sum = 0;
        for (var e = 0; e < EXPIRIES; e++) sum += signed[k][e];
        net[k] <== sum;
    }
}
