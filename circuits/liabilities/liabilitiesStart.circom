// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "chainState.circom";

// The start of a chain: its first state is the one in which nothing was counted yet. A chain that began elsewhere would
// begin with a debt of its customers already paid, or with places of the tree already filled.
//
// Everything in the first state but the statement is a constant, so whoever can hash it needs no proof of it. A contract
// cannot: 24 elements take a Poseidon permutation of 17 elements and one of 9, and the 1,292 round constants of the larger
// one alone are 41 KB, where a contract may have 24. It verifies this proof instead, once a chain.
template LiabilitiesStart() {
    //////////////////////// PUBLIC ////////////////////////
    signal input firstState;  // hash of the chain's first state
    signal input statement;   // hash of the statement that the chain belongs to

    component first = ChainStateHash();
    first.statement <== statement;
    first.state.nextIndex <== 0;
    first.state.treeRoot <== EMPTY_ACCOUNT_NODE_9();
    for (var side = 0; side < 2; side++) {
        for (var i = 0; i < LIABILITIES_SIDE_TOTALS(); i++) first.state.totals[side][i] <== 0;
    }
    // a blinding would hide from a verifier which state it is; there is nothing to hide in this one
    first.state.blinding <== 0;
    first.out === firstState;
}
