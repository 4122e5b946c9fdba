// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/boolean.circom";
include "../numbers/ranged.circom";

// Opens one element of totals: by how much the loss of each of its three scenarios lies beyond a pivot or within it.
//
//   - total_i = pivot_i + beyond_i - within_i, one of the two zero
//
// Every part is ranged, so a stated total lies within 2^81 + 2^82 of zero, and a true one within 2^81: two that differ make
// a difference below half a lane, and differences of that size in three lanes do not cancel. So the losses are the true ones.
//
// @input  total    total_0 + total_1 2^84 + total_2 2^168, each |total| below 2^81, 1e-12 quote
// @input  pivot    per scenario, from -2^81 to 2^81
// @output beyond   per scenario, max(0, loss - pivot), below 2^82
// @output exceeds  per scenario, 1 where the loss is larger than the pivot. Where it equals the pivot both are possible:
//                  whoever says 1 there counts one more against himself
template PivotSplit() {
    var lanes = MEASURE_LANES();
    signal input total;
    signal input pivot[lanes];
    signal output beyond[lanes];
    signal output exceeds[lanes];

    // lanes are signed: half a lane is added to each, for the hints to cut them apart
    var lane = 1 << MEASURE_LANE_BITS();
    var halves = 0;
    for (var i = 0; i < lanes; i++) halves = halves * lane + lane / 2;
    var shifted = total + halves;

    signal magnitude[lanes];
    component magnitudeRange[lanes];
    component exceedsRange[lanes];
    var opened = 0;
    for (var i = 0; i < lanes; i++) {
        var above = lane / 2 - ((shifted >> (i * MEASURE_LANE_BITS())) & (lane - 1)) - pivot[i];
        exceeds[i] <-- above > 0 ? 1 : 0;
        exceedsRange[i] = Boolean();
        exceedsRange[i].in <== exceeds[i];
        magnitude[i] <-- above > 0 ? above : -above;
        magnitudeRange[i] = Ranged(MEASURE_SPLIT_BITS());
        magnitudeRange[i].in <== magnitude[i];
        beyond[i] <== exceeds[i] * magnitude[i];
        opened += (magnitude[i] - 2 * beyond[i] - pivot[i]) * (1 << (i * MEASURE_LANE_BITS()));
    }
    opened === total;
}
