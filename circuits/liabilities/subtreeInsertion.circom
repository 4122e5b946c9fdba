// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "circomlib/circuits/bitify.circom";
include "nodeReplacement.circom";

// Root of a subtree without any account.
function emptyAccountNode(height) {
    var nodes[9] = [
        EMPTY_ACCOUNT_NODE_0(), EMPTY_ACCOUNT_NODE_1(), EMPTY_ACCOUNT_NODE_2(), EMPTY_ACCOUNT_NODE_3(),
        EMPTY_ACCOUNT_NODE_4(), EMPTY_ACCOUNT_NODE_5(), EMPTY_ACCOUNT_NODE_6(), EMPTY_ACCOUNT_NODE_7(),
        EMPTY_ACCOUNT_NODE_8()
    ];
    return nodes[height];
}

// Puts a run of neighbouring subtrees into the account tree, at places where there was nothing.
//
// The tree so far is the accumulator of a chain of batches: it starts empty, and when it has become the tree behind the
// account root, every account of that tree went through exactly one batch. A batch put in twice would find its places
// taken; a batch left out leaves another root.
//
// @param  HEIGHT    of each subtree
// @param  RUN       how many: 1, 2, 4 or 8, side by side below one node
// @input  index     place of the first leaf, a multiple of RUN x 8^HEIGHT
// @input  roots     of the subtrees
// @input  children  per level from HEIGHT up, all eight children of the node above, before
// @output before    root of the tree without them
// @output after     root of the tree with them
template SubtreeInsertion(HEIGHT, RUN) {
    assert(RUN == 1 || RUN == 2 || RUN == 4 || RUN == 8);
    var levels = ACCOUNT_TREE_DEPTH() - HEIGHT;
    signal input index;
    signal input roots[RUN];
    signal input children[levels][8];
    signal output before;
    signal output after;

    // 1. the place stands in the tree and begins a run
    component place = Num2Bits(3 * ACCOUNT_TREE_DEPTH());
    place.in <== index;
    var within = 3 * (HEIGHT + 1) - groupBits(RUN);
    for (var b = 0; b < within; b++) place.out[b] === 0;

    // 2. where the run goes there was nothing
    component lowest = NodeReplacement(RUN);
    for (var b = 0; b < groupBits(RUN); b++) lowest.group[b] <== place.out[within + b];
    lowest.children <== children[0];
    lowest.before <== emptyAccountNode(HEIGHT);
    lowest.after <== roots;

    // 3. and above it only that path changes
    component level[levels];
    for (var i = 1; i < levels; i++) {
        level[i] = NodeReplacement(1);
        for (var b = 0; b < 3; b++) level[i].group[b] <== place.out[3 * (HEIGHT + i) + b];
        level[i].children <== children[i];
        level[i].before <== i == 1 ? lowest.nodeBefore : level[i - 1].nodeBefore;
        level[i].after[0] <== i == 1 ? lowest.nodeAfter : level[i - 1].nodeAfter;
    }
    before <== level[levels - 1].nodeBefore;
    after <== level[levels - 1].nodeAfter;
}
