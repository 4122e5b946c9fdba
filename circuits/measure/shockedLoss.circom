// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/ranged.circom";

// Worst loss of one underlying over its shocks, to second order in the price and first in volatility:
//
//   loss(shock) = - (delta x move + gamma x move^2 / 2 + vega x volatility), and not below zero
//
// One bound for all shocks: the requirement only grows with it.
//
// @input  move, volatility  per shock, of a row constrained by TableLookup
// @input  delta, gamma, vega  of the account in it, 1e-12 quote, signed
// @output loss   1e-21 quote, in [0, 2^124)
template ShockedLoss() {
    var shocks = MEASURE_SHOCKS();
    var scale = 2 * FINE_SCALE();
    signal input move[shocks];
    signal input volatility[shocks];
    signal input delta;
    signal input gamma;
    signal input vega;
    signal output loss;

    // 1. what is multiplied below is small
    component deltaRange = Ranged(MEASURE_NET_BITS() + 1);
    deltaRange.in <== delta + (1 << MEASURE_NET_BITS());
    component gammaRange = Ranged(MEASURE_NET_BITS() + 1);
    gammaRange.in <== gamma + (1 << MEASURE_NET_BITS());
    component vegaRange = Ranged(MEASURE_NET_BITS() + 1);
    vegaRange.in <== vega + (1 << MEASURE_NET_BITS());

    // 2. gains in each shock, in 5e-31 quote: exact
    signal square[shocks];
    signal byMove[shocks];
    signal byCurve[shocks];
    signal byVolatility[shocks];
    var gain[shocks];
    var worst = 0;
    for (var i = 0; i < shocks; i++) {
        square[i] <== move[i] * move[i];
        byMove[i] <== delta * move[i];
        byCurve[i] <== gamma * square[i];
        byVolatility[i] <== vega * volatility[i];
        gain[i] = scale * (byMove[i] + byVolatility[i]) + byCurve[i];
        if (-gain[i] > worst) worst = -gain[i];
    }

    // 3. a loss that none exceeds, rounded up
    loss <-- (worst + scale - 1) \ scale;
    component lossRange = Ranged(MEASURE_MEASURE_BITS());
    lossRange.in <== loss;
    component covers[shocks];
    for (var i = 0; i < shocks; i++) {
        covers[i] = Ranged(MEASURE_SHOCKED_BITS());
        covers[i].in <== scale * loss + gain[i];
    }
}
