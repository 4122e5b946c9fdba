// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/boolean.circom";
include "../numbers/ranged.circom";
include "bookState.circom";
include "fraction.circom";
include "transcript.circom";

// Closes a chain without showing its totals: reserves cover what is owed, asset by asset and in value, and open interest
// balances. The strict claim is reserves >= positive for each asset. The claim with loans subtracts what accounts with
// standing owe, and then tells how much that is and how much of it one account owes at most; debts of others are never
// subtracted, and the venue's own accounts neither add to a claim nor take from it.
//
// @param ASSETS       rows for assets
// @param INSTRUMENTS  rows for instruments
template LiabilitiesCoverage(ASSETS, INSTRUMENTS) {
    //////////////////////// PUBLIC ////////////////////////
    signal input lastState;       // hash of the chain's last state
    signal input statement;       // hash of the statement
    signal input accountRoot;
    signal input riskRoot;
    signal input venueStart;
    signal input accounts;        // of customers
    signal input reservesHash;    // of ids and reserves by asset, 1e-16 quote
    signal input reserveValue;    // of all reserves after haircuts, 1e-16 quote, below 2^LIABILITIES_TOTAL_BITS
    signal input loans;           // 0: the strict claim; 1: the claim with loans
    signal input loansHash;       // with loans: of the largest debtor and what is subtracted by asset; else 0

    //////////////////////// PRIVATE ///////////////////////
    signal input salt;
    signal input totalsSalt;
    signal input largestDebtor;
    input ChainState() state;
    signal input venueId;
    signal input registryHash;
    signal input time;
    signal input assetId[ASSETS];
    signal input reserve[ASSETS];                        // 1e-16 quote
    signal input assetTotal[2][3][ASSETS];               // customers, venue: positive, good negative, other negative
    signal input instrumentId[INSTRUMENTS];
    signal input instrumentTotal[2][3][INSTRUMENTS];     // customers, venue: long, short, cost

    // 1. the totals that were claimed before the challenge
    component totals = Transcript(TAG_LIABILITIES_TOTALS(), 3 + 7 * ASSETS + 7 * INSTRUMENTS);
    totals.in[0] <== totalsSalt;
    totals.in[1] <== ASSETS;
    totals.in[2] <== INSTRUMENTS;
    var at = 3;
    for (var a = 0; a < ASSETS; a++) { totals.in[at] <== assetId[a]; at++; }
    for (var side = 0; side < 2; side++) {
        for (var c = 0; c < 3; c++) {
            for (var a = 0; a < ASSETS; a++) { totals.in[at] <== assetTotal[side][c][a]; at++; }
        }
    }
    for (var i = 0; i < INSTRUMENTS; i++) { totals.in[at] <== instrumentId[i]; at++; }
    for (var side = 0; side < 2; side++) {
        for (var c = 0; c < 3; c++) {
            for (var i = 0; i < INSTRUMENTS; i++) { totals.in[at] <== instrumentTotal[side][c][i]; at++; }
        }
    }

    // 2. the chain that they belong to
    component book = BookState();
    book.lastState <== lastState;
    book.statement <== statement;
    book.claimed.accountRoot <== accountRoot;
    book.claimed.riskRoot <== riskRoot;
    book.claimed.totalsHash <== totals.out;
    book.claimed.largestDebtor <== largestDebtor;
    book.claimed.venueStart <== venueStart;
    book.claimed.salt <== salt;
    book.state <== state;
    book.venueId <== venueId;
    book.registryHash <== registryHash;
    book.time <== time;
    state.totals[0][0] === accounts;

    // 3. they are the chain's: at a challenge drawn after them, they compress to the same
    component assetAtChallenge[ASSETS];
    component instrumentAtChallenge[INSTRUMENTS];
    for (var a = 0; a < ASSETS; a++) {
        assetAtChallenge[a] = Fraction();
        assetAtChallenge[a].numerator <== 1;
        assetAtChallenge[a].denominator <== book.challenge - assetId[a];
    }
    for (var i = 0; i < INSTRUMENTS; i++) {
        instrumentAtChallenge[i] = Fraction();
        instrumentAtChallenge[i].numerator <== 1;
        instrumentAtChallenge[i].denominator <== book.challenge - instrumentId[i];
    }
    signal weighedAsset[2][3][ASSETS];
    signal weighedInstrument[2][3][INSTRUMENTS];
    for (var side = 0; side < 2; side++) {
        for (var c = 0; c < 3; c++) {
            var assets = 0;
            for (var a = 0; a < ASSETS; a++) {
                weighedAsset[side][c][a] <== assetTotal[side][c][a] * assetAtChallenge[a].out;
                assets += weighedAsset[side][c][a];
            }
            state.totals[side][4 + c] === assets;
            var instruments = 0;
            for (var i = 0; i < INSTRUMENTS; i++) {
                weighedInstrument[side][c][i] <== instrumentTotal[side][c][i] * instrumentAtChallenge[i].out;
                instruments += weighedInstrument[side][c][i];
            }
            state.totals[side][7 + c] === instruments;
        }
    }

    // 4. every long has its short, the venue's own included
    for (var i = 0; i < INSTRUMENTS; i++) {
        instrumentTotal[0][0][i] + instrumentTotal[1][0][i] === instrumentTotal[0][1][i] + instrumentTotal[1][1][i];
    }

    // 5. reserves cover what customers are owed: each asset, and in value
    component withLoans = Boolean();
    withLoans.in <== loans;
    signal lent[ASSETS];
    component covered[ASSETS];
    for (var a = 0; a < ASSETS; a++) {
        lent[a] <== loans * assetTotal[0][1][a];
        covered[a] = Ranged(LIABILITIES_TOTAL_BITS());
        covered[a].in <== reserve[a] - assetTotal[0][0][a] + lent[a];
    }
    component valueCovered = Ranged(LIABILITIES_TOTAL_BITS());
    valueCovered.in <== reserveValue - state.totals[0][2];

    // 6. what a verifier recomputes: reserves, and with loans what was subtracted
    component reserves = Transcript(TAG_LIABILITIES_RESERVES(), 2 * ASSETS);
    component subtracted = Transcript(TAG_LIABILITIES_LOANS(), 1 + 2 * ASSETS);
    subtracted.in[0] <== largestDebtor;
    for (var a = 0; a < ASSETS; a++) {
        reserves.in[a] <== assetId[a];
        reserves.in[ASSETS + a] <== reserve[a];
        subtracted.in[1 + a] <== assetId[a];
        subtracted.in[1 + ASSETS + a] <== assetTotal[0][1][a];
    }
    reserves.out === reservesHash;
    loans * subtracted.out === loansHash;
}
