// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../account/accountLeaf.circom";
include "../account/accountRoot.circom";
include "../account/accountTreeRoot.circom";
include "../account/collateralList.circom";
include "../account/nullifier.circom";
include "../account/ownerCommitment.circom";
include "../account/positionList.circom";
include "../constants.circom";
include "../risk/modelHash.circom";
include "../risk/riskRoot.circom";
include "../risk/tableLookup.circom";
include "../risk/tableRow.circom";
include "../risk/tableTop.circom";
include "collateralValue.circom";
include "positionMargin.circom";
include "solvency.circom";

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
    var treeDepth = ACCOUNT_TREE_DEPTH();
    var lower = TABLE_DEPTH() - 2;

    //////////////////////// PUBLIC ////////////////////////
    signal input accountRoot;   // H(venueId, registryHash, treeRoot, accountTime)
    signal input riskRoot;      // H(registryHash, modelHash, tableRoot, riskTime)
    signal input thresholdBps;  // margin ratio to show, basis points, in [1, 2^20)
    signal input equityFloor;   // equity to show, 1e-16 quote units, in [0, 2^160)
    signal input nullifier;     // H(ownerSecret, scope)
    signal input scope;         // whose nullifiers these are
    signal input context;       // what the proof is used for

    //////////////////////// PRIVATE ///////////////////////
    signal input ownerSecret;
    signal input accountId;
    signal input salt;
    signal input leafIndex;
    signal input treeChildren[treeDepth][8];
    signal input venueId;
    signal input accountTime;
    signal input registryHash;  // one signal for both roots

    signal input collateralCount;
    signal input collateralGap[ASSETS];
    signal input collateralSign[ASSETS];
    signal input collateralMagnitude[ASSETS];

    signal input positionCount;
    signal input positionGap[POSITIONS];
    signal input sizeSign[POSITIONS];
    signal input size[POSITIONS];
    signal input costSign[POSITIONS];
    signal input cost[POSITIONS];

    signal input modelVersion;
    signal input claim;
    signal input tierRule;
    signal input haircutRule;
    signal input riskTime;
    signal input tableNodes[64];

    // rows: key, tier, price, sizeFloor, sizeCap, rate, offset; this family's rows have no extension
    signal input collateralRow[ASSETS][7];
    signal input collateralRowIndex[ASSETS];
    signal input collateralRowChildren[ASSETS][lower][8];
    signal input positionRow[POSITIONS][7];
    signal input positionRowIndex[POSITIONS];
    signal input positionRowChildren[POSITIONS][lower][8];

    // 1. the account's lists
    component collateral = CollateralList(ASSETS);
    collateral.count <== collateralCount;
    collateral.gap <== collateralGap;
    collateral.sign <== collateralSign;
    collateral.magnitude <== collateralMagnitude;

    component positions = PositionList(POSITIONS);
    positions.count <== positionCount;
    positions.gap <== positionGap;
    positions.sizeSign <== sizeSign;
    positions.size <== size;
    positions.costSign <== costSign;
    positions.cost <== cost;

    // 2. the leaf, which only its owner can open
    component owner = OwnerCommitment();
    owner.ownerSecret <== ownerSecret;

    component leaf = AccountLeaf();
    leaf.ownerCommitment <== owner.out;
    leaf.accountId <== accountId;
    leaf.collateralHash <== collateral.hash;
    leaf.positionsHash <== positions.hash;
    leaf.salt <== salt;

    // 3. the leaf stands in the tree behind accountRoot
    component tree = AccountTreeRoot();
    tree.leaf <== leaf.out;
    tree.index <== leafIndex;
    tree.children <== treeChildren;

    component account = AccountRoot();
    account.venueId <== venueId;
    account.registryHash <== registryHash;
    account.treeRoot <== tree.out;
    account.time <== accountTime;
    account.out === accountRoot;

    // 4. the parameters stand behind riskRoot, for this model family and the same registry
    // rules of another version are not the ones below
    modelVersion === TIERED_VERSION();
    component model = ModelHash(FAMILY_TIERED());
    model.version <== modelVersion;
    model.claim <== claim;
    model.tierRule <== tierRule;
    model.haircutRule <== haircutRule;

    component table = TableTop();
    table.nodes <== tableNodes;

    component risk = RiskRoot();
    risk.registryHash <== registryHash;
    risk.modelHash <== model.out;
    risk.tableRoot <== table.out;
    risk.time <== riskTime;
    risk.out === riskRoot;

    // 5. every balance is valued by its haircut step
    var weightedEquity = 0;
    component collateralLookup[ASSETS];
    component collateralValue[ASSETS];
    TableRow() assetRow[ASSETS];
    for (var k = 0; k < ASSETS; k++) {
        assetRow[k].key <== collateralRow[k][0];
        assetRow[k].tier <== collateralRow[k][1];
        assetRow[k].price <== collateralRow[k][2];
        assetRow[k].sizeFloor <== collateralRow[k][3];
        assetRow[k].sizeCap <== collateralRow[k][4];
        assetRow[k].rate <== collateralRow[k][5];
        assetRow[k].offset <== collateralRow[k][6];
        assetRow[k].extension <== 0;

        collateralLookup[k] = TableLookup(ROW_KIND_ASSET());
        collateralLookup[k].used <== collateral.used[k];
        collateralLookup[k].id <== collateral.id[k];
        collateralLookup[k].row <== assetRow[k];
        collateralLookup[k].index <== collateralRowIndex[k];
        collateralLookup[k].children <== collateralRowChildren[k];
        collateralLookup[k].nodes <== tableNodes;

        collateralValue[k] = CollateralValue();
        collateralValue[k].used <== collateral.used[k];
        collateralValue[k].sign <== collateralSign[k];
        collateralValue[k].magnitude <== collateralMagnitude[k];
        collateralValue[k].row <== assetRow[k];
        weightedEquity += collateralValue[k].weighted;
    }

    // 6. every position adds its profit and loss, and its requirement by its margin tier
    var requirement = 0;
    component positionLookup[POSITIONS];
    component positionMargin[POSITIONS];
    TableRow() instrumentRow[POSITIONS];
    for (var k = 0; k < POSITIONS; k++) {
        instrumentRow[k].key <== positionRow[k][0];
        instrumentRow[k].tier <== positionRow[k][1];
        instrumentRow[k].price <== positionRow[k][2];
        instrumentRow[k].sizeFloor <== positionRow[k][3];
        instrumentRow[k].sizeCap <== positionRow[k][4];
        instrumentRow[k].rate <== positionRow[k][5];
        instrumentRow[k].offset <== positionRow[k][6];
        instrumentRow[k].extension <== 0;

        positionLookup[k] = TableLookup(ROW_KIND_INSTRUMENT());
        positionLookup[k].used <== positions.used[k];
        positionLookup[k].id <== positions.id[k];
        positionLookup[k].row <== instrumentRow[k];
        positionLookup[k].index <== positionRowIndex[k];
        positionLookup[k].children <== positionRowChildren[k];
        positionLookup[k].nodes <== tableNodes;

        positionMargin[k] = PositionMargin();
        positionMargin[k].used <== positions.used[k];
        positionMargin[k].sizeSign <== sizeSign[k];
        positionMargin[k].size <== size[k];
        positionMargin[k].costSign <== costSign[k];
        positionMargin[k].cost <== cost[k];
        positionMargin[k].row <== instrumentRow[k];
        weightedEquity += RATE_SCALE() * positionMargin[k].pnl;
        requirement += positionMargin[k].requirement;
    }

    // 7. the claim
    component solvency = Solvency();
    solvency.weightedEquity <== weightedEquity;
    solvency.requirement <== requirement;
    solvency.thresholdBps <== thresholdBps;
    solvency.equityFloor <== equityFloor;

    // 8. the owner's nullifier in this scope
    component owned = Nullifier();
    owned.ownerSecret <== ownerSecret;
    owned.scope <== scope;
    owned.out === nullifier;

    // 9. the context takes part in a constraint: an unused public input could be changed by whoever relays the proof
    signal contextSquare <== context * context;
}
