// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../account/accountLeaf.circom";
include "../constants.circom";
include "../numbers/boolean.circom";
include "balanceEntries.circom";
include "positionEntries.circom";

// The leaf of one place of the account tree: an account's, or 0 where there is none.
//
// @param  BALANCES   slots for balances, at least 1
// @param  POSITIONS  slots for positions, or 0
// @input  present    whether there is an account
// @input  ownerCommitment, accountId, salt
// @input  balanceCount, balanceGap, balanceSign, balance                      see BalanceEntries
// @input  positionCount, positionGap, sizeSign, size, costSign, cost          see PositionEntries
// @output leaf
// @output balanceUsed, balanceId, positive, negative                          per slot: see BalanceEntries
// @output positionUsed, positionId, long, short, signedCost                   per slot: see PositionEntries
template BookLeaf(BALANCES, POSITIONS) {
    signal input present;
    signal input ownerCommitment;
    signal input accountId;
    signal input salt;
    signal input balanceCount;
    signal input balanceGap[BALANCES];
    signal input balanceSign[BALANCES];
    signal input balance[BALANCES];
    signal input positionCount;
    signal input positionGap[POSITIONS];
    signal input sizeSign[POSITIONS];
    signal input size[POSITIONS];
    signal input costSign[POSITIONS];
    signal input cost[POSITIONS];
    signal output leaf;
    signal output balanceUsed[BALANCES];
    signal output balanceId[BALANCES];
    signal output positive[BALANCES];
    signal output negative[BALANCES];
    signal output positionUsed[POSITIONS];
    signal output positionId[POSITIONS];
    signal output long[POSITIONS];
    signal output short[POSITIONS];
    signal output signedCost[POSITIONS];

    // 1. what the account holds
    component balances = BalanceEntries(BALANCES);
    balances.count <== balanceCount;
    balances.gap <== balanceGap;
    balances.sign <== balanceSign;
    balances.magnitude <== balance;
    balanceUsed <== balances.used;
    balanceId <== balances.id;
    positive <== balances.positive;
    negative <== balances.negative;

    component hash = AccountLeaf();
    hash.ownerCommitment <== ownerCommitment;
    hash.accountId <== accountId;
    hash.collateralHash <== balances.hash;
    hash.salt <== salt;

    if (POSITIONS > 0) {
        component positions = PositionEntries(POSITIONS);
        positions.count <== positionCount;
        positions.gap <== positionGap;
        positions.sizeSign <== sizeSign;
        positions.size <== size;
        positions.costSign <== costSign;
        positions.cost <== cost;
        positionUsed <== positions.used;
        positionId <== positions.id;
        long <== positions.long;
        short <== positions.short;
        signedCost <== positions.signedCost;
        hash.positionsHash <== positions.hash;
    } else {
        positionCount === 0;
        hash.positionsHash <== EMPTY_POSITIONS_HASH();
    }

    // 2. a place without an account holds nothing: no dummy with a debt stands there
    component isAccount = Boolean();
    isAccount.in <== present;
    balanceCount * (1 - present) === 0;
    positionCount * (1 - present) === 0;
    leaf <== present * hash.out;
}
