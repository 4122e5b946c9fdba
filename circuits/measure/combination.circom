// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";
include "../numbers/ranged.circom";

// How a hybrid combines its measures. Public and validated; weights are parts per million, below 2^24.
bus Combination() {
    signal isMaximum;   // 1: the largest of the weighted measures; 0: their sum
    signal weight[5];   // charges, Greeks, parametric, tail, stress
    signal added;       // weight of the charges that are added to either
}

// @input  combination
// @output out          field element
template CombinationHash() {
    input Combination() combination;
    signal output out;

    component hash = TaggedHash(TAG_COMBINATION(), 7);
    hash.in[0] <== combination.isMaximum;
    for (var i = 0; i < 5; i++) hash.in[1 + i] <== combination.weight[i];
    hash.in[6] <== combination.added;
    out <== hash.out;
}

// The weighted maximum or the weighted sum of measures, plus weighted charges.
//
// The maximum is one bound for all: the requirement only grows with it. No weight and no measure is negative.
//
// @input  combination
// @input  measure      charges, Greeks, parametric, tail, stress, 1e-21 quote, below 2^152
// @output requirement  1e-27 quote
template Combine() {
    input Combination() combination;
    signal input measure[5];
    signal output requirement;

    signal weighted[5];
    var sum = 0;
    var largest = 0;
    for (var i = 0; i < 5; i++) {
        weighted[i] <== combination.weight[i] * measure[i];
        sum += weighted[i];
        if (weighted[i] > largest) largest = weighted[i];
    }

    signal maximum <-- largest;
    component maximumRange = Ranged(MEASURE_REQUIREMENT_BITS());
    maximumRange.in <== maximum;
    component covers[5];
    for (var i = 0; i < 5; i++) {
        covers[i] = Ranged(MEASURE_REQUIREMENT_BITS());
        covers[i].in <== maximum - weighted[i];
    }

    signal chosen <== combination.isMaximum * (maximum - sum);
    signal added <== combination.added * measure[0];
    requirement <== sum + chosen + added;
}
