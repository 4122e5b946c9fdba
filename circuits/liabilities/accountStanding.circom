// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/boolean.circom";
include "../numbers/ranged.circom";
include "../numbers/signSplit.circom";

// What the claims about one account count for. Every output follows from the claims alone, with no choice left to the
// prover: totals are compared at a challenge that is known before the batch is proven, and a choice made after it would be
// a way to make false totals fit.
//
//   equity    |equity| < 2^LIABILITIES_VALUE_BITS, 1e-16 quote
//   surplus   |surplus| < 2^LIABILITIES_SURPLUS_BITS, 1e-22 quote
//   settled   as equity
//
// @param  SETTLES
// @input  equity
// @input  surplus          weighted equity less requirement
// @input  settled          per settle asset
// @input  debt             owed in other assets, 1e-16 quote
// @input  largestDebtor    below 2^LIABILITIES_VALUE_BITS
// @output standing         1 exactly when surplus >= 0
// @output owed             equity + deficit: max(equity, 0)
// @output deficit          max(-equity, 0)
// @output settledPositive  per settle asset, max(settled, 0)
// @output settledNegative  per settle asset, max(-settled, 0)
template AccountStanding(SETTLES) {
    signal input equity;
    signal input surplus;
    signal input settled[SETTLES];
    signal input debt;
    signal input largestDebtor;
    signal output standing;
    signal output owed;
    signal output deficit;
    signal output settledPositive[SETTLES];
    signal output settledNegative[SETTLES];

    // 1. equity is owed to the account, or is its deficit: never both, so that no deficit is netted
    component split = SignSplit(LIABILITIES_VALUE_BITS());
    split.in <== equity;
    owed <== split.positive;
    deficit <== split.negative;

    // 2. standing: surplus if it is not negative, else -surplus - 1, is a natural number. Both at once cannot be
    standing <-- surplus >= 0 ? 1 : 0;
    component isFlag = Boolean();
    isFlag.in <== standing;
    signal distance <== (2 * standing - 1) * surplus + standing - 1;
    component distanceRange = Ranged(LIABILITIES_SURPLUS_BITS());
    distanceRange.in <== distance;
    // weighted equity is at most equity and a requirement is never negative, for a validated table; stated all the same
    standing * deficit === 0;

    // 3. the settle assets, profit and loss included
    component settle[SETTLES];
    var owes = debt;
    for (var j = 0; j < SETTLES; j++) {
        settle[j] = SignSplit(LIABILITIES_VALUE_BITS());
        settle[j].in <== settled[j];
        settledPositive[j] <== settle[j].positive;
        settledNegative[j] <== settle[j].negative;
        owes += settle[j].negative;
    }

    // 4. what an account with standing owes is at most what the largest debtor does. Debts of classes without settle
    // assets are never subtracted from anything, so nothing is said of them
    if (SETTLES > 0) {
        signal lent <== standing * owes;
        component debtor = Ranged(LIABILITIES_VALUE_BITS());
        debtor.in <== largestDebtor - lent;
    }
}
