// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/boolean.circom";
include "../numbers/idSlots.circom";
include "../numbers/membership.circom";
include "../risk/tableLookup.circom";
include "shockedLoss.circom";
include "underlyingRow.circom";

// Net delta, gamma and vega of each underlying against its public shocks; the losses of all underlyings are added.
//
// A contract that names an underlying is in exactly one slot, that of its underlying, and no two slots are about the same
// one: split over two, losses would be netted apart. Slots are the prover's to name: one that nothing refers to loses nothing.
//
// @param  POSITIONS, UNDERLYINGS  slots
// @input  used   per slot, whether it holds a position
// @input  size   per slot, signed
// @input  underlying  per slot, id, 0 for a contract without Greeks; of a row constrained by TableLookup
// @input  delta, gamma, vega  per slot, of that row
// @input  count, gap      of the slots for underlyings, see IdSlots
// @input  underlyingRow, underlyingPlace  per slot
// @input  nodes  the table's 64 nodes
// @output loss   1e-21 quote
template GreeksLoss(POSITIONS, UNDERLYINGS) {
    signal input used[POSITIONS];
    signal input size[POSITIONS];
    signal input underlying[POSITIONS];
    signal input delta[POSITIONS];
    signal input gamma[POSITIONS];
    signal input vega[POSITIONS];
    signal input count;
    signal input gap[UNDERLYINGS];
    input UnderlyingRow() underlyingRow[UNDERLYINGS];
    input RowPlace() underlyingPlace[UNDERLYINGS];
    signal input nodes[64];
    signal output loss;

    // 1. the underlyings
    component slot = IdSlots(UNDERLYINGS);
    slot.count <== count;
    slot.gap <== gap;
    component hash[UNDERLYINGS];
    component lookup[UNDERLYINGS];
    for (var u = 0; u < UNDERLYINGS; u++) {
        hash[u] = UnderlyingRowHash();
        hash[u].row <== underlyingRow[u];
        lookup[u] = TableLookup(ROW_KIND_UNDERLYING());
        lookup[u].used <== slot.used[u];
        lookup[u].id <== slot.id[u];
        lookup[u].key <== underlyingRow[u].key;
        lookup[u].hash <== hash[u].out;
        lookup[u].place <== underlyingPlace[u];
        lookup[u].nodes <== nodes;
    }

    // 2. which underlying each position is of; 0 for a contract without Greeks, which loses nothing here. Whoever says that
    //    it has some names an unused slot, and whoever says that it has none shows an underlying of 0
    signal moves[POSITIONS];
    component movesRange[POSITIONS];
    component of[POSITIONS];
    for (var k = 0; k < POSITIONS; k++) {
        moves[k] <-- used[k] == 1 && underlying[k] != 0 ? 1 : 0;
        movesRange[k] = Boolean();
        movesRange[k].in <== moves[k];
        underlying[k] * (used[k] - moves[k]) === 0;
        of[k] = Membership(UNDERLYINGS);
        of[k].belongs <== moves[k];
        of[k].name <== underlying[k];
        of[k].id <== slot.id;
    }

    // 3. net Greeks and the worst loss of each
    signal held[UNDERLYINGS][POSITIONS];
    signal byDelta[UNDERLYINGS][POSITIONS];
    signal byGamma[UNDERLYINGS][POSITIONS];
    signal byVega[UNDERLYINGS][POSITIONS];
    component shocked[UNDERLYINGS];
    var losses = 0;
    for (var u = 0; u < UNDERLYINGS; u++) {
        var netDelta = 0;
        var netGamma = 0;
        var netVega = 0;
        for (var k = 0; k < POSITIONS; k++) {
            held[u][k] <== of[k].in[u] * size[k];
            byDelta[u][k] <== held[u][k] * delta[k];
            byGamma[u][k] <== held[u][k] * gamma[k];
            byVega[u][k] <== held[u][k] * vega[k];
            netDelta += byDelta[u][k];
            netGamma += byGamma[u][k];
            netVega += byVega[u][k];
        }
        shocked[u] = ShockedLoss();
        shocked[u].move <== underlyingRow[u].move;
        shocked[u].volatility <== underlyingRow[u].volatility;
        shocked[u].delta <== netDelta;
        shocked[u].gamma <== netGamma;
        shocked[u].vega <== netVega;
        losses += shocked[u].loss;
    }
    loss <== losses;
}
