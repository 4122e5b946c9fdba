// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../account/ownedAccount.circom";
include "../constants.circom";
include "../margin/collateral.circom";
include "../margin/solvency.circom";
include "../risk/modelHash.circom";
include "../risk/riskOpening.circom";
include "../risk/tableLookup.circom";
include "expiryMargins.circom";
include "optionSlot.circom";
include "positionTerms.circom";
include "standardRow.circom";
include "strikeOrder.circom";

// Margin proof, standard option model.
//
// The prover knows the secret of an account behind accountRoot, and under the public parameters behind riskRoot its
// weighted equity is at least thresholdBps / 10^4 of its requirement and at least equityFloor, where
//
//   requirement = for each expiry, the lesser of the isolated margins of its shorts and its worst loss at settlement
//               + charges for each unit held, by side
//               + charges for each unit of collateral.
//
// An account may hold as many expiries as it has slots: they are runs of its options in the order of their strikes.
//
// @param POSITIONS  slots for positions
// @param ASSETS     slots for balances
template StandardMargin(POSITIONS, ASSETS) {
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
    input StandardRow() positionRow[POSITIONS];
    input RowPlace() positionPlace[POSITIONS];

    // what the prover says of the options, by place: see StrikeOrder and ExpiryMargins
    signal input order[POSITIONS];
    signal input joins[POSITIONS];
    signal input worstLoss[POSITIONS];
    signal input takesIsolated[POSITIONS];

    // 1. the account behind accountRoot, its owner, nullifier and context
    component owned = OwnedAccount(POSITIONS, ASSETS);
    owned.account <== account;
    owned.accountRoot <== accountRoot;
    owned.nullifier <== nullifier;
    owned.scope <== scope;
    owned.context <== context;

    // 2. the parameters behind riskRoot, for this model family and the same registry
    // rules of another version are not the ones below
    modelVersion === STANDARD_VERSION();
    component model = ModelHash(FAMILY_STANDARD(), 1);
    model.version <== modelVersion;
    model.claim <== claim;
    model.rules <== [haircutRule];

    component risk = RiskOpening();
    risk.riskRoot <== riskRoot;
    risk.registryHash <== account.registryHash;
    risk.modelHash <== model.out;
    risk.time <== riskTime;
    risk.nodes <== tableNodes;

    // 3. every balance is valued by its haircut step; its row's extension is the charge for each unit
    component collateral = Collateral(ASSETS);
    collateral.used <== owned.collateralUsed;
    collateral.id <== owned.collateralId;
    collateral.sign <== account.collateralSign;
    collateral.magnitude <== account.collateralMagnitude;
    collateral.row <== collateralRow;
    collateral.place <== collateralPlace;
    collateral.nodes <== tableNodes;
    var charges = 0;
    signal collateralCharge[ASSETS];
    for (var k = 0; k < ASSETS; k++) {
        collateralCharge[k] <== collateralRow[k].extension * account.collateralMagnitude[k];
        charges += collateralCharge[k];
    }

    // 4. the contract of every position, and what the position adds
    var pnl = 0;
    component positionHash[POSITIONS];
    component positionLookup[POSITIONS];
    component terms[POSITIONS];
    component byStrike = StrikeOrder(POSITIONS);
    for (var k = 0; k < POSITIONS; k++) {
        positionHash[k] = StandardRowHash();
        positionHash[k].row <== positionRow[k];
        positionLookup[k] = TableLookup(ROW_KIND_INSTRUMENT());
        positionLookup[k].used <== owned.positionUsed[k];
        positionLookup[k].id <== owned.positionId[k];
        positionLookup[k].key <== positionRow[k].key;
        positionLookup[k].hash <== positionHash[k].out;
        positionLookup[k].place <== positionPlace[k];
        positionLookup[k].nodes <== tableNodes;

        terms[k] = PositionTerms();
        terms[k].used <== owned.positionUsed[k];
        terms[k].sizeSign <== account.sizeSign[k];
        terms[k].size <== account.size[k];
        terms[k].costSign <== account.costSign[k];
        terms[k].cost <== account.cost[k];
        terms[k].row <== positionRow[k];
        pnl += terms[k].pnl;
        charges += terms[k].charge;
        byStrike.slots[k] <== terms[k].option;
    }

    // 5. the margin of each expiry, over its options by strike
    byStrike.order <== order;
    byStrike.joins <== joins;
    component options = ExpiryMargins(POSITIONS);
    options.sorted <== byStrike.sorted;
    options.joins <== joins;
    options.worstLoss <== worstLoss;
    options.takesIsolated <== takesIsolated;

    // 6. the claim
    component solvency = Solvency(RATE_SCALE(), STANDARD_REQUIREMENT_BITS(), STANDARD_COMPARISON_BITS());
    solvency.weightedEquity <== collateral.weighted + RATE_SCALE() * pnl;
    solvency.requirement <== RATE_SCALE() * (options.margin + charges);
    solvency.thresholdBps <== thresholdBps;
    solvency.equityFloor <== equityFloor;
}
