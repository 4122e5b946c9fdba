// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../account/ownedAccount.circom";
include "../constants.circom";
include "../margin/solvency.circom";
include "../measure/greeksLoss.circom";
include "../measure/measuredHoldings.circom";
include "../measure/measureRow.circom";
include "../measure/underlyingRow.circom";
include "../risk/modelHash.circom";
include "../risk/riskOpening.circom";
include "../risk/tableLookup.circom";
include "../risk/tableRow.circom";

// Margin proof, Greeks against shocks.
//
// The prover knows the secret of an account behind accountRoot, and under the public parameters behind riskRoot its
// weighted equity is at least thresholdBps / 10^4 of its requirement and at least equityFloor, where
//
//   requirement = sum over underlyings of the worst loss over their public shocks of net delta, gamma and vega
//               + for each position charge x |size| - deduction of its tier.
//
// @param POSITIONS    slots for positions
// @param ASSETS       slots for balances
// @param UNDERLYINGS  slots for underlyings
template GreeksMargin(POSITIONS, ASSETS, UNDERLYINGS) {
    // beyond these sizes the widths of the comparisons were not derived
    assert(POSITIONS <= MAX_POSITIONS() && ASSETS <= MAX_ASSETS());
    assert(UNDERLYINGS <= MEASURE_MAX_UNDERLYINGS());

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
    signal input underlyingCount;
    signal input underlyingGap[UNDERLYINGS];
    input UnderlyingRow() underlyingRow[UNDERLYINGS];
    input RowPlace() underlyingPlace[UNDERLYINGS];

    // 1. the account behind accountRoot, its owner, nullifier and context
    component owned = OwnedAccount(POSITIONS, ASSETS);
    owned.account <== account;
    owned.accountRoot <== accountRoot;
    owned.nullifier <== nullifier;
    owned.scope <== scope;
    owned.context <== context;

    // 2. the parameters behind riskRoot, for this model family and the same registry
    // rules of another version are not the ones below
    modelVersion === GREEKS_VERSION();
    component model = ModelHash(FAMILY_GREEKS(), 1);
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

    // 4. the worst losses by the shocks of what it holds
    component greeks = GreeksLoss(POSITIONS, UNDERLYINGS);
    greeks.used <== owned.positionUsed;
    greeks.size <== holdings.size;
    for (var k = 0; k < POSITIONS; k++) {
        greeks.underlying[k] <== positionRow[k].underlying;
        greeks.delta[k] <== positionRow[k].delta;
        greeks.gamma[k] <== positionRow[k].gamma;
        greeks.vega[k] <== positionRow[k].vega;
    }
    greeks.count <== underlyingCount;
    greeks.gap <== underlyingGap;
    greeks.underlyingRow <== underlyingRow;
    greeks.underlyingPlace <== underlyingPlace;
    greeks.nodes <== tableNodes;

    // 5. the claim
    component solvency = Solvency(RATE_SCALE() * MEASURE_CHARGE_SCALE(), MEASURE_REQUIREMENT_BITS(), MEASURE_COMPARISON_BITS());
    solvency.weightedEquity <== MEASURE_CHARGE_SCALE() * holdings.weightedEquity;
    solvency.requirement <== RATE_SCALE() * (greeks.loss + MEASURE_CHARGE_SCALE() * holdings.charges);
    solvency.thresholdBps <== thresholdBps;
    solvency.equityFloor <== equityFloor;
}
