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

/// Tiny without a public output: all its public signals are inputs, as in every circuit of ours.
template TinyInputs(N) {
    signal input left;
    signal input right;
    signal input secret;

    component tiny = Tiny(N);
    tiny.left <== left;
    tiny.right <== right;
    tiny.secret <== secret;
    signal square <== tiny.out * tiny.out;
}

template TinySquared(N) {
    signal input left;
    signal input right;
    signal input secret;

    component inputs = TinyInputs(N);
    inputs.left <== left * left;
    inputs.right <== right;
    inputs.secret <== secret;
}
