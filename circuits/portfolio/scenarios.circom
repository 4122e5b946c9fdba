// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// The public scenarios, all factors in 1e-9. The last PORTFOLIO_ABSOLUTE of them count the absolute change of each
// expiry. A scenario of weight and floor zero is padding: it asks for nothing.
bus Scenarios() {
    signal weight[PORTFOLIO_SCENARIOS()];       // of a loss: dampening times loss factor, below 2^38
    signal shock[PORTFOLIO_SCENARIOS()];        // relative change of the underlying's price, signed
    signal floorWeight[PORTFOLIO_SCENARIOS()];  // of the floor charges
}

// @input  scenarios
// @output out  their hash, one of the rules of the model
template ScenariosHash() {
    input Scenarios() scenarios;
    signal output out;

    var count = PORTFOLIO_SCENARIOS();
    var blocks = 3 * count \ 16;
    component block[blocks];
    component all = TaggedHash(TAG_SCENARIOS(), blocks);
    for (var i = 0; i < blocks; i++) {
        block[i] = TaggedHash(TAG_SCENARIOS(), 16);
        for (var j = 0; j < 16; j++) {
            var place = 16 * i + j;
            if (place < count) {
                block[i].in[j] <== scenarios.weight[place];
            } else if (place < 2 * count) {
                block[i].in[j] <== scenarios.shock[place - count];
            } else {
                block[i].in[j] <== scenarios.floorWeight[place - 2 * count];
            }
        }
        all.in[i] <== block[i].out;
    }
    out <== all.out;
}
