// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/boolean.circom";
include "../numbers/nonZeroIf.circom";
include "../numbers/ranged.circom";

// Packs one balance: gap (32 bits) | sign (1) | magnitude (64), 97 bits.
//
// What is packed is exactly what is ranged, so that the packed element determines its parts: a field that is not ranged
// would absorb value from its neighbour. A used slot has a balance other than zero; a slot of padding is all zero.
//
// @input  used       1 for an entry, 0 for padding
// @input  gap        id minus the previous id minus 1
// @input  sign       1 for a debt
// @input  magnitude  |balance|, in units of 10^-amountDecimals
// @output packed     below 2^97
template CollateralEntry() {
    signal input used;
    signal input gap;
    signal input sign;
    signal input magnitude;
    signal output packed;

    // 1. ranges
    component gapRange = Ranged(ID_BITS());
    gapRange.in <== gap;
    component signRange = Boolean();
    signRange.in <== sign;
    component magnitudeRange = Ranged(AMOUNT_BITS());
    magnitudeRange.in <== magnitude;

    // 2. a used slot holds something: one encoding of an account, and no negative zero
    component held = NonZeroIf();
    held.in <== magnitude;
    held.flag <== used;

    // 3. pack
    packed <== gap + sign * (1 << ID_BITS()) + magnitude * (1 << (ID_BITS() + 1));

    // 4. padding is zero in every part, since the packed element determines them
    packed * (1 - used) === 0;
}
