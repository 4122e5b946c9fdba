// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/boolean.circom";
include "../numbers/ranged.circom";
include "optionSlot.circom";

// The options of an account in the order of their expiries, and of their strikes within an expiry, so that each expiry
// is one run of places. The prover says the order; the constraints leave no other than an ascending one.
//
//   a slot left out, or used twice     every slot stands at exactly one place: no held strike can be dropped
//   an expiry split over two runs      a place that does not join the one before it has a larger expiry: each part would
//                                      take the better of its two margins, which is cheaper than the whole's
//   two expiries joined to one run     a place that joins has the expiry of the one before it: gains of one expiry would
//                                      pay for losses of another
//   strikes out of order               a step down would count a payoff backwards
//
// @param  N       slots
// @input  slots   the options in the order of the account
// @input  order   per place, the slot that stands there, from 0
// @input  joins   per place, 1 where it is of the same expiry as the place before it
// @output sorted  the options in the order of places
template StrikeOrder(N) {
    input OptionSlot() slots[N];
    signal input order[N];
    signal input joins[N];
    output OptionSlot() sorted[N];

    // 1. stands[p][k]: slot k stands at place p; one slot a place, one place a slot
    signal stands[N][N];
    var placesOf[N];
    for (var k = 0; k < N; k++) placesOf[k] = 0;
    for (var p = 0; p < N; p++) {
        var total = 0;
        var named = 0;
        for (var k = 0; k < N; k++) {
            stands[p][k] <-- order[p] == k ? 1 : 0;
            stands[p][k] * (1 - stands[p][k]) === 0;
            total += stands[p][k];
            named += k * stands[p][k];
            placesOf[k] += stands[p][k];
        }
        total === 1;
        named === order[p];
    }
    for (var k = 0; k < N; k++) placesOf[k] === 1;

    // 2. what stands at each place
    signal expiry[N][N];
    signal strike[N][N];
    signal calls[N][N];
    signal puts[N][N];
    signal isolated[N][N];
    signal unpaired[N][N];
    for (var p = 0; p < N; p++) {
        var sum[6] = [0, 0, 0, 0, 0, 0];
        for (var k = 0; k < N; k++) {
            expiry[p][k] <== stands[p][k] * slots[k].expiry;
            strike[p][k] <== stands[p][k] * slots[k].strike;
            calls[p][k] <== stands[p][k] * slots[k].calls;
            puts[p][k] <== stands[p][k] * slots[k].puts;
            isolated[p][k] <== stands[p][k] * slots[k].isolated;
            unpaired[p][k] <== stands[p][k] * slots[k].unpaired;
            sum[0] += expiry[p][k];
            sum[1] += strike[p][k];
            sum[2] += calls[p][k];
            sum[3] += puts[p][k];
            sum[4] += isolated[p][k];
            sum[5] += unpaired[p][k];
        }
        sorted[p].expiry <== sum[0];
        sorted[p].strike <== sum[1];
        sorted[p].calls <== sum[2];
        sorted[p].puts <== sum[3];
        sorted[p].isolated <== sum[4];
        sorted[p].unpaired <== sum[5];
    }

    // 3. within an expiry strikes do not fall; from one to the next the expiry rises by at least 1. Ids are below 2^32
    //    and strikes below 2^64, so that each step fits the width of a strike and a step down, near r, does not
    joins[0] === 0;
    component joinsRange[N];
    component rises[N];
    signal step[N];
    for (var p = 1; p < N; p++) {
        var next = sorted[p].expiry - sorted[p - 1].expiry;
        var up = sorted[p].strike - sorted[p - 1].strike;
        joinsRange[p] = Boolean();
        joinsRange[p].in <== joins[p];
        joins[p] * next === 0;
        step[p] <== joins[p] * (up - next + 1);
        rises[p] = Ranged(PRICE_BITS());
        rises[p].in <== step[p] + next - 1;
    }
    step[0] <== 0;
}
