// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// Leaf of the account tree.
//
// The owner's commitment inside it keeps others from proving for this account; the salt keeps small balances from being
// guessed from the leaf.
//
// @input  ownerCommitment  H(ownerSecret)
// @input  accountId        hash that the user can recompute from an identifier they know
// @input  collateralHash   of the list of balances
// @input  positionsHash    of the list of positions
// @input  salt             at least 128 random bits
// @output out              field element
template AccountLeaf() {
    signal input ownerCommitment;
    signal input accountId;
    signal input collateralHash;
    signal input positionsHash;
    signal input salt;
    signal output out;

    component hash = TaggedHash(TAG_ACCOUNT_LEAF(), 5);
    hash.in <== [ownerCommitment, accountId, collateralHash, positionsHash, salt];
    out <== hash.out;
}
