// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "riskRoot.circom";
include "tableTop.circom";

// Opens a risk root: the parameters of the proof stand in the table behind it, for this model and this registry.
//
// @input riskRoot      H(registryHash, modelHash, tableRoot, time)
// @input registryHash  the one behind the account root: an id means nothing without its venue
// @input modelHash     with the circuit's own family in it
// @input time          seconds since 1970 of the marks
// @input nodes         the 64 nodes two levels below the table's root, which all look-ups share
template RiskOpening() {
    signal input riskRoot;
    signal input registryHash;
    signal input modelHash;
    signal input time;
    signal input nodes[64];

    component table = TableTop();
    table.nodes <== nodes;

    component root = RiskRoot();
    root.registryHash <== registryHash;
    root.modelHash <== modelHash;
    root.tableRoot <== table.out;
    root.time <== time;
    root.out === riskRoot;
}
