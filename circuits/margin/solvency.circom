// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/nonZeroIf.circom";
include "../numbers/ranged.circom";

// The claim: 10^4 x weightedEquity >= thresholdBps x requirement, and weightedEquity >= equityFloor. Equality is solvent.
//
//   unit            1e-16 quote / SCALE: what the family computes in, 1e-22 for SCALE = 10^6
//   weightedEquity  in the unit, signed
//   requirement     in the unit, in [0, 2^REQUIREMENT)
//   thresholdBps    in [1, 2^20)
//   equityFloor     1e-16, in [0, 2^160); public, and ranged all the same: r - k is negative
//   differences     ranged to COMPARISON bits (derived for each family at WIDTHS in constants.ts)
//
// @param SCALE        units in 1e-16 quote
// @param REQUIREMENT  bits of a requirement
// @param COMPARISON   bits of a comparison
// @input weightedEquity
// @input requirement
// @input thresholdBps
// @input equityFloor
template Solvency(SCALE, REQUIREMENT, COMPARISON) {
    signal input weightedEquity;
    signal input requirement;
    signal input thresholdBps;
    signal input equityFloor;

    // 1. the public numbers lie in their bounds
    component thresholdRange = Ranged(THRESHOLD_BPS_BITS());
    thresholdRange.in <== thresholdBps;
    component thresholdNotZero = NonZeroIf();
    thresholdNotZero.in <== thresholdBps;
    thresholdNotZero.flag <== 1;
    component floorRange = Ranged(EQUITY_FLOOR_BITS());
    floorRange.in <== equityFloor;

    // 2. a negative requirement would pay for missing equity; a validated table has none, and this does not rely on it
    component requirementRange = Ranged(REQUIREMENT);
    requirementRange.in <== requirement;

    // 3. the margin ratio, cross-multiplied
    signal required <== thresholdBps * requirement;
    component ratio = Ranged(COMPARISON);
    ratio.in <== BPS_SCALE() * weightedEquity - required;

    // 4. the floor, against the same equity; with the floor in its bounds this ranges the equity as well
    component floor = Ranged(COMPARISON);
    floor.in <== weightedEquity - SCALE * equityFloor;
}
