// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "accountLeaf.circom";
include "accountOpening.circom";
include "accountRoot.circom";
include "accountTreeRoot.circom";
include "collateralList.circom";
include "nullifier.circom";
include "ownerCommitment.circom";
include "positionList.circom";

// The account of a margin proof: the prover knows the secret behind a leaf of the tree in accountRoot, the leaf commits
// to exactly these balances and positions, and the proof carries the owner's nullifier and is bound to the context.
//
// Every magnitude and sign of the opening is ranged here, so families multiply and compare them as they are.
//
// @param  POSITIONS       slots for positions
// @param  ASSETS          slots for balances
// @input  account         the opening
// @input  accountRoot     H(venueId, registryHash, treeRoot, time)
// @input  nullifier       H(ownerSecret, scope)
// @input  scope
// @input  context
// @output collateralUsed  per slot, whether it holds a balance
// @output collateralId    per slot, the asset's id
// @output positionUsed    per slot, whether it holds a position
// @output positionId      per slot, the instrument's id
template OwnedAccount(POSITIONS, ASSETS) {
    input AccountOpening(POSITIONS, ASSETS) account;
    signal input accountRoot;
    signal input nullifier;
    signal input scope;
    signal input context;
    signal output collateralUsed[ASSETS];
    signal output collateralId[ASSETS];
    signal output positionUsed[POSITIONS];
    signal output positionId[POSITIONS];

    // 1. the account's lists
    component collateral = CollateralList(ASSETS);
    collateral.count <== account.collateralCount;
    collateral.gap <== account.collateralGap;
    collateral.sign <== account.collateralSign;
    collateral.magnitude <== account.collateralMagnitude;
    collateralUsed <== collateral.used;
    collateralId <== collateral.id;

    component positions = PositionList(POSITIONS);
    positions.count <== account.positionCount;
    positions.gap <== account.positionGap;
    positions.sizeSign <== account.sizeSign;
    positions.size <== account.size;
    positions.costSign <== account.costSign;
    positions.cost <== account.cost;
    positionUsed <== positions.used;
    positionId <== positions.id;

    // 2. the leaf, which only its owner can open
    component owner = OwnerCommitment();
    owner.ownerSecret <== account.ownerSecret;

    component leaf = AccountLeaf();
    leaf.ownerCommitment <== owner.out;
    leaf.accountId <== account.accountId;
    leaf.collateralHash <== collateral.hash;
    leaf.positionsHash <== positions.hash;
    leaf.salt <== account.salt;

    // 3. the leaf stands in the tree behind accountRoot
    component tree = AccountTreeRoot();
    tree.leaf <== leaf.out;
    tree.index <== account.leafIndex;
    tree.children <== account.treeChildren;

    component root = AccountRoot();
    root.venueId <== account.venueId;
    root.registryHash <== account.registryHash;
    root.treeRoot <== tree.out;
    root.time <== account.time;
    root.out === accountRoot;

    // 4. the owner's nullifier in this scope
    component owned = Nullifier();
    owned.ownerSecret <== account.ownerSecret;
    owned.scope <== scope;
    owned.out === nullifier;

    // 5. the context takes part in a constraint: an unused public input could be changed by whoever relays the proof
    signal contextSquare <== context * context;
}
