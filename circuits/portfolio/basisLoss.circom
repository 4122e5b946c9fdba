// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/ranged.circom";

// Loss of one expiry when its forward moves against the underlying: at least max(0, -up, -down). The requirement only
// grows with it, so a bound is as good as the maximum itself.
//
// @input  up    weighted change when the basis widens, 1e-16 quote, signed, below 2^142
// @input  down  when it narrows
// @output loss  in [0, 2^142)
template BasisLoss() {
    signal input up;
    signal input down;
    signal output loss;

    var worst = 0;
    if (-up > worst) worst = -up;
    if (-down > worst) worst = -down;
    loss <-- worst;
    component least = Ranged(PORTFOLIO_EXPIRY_VALUE_BITS());
    least.in <== loss;
    component widened = Ranged(PORTFOLIO_EXPIRY_VALUE_BITS() + 1);
    widened.in <== loss + up;
    component narrowed = Ranged(PORTFOLIO_EXPIRY_VALUE_BITS() + 1);
    narrowed.in <== loss + down;
}
