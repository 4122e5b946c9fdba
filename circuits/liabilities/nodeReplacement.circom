// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// Which of 2^LEVELS things a number means: one flag of all is 1.
//
// @param  LEVELS  bits
// @input  bits    least significant first, each 0 or 1
// @output flag    per thing
template PlaceFlags(LEVELS) {
    signal input bits[LEVELS];
    signal output flag[1 << LEVELS];

    if (LEVELS == 0) {
        flag[0] <== 1;
    } else {
        component above = PlaceFlags(LEVELS - 1);
        for (var b = 1; b < LEVELS; b++) above.bits[b - 1] <== bits[b];
        for (var g = 0; g < (1 << (LEVELS - 1)); g++) {
            flag[2 * g + 1] <== above.flag[g] * bits[0];
            flag[2 * g] <== above.flag[g] - flag[2 * g + 1];
        }
    }
}

// Bits that number the groups of RUN among eight.
function groupBits(run) {
    return run == 1 ? 3 : (run == 2 ? 2 : (run == 4 ? 1 : 0));
}

// One level of a tree in which some neighbouring children change and all others stay: the node above, before and after.
//
// @param  RUN       how many change: 1, 2, 4 or 8, one of the groups into which the eight are split
// @input  group     number of the group in bits, least significant first, each 0 or 1
// @input  children  all eight children, before
// @input  before    what each of those that change was
// @input  after     RUN values: what they become
// @output nodeBefore
// @output nodeAfter
template NodeReplacement(RUN) {
    signal input group[groupBits(RUN)];
    signal input children[8];
    signal input before;
    signal input after[RUN];
    signal output nodeBefore;
    signal output nodeAfter;

    component changes = PlaceFlags(groupBits(RUN));
    changes.bits <== group;

    component old = TaggedHash(TAG_ACCOUNT_NODE(), 8);
    component new = TaggedHash(TAG_ACCOUNT_NODE(), 8);
    for (var j = 0; j < 8; j++) {
        changes.flag[j \ RUN] * (children[j] - before) === 0;
        old.in[j] <== children[j];
        new.in[j] <== children[j] + changes.flag[j \ RUN] * (after[j % RUN] - before);
    }
    nodeBefore <== old.out;
    nodeAfter <== new.out;
}
