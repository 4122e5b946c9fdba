// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/boolean.circom";
include "../numbers/ranged.circom";
include "../numbers/signSplit.circom";
include "optionSlot.circom";

// Margin of all options: for each expiry the lesser of
//
//   isolated  sum of the margins that its shorts need on their own
//   bounded   the worst loss when it settles at 0 or at a held strike, never below 0,
//             plus `unpaired` for each short call beyond the long ones, since above the last strike those lose on
//
// The prover takes either: both bound what the model asks for. The payoff follows from place to place. With strikes
// ascending, calls (below and at the place) and puts (above it) pay at the strike K_p
//
//   C_p = C_(p-1) + (calls up to p-1) x (K_p - K_(p-1))      P_p = P_(p+1) + (puts from p+1) x (K_(p+1) - K_p)
//
// and at zero the puts alone pay (puts from the first) x K_first more than at the first strike.
//
//   payoffs       below 2^135 in magnitude: 128 x 2^64 units x 2^64
//   calls         below 2^71
//   margin        below 2^145: 128 x 2^135 of losses, 2^143 for unpaired calls, 2^143 isolated
//
// @param  N              places
// @input  sorted         the options, by StrikeOrder
// @input  joins          per place, whether it is of the expiry of the place before it
// @input  worstLoss      per place, a bound of the loss of its expiry: the same at all its places
// @input  takesIsolated  per place, 1 for the isolated margin; the last place of an expiry speaks for it
// @output margin         1e-16 quote
template ExpiryMargins(N) {
    input OptionSlot() sorted[N];
    signal input joins[N];
    signal input worstLoss[N];
    signal input takesIsolated[N];
    signal output margin;

    // 1. from the first place up: calls held, what they pay, isolated margins
    signal calls[N];
    signal callStep[N];
    signal callsPay[N];
    signal isolated[N];
    calls[0] <== sorted[0].calls;
    callStep[0] <== 0;
    callsPay[0] <== 0;
    isolated[0] <== sorted[0].isolated;
    for (var p = 1; p < N; p++) {
        calls[p] <== sorted[p].calls + joins[p] * calls[p - 1];
        callStep[p] <== calls[p - 1] * (sorted[p].strike - sorted[p - 1].strike);
        callsPay[p] <== joins[p] * (callsPay[p - 1] + callStep[p]);
        isolated[p] <== sorted[p].isolated + joins[p] * isolated[p - 1];
    }

    // 2. from the last place down: puts held, what they pay
    signal puts[N];
    signal putStep[N];
    signal putsPay[N];
    puts[N - 1] <== sorted[N - 1].puts;
    putStep[N - 1] <== 0;
    putsPay[N - 1] <== 0;
    for (var p = N - 2; p >= 0; p--) {
        puts[p] <== sorted[p].puts + joins[p + 1] * puts[p + 1];
        putStep[p] <== puts[p + 1] * (sorted[p + 1].strike - sorted[p].strike);
        putsPay[p] <== joins[p + 1] * (putsPay[p + 1] + putStep[p]);
    }

    // 3. the loss bounds what is lost at every held strike, at zero, and is no gain
    component least[N];
    component atStrike[N];
    component atZero[N];
    signal putsFirst[N];
    signal first[N];
    for (var p = 0; p < N; p++) {
        least[p] = Ranged(STANDARD_LOSS_BITS());
        least[p].in <== worstLoss[p];
        atStrike[p] = Ranged(STANDARD_LOSS_BITS() + 1);
        atStrike[p].in <== worstLoss[p] + callsPay[p] + putsPay[p];
        // only the first place of an expiry knows all its puts
        putsFirst[p] <== puts[p] * sorted[p].strike;
        first[p] <== (1 - joins[p]) * (putsPay[p] + putsFirst[p]);
        atZero[p] = Ranged(STANDARD_LOSS_BITS() + 1);
        atZero[p].in <== worstLoss[p] + first[p];
        // one bound an expiry: with another at each place the last one, which counts, could leave out the others' losses
        if (p > 0) joins[p] * (worstLoss[p] - worstLoss[p - 1]) === 0;
    }

    // 4. the last place of an expiry knows all its calls and isolated margins, and there the expiry counts once
    var total = 0;
    component netCalls[N];
    component choice[N];
    signal unpaired[N];
    signal taken[N];
    signal counted[N];
    for (var p = 0; p < N; p++) {
        netCalls[p] = SignSplit(STANDARD_CALLS_BITS());
        netCalls[p].in <== calls[p];
        unpaired[p] <== sorted[p].unpaired * netCalls[p].negative;
        choice[p] = Boolean();
        choice[p].in <== takesIsolated[p];
        var bounded = worstLoss[p] + unpaired[p];
        taken[p] <== bounded + takesIsolated[p] * (isolated[p] - bounded);
        counted[p] <== p == N - 1 ? taken[p] : (1 - joins[p + 1]) * taken[p];
        total += counted[p];
    }
    margin <== total;
}
