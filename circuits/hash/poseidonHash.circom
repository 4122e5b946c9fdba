// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "circomlib/circuits/poseidon_constants.circom";

// Poseidon's permutation (Grassi and others, eprint 2019/458), of whose state the first element is the hash.
//
// Rounds and constants are those of circomlib's PoseidonEx, and so are the function and the number of constraints. Written
// with expressions in place of its components, a margin circuit compiles in a fifth of the time, its calculator is a third
// as large and its matrices have a third fewer terms (docs/protocol.md has the figures). The paper's rounds are rearranged
// as its appendix B has it: partial rounds multiply by sparse matrices, one dense matrix P stands before them.
//
// @param  N         number of inputs, 1 to 16
// @input  capacity  what the first element of the state starts from, which no input reaches
// @input  in        N field elements
// @output out       one field element
template PoseidonHash(N) {
    assert(N >= 1 && N <= 16);
    signal input capacity;
    signal input in[N];
    signal output out;

    var PARTIAL_ROUNDS[16] = [56, 57, 56, 60, 60, 63, 64, 63, 60, 66, 60, 65, 70, 60, 64, 68];
    var partial = PARTIAL_ROUNDS[N - 1];
    var t = N + 1;
    var C[8 * t + partial] = POSEIDON_C(t);
    var M[t][t] = POSEIDON_M(t);
    var P[t][t] = POSEIDON_P(t);
    var S[partial * (2 * t - 1)] = POSEIDON_S(t);

    signal square[8][t];
    signal fourth[8][t];
    signal fifth[8][t];
    signal laneSquare[partial];
    signal laneFourth[partial];
    signal lane[partial];  // first element of the state after a partial round

    // linear expressions of signals, to which a round's constants are added at the end of the one before
    var state[t];
    var boxed[t];
    for (var j = 0; j < t; j++) state[j] = (j == 0 ? capacity : in[j - 1]) + C[j];

    for (var r = 0; r < 8; r++) {
        if (r == 4) {
            // partial rounds raise the first element alone: then it is M[0][0] x (fifth power + constant) + others. That is
            // a signal, `lane`, and so a single term where the next round raises it; the fifth power + constant, `raised`,
            // is an expression of it, since M[0][0] is not zero and heads every sparse matrix
            var inverse = 1 / M[0][0];
            for (var k = 0; k < partial; k++) {
                var row = (2 * t - 1) * k;
                laneSquare[k] <== state[0] * state[0];
                laneFourth[k] <== laneSquare[k] * laneSquare[k];
                var others = 0;
                for (var j = 1; j < t; j++) others += S[row + j] * state[j];
                lane[k] <== M[0][0] * (laneFourth[k] * state[0] + C[5 * t + k]) + others;
                var raised = (lane[k] - others) * inverse;
                for (var j = 1; j < t; j++) state[j] += S[row + t + j - 1] * raised;
                state[0] = lane[k];
            }
        }
        // full rounds, four before the partial ones and four after
        var constants = r < 4 ? (r + 1) * t : 5 * t + partial + (r - 4) * t;
        for (var j = 0; j < t; j++) {
            square[r][j] <== state[j] * state[j];
            fourth[r][j] <== square[r][j] * square[r][j];
            fifth[r][j] <== fourth[r][j] * state[j];
            boxed[j] = fifth[r][j] + (r < 7 ? C[constants + j] : 0);
        }
        for (var i = 0; i < t; i++) {
            state[i] = 0;
            for (var j = 0; j < t; j++) state[i] += (r == 3 ? P[j][i] : M[j][i]) * boxed[j];
        }
    }
    out <== state[0];
}
