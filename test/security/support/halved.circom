// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

// The same hint three times, so that the attack can be seen.
//
// @param  SILENCED  1: the compiler is told that nothing is to be said of the hint that no constraint mentions
// @input  in
// @output asHinted  square of a half that only the author's calculator computes
// @output asBound   square of a half that a constraint makes one
template Halved(SILENCED) {
    signal input in;
    signal output asHinted;
    signal output asBound;

    signal hinted <-- in / 2;
    asHinted <== hinted * hinted;

    signal bound <-- in / 2;
    2 * bound === in;
    asBound <== bound * bound;

    signal forgotten <-- in / 2;
    if (SILENCED == 1) {
        _ <== forgotten;
    }
}
