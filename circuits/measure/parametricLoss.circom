// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/ranged.circom";
include "../risk/tableLookup.circom";
include "exposuresHash.circom";
include "factorsRow.circom";

// floor(sqrt(number)), for a hint only.
function normOf(number) {
    var root = 0;
    for (var i = MEASURE_NORM_BITS() - 1; i >= 0; i--) {
        var next = root + (1 << i);
        if (next * next <= number) root = next;
    }
    return root;
}

// Parametric value at risk of correlated factors: | transposed cholesky x exposures of the account |, at least.
//
// With normal changes of covariance S over the holding period, a loss has variance e S e; cholesky is a root of S times the
// quantile, so the length of its product with e is the quantile of the loss.
//
// @param  POSITIONS  slots
// @input  size       per slot, signed
// @input  hash       per slot, of the exposures, of a row constrained by TableLookup
// @input  exposures  per slot, to all factors, below 2^59
// @input  cholesky   lower triangle in a square, 1e-9
// @input  factorsPlace  where it stands in the table
// @input  nodes      the table's 64 nodes
// @output loss       1e-21 quote, below 2^119
template ParametricLoss(POSITIONS) {
    var factors = MEASURE_FACTORS();
    signal input size[POSITIONS];
    signal input hash[POSITIONS];
    signal input exposures[POSITIONS][factors];
    signal input cholesky[factors][factors];
    input RowPlace() factorsPlace;
    signal input nodes[64];
    signal output loss;

    // 1. the exposures are those of the row
    component rowHash[POSITIONS];
    for (var k = 0; k < POSITIONS; k++) {
        rowHash[k] = ExposuresHash();
        rowHash[k].exposures <== exposures[k];
        rowHash[k].out === hash[k];
    }

    // 2. the matrix is that of the table
    var key = ROW_KIND_FACTORS() * (1 << ID_BITS()) + 1;
    component factorsHash = FactorsRowHash();
    factorsHash.key <== key;
    factorsHash.cholesky <== cholesky;
    component factorsLookup = TableLookup(ROW_KIND_FACTORS());
    factorsLookup.used <== 1;
    factorsLookup.id <== 1;
    factorsLookup.key <== key;
    factorsLookup.hash <== factorsHash.out;
    factorsLookup.place <== factorsPlace;
    factorsLookup.nodes <== nodes;

    // 3. the account's exposure to each factor, below 2^130
    signal term[factors][POSITIONS];
    signal exposure[factors];
    for (var f = 0; f < factors; f++) {
        var sum = 0;
        for (var k = 0; k < POSITIONS; k++) {
            term[f][k] <== size[k] * exposures[k][f];
            sum += term[f][k];
        }
        exposure[f] <== sum;
    }

    // 4. along each column; ranged, since a square that leaves the field is small again
    signal product[factors][factors];
    signal along[factors];
    signal square[factors];
    component alongRange[factors];
    var squares = 0;
    for (var j = 0; j < factors; j++) {
        var sum = 0;
        for (var i = 0; i < factors; i++) {
            product[j][i] <== cholesky[i][j] * exposure[i];
            sum += product[j][i];
        }
        along[j] <== sum;
        alongRange[j] = Ranged(MEASURE_COMPONENT_BITS() + 1);
        alongRange[j].in <== along[j] + (1 << MEASURE_COMPONENT_BITS());
        square[j] <== along[j] * along[j];
        squares += square[j];
    }

    // 5. the length, rounded up: loss^2 >= sum of squares. For the least such number they differ by at most 2 loss
    var root = normOf(squares);
    loss <-- root * root == squares ? root : root + 1;
    component lossRange = Ranged(MEASURE_NORM_BITS());
    lossRange.in <== loss;
    signal lossSquare <== loss * loss;
    component above = Ranged(MEASURE_NORM_BITS() + 1);
    above.in <== lossSquare - squares;
}
