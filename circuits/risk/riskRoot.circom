// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// riskRoot = H(registryHash, modelHash, tableRoot, time).
//
// @input  registryHash  the venue's ids: the same that the account root carries
// @input  modelHash     the requirement model and its claim
// @input  tableRoot     the table of assets and instruments
// @input  time          seconds since 1970 of the marks
// @output out           field element
template RiskRoot() {
    signal input registryHash;
    signal input modelHash;
    signal input tableRoot;
    signal input time;
    signal output out;

    component hash = TaggedHash(TAG_RISK_ROOT(), 4);
    hash.in <== [registryHash, modelHash, tableRoot, time];
    out <== hash.out;
}
