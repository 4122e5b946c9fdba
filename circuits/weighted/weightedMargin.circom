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
include "weightedPosition.circom";
include "weightedRow.circom";

// Margin proof, weighted model: cross margin whose rates depend on the side and the size of a position.
//
// The prover knows the secret of an account behind accountRoot, and under the public parameters behind riskRoot its
// weighted equity is at least thresholdBps / 10^4 of its requirement and at least equityFloor, where
//
//   weighted equity = balances + for each position gainWeight x min(profit, gainCap), or its loss
//   requirement     = for each position notional x (max(rate, premiumBase + premium x sqrt(size)) + quadratic x size)
//
// with the row of its side. The root is floor(sqrt(size x rootScale + 1)) in 1e-5 units and the premium is cut to whole
// steps, both as Drift does, which may favour the account by less than a step; nothing else is rounded. Profits and
// notionals have prices of their own: a debt is valued in the requirement only, so that equityFloor, and a threshold below
// 100%, do not see it whole.
//
// @param POSITIONS  slots for positions
// @param ASSETS     slots for balances
template WeightedMargin(POSITIONS, ASSETS) {
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
    signal input haircutRule;
    signal input rateStep;      // of size premiums, parts per million
    signal input riskTime;
    signal input tableNodes[64];

    input TableRow() collateralRow[ASSETS];
    input RowPlace() collateralPlace[ASSETS];
    input WeightedRow() positionRow[POSITIONS];
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
    modelVersion === WEIGHTED_VERSION();
    component model = ModelHash(FAMILY_WEIGHTED(), 2);
    model.version <== modelVersion;
    model.claim <== claim;
    model.rules <== [haircutRule, rateStep];

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

    // 4. every position adds its profit and its requirement, by the row of its side
    var counted = 0;
    var requirement = 0;
    component positionHash[POSITIONS];
    component positionLookup[POSITIONS];
    component position[POSITIONS];
    for (var k = 0; k < POSITIONS; k++) {
        positionHash[k] = WeightedRowHash();
        positionHash[k].row <== positionRow[k];
        positionLookup[k] = TableLookup(ROW_KIND_INSTRUMENT());
        positionLookup[k].used <== owned.positionUsed[k];
        positionLookup[k].id <== owned.positionId[k];
        // the row is about this side; without it a prover picks the rates of the other
        positionLookup[k].key <== positionRow[k].key - WEIGHTED_SHORT_KEY() * account.sizeSign[k];
        positionLookup[k].hash <== positionHash[k].out;
        positionLookup[k].place <== positionPlace[k];
        positionLookup[k].nodes <== tableNodes;

        position[k] = WeightedPosition();
        position[k].sizeSign <== account.sizeSign[k];
        position[k].size <== account.size[k];
        position[k].costSign <== account.costSign[k];
        position[k].cost <== account.cost[k];
        position[k].row <== positionRow[k];
        position[k].rateStep <== rateStep;
        counted += position[k].counted;
        requirement += position[k].requirement;
    }

    // 5. the claim
    var scale = RATE_SCALE() * WEIGHTED_GROWTH_SCALE();
    component solvency = Solvency(scale, WEIGHTED_REQUIREMENT_BITS(), WEIGHTED_COMPARISON_BITS());
    solvency.weightedEquity <== WEIGHTED_GROWTH_SCALE() * (collateral.weighted + counted);
    solvency.requirement <== requirement;
    solvency.thresholdBps <== thresholdBps;
    solvency.equityFloor <== equityFloor;
}
