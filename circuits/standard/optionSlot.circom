// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

// One option position as its expiry sums it up. A slot that holds no option has expiry and strike 0 and adds nothing.
bus OptionSlot() {
    signal expiry;    // id, from 1
    signal strike;    // quote per unit, below 2^64
    signal calls;     // signed size where it is a call
    signal puts;      // signed size where it is a put
    signal isolated;  // margin on its own, 1e-16 quote, below 2^136
    signal unpaired;  // of the expiry, quote per unit, below 2^72
}
