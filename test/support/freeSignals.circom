// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

/// A circuit with public signals that are free, each multiplied by a secret, so that contracts can be tested with proofs
/// of any statement.
/// @param COUNT number of public signals
template FreeSignals(COUNT) {
    signal input signals[COUNT];
    signal input secret;

    signal products[COUNT];
    for (var i = 0; i < COUNT; i++) {
        products[i] <== signals[i] * secret;
    }
}
