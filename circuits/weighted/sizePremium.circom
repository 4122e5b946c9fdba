// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/ranged.circom";

// What a margin rate rises by with the root of the size, in whole steps: not below floor(root x premium / step) x step.
//
// Only from below, since a larger premium only raises the rate. The steps are ranged by themselves: a fraction in the
// field would satisfy the comparison too.
//
// @input  root     1e-5 units, below 2^40
// @input  premium  parts per million for each unit, below 2^24
// @input  step     parts per million, from 1 to 10^4
// @output rate     parts per million, a multiple of step
template SizePremium() {
    signal input root;
    signal input premium;
    signal input step;
    signal output rate;

    signal exact <== root * premium;
    signal steps <-- exact \ (WEIGHTED_ROOT_ONE() * step);
    component stepsRange = Ranged(WEIGHTED_STEPS_BITS());
    stepsRange.in <== steps;
    rate <== steps * step;

    // one step more exceeds it; for the least number of steps by at most one step
    component missing = Ranged(WEIGHTED_MISSING_BITS());
    missing.in <== WEIGHTED_ROOT_ONE() * (rate + step) - exact - 1;
}
