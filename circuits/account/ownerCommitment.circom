// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// ownerCommitment = H(ownerSecret): stands in the leaf, so that nobody but the owner, the exchange included, can
// prove anything of the account.
//
// @input  ownerSecret  uniform, at least 248 bits
// @output out          field element
template OwnerCommitment() {
    signal input ownerSecret;
    signal output out;

    component hash = TaggedHash(TAG_OWNER_COMMITMENT(), 1);
    hash.in[0] <== ownerSecret;
    out <== hash.out;
}
