// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "bookState.circom";

// Closes a chain with its totals open: a verifier has the totals by asset and instrument, hashes them to totalsHash,
// compresses them at the statement's challenge and compares with what is opened here.
template LiabilitiesOpening() {
    //////////////////////// PUBLIC ////////////////////////
    signal input lastState;      // hash of the chain's last state
    signal input statement;      // hash of the statement
    signal input accountRoot;
    signal input riskRoot;
    signal input totalsHash;     // of the totals that were claimed before the challenge
    signal input largestDebtor;
    signal input venueStart;
    signal input customers[LIABILITIES_SIDE_TOTALS()];  // as in ChainState
    signal input venue[LIABILITIES_SIDE_TOTALS()];

    //////////////////////// PRIVATE ///////////////////////
    signal input salt;
    signal input nextIndex;
    signal input treeRoot;
    signal input blinding;
    signal input venueId;
    signal input registryHash;
    signal input time;

    component book = BookState();
    book.lastState <== lastState;
    book.statement <== statement;
    book.claimed.accountRoot <== accountRoot;
    book.claimed.riskRoot <== riskRoot;
    book.claimed.totalsHash <== totalsHash;
    book.claimed.largestDebtor <== largestDebtor;
    book.claimed.venueStart <== venueStart;
    book.claimed.salt <== salt;
    book.state.nextIndex <== nextIndex;
    book.state.treeRoot <== treeRoot;
    book.state.totals <== [customers, venue];
    book.state.blinding <== blinding;
    book.venueId <== venueId;
    book.registryHash <== registryHash;
    book.time <== time;
}
