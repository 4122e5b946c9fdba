// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// nullifier = H(ownerSecret, scope): the same owner has one nullifier per scope, so a contract can bind it to one
// subject, and nullifiers of different scopes cannot be linked.
//
// @input  ownerSecret  the secret behind the account's ownerCommitment
// @input  scope        field element
// @output out          field element
template Nullifier() {
    signal input ownerSecret;
    signal input scope;
    signal output out;

    component hash = TaggedHash(TAG_NULLIFIER(), 2);
    hash.in[0] <== ownerSecret;
    hash.in[1] <== scope;
    out <== hash.out;
}
