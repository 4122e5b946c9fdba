// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// Hash of a list of packed elements: a head block of 4 elements with the count, then tail blocks of 8, each chained to
// the hash so far; tail blocks that hold no entry are skipped. It depends only on the domain, the count and the
// elements, not on N, so circuits of every size open the same leaf.
//
// @param  TAG       domain of the head: which list this is
// @param  N         elements that the circuit has room for
// @input  count     number of entries
// @input  elements  N elements, zero past the count
// @input  used      whether an element holds an entry: ones, then zeros
// @output out       field element
template ListHash(TAG, N) {
    signal input count;
    signal input elements[N];
    signal input used[N];
    signal output out;

    component head = TaggedHash(TAG, 1 + LIST_HEAD());
    head.in[0] <== count;
    for (var i = 0; i < LIST_HEAD(); i++) {
        if (i < N) {
            head.in[1 + i] <== elements[i];
        } else {
            head.in[1 + i] <== 0;
        }
    }

    var tails = N > LIST_HEAD() ? (N - LIST_HEAD() + LIST_TAIL() - 1) \ LIST_TAIL() : 0;
    component tail[tails];
    signal chain[tails + 1];
    chain[0] <== head.out;
    for (var j = 0; j < tails; j++) {
        var first = LIST_HEAD() + j * LIST_TAIL();
        tail[j] = TaggedHash(TAG_LIST_TAIL(), 1 + LIST_TAIL());
        tail[j].in[0] <== chain[j];
        for (var i = 0; i < LIST_TAIL(); i++) {
            if (first + i < N) {
                tail[j].in[1 + i] <== elements[first + i];
            } else {
                tail[j].in[1 + i] <== 0;
            }
        }
        // skipped exactly when its first element is padding, and then all of it is
        chain[j + 1] <== chain[j] + used[first] * (tail[j].out - chain[j]);
    }
    out <== chain[tails];
}
