// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../margin/collateral.circom";
include "../risk/tableLookup.circom";
include "measureRow.circom";
include "tierCharge.circom";

// What an account is worth, and what its positions are charged by size, from the rows of what it holds: what the families
// of risk measures have in common.
//
// @param  POSITIONS       slots for positions
// @param  ASSETS          slots for balances
// @input  collateralUsed, collateralId, collateralSign, collateralMagnitude    per slot, as OwnedAccount ranges them
// @input  positionUsed, positionId, sizeSign, magnitude, costSign, cost       per slot, as OwnedAccount ranges them
// @input  collateralRow, collateralPlace  per slot, the haircut step
// @input  positionRow, positionPlace      per slot, the charge tier
// @input  nodes           the table's 64 nodes
// @output weightedEquity  haircut balances and positions at their marks less what they cost, 1e-22 quote, signed
// @output charges         1e-16 quote
// @output size            per slot, signed
template MeasuredHoldings(POSITIONS, ASSETS) {
    signal input collateralUsed[ASSETS];
    signal input collateralId[ASSETS];
    signal input collateralSign[ASSETS];
    signal input collateralMagnitude[ASSETS];
    signal input positionUsed[POSITIONS];
    signal input positionId[POSITIONS];
    signal input sizeSign[POSITIONS];
    signal input magnitude[POSITIONS];
    signal input costSign[POSITIONS];
    signal input cost[POSITIONS];
    input TableRow() collateralRow[ASSETS];
    input RowPlace() collateralPlace[ASSETS];
    input MeasureRow() positionRow[POSITIONS];
    input RowPlace() positionPlace[POSITIONS];
    signal input nodes[64];
    signal output weightedEquity;
    signal output charges;
    signal output size[POSITIONS];

    // 1. every balance is valued by its haircut step
    component collateral = Collateral(ASSETS);
    collateral.used <== collateralUsed;
    collateral.id <== collateralId;
    collateral.sign <== collateralSign;
    collateral.magnitude <== collateralMagnitude;
    collateral.row <== collateralRow;
    collateral.place <== collateralPlace;
    collateral.nodes <== nodes;
    // these families' rows have no extension
    for (var k = 0; k < ASSETS; k++) collateralRow[k].extension === 0;

    // 2. the row of every position, its charge, its value at the mark and its cost
    var worth = 0;
    var charged = 0;
    component hash[POSITIONS];
    component lookup[POSITIONS];
    component charge[POSITIONS];
    signal value[POSITIONS];
    signal paid[POSITIONS];
    for (var k = 0; k < POSITIONS; k++) {
        hash[k] = MeasureRowHash();
        hash[k].row <== positionRow[k];
        lookup[k] = TableLookup(ROW_KIND_INSTRUMENT());
        lookup[k].used <== positionUsed[k];
        lookup[k].id <== positionId[k];
        lookup[k].key <== positionRow[k].key;
        lookup[k].hash <== hash[k].out;
        lookup[k].place <== positionPlace[k];
        lookup[k].nodes <== nodes;

        charge[k] = TierCharge();
        charge[k].used <== positionUsed[k];
        charge[k].size <== magnitude[k];
        charge[k].sizeFloor <== positionRow[k].sizeFloor;
        charge[k].sizeCap <== positionRow[k].sizeCap;
        charge[k].rate <== positionRow[k].charge;
        charge[k].deduction <== positionRow[k].deduction;
        charged += charge[k].charge;

        size[k] <== (1 - 2 * sizeSign[k]) * magnitude[k];
        value[k] <== size[k] * positionRow[k].price;
        paid[k] <== (1 - 2 * costSign[k]) * cost[k];
        worth += value[k] - COST_SCALE() * paid[k];
    }
    weightedEquity <== collateral.weighted + RATE_SCALE() * worth;
    charges <== charged;
}
