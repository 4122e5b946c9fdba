// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "marginRequirement.circom";
include "quantizedRow.circom";
include "quantumNotional.circom";

// What one position adds to the account. A slot of padding has size and cost zero and adds nothing.
//
// @input  sizeSign     1 for a short
// @input  size         |size|, below 2^64
// @input  costSign     1 for a negative cost basis
// @input  cost         |cost basis|, 1e-8 quote, below 2^80: minus what the funding index was at entry, times size
// @input  row          the perpetual, constrained by TableLookup
// @output value        signed notional in whole quantums, rounded toward zero
// @output funding      not yet settled, 1e-16 quote, signed, positive where the account receives
// @output requirement  quantums
template QuantizedPosition() {
    signal input sizeSign;
    signal input size;
    signal input costSign;
    signal input cost;
    input QuantizedRow() row;
    signal output value;
    signal output funding;
    signal output requirement;

    // 1. the notional in whole quantums
    component notional = QuantumNotional();
    notional.size <== size;
    notional.price <== row.price;
    value <== (1 - 2 * sizeSign) * notional.quantums;

    // 2. funding since entry, exactly: it is rounded once for the account
    signal signedSize <== (1 - 2 * sizeSign) * size;
    signal signedCost <== (1 - 2 * costSign) * cost;
    signal paid <== signedSize * row.fundingIndex;
    funding <== - paid - COST_SCALE() * signedCost;

    // 3. the margin
    component margin = MarginRequirement();
    margin.low <== notional.low;
    margin.middle <== notional.middle;
    margin.high <== notional.high;
    margin.baseRate <== row.baseRate;
    margin.fraction <== row.fraction;
    requirement <== margin.requirement;
}
