// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// modelHash = H(FAMILY, version, every flag). FAMILY is a constant of the circuit, so that a snapshot of one family is
// never proven by another family's circuit.
//
// @param  FAMILY       the circuit's family
// @input  version      of the model
// @input  claim        hash of what the snapshot claims: maintenance, initial, ...
// @input  tierRule     1 marginal, 2 whole
// @input  haircutRule  1 marginal, 2 whole
// @output out          field element
template ModelHash(FAMILY) {
    signal input version;
    signal input claim;
    signal input tierRule;
    signal input haircutRule;
    signal output out;

    component hash = TaggedHash(TAG_MODEL(), 5);
    hash.in <== [FAMILY, version, claim, tierRule, haircutRule];
    out <== hash.out;
}
