// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "transcript.circom";

// Where the proof of a book stands after some of its batches. One side is the customers, the other the venue's own
// accounts: they are never added, so that an insider's debt does not pay for what a customer is owed.
//
//   per side: accounts | with standing | owed | deficits | positive | good negative | other negative | long | short | cost
//
// owed and deficits are sums in 1e-16 quote. The six after them are compressed at the statement's challenge z: for totals
// T_a by asset, the sum of T_a / (z - a), T_a in 1e-16 quote; for totals by instrument the same of sizes and of costs in 1e-8.
bus ChainState() {
    signal nextIndex;                          // places below it are done with
    signal treeRoot;                           // of the account tree with only the accounts so far in it
    signal totals[2][LIABILITIES_SIDE_TOTALS()];
    signal blinding;                           // at least 128 random bits; 0 in the first state
}

// @input  state
// @input  statement  hash of the statement that the chain belongs to
// @output out        field element
template ChainStateHash() {
    input ChainState() state;
    signal input statement;
    signal output out;

    var sideTotals = LIABILITIES_SIDE_TOTALS();
    component hash = Transcript(TAG_LIABILITIES_STATE(), 4 + 2 * sideTotals);
    hash.in[0] <== statement;
    hash.in[1] <== state.nextIndex;
    hash.in[2] <== state.treeRoot;
    hash.in[3] <== state.blinding;
    for (var side = 0; side < 2; side++) {
        for (var i = 0; i < sideTotals; i++) hash.in[4 + side * sideTotals + i] <== state.totals[side][i];
    }
    out <== hash.out;
}
