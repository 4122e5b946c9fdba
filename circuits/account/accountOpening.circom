// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";

// All that a prover tells of the account: who owns it, where its leaf stands, and what it holds. Every family of margin
// circuits takes the same opening, so that one leaf serves them all. OwnedAccount constrains each field.
//
// @param POSITIONS  slots for positions
// @param ASSETS     slots for balances
bus AccountOpening(POSITIONS, ASSETS) {
    signal ownerSecret;
    signal accountId;
    signal salt;
    signal leafIndex;
    signal treeChildren[ACCOUNT_TREE_DEPTH()][8];
    signal venueId;
    signal time;
    signal registryHash;                  // the one behind riskRoot too

    signal collateralCount;
    signal collateralGap[ASSETS];         // id minus the previous id minus 1
    signal collateralSign[ASSETS];        // 1 for a debt
    signal collateralMagnitude[ASSETS];   // |balance|

    signal positionCount;
    signal positionGap[POSITIONS];
    signal sizeSign[POSITIONS];           // 1 for a short
    signal size[POSITIONS];               // |size|
    signal costSign[POSITIONS];           // 1 for a negative cost basis
    signal cost[POSITIONS];               // |cost basis|
}
