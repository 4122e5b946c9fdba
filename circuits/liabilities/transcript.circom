// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../hash/poseidonHash.circom";

// Digest of N elements in blocks of 16, each block starting from the digest of the blocks before it.
//
// A Poseidon of 16 inputs costs 38 constraints an element, the cheapest arity that there are constants for. The digest so far is the
// capacity element of the next block, where the tag of the first one stands, so that no input of a block reaches it. N is a
// constant of the circuit and its parameters stand in the transcript, so no digest continues another.
//
// @param  TAG  the domain
// @param  N    elements, at least 1
// @input  in   N field elements
// @output out  field element
template Transcript(TAG, N) {
    signal input in[N];
    signal output out;

    var blocks = (N + 15) \ 16;
    component block[blocks];
    for (var i = 0; i < blocks; i++) {
        var size = N - 16 * i < 16 ? N - 16 * i : 16;
        block[i] = PoseidonHash(size);
        if (i == 0) {
            block[i].capacity <== TAG;
        } else {
            block[i].capacity <== block[i - 1].out;
        }
        for (var j = 0; j < size; j++) block[i].in[j] <== in[16 * i + j];
    }
    out <== block[blocks - 1].out;
}
