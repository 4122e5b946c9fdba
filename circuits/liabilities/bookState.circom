// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../account/accountRoot.circom";
include "../constants.circom";
include "chainState.circom";
include "liabilitiesStatement.circom";

// The end of a chain: the accounts that went through its batches are all those behind the account root.
//
// @input  lastState     hash of the state after the last batch
// @input  statement     hash of the statement that all batches carry
// @input  claimed       the statement
// @input  state         the last state
// @input  venueId, registryHash, time   of the account root
// @output challenge     where totals are compared
template BookState() {
    signal input lastState;
    signal input statement;
    input LiabilitiesStatement() claimed;
    input ChainState() state;
    signal input venueId;
    signal input registryHash;
    signal input time;
    signal output challenge;

    component opened = StatementHash();
    opened.statement <== claimed;
    opened.hash === statement;
    challenge <== opened.challenge;

    component reached = ChainStateHash();
    reached.state <== state;
    reached.statement <== statement;
    reached.out === lastState;

    // the tree that the batches filled is the whole tree: nobody was left out
    component root = AccountRoot();
    root.venueId <== venueId;
    root.registryHash <== registryHash;
    root.treeRoot <== state.treeRoot;
    root.time <== time;
    root.out === claimed.accountRoot;
}
