// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../account/usedSlots.circom";
include "../constants.circom";
include "../numbers/ranged.circom";
include "notBelow.circom";
include "pivotSplit.circom";

// Two measures of the losses in a list of scenarios: of the tail of the first `count`, a distribution in which each is as
// likely as the others, and the worst of the `stressCount` that follow.
//
//   tail   at least max(0, pivot + tailWeight x sum of what lies beyond the pivot), where at most `allowed` losses do
//   worst  at least max(0, every stress loss)
//
// Expected shortfall has tailWeight = 1 / ((1 - confidence) x count) and allows all (Rockafellar and Uryasev: for every
// pivot this is no less than it, and for one it is equal). Historical value at risk has tailWeight 0 and allows
// (1 - confidence) x count. The pivots are the prover's: another one only raises what the account must cover.
//
// @param  BLOCKS       of 45 scenarios
// @input  total        per element, see ScenarioLosses
// @input  count        scenarios of the distribution
// @input  stressCount  stress scenarios after them; what follows is padding without changes
// @input  tailWeight   1e-9, below 2^30
// @input  allowed      losses that may lie beyond the pivot
// @input  pivot        1e-12 quote, signed
// @input  worst        1e-12 quote, not negative
// @output tail         1e-21 quote, in [0, 2^124)
// @output stress       1e-21 quote, in [0, 2^124): worst
template ScenarioMeasures(BLOCKS) {
    var lanes = MEASURE_LANES();
    var elements = BLOCKS * MEASURE_BLOCK_ELEMENTS();
    var scenarios = elements * lanes;
    signal input total[elements];
    signal input count;
    signal input stressCount;
    signal input tailWeight;
    signal input allowed;
    signal input pivot;
    signal input worst;
    signal output tail;
    signal output stress;

    // 1. which scenarios are which
    signal likely[scenarios] <== UsedSlots(scenarios)(count);
    signal listed[scenarios] <== UsedSlots(scenarios)(count + stressCount);

    // 2. the pivots lie where lanes can be opened
    component pivotRange = Ranged(MEASURE_TOTAL_BITS() + 1);
    pivotRange.in <== pivot + (1 << MEASURE_TOTAL_BITS());
    component worstRange = Ranged(MEASURE_TOTAL_BITS());
    worstRange.in <== worst;

    // 3. what lies beyond
    component split[elements];
    signal shift[scenarios];
    signal beyond[scenarios];
    signal tailExceeds[scenarios];
    signal stressExceeds[scenarios];
    var beyondSum = 0;
    var exceeding = 0;
    var worse = 0;
    for (var e = 0; e < elements; e++) {
        split[e] = PivotSplit();
        split[e].total <== total[e];
        for (var i = 0; i < lanes; i++) {
            var s = e * lanes + i;
            shift[s] <== likely[s] * (pivot - worst);
            split[e].pivot[i] <== worst + shift[s];
        }
        for (var i = 0; i < lanes; i++) {
            var s = e * lanes + i;
            beyond[s] <== likely[s] * split[e].beyond[i];
            beyondSum += beyond[s];
            tailExceeds[s] <== likely[s] * split[e].exceeds[i];
            exceeding += tailExceeds[s];
            stressExceeds[s] <== (listed[s] - likely[s]) * split[e].exceeds[i];
            worse += stressExceeds[s];
        }
    }

    // 4. no more losses lie beyond the pivot than may; no stress loss is worse than the worst
    component few = Ranged(MEASURE_COUNT_BITS());
    few.in <== allowed - exceeding;
    worse === 0;

    // 5. a tail of gains offsets nothing
    component atLeast = NotBelow(MEASURE_MEASURE_BITS());
    atLeast.in <== MEASURE_MEASURE_SCALE() * pivot + tailWeight * beyondSum;
    tail <== atLeast.out;
    stress <== MEASURE_MEASURE_SCALE() * worst;
}
