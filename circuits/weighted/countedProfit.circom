// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/boolean.circom";
include "../numbers/ranged.circom";
include "../numbers/signSplit.circom";

// Unrealised profit as far as it counts, and a loss in full: weight x min(profit, cap) - loss. Both choices are exact: a
// loss that passed for a profit would be weighted, and a profit beyond the cap would count.
//
// @input  profit   signed, 1e-16 quote, below 2^104 in magnitude
// @input  weight   parts per million
// @input  cap      1e-16 quote, below 2^104
// @output counted  1e-22 quote, signed
template CountedProfit() {
    signal input profit;
    signal input weight;
    signal input cap;
    signal output counted;

    // 1. profit or loss
    component split = SignSplit(WEIGHTED_PROFIT_BITS());
    split.in <== profit;

    // 2. up to the cap
    var room = cap - split.positive;
    signal isAbove <-- split.positive > cap ? 1 : 0;
    component flag = Boolean();
    flag.in <== isAbove;
    signal lacking <== isAbove * room;
    // |room|, with the sign that the flag says
    component distance = Ranged(WEIGHTED_PROFIT_BITS());
    distance.in <== room - 2 * lacking;

    // 3. weighted
    signal gain <== weight * (split.positive + lacking);
    counted <== gain - RATE_SCALE() * split.negative;
}
