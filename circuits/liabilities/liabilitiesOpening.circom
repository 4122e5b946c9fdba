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
    // totals of both sides, as in ChainState
    signal input customersAccounts;
    signal input customersStanding;
    signal input customersOwed;
    signal input customersDeficits;
    signal input customersPositive;
    signal input customersGoodNegative;
    signal input customersOtherNegative;
    signal input customersLong;
    signal input customersShort;
    signal input customersCost;
    signal input venueAccounts;
    signal input venueStanding;
    signal input venueOwed;
    signal input venueDeficits;
    signal input venuePositive;
    signal input venueGoodNegative;
    signal input venueOtherNegative;
    signal input venueLong;
    signal input venueShort;
    signal input venueCost;

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
    book.state.totals <== [
        [customersAccounts, customersStanding, customersOwed, customersDeficits, customersPositive,
            customersGoodNegative, customersOtherNegative, customersLong, customersShort, customersCost],
        [venueAccounts, venueStanding, venueOwed, venueDeficits, venuePositive,
            venueGoodNegative, venueOtherNegative, venueLong, venueShort, venueCost]
    ];
    book.state.blinding <== blinding;
    book.venueId <== venueId;
    book.registryHash <== registryHash;
    book.time <== time;
}
