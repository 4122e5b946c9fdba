// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// modelHash = H(FAMILY, version, claim, every rule). FAMILY is a constant of the circuit, so that a snapshot of one
// family is never proven by another family's circuit.
//
// @param  FAMILY   the circuit's family
// @param  RULES    number of further rules and parameters of the family
// @input  version  of the model
// @input  claim    hash of what the snapshot claims: maintenance, initial, ...
// @input  rules    the family's own, in the order of its template
// @output out      field element
template ModelHash(FAMILY, RULES) {
    signal input version;
    signal input claim;
    signal input rules[RULES];
    signal output out;

    component hash = TaggedHash(TAG_MODEL(), 3 + RULES);
    hash.in[0] <== FAMILY;
    hash.in[1] <== version;
    hash.in[2] <== claim;
    for (var i = 0; i < RULES; i++) hash.in[3 + i] <== rules[i];
    out <== hash.out;
}
