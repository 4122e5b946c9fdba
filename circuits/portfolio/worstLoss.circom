// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/ranged.circom";
include "scenarios.circom";

// The worst loss of one underlying: at least every scenario's weighted loss, and at least the loss of the basis.
//
//   loss of a scenario = floorWeight x floors - weight x (change + shock x shocked collateral), 1e-34 quote
//
// @input  scenarios
// @input  change     per scenario, over the expiries of the underlying, 1e-25 quote, signed, below 2^179
// @input  shocked    collateral whose value moves with the underlying, 1e-16 quote, signed, below 2^134
// @input  floors     floor charges, 1e-16 quote, below 2^145
// @input  basis      loss of the basis, 1e-16 quote, below 2^145
// @output loss       in [0, 2^218)
template WorstLoss() {
    var count = PORTFOLIO_SCENARIOS();
    input Scenarios() scenarios;
    signal input change[count];
    signal input shocked;
    signal input floors;
    signal input basis;
    signal output loss;

    signal moved[count];
    signal weighted[count];
    signal floor[count];
    var worst = FINE_SCALE() * FINE_SCALE() * basis;
    for (var s = 0; s < count; s++) {
        moved[s] <== scenarios.shock[s] * shocked;
        weighted[s] <== scenarios.weight[s] * (change[s] + moved[s]);
        floor[s] <== scenarios.floorWeight[s] * floors;
        var scenarioLoss = FINE_SCALE() * floor[s] - weighted[s];
        if (scenarioLoss > worst) worst = scenarioLoss;
    }
    loss <-- worst;

    component least = Ranged(PORTFOLIO_LOSS_BITS());
    least.in <== loss;
    component overBasis = Ranged(PORTFOLIO_LOSS_BITS());
    overBasis.in <== loss - FINE_SCALE() * FINE_SCALE() * basis;
    component over[count];
    for (var s = 0; s < count; s++) {
        over[s] = Ranged(PORTFOLIO_LOSS_BITS() + 1);
        over[s].in <== loss + weighted[s] - FINE_SCALE() * floor[s];
    }
}
