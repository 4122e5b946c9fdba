// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// accountRoot = H(venueId, registryHash, treeRoot, time).
//
// @input  venueId       hash of the venue's name
// @input  registryHash  the venue's ids: an id means nothing without it
// @input  treeRoot      root of the account tree
// @input  time          seconds since 1970 at which the accounts stood so
// @output out           field element
template AccountRoot() {
    signal input venueId;
    signal input registryHash;
    signal input treeRoot;
    signal input time;
    signal output out;

    component hash = TaggedHash(TAG_ACCOUNT_ROOT(), 4);
    hash.in <== [venueId, registryHash, treeRoot, time];
    out <== hash.out;
}
