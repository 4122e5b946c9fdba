// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../account/ownedAccount.circom";
include "../constants.circom";
include "../margin/solvency.circom";
include "../measure/measuredHoldings.circom";
include "../measure/measureRow.circom";
include "../measure/parametricLoss.circom";
include "../risk/modelHash.circom";
include "../risk/riskOpening.circom";
include "../risk/tableLookup.circom";
include "../risk/tableRow.circom";

// Margin proof, parametric value at risk.
//
// The prover knows the secret of an account behind accountRoot, and under the public parameters behind riskRoot its
// weighted equity is at least thresholdBps / 10^4 of its requirement and at least equityFloor, where
//
//   requirement = | transposed public factor of the covariance x exposures of the account to up to 8 correlated factors |
//               + for each position charge x |size| - deduction of its tier.
//
// @param POSITIONS    slots for positions
// @param ASSETS       slots for balances
template ParametricMargin(POSITIONS, ASSETS) {
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
    signal input riskTime;
    signal input tableNodes[64];

    input TableRow() collateralRow[ASSETS];
    input RowPlace() collateralPlace[ASSETS];
    input MeasureRow() positionRow[POSITIONS];
    input RowPlace() positionPlace[POSITIONS];
    signal input exposures[POSITIONS][MEASURE_FACTORS()];
    signal input cholesky[MEASURE_FACTORS()][MEASURE_FACTORS()];
    input RowPlace() factorsPlace;

    // 1. the account behind accountRoot, its owner, nullifier and context
    component owned = OwnedAccount(POSITIONS, ASSETS);
    owned.account <== account;
    owned.accountRoot <== accountRoot;
    owned.nullifier <== nullifier;
    owned.scope <== scope;
    owned.context <== context;

    // 2. the parameters behind riskRoot, for this model family and the same registry
    // rules of another version are not the ones below
    modelVersion === PARAMETRIC_VERSION();
    component model = ModelHash(FAMILY_PARAMETRIC(), 1);
    model.version <== modelVersion;
    model.claim <== claim;
    model.rules <== [haircutRule];

    component risk = RiskOpening();
    risk.riskRoot <== riskRoot;
    risk.registryHash <== account.registryHash;
    risk.modelHash <== model.out;
    risk.time <== riskTime;
    risk.nodes <== tableNodes;

    // 3. what the account is worth, and what it is charged by size
    component holdings = MeasuredHoldings(POSITIONS, ASSETS);
    holdings.collateralUsed <== owned.collateralUsed;
    holdings.collateralId <== owned.collateralId;
    holdings.positionUsed <== owned.positionUsed;
    holdings.positionId <== owned.positionId;
    holdings.collateralSign <== account.collateralSign;
    holdings.collateralMagnitude <== account.collateralMagnitude;
    holdings.sizeSign <== account.sizeSign;
    holdings.magnitude <== account.size;
    holdings.costSign <== account.costSign;
    holdings.cost <== account.cost;
    holdings.collateralRow <== collateralRow;
    holdings.collateralPlace <== collateralPlace;
    holdings.positionRow <== positionRow;
    holdings.positionPlace <== positionPlace;
    holdings.nodes <== tableNodes;

    // 4. value at risk
    component parametric = ParametricLoss(POSITIONS);
    parametric.size <== holdings.size;
    for (var k = 0; k < POSITIONS; k++) parametric.hash[k] <== positionRow[k].exposures;
    parametric.exposures <== exposures;
    parametric.cholesky <== cholesky;
    parametric.factorsPlace <== factorsPlace;
    parametric.nodes <== tableNodes;

    // 5. the claim
    component solvency = Solvency(RATE_SCALE() * MEASURE_CHARGE_SCALE(), MEASURE_REQUIREMENT_BITS(), MEASURE_COMPARISON_BITS());
    solvency.weightedEquity <== MEASURE_CHARGE_SCALE() * holdings.weightedEquity;
    solvency.requirement <== RATE_SCALE() * (parametric.loss + MEASURE_CHARGE_SCALE() * holdings.charges);
    solvency.thresholdBps <== thresholdBps;
    solvency.equityFloor <== equityFloor;
}
