// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

/// A few constraints of every kind: products of sums, a public output, two public inputs, constants, N squarings.
/// @param N how many squarings
template Tiny(N) {
    signal input left;
    signal input right;
    signal input secret;
    signal output out;

    signal products[N + 1];
    products[0] <== (left + 3 * secret) * (right - 5);
    for (var i = 0; i < N; i++) {
        products[i + 1] <== products[i] * (products[i] - secret) + 7;
    }
    out <== products[N] * left;
}
