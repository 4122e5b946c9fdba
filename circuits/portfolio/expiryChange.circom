// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/ranged.circom";
include "../numbers/signSplit.circom";
include "expiryRow.circom";

// What one expiry gains or loses in every scenario: its discounted value less its mark, in 1e-25 quote.
//
// A positive value counts at positiveDown, a negative one at negativeUp: both rounded against the account. In absolute
// scenarios whatever moves counts as a loss, and there a smaller gain would be laxer, so that the discounts rounded the
// other way bound it from above.
//
// @input  row     the expiry
// @input  mark    value of its positions at the marks, 1e-16 quote, signed
// @input  values  in every scenario, signed, below 2^142
// @output change  per scenario, signed, below 2^176; never positive in absolute scenarios
template ExpiryChange() {
    var scenarios = PORTFOLIO_SCENARIOS();
    var plain = scenarios - PORTFOLIO_ABSOLUTE();
    input ExpiryRow() row;
    signal input mark;
    signal input values[scenarios];
    signal output change[scenarios];

    component value[scenarios];
    signal gain[scenarios];
    signal loss[scenarios];
    for (var s = 0; s < scenarios; s++) {
        value[s] = SignSplit(PORTFOLIO_EXPIRY_VALUE_BITS());
        value[s].in <== values[s];
        gain[s] <== value[s].positive * row.positiveDown;
        loss[s] <== value[s].negative * row.negativeUp;
    }
    for (var s = 0; s < plain; s++) change[s] <== gain[s] - loss[s] - FINE_SCALE() * mark;

    signal gainAtMost[PORTFOLIO_ABSOLUTE()];
    signal lossAtLeast[PORTFOLIO_ABSOLUTE()];
    signal moved[PORTFOLIO_ABSOLUTE()];
    component below[PORTFOLIO_ABSOLUTE()];
    component above[PORTFOLIO_ABSOLUTE()];
    for (var i = 0; i < PORTFOLIO_ABSOLUTE(); i++) {
        var s = plain + i;
        gainAtMost[i] <== value[s].positive * row.positiveUp;
        lossAtLeast[i] <== value[s].negative * row.negativeDown;
        var lowest = gain[s] - loss[s] - FINE_SCALE() * mark;
        var highest = gainAtMost[i] - lossAtLeast[i] - FINE_SCALE() * mark;
        // a bound on both sides: the requirement only grows with it, so that no prover gains by a larger one
        moved[i] <-- -lowest > highest ? -lowest : highest;
        below[i] = Ranged(PORTFOLIO_CHANGE_BITS());
        below[i].in <== moved[i] + lowest;
        above[i] = Ranged(PORTFOLIO_CHANGE_BITS());
        above[i].in <== moved[i] - highest;
        change[s] <== -moved[i];
    }
}
