// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../account/ownedAccount.circom";
include "../constants.circom";
include "../margin/solvency.circom";
include "../measure/combination.circom";
include "../measure/greeksLoss.circom";
include "../measure/measuredHoldings.circom";
include "../measure/measureRow.circom";
include "../measure/parametricLoss.circom";
include "../measure/scenarioLosses.circom";
include "../measure/scenarioMeasures.circom";
include "../measure/underlyingRow.circom";
include "../risk/modelHash.circom";
include "../risk/riskOpening.circom";
include "../risk/tableLookup.circom";
include "../risk/tableRow.circom";

// Margin proof, risk measures combined.
//
// The prover knows the secret of an account behind accountRoot, and under the public parameters behind riskRoot its
// weighted equity is at least thresholdBps / 10^4 of its requirement and at least equityFloor, where
//
//   requirement = the largest, or the sum, of weighted measures + weighted charges
//
// The measures: charges by tier, Greeks against shocks, parametric value at risk, the tail of public scenarios, and the
// worst loss of public stress scenarios. Public weights say which take part: one with weight 0 does not.
//
// @param POSITIONS    slots for positions
// @param ASSETS       slots for balances
// @param UNDERLYINGS  slots for underlyings
// @param BLOCKS       of 45 scenarios
template HybridMargin(POSITIONS, ASSETS, UNDERLYINGS, BLOCKS) {
    // beyond these sizes the widths of the comparisons were not derived
    assert(POSITIONS <= MAX_POSITIONS() && ASSETS <= MAX_ASSETS() && BLOCKS <= MEASURE_MAX_BLOCKS());
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
    signal input scenarioCount;
    signal input stressCount;
    signal input confidence;    // what the two below follow from
    signal input tailWeight;
    signal input allowed;
    input Combination() combination;
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
    signal input exposures[POSITIONS][MEASURE_FACTORS()];
    signal input cholesky[MEASURE_FACTORS()][MEASURE_FACTORS()];
    input RowPlace() factorsPlace;
    signal input lanes[POSITIONS][BLOCKS * MEASURE_BLOCK_ELEMENTS()];
    signal input pivot;
    signal input worst;

    // 1. the account behind accountRoot, its owner, nullifier and context
    component owned = OwnedAccount(POSITIONS, ASSETS);
    owned.account <== account;
    owned.accountRoot <== accountRoot;
    owned.nullifier <== nullifier;
    owned.scope <== scope;
    owned.context <== context;

    // 2. the parameters behind riskRoot, for this model family and the same registry
    // rules of another version are not the ones below
    modelVersion === HYBRID_VERSION();
    component combined = CombinationHash();
    combined.combination <== combination;
    component model = ModelHash(FAMILY_HYBRID(), 8);
    model.version <== modelVersion;
    model.claim <== claim;
    model.rules <== [haircutRule, BLOCKS, scenarioCount, stressCount, confidence, tailWeight, allowed, combined.out];

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

    // 4. each measure by itself
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
    component parametric = ParametricLoss(POSITIONS);
    parametric.size <== holdings.size;
    for (var k = 0; k < POSITIONS; k++) parametric.hash[k] <== positionRow[k].exposures;
    parametric.exposures <== exposures;
    parametric.cholesky <== cholesky;
    parametric.factorsPlace <== factorsPlace;
    parametric.nodes <== tableNodes;
    component losses = ScenarioLosses(POSITIONS, BLOCKS);
    losses.magnitude <== account.size;
    losses.size <== holdings.size;
    for (var k = 0; k < POSITIONS; k++) {
        losses.changes[k] <== positionRow[k].changes;
        losses.bound[k] <== positionRow[k].bound;
    }
    losses.lanes <== lanes;
    component measures = ScenarioMeasures(BLOCKS);
    measures.total <== losses.total;
    measures.count <== scenarioCount;
    measures.stressCount <== stressCount;
    measures.tailWeight <== tailWeight;
    measures.allowed <== allowed;
    measures.pivot <== pivot;
    measures.worst <== worst;

    // 5. combined
    component requirement = Combine();
    requirement.combination <== combination;
    requirement.measure <== [MEASURE_CHARGE_SCALE() * holdings.charges, greeks.loss, parametric.loss, measures.tail, measures.stress];

    // 6. the claim
    component solvency = Solvency(RATE_SCALE() * MEASURE_CHARGE_SCALE(), MEASURE_REQUIREMENT_BITS(), MEASURE_COMPARISON_BITS());
    solvency.weightedEquity <== MEASURE_CHARGE_SCALE() * holdings.weightedEquity;
    solvency.requirement <== requirement.requirement;
    solvency.thresholdBps <== thresholdBps;
    solvency.equityFloor <== equityFloor;
}
