// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

/// A circuit with the public signals of a margin proof, each multiplied by a secret and otherwise free, so that
/// the contracts can be tested with proofs of any statement.
template SevenSignals() {
    signal input accountRoot;
    signal input riskRoot;
    signal input thresholdBps;
    signal input equityFloor;
    signal input nullifier;
    signal input scope;
    signal input context;
    signal input secret;

    signal products[7];
    products[0] <== accountRoot * secret;
    products[1] <== riskRoot * secret;
    products[2] <== thresholdBps * secret;
    products[3] <== equityFloor * secret;
    products[4] <== nullifier * secret;
    products[5] <== scope * secret;
    products[6] <== context * secret;
}

component main {public [accountRoot, riskRoot, thresholdBps, equityFloor, nullifier, scope, context]} = SevenSignals();
