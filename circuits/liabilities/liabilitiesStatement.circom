// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// All that is claimed of a book, before anything of it is proven. Each batch and the closing proof carry its hash, and the
// challenge at which totals are compared is drawn from it: with the account root in it every account is fixed, with the
// totals' hash every claimed total is, so no total is chosen after the challenge.
bus LiabilitiesStatement() {
    signal accountRoot;
    signal riskRoot;
    signal totalsHash;     // of the claimed totals by asset and instrument
    signal largestDebtor;  // most that one account with standing owes, 1e-16 quote
    signal venueStart;     // first place of the venue's own accounts
    signal salt;           // random: a statement with hidden totals does not tell them by its hash
}

// @input  statement
// @output hash       what batches carry
// @output challenge  where totals are compared
template StatementHash() {
    input LiabilitiesStatement() statement;
    signal output hash;
    signal output challenge;

    component whole = TaggedHash(TAG_LIABILITIES_STATEMENT(), 6);
    whole.in <== [
        statement.accountRoot, statement.riskRoot, statement.totalsHash,
        statement.largestDebtor, statement.venueStart, statement.salt
    ];
    hash <== whole.out;

    component drawn = TaggedHash(TAG_TOTALS_CHALLENGE(), 1);
    drawn.in[0] <== whole.out;
    challenge <== drawn.out;
}
