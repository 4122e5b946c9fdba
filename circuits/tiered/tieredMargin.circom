// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../account/ownedAccount.circom";
include "../constants.circom";
include "../margin/collateral.circom";
include "../margin/solvency.circom";
include "../risk/modelHash.circom";
include "../risk/riskOpening.circom";
include "../risk/tableLookup.circom";
include "../risk/tableRow.circom";
include "positionMargin.circom";

// Margin proof, cross tiered model.
//
// The prover knows the secret of an account in the account tree behind accountRoot, and under the public parameters
// behind riskRoot the account's weighted equity is at least thresholdBps / 10^4 of its requirement and at least
// equityFloor. The account tells its whole holdings: every balance and every position of the committed lists is valued,
// each by the one row of the parameter table in which it lies.
//
// @param POSITIONS  slots for positions
// @param ASSETS     slots for balances
template TieredMargin(POSITIONS, ASSETS) {
    // beyond these sizes the widths of the comparisons were not derived
    assert(POSITIONS <= MAX_POSITIONS() && ASSETS <= MAX_ASSETS());

    //////////////////////// PUBLIC ////////////////////////
    signal input accountRoot;   // H(venueId, registryHash, treeRoot, accountTime)
    signal input riskRoot;      // H(registryHash, modelHash, tableRoot, riskTime)
    signal input thresholdBps;  // margin ratio to show, basis points, in [1, 2^20)
    signal input equityFloor;   // equity to show, 1e-16 quote units, in [0, 2^160)
    signal input nullifier;     // H(ownerSecret, scope)
    signal input scope;         // whose nullifiers these are
    signal input context;       // what the proof is used for

    //////////////////////// PRIVATE ///////////////////////
    input AccountOpening(POSITIONS, ASSETS) account;

    signal input modelVersion;
    signal input claim;
    signal input tierRule;
    signal input haircutRule;
    signal input riskTime;
    signal input tableNodes[64];

    input TableRow() collateralRow[ASSETS];
    input RowPlace() collateralPlace[ASSETS];
    input TableRow() positionRow[POSITIONS];
    input RowPlace() positionPlace[POSITIONS];

    // 1. the account behind accountRoot, its owner, nullifier and context
    component owned = OwnedAccount(POSITIONS, ASSETS);
    owned.account <== account;
    owned.accountRoot <== accountRoot;
    owned.nullifier <== nullifier;
    owned.scope <== scope;
    owned.context <== context;

    // 2. the parameters behind riskRoot, for this model family and the same registry
    // rules of another version are not the ones below
    modelVersion === TIERED_VERSION();
    component model = ModelHash(FAMILY_TIERED(), 2);
    model.version <== modelVersion;
    model.claim <== claim;
    model.rules <== [tierRule, haircutRule];

    component risk = RiskOpening();
    risk.riskRoot <== riskRoot;
    risk.registryHash <== account.registryHash;
    risk.modelHash <== model.out;
    risk.time <== riskTime;
    risk.nodes <== tableNodes;

    // 3. every balance is valued by its haircut step
    component collateral = Collateral(ASSETS);
    collateral.used <== owned.collateralUsed;
    collateral.id <== owned.collateralId;
    collateral.sign <== account.collateralSign;
    collateral.magnitude <== account.collateralMagnitude;
    collateral.row <== collateralRow;
    collateral.place <== collateralPlace;
    collateral.nodes <== tableNodes;
    // this family's rows have no extension
    for (var k = 0; k < ASSETS; k++) collateralRow[k].extension === 0;

    // 4. every position adds its profit and loss, and its requirement by its margin tier
    var weightedEquity = collateral.weighted;
    var requirement = 0;
    component positionHash[POSITIONS];
    component positionLookup[POSITIONS];
    component positionMargin[POSITIONS];
    for (var k = 0; k < POSITIONS; k++) {
        positionRow[k].extension === 0;
        positionHash[k] = TableRowHash();
        positionHash[k].row <== positionRow[k];
        positionLookup[k] = TableLookup(ROW_KIND_INSTRUMENT());
        positionLookup[k].used <== owned.positionUsed[k];
        positionLookup[k].id <== owned.positionId[k];
        positionLookup[k].key <== positionRow[k].key;
        positionLookup[k].hash <== positionHash[k].out;
        positionLookup[k].place <== positionPlace[k];
        positionLookup[k].nodes <== tableNodes;

        positionMargin[k] = PositionMargin();
        positionMargin[k].used <== owned.positionUsed[k];
        positionMargin[k].sizeSign <== account.sizeSign[k];
        positionMargin[k].size <== account.size[k];
        positionMargin[k].costSign <== account.costSign[k];
        positionMargin[k].cost <== account.cost[k];
        positionMargin[k].row <== positionRow[k];
        weightedEquity += RATE_SCALE() * positionMargin[k].pnl;
        requirement += positionMargin[k].requirement;
    }

    // 5. the claim
    component solvency = Solvency(RATE_SCALE(), TIERED_REQUIREMENT_BITS(), TIERED_COMPARISON_BITS());
    solvency.weightedEquity <== weightedEquity;
    solvency.requirement <== requirement;
    solvency.thresholdBps <== thresholdBps;
    solvency.equityFloor <== equityFloor;
}
