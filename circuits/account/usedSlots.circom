// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

// used[k] = 1 exactly for k < count, and count <= N.
//
// The flags follow from the count, which the list hash binds: there is no padding flag for a prover to choose, so no
// entry of the account can be declared padding and left out.
//
// @param  N      slots
// @input  count  number of entries
// @output used   N flags: ones, then zeros
template UsedSlots(N) {
    signal input count;
    signal output used[N];

    var total = 0;
    for (var k = 0; k < N; k++) {
        used[k] <-- k < count ? 1 : 0;
        total += used[k];
    }
    // a flag is 0 or equals the one before it; the first is 0 or 1: so they are ones, then zeros
    used[0] * (1 - used[0]) === 0;
    for (var k = 1; k < N; k++) used[k] * (used[k - 1] - used[k]) === 0;
    // and there are count of them: a count above N has no witness
    total === count;
}
