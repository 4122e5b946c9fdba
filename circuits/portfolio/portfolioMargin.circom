// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../account/ownedAccount.circom";
include "../constants.circom";
include "../margin/collateral.circom";
include "../margin/solvency.circom";
include "../numbers/boolean.circom";
include "../numbers/idSlots.circom";
include "../numbers/membership.circom";
include "../risk/modelHash.circom";
include "../risk/riskOpening.circom";
include "../risk/tableLookup.circom";
include "basisLoss.circom";
include "expiryChange.circom";
include "expiryRow.circom";
include "expiryTotals.circom";
include "nakedShorts.circom";
include "portfolioRow.circom";
include "scenarios.circom";
include "worstLoss.circom";

// Margin proof, portfolio scenario model.
//
// The prover knows the secret of an account behind accountRoot, and under the public parameters behind riskRoot its
// weighted equity is at least thresholdBps / 10^4 of its requirement and at least equityFloor, where
//
//   requirement = sum over underlyings of the worst loss over public scenarios, each expiry discounted by its sign
//               + charges for each unit held, dearer where a perpetual of the underlying is held
//               + charges for each unit short and not netted within its strike.
//
// Every position is in exactly one expiry, every expiry in exactly one underlying, and no two slots are about the same
// expiry: split over two, gains and losses would be discounted apart.
//
// @param POSITIONS    slots for positions
// @param ASSETS       slots for balances
// @param EXPIRIES     slots for expiries; the perpetuals of an underlying take one
// @param UNDERLYINGS  slots for underlyings
template PortfolioMargin(POSITIONS, ASSETS, EXPIRIES, UNDERLYINGS) {
    // beyond these sizes the widths of the comparisons were not derived
    assert(POSITIONS <= PORTFOLIO_MAX_POSITIONS() && ASSETS <= MAX_ASSETS());
    assert(EXPIRIES <= PORTFOLIO_MAX_EXPIRIES() && UNDERLYINGS <= PORTFOLIO_MAX_UNDERLYINGS());
    var scenarioCount = PORTFOLIO_SCENARIOS();

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
    input Scenarios() scenarios;
    signal input riskTime;
    signal input tableNodes[64];

    input TableRow() collateralRow[ASSETS];
    input RowPlace() collateralPlace[ASSETS];
    input PortfolioRow() positionRow[POSITIONS];
    signal input positionValues[POSITIONS][scenarioCount];
    input RowPlace() positionPlace[POSITIONS];
    signal input expiryCount;
    signal input expiryGap[EXPIRIES];
    input ExpiryRow() expiryRow[EXPIRIES];
    input RowPlace() expiryPlace[EXPIRIES];
    signal input underlyingCount;
    signal input underlyingGap[UNDERLYINGS];

    // 1. the account behind accountRoot, its owner, nullifier and context
    component owned = OwnedAccount(POSITIONS, ASSETS);
    owned.account <== account;
    owned.accountRoot <== accountRoot;
    owned.nullifier <== nullifier;
    owned.scope <== scope;
    owned.context <== context;

    // 2. the parameters behind riskRoot, for this model family and the same registry
    // rules of another version are not the ones below
    modelVersion === PORTFOLIO_VERSION();
    component scenariosHash = ScenariosHash();
    scenariosHash.scenarios <== scenarios;
    component model = ModelHash(FAMILY_PORTFOLIO(), 2);
    model.version <== modelVersion;
    model.claim <== claim;
    model.rules <== [haircutRule, scenariosHash.out];

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

    // 4. the contract of every position, with its values in all scenarios
    component valuesLow[POSITIONS];
    component valuesHigh[POSITIONS];
    component positionHash[POSITIONS];
    component positionLookup[POSITIONS];
    for (var k = 0; k < POSITIONS; k++) {
        valuesLow[k] = ScenarioValuesHash();
        valuesHigh[k] = ScenarioValuesHash();
        for (var s = 0; s < 16; s++) {
            valuesLow[k].values[s] <== positionValues[k][s];
            valuesHigh[k].values[s] <== positionValues[k][16 + s];
        }
        positionRow[k].valuesLow === valuesLow[k].out;
        positionRow[k].valuesHigh === valuesHigh[k].out;

        positionHash[k] = PortfolioRowHash();
        positionHash[k].row <== positionRow[k];
        positionLookup[k] = TableLookup(ROW_KIND_INSTRUMENT());
        positionLookup[k].used <== owned.positionUsed[k];
        positionLookup[k].id <== owned.positionId[k];
        positionLookup[k].key <== positionRow[k].key;
        positionLookup[k].hash <== positionHash[k].out;
        positionLookup[k].place <== positionPlace[k];
        positionLookup[k].nodes <== tableNodes;
    }

    // 5. the expiries and the underlyings that the positions are of
    component expiry = IdSlots(EXPIRIES);
    expiry.count <== expiryCount;
    expiry.gap <== expiryGap;
    component expiryHash[EXPIRIES];
    component expiryLookup[EXPIRIES];
    for (var e = 0; e < EXPIRIES; e++) {
        expiryHash[e] = ExpiryRowHash();
        expiryHash[e].row <== expiryRow[e];
        expiryLookup[e] = TableLookup(ROW_KIND_EXPIRY());
        expiryLookup[e].used <== expiry.used[e];
        expiryLookup[e].id <== expiry.id[e];
        expiryLookup[e].key <== expiryRow[e].key;
        expiryLookup[e].hash <== expiryHash[e].out;
        expiryLookup[e].place <== expiryPlace[e];
        expiryLookup[e].nodes <== tableNodes;
    }
    component underlying = IdSlots(UNDERLYINGS);
    underlying.count <== underlyingCount;
    underlying.gap <== underlyingGap;

    // 6. every position belongs to one expiry; its group tells which, and whether it nets with the contract before it
    signal netting[POSITIONS];
    component nettingRange[POSITIONS];
    component inExpiry[POSITIONS];
    for (var k = 0; k < POSITIONS; k++) {
        netting[k] <-- owned.positionUsed[k] * positionRow[k].group & 1;
        nettingRange[k] = Boolean();
        nettingRange[k].in <== netting[k];
        netting[k] * (1 - owned.positionUsed[k]) === 0;
        inExpiry[k] = Membership(EXPIRIES);
        inExpiry[k].belongs <== owned.positionUsed[k];
        inExpiry[k].name <== positionRow[k].group - netting[k];
        for (var e = 0; e < EXPIRIES; e++) inExpiry[k].id[e] <== 2 * expiry.id[e];
    }

    // 7. totals of each expiry
    component totals = ExpiryTotals(POSITIONS, EXPIRIES);
    totals.sign <== account.sizeSign;
    totals.size <== account.size;
    totals.value <== positionValues;
    for (var k = 0; k < POSITIONS; k++) {
        totals.in[k] <== inExpiry[k].in;
        totals.price[k] <== positionRow[k].price;
        totals.up[k] <== positionRow[k].up;
        totals.down[k] <== positionRow[k].down;
        totals.floorCharge[k] <== positionRow[k].floorCharge;
    }

    // 8. what each expiry gains or loses
    component expiryChange[EXPIRIES];
    component basisLoss[EXPIRIES];
    component inUnderlying[EXPIRIES];
    for (var e = 0; e < EXPIRIES; e++) {
        expiryChange[e] = ExpiryChange();
        expiryChange[e].row <== expiryRow[e];
        expiryChange[e].mark <== totals.marks[e];
        expiryChange[e].values <== totals.values[e];
        basisLoss[e] = BasisLoss();
        basisLoss[e].up <== totals.ups[e];
        basisLoss[e].down <== totals.downs[e];
        inUnderlying[e] = Membership(UNDERLYINGS);
        inUnderlying[e].belongs <== expiry.used[e];
        inUnderlying[e].name <== expiryRow[e].underlying;
        inUnderlying[e].id <== underlying.id;
    }

    // 9. collateral that moves with an underlying: its row names it in the extension, 0 for what stands still. Whoever
    //    says that the latter moves names an unused slot, whose loss is added and never below zero
    signal moves[ASSETS];
    component movesRange[ASSETS];
    component movesWith[ASSETS];
    for (var a = 0; a < ASSETS; a++) {
        moves[a] <-- owned.collateralUsed[a] == 1 && collateralRow[a].extension != 0 ? 1 : 0;
        movesRange[a] = Boolean();
        movesRange[a].in <== moves[a];
        // whoever says that it stands still shows an extension of 0
        collateralRow[a].extension * (owned.collateralUsed[a] - moves[a]) === 0;
        movesWith[a] = Membership(UNDERLYINGS);
        movesWith[a].belongs <== moves[a];
        movesWith[a].name <== collateralRow[a].extension;
        movesWith[a].id <== underlying.id;
    }

    // 10. the worst loss of each underlying
    var losses = 0;
    component worstLoss[UNDERLYINGS];
    signal changeOf[UNDERLYINGS][EXPIRIES][scenarioCount];
    signal floorOf[UNDERLYINGS][EXPIRIES];
    signal basisOf[UNDERLYINGS][EXPIRIES];
    signal shockedOf[UNDERLYINGS][ASSETS];
    for (var u = 0; u < UNDERLYINGS; u++) {
        worstLoss[u] = WorstLoss();
        worstLoss[u].scenarios <== scenarios;
        var floors = 0;
        var basis = 0;
        for (var e = 0; e < EXPIRIES; e++) {
            floorOf[u][e] <== inUnderlying[e].in[u] * totals.floors[e];
            basisOf[u][e] <== inUnderlying[e].in[u] * basisLoss[e].loss;
            floors += floorOf[u][e];
            basis += basisOf[u][e];
        }
        worstLoss[u].floors <== floors;
        worstLoss[u].basis <== basis;
        for (var s = 0; s < scenarioCount; s++) {
            var change = 0;
            for (var e = 0; e < EXPIRIES; e++) {
                changeOf[u][e][s] <== inUnderlying[e].in[u] * expiryChange[e].change[s];
                change += changeOf[u][e][s];
            }
            worstLoss[u].change[s] <== change;
        }
        var shocked = 0;
        for (var a = 0; a < ASSETS; a++) {
            shockedOf[u][a] <== movesWith[a].in[u] * collateral.value[a];
            shocked += shockedOf[u][a];
        }
        worstLoss[u].shocked <== shocked;
        losses += worstLoss[u].loss;
    }

    // 11. charges for each unit held: dearer in an underlying of which a perpetual is held. A prover who leaves the flag
    //     at 0 shows that no perpetual is there; 1 without one only costs more
    signal holdsPerpetual[UNDERLYINGS];
    component perpetualRange[UNDERLYINGS];
    signal perpetualOf[UNDERLYINGS][EXPIRIES];
    signal dearer[EXPIRIES][UNDERLYINGS];
    for (var u = 0; u < UNDERLYINGS; u++) {
        var held = 0;
        for (var e = 0; e < EXPIRIES; e++) {
            perpetualOf[u][e] <== inUnderlying[e].in[u] * expiryRow[e].perpetual;
            held += perpetualOf[u][e];
        }
        holdsPerpetual[u] <-- held == 0 ? 0 : 1;
        perpetualRange[u] = Boolean();
        perpetualRange[u].in <== holdsPerpetual[u];
        // `perpetual` is 0 or 1 in a validated table, so the sum is zero only where every term is
        held * (1 - holdsPerpetual[u]) === 0;
    }
    var charges = 0;
    signal surcharge[EXPIRIES];
    signal charge[EXPIRIES];
    for (var e = 0; e < EXPIRIES; e++) {
        var isDearer = 0;
        for (var u = 0; u < UNDERLYINGS; u++) {
            dearer[e][u] <== inUnderlying[e].in[u] * holdsPerpetual[u];
            isDearer += dearer[e][u];
        }
        surcharge[e] <== isDearer * (expiryRow[e].chargeWithPerpetual - expiryRow[e].charge);
        charge[e] <== (expiryRow[e].charge + surcharge[e]) * totals.gross[e];
        charges += charge[e];
    }

    // 12. charges for what is short and not netted
    component naked = NakedShorts(POSITIONS);
    naked.id <== owned.positionId;
    naked.netting <== netting;
    naked.size <== totals.net;
    signal nakedCharge[POSITIONS];
    for (var k = 0; k < POSITIONS; k++) {
        nakedCharge[k] <== naked.naked[k] * positionRow[k].nakedCharge;
        charges += nakedCharge[k];
    }

    // 13. equity: balances, marks, less what the positions cost
    var marks = 0;
    for (var e = 0; e < EXPIRIES; e++) marks += totals.marks[e];
    signal cost[POSITIONS];
    var costs = 0;
    for (var k = 0; k < POSITIONS; k++) {
        cost[k] <== (1 - 2 * account.costSign[k]) * account.cost[k];
        costs += cost[k];
    }
    var fine = FINE_SCALE() * FINE_SCALE();

    // 14. the claim
    component solvency = Solvency(fine, PORTFOLIO_REQUIREMENT_BITS(), PORTFOLIO_COMPARISON_BITS());
    solvency.weightedEquity <== fine \ RATE_SCALE() * collateral.weighted + fine * (marks - COST_SCALE() * costs);
    solvency.requirement <== losses + fine * charges;
    solvency.thresholdBps <== thresholdBps;
    solvency.equityFloor <== equityFloor;
}
