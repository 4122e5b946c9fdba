// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

// Which of N slots a thing belongs to: in[j] is 1 for exactly one slot, and that slot has the id that the thing names;
// a thing that belongs nowhere (`belongs` 0) is in no slot.
//
// A thing that must belong and whose id no slot has makes the witness impossible: nothing is left out.
//
// @param  N        slots
// @input  belongs  0 or 1
// @input  name     id that the thing names
// @input  id       per slot, its id
// @output in       per slot, 0 or 1
template Membership(N) {
    signal input belongs;
    signal input name;
    signal input id[N];
    signal output in[N];

    var total = 0;
    for (var j = 0; j < N; j++) {
        in[j] <-- belongs == 1 && name == id[j] ? 1 : 0;
        in[j] * (1 - in[j]) === 0;
        in[j] * (name - id[j]) === 0;
        total += in[j];
    }
    total === belongs;
}
