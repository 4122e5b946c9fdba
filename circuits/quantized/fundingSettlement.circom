// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/below.circom";
include "../numbers/ranged.circom";

// An account's unsettled funding in whole quantums, rounded down, also below zero: floor(funding / 10^10).
//
// @input  funding   1e-16 quote, signed, below 2^136 in magnitude
// @output quantums  signed, in [-2^103, 2^103)
template FundingSettlement() {
    signal input funding;
    signal output quantums;

    // raised by 2^103 quantums, so that nothing below is negative
    var offset = 1 << QUANTIZED_FUNDING_BITS();
    signal raised <-- (funding + offset * QUANTIZED_QUANTUM()) \ QUANTIZED_QUANTUM();
    component raisedRange = Ranged(QUANTIZED_FUNDING_BITS() + 1);
    raisedRange.in <== raised;
    quantums <== raised - offset;

    // both bounds: a remainder below zero is a quantum of equity for nothing
    component remainder = Below(QUANTIZED_QUANTUM());
    remainder.in <== funding - QUANTIZED_QUANTUM() * quantums;
}
