// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";
include "../numbers/boolean.circom";
include "../numbers/ranged.circom";
include "accountStanding.circom";
include "bookLeaf.circom";
include "chainState.circom";
include "fraction.circom";
include "liabilitiesStatement.circom";
include "liabilitiesTable.circom";
include "subtreeInsertion.circom";
include "subtreeRoot.circom";
include "transcript.circom";

// One batch of a book: all accounts of RUN x 8^HEIGHT neighbouring places of the account tree, valued and added up.
//
// Entries are sparse, tables are public and shared by the whole batch, so nothing is looked up by a Merkle path. Instead
// (docs/liabilities.md has the proof):
//
//   1. everything that could be chosen is hashed: leaves, claims, distances, tables, totals, both states. That gives rho;
//   2. the prover gives, for each row of the tables, the sum of rho^u x amount over the entries of all accounts u that name
//      it. These dense sums are hashed too. That gives gamma and lambda;
//   3. one identity of fractions an identifier kind shows that the dense sums are those of the entries: the sum over entries
//      of rho^u x amount / (gamma - id) is the sum over rows of dense sum / (gamma - id). An id that no row has leaves a pole;
//   4. with the dense sums, every linear function of the tables is one equation for the whole batch: the sum of
//      rho^u x equity of u is the sum over rows of dense sum x price.
//
// The rule that carries it: whatever enters an identity was hashed before its challenge, or follows from what was hashed
// and range checks.
//
// @param BALANCES     slots for balances of an account
// @param POSITIONS    slots for positions of an account; with none, INSTRUMENTS and TIERS are 0
// @param HEIGHT       of a subtree
// @param RUN          subtrees: 1, 2, 4 or 8
// @param ASSETS, STEPS, INSTRUMENTS, TIERS, SETTLES  see LiabilitiesTableHash
//
// With SETTLES = 0 no debt counts as lent by an account with standing. Instances with and without settle assets never
// prove batches of one book: an account's debts would count as the prover chose its class, after the challenge is known.
template LiabilitiesBatch(BALANCES, POSITIONS, HEIGHT, RUN, ASSETS, STEPS, INSTRUMENTS, TIERS, SETTLES) {
    // beyond these the widths of claims were not derived
    assert(BALANCES >= 1 && BALANCES <= 128 && POSITIONS <= MAX_POSITIONS() && SETTLES <= ASSETS);
    var accounts = RUN * 8 ** HEIGHT;
    var ladders = STEPS > 0 ? 1 : 0;
    var flags = SETTLES < 2 ? 0 : SETTLES - 1;
    var entries = BALANCES * ladders + POSITIONS;

    //////////////////////// PUBLIC ////////////////////////
    signal input stateBefore;  // hash of the chain's state before this batch
    signal input stateAfter;   // and after it
    signal input statement;    // hash of what is claimed of the whole book
    signal input tableHash;    // of the parameters that this batch uses
    signal input firstIndex;   // place of its first account

    //////////////////////// PRIVATE ///////////////////////
    input LiabilitiesStatement() claimed;
    input ChainState() before;
    signal input blindingAfter;
    signal input treeChildren[ACCOUNT_TREE_DEPTH() - HEIGHT][8];
    // accounts, as their leaves hold them
    signal input present[accounts];
    signal input ownerCommitment[accounts];
    signal input accountId[accounts];
    signal input salt[accounts];
    signal input balanceCount[accounts];
    signal input balanceGap[accounts][BALANCES];
    signal input balanceSign[accounts][BALANCES];
    signal input balance[accounts][BALANCES];
    signal input positionCount[accounts];
    signal input positionGap[accounts][POSITIONS];
    signal input sizeSign[accounts][POSITIONS];
    signal input size[accounts][POSITIONS];
    signal input costSign[accounts][POSITIONS];
    signal input cost[accounts][POSITIONS];
    // claims about them
    signal input equity[accounts];                      // 1e-16 quote, signed
    signal input surplus[accounts];                     // weighted equity less requirement, 1e-22 quote, signed
    signal input settled[accounts][SETTLES];            // settle asset and its instruments' profit and loss, 1e-16 quote
    signal input debt[accounts];                        // what is owed in other assets, 1e-16 quote
    signal input floorDistance[accounts][entries];      // amount less the floor of its row: haircut steps, then margin tiers
    signal input capDistance[accounts][entries];        // the row's cap less the amount
    // parameters; see LiabilitiesTableHash
    signal input assetId[ASSETS];
    signal input assetPrice[ASSETS];
    signal input assetWeight[STEPS == 0 ? ASSETS : 0];
    signal input stepKey[STEPS];
    signal input stepWeight[STEPS];
    signal input stepAddition[STEPS];
    signal input instrumentId[INSTRUMENTS];
    signal input instrumentPrice[INSTRUMENTS];
    signal input settlesIn[INSTRUMENTS * flags];
    signal input tierKey[TIERS];
    signal input tierWeight[TIERS];
    signal input tierDeduction[TIERS];
    signal input compressed[LIABILITIES_COMPRESSED()];  // this batch's totals at the statement's challenge
    // dense sums; see step 6
    signal input owned[ASSETS];
    signal input owing[ASSETS];
    signal input assetTotals[ASSETS];
    signal input stepOwned[STEPS];
    signal input stepEntries[STEPS];
    signal input held[INSTRUMENTS];
    signal input paid[INSTRUMENTS];
    signal input instrumentTotals[INSTRUMENTS];
    signal input tierSize[TIERS];
    signal input tierEntries[TIERS];

    // 1. the statement and the parameters behind their hashes
    component opened = StatementHash();
    opened.statement <== claimed;
    opened.hash === statement;
    component debtorRange = Ranged(LIABILITIES_VALUE_BITS());
    debtorRange.in <== claimed.largestDebtor;

    component tables = LiabilitiesTableHash(ASSETS, STEPS, INSTRUMENTS, TIERS, SETTLES);
    tables.assetId <== assetId;
    tables.assetPrice <== assetPrice;
    tables.assetWeight <== assetWeight;
    tables.stepKey <== stepKey;
    tables.stepWeight <== stepWeight;
    tables.stepAddition <== stepAddition;
    tables.instrumentId <== instrumentId;
    tables.instrumentPrice <== instrumentPrice;
    tables.settlesIn <== settlesIn;
    tables.tierKey <== tierKey;
    tables.tierWeight <== tierWeight;
    tables.tierDeduction <== tierDeduction;
    tables.out === tableHash;

    // 2. the accounts, and their subtrees put into the tree where there was nothing
    component leaf[accounts];
    component root[RUN];
    component insertion = SubtreeInsertion(HEIGHT, RUN);
    for (var s = 0; s < RUN; s++) {
        root[s] = SubtreeRoot(HEIGHT);
        for (var i = 0; i < 8 ** HEIGHT; i++) {
            var u = s * 8 ** HEIGHT + i;
            leaf[u] = BookLeaf(BALANCES, POSITIONS);
            leaf[u].present <== present[u];
            leaf[u].ownerCommitment <== ownerCommitment[u];
            leaf[u].accountId <== accountId[u];
            leaf[u].salt <== salt[u];
            leaf[u].balanceCount <== balanceCount[u];
            leaf[u].balanceGap <== balanceGap[u];
            leaf[u].balanceSign <== balanceSign[u];
            leaf[u].balance <== balance[u];
            leaf[u].positionCount <== positionCount[u];
            leaf[u].positionGap <== positionGap[u];
            leaf[u].sizeSign <== sizeSign[u];
            leaf[u].size <== size[u];
            leaf[u].costSign <== costSign[u];
            leaf[u].cost <== cost[u];
            root[s].leaves[i] <== leaf[u].leaf;
        }
        insertion.roots[s] <== root[s].out;
    }
    insertion.index <== firstIndex;
    insertion.children <== treeChildren;
    insertion.before === before.treeRoot;

    // 3. what each account's claims count for
    component standing[accounts];
    signal standingAccount[accounts];
    var batch[4] = [0, 0, 0, 0];  // accounts, with standing, owed, deficits
    for (var u = 0; u < accounts; u++) {
        standing[u] = AccountStanding(SETTLES);
        standing[u].equity <== equity[u];
        standing[u].surplus <== surplus[u];
        standing[u].settled <== settled[u];
        standing[u].debt <== debt[u];
        standing[u].largestDebtor <== claimed.largestDebtor;
        if (SETTLES == 0) debt[u] === 0;
        standingAccount[u] <== standing[u].standing * present[u];
        batch[0] += present[u];
        batch[1] += standingAccount[u];
        batch[2] += standing[u].owed;
        batch[3] += standing[u].deficit;
    }

    // 4. the chain: from its state before to its state after, on the side that its places belong to. A batch over the
    // boundary would let a prover choose the side of an account after the challenge is known
    component order = Ranged(3 * ACCOUNT_TREE_DEPTH());
    order.in <== firstIndex - before.nextIndex;
    signal isVenue <-- firstIndex >= claimed.venueStart ? 1 : 0;
    component isSide = Boolean();
    isSide.in <== isVenue;
    signal fromBoundary <== (2 * isVenue - 1) * (firstIndex - claimed.venueStart) - accounts * (1 - isVenue);
    component boundary = Ranged(3 * ACCOUNT_TREE_DEPTH() + 1);
    boundary.in <== fromBoundary;

    component stateOpened = ChainStateHash();
    stateOpened.state <== before;
    stateOpened.statement <== statement;
    stateOpened.out === stateBefore;
    component stateReached = ChainStateHash();
    stateReached.statement <== statement;
    stateReached.state.nextIndex <== firstIndex + accounts;
    stateReached.state.treeRoot <== insertion.after;
    stateReached.state.blinding <== blindingAfter;
    signal toVenue[LIABILITIES_SIDE_TOTALS()];
    for (var i = 0; i < LIABILITIES_SIDE_TOTALS(); i++) {
        var total = i < 4 ? batch[i] : compressed[i - 4];
        toVenue[i] <== isVenue * total;
        stateReached.state.totals[0][i] <== before.totals[0][i] + total - toVenue[i];
        stateReached.state.totals[1][i] <== before.totals[1][i] + toVenue[i];
    }
    stateReached.out === stateAfter;

    // 5. first transcript. A claim is packed as it is ranged: equity and surplus in one element, settled ones in pairs;
    // so are distances, two entries in one element
    var pairs = (SETTLES + 1) \ 2;
    var perAccount = 1 + pairs + (SETTLES > 0 ? 1 : 0) + (entries + 1) \ 2;
    component first = Transcript(TAG_LIABILITIES_FIRST(), 15 + RUN + 4 + LIABILITIES_COMPRESSED() + accounts * perAccount);
    var header[15] = [
        LIABILITIES_VERSION(), BALANCES, POSITIONS, HEIGHT, RUN, ASSETS, STEPS, INSTRUMENTS, TIERS, SETTLES,
        firstIndex, statement, tableHash, stateBefore, stateAfter
    ];
    var at = 0;
    for (var i = 0; i < 15; i++) { first.in[at] <== header[i]; at++; }
    for (var s = 0; s < RUN; s++) { first.in[at] <== root[s].out; at++; }
    for (var i = 0; i < 4; i++) { first.in[at] <== batch[i]; at++; }
    for (var i = 0; i < LIABILITIES_COMPRESSED(); i++) { first.in[at] <== compressed[i]; at++; }
    var packedClaim = 1 << (LIABILITIES_VALUE_BITS() + 2);
    var packedDistance = 1 << LIABILITIES_AMOUNT_BITS();
    component floorRange[accounts][entries];
    component capRange[accounts][entries];
    for (var u = 0; u < accounts; u++) {
        first.in[at] <== equity[u] + packedClaim * surplus[u]; at++;
        for (var j = 0; j < pairs; j++) {
            var partner = 2 * j + 1 < SETTLES ? settled[u][2 * j + 1] : 0;
            first.in[at] <== settled[u][2 * j] + packedClaim * partner; at++;
        }
        if (SETTLES > 0) { first.in[at] <== debt[u]; at++; }
        var element = 0;
        for (var k = 0; k < entries; k++) {
            floorRange[u][k] = Ranged(LIABILITIES_AMOUNT_BITS());
            floorRange[u][k].in <== floorDistance[u][k];
            capRange[u][k] = Ranged(LIABILITIES_AMOUNT_BITS());
            capRange[u][k].in <== capDistance[u][k];
            element += (floorDistance[u][k] + packedDistance * capDistance[u][k]) * (k % 2 == 0 ? 1 : packedDistance * packedDistance);
            if (k % 2 == 1 || k == entries - 1) {
                first.in[at] <== element; at++;
                element = 0;
            }
        }
    }
    component drawRho = TaggedHash(TAG_LIABILITIES_RHO(), 1);
    drawRho.in[0] <== first.out;
    signal rho <== drawRho.out;

    // 6. second transcript: rho and all dense sums
    //   owned, owing          sum of rho^u x what is owned, owed, by asset
    //   assetTotals           positive + rho x negative with standing + rho^2 x other negative, by asset
    //   stepOwned, -Entries   sum of rho^u x what is owned, and of rho^u, by haircut step
    //   held, paid            sum of rho^u x signed size, signed cost, by instrument
    //   instrumentTotals      long + rho x short + rho^2 x cost, by instrument
    //   tierSize, -Entries    sum of rho^u x |size|, and of rho^u, by margin tier
    component second = Transcript(TAG_LIABILITIES_SECOND(), 1 + 3 * ASSETS + 2 * STEPS + 3 * INSTRUMENTS + 2 * TIERS);
    second.in[0] <== rho;
    at = 1;
    for (var a = 0; a < ASSETS; a++) { second.in[at] <== owned[a]; at++; }
    for (var a = 0; a < ASSETS; a++) { second.in[at] <== owing[a]; at++; }
    for (var a = 0; a < ASSETS; a++) { second.in[at] <== assetTotals[a]; at++; }
    for (var r = 0; r < STEPS; r++) { second.in[at] <== stepOwned[r]; at++; }
    for (var r = 0; r < STEPS; r++) { second.in[at] <== stepEntries[r]; at++; }
    for (var i = 0; i < INSTRUMENTS; i++) { second.in[at] <== held[i]; at++; }
    for (var i = 0; i < INSTRUMENTS; i++) { second.in[at] <== paid[i]; at++; }
    for (var i = 0; i < INSTRUMENTS; i++) { second.in[at] <== instrumentTotals[i]; at++; }
    for (var t = 0; t < TIERS; t++) { second.in[at] <== tierSize[t]; at++; }
    for (var t = 0; t < TIERS; t++) { second.in[at] <== tierEntries[t]; at++; }
    component drawGamma = TaggedHash(TAG_LIABILITIES_GAMMA(), 1);
    drawGamma.in[0] <== second.out;
    signal gamma <== drawGamma.out;
    component drawLambda = TaggedHash(TAG_LIABILITIES_LAMBDA(), 1);
    drawLambda.in[0] <== second.out;
    signal lambda <== drawLambda.out;

    // 7. the identities of fractions. Every sum of an identity is combined with its powers of lambda
    signal rho2 <== rho * rho;
    signal lambda2 <== lambda * lambda;
    signal lambda2rho <== lambda2 * rho;
    signal lambda2rho2 <== lambda2 * rho2;

    signal power[accounts];        // rho^u
    signal lambdaPower[accounts];  // lambda x rho^u
    signal debtWeight[accounts];   // of a debt in assetTotals
    signal balanceOwned[accounts][BALANCES];
    signal balanceOwed[accounts][BALANCES];
    component balanceFraction[accounts][BALANCES];
    signal stepAmount[accounts][BALANCES * ladders];
    signal stepEntry[accounts][BALANCES * ladders];
    component stepFraction[accounts][BALANCES * ladders];
    signal positionLong[accounts][POSITIONS];
    signal positionShort[accounts][POSITIONS];
    signal positionCost[accounts][POSITIONS];
    component positionFraction[accounts][POSITIONS];
    signal tierAmount[accounts][POSITIONS];
    signal tierEntry[accounts][POSITIONS];
    component tierFraction[accounts][POSITIONS];
    var byAsset = 0;
    var byStep = 0;
    var byInstrument = 0;
    var byTier = 0;
    for (var u = 0; u < accounts; u++) {
        if (u == 0) {
            power[u] <== 1;
        } else {
            power[u] <== power[u - 1] * rho;
        }
        lambdaPower[u] <== lambda * power[u];
        // a class without settle assets says nothing of its largest debtor, so its debts never count as good ones
        var good = SETTLES > 0 ? standing[u].standing : 0;
        debtWeight[u] <== lambda2rho2 + good * (lambda2rho - lambda2rho2);

        for (var k = 0; k < BALANCES; k++) {
            balanceOwned[u][k] <== leaf[u].positive[k] * (power[u] + lambda2);
            balanceOwed[u][k] <== leaf[u].negative[k] * (lambdaPower[u] + debtWeight[u]);
            balanceFraction[u][k] = Fraction();
            balanceFraction[u][k].numerator <== balanceOwned[u][k] + balanceOwed[u][k];
            balanceFraction[u][k].denominator <== gamma - leaf[u].balanceId[k];
            byAsset += balanceFraction[u][k].out;
        }
        for (var k = 0; k < BALANCES * ladders; k++) {
            // only what is owned has a haircut step: a debt counts in full, and takes no addition
            stepAmount[u][k] <== leaf[u].positive[k] * power[u];
            stepEntry[u][k] <== (leaf[u].balanceUsed[k] - balanceSign[u][k]) * lambdaPower[u];
            stepFraction[u][k] = Fraction();
            stepFraction[u][k].numerator <== stepAmount[u][k] + stepEntry[u][k];
            stepFraction[u][k].denominator <== gamma - leaf[u].balanceId[k]
                - (1 << ID_BITS()) * (leaf[u].positive[k] - floorDistance[u][k])
                - (1 << (ID_BITS() + AMOUNT_BITS())) * (leaf[u].positive[k] + capDistance[u][k]);
            byStep += stepFraction[u][k].out;
        }
        for (var k = 0; k < POSITIONS; k++) {
            positionLong[u][k] <== leaf[u].long[k] * (lambda2 + power[u]);
            positionShort[u][k] <== leaf[u].short[k] * (lambda2rho - power[u]);
            positionCost[u][k] <== leaf[u].signedCost[k] * (lambda2rho2 + lambdaPower[u]);
            positionFraction[u][k] = Fraction();
            positionFraction[u][k].numerator <== positionLong[u][k] + positionShort[u][k] + positionCost[u][k];
            positionFraction[u][k].denominator <== gamma - leaf[u].positionId[k];
            byInstrument += positionFraction[u][k].out;

            tierAmount[u][k] <== size[u][k] * power[u];
            tierEntry[u][k] <== leaf[u].positionUsed[k] * lambdaPower[u];
            tierFraction[u][k] = Fraction();
            tierFraction[u][k].numerator <== tierAmount[u][k] + tierEntry[u][k];
            tierFraction[u][k].denominator <== gamma - leaf[u].positionId[k]
                - (1 << ID_BITS()) * (size[u][k] - floorDistance[u][BALANCES * ladders + k])
                - (1 << (ID_BITS() + AMOUNT_BITS())) * (size[u][k] + capDistance[u][BALANCES * ladders + k]);
            byTier += tierFraction[u][k].out;
        }
    }
    signal lambdaOwing[ASSETS];
    signal lambdaAssetTotals[ASSETS];
    component assetFraction[ASSETS];
    for (var a = 0; a < ASSETS; a++) {
        lambdaOwing[a] <== lambda * owing[a];
        lambdaAssetTotals[a] <== lambda2 * assetTotals[a];
        assetFraction[a] = Fraction();
        assetFraction[a].numerator <== owned[a] + lambdaOwing[a] + lambdaAssetTotals[a];
        assetFraction[a].denominator <== gamma - assetId[a];
        byAsset -= assetFraction[a].out;
    }
    byAsset === 0;
    signal lambdaStepEntries[STEPS];
    component stepRowFraction[STEPS];
    for (var r = 0; r < STEPS; r++) {
        lambdaStepEntries[r] <== lambda * stepEntries[r];
        stepRowFraction[r] = Fraction();
        stepRowFraction[r].numerator <== stepOwned[r] + lambdaStepEntries[r];
        stepRowFraction[r].denominator <== gamma - stepKey[r];
        byStep -= stepRowFraction[r].out;
    }
    if (STEPS > 0) byStep === 0;
    signal lambdaPaid[INSTRUMENTS];
    signal lambdaInstrumentTotals[INSTRUMENTS];
    component instrumentFraction[INSTRUMENTS];
    for (var i = 0; i < INSTRUMENTS; i++) {
        lambdaPaid[i] <== lambda * paid[i];
        lambdaInstrumentTotals[i] <== lambda2 * instrumentTotals[i];
        instrumentFraction[i] = Fraction();
        instrumentFraction[i].numerator <== held[i] + lambdaPaid[i] + lambdaInstrumentTotals[i];
        instrumentFraction[i].denominator <== gamma - instrumentId[i];
        byInstrument -= instrumentFraction[i].out;
    }
    if (POSITIONS > 0) byInstrument === 0;
    signal lambdaTierEntries[TIERS];
    component tierRowFraction[TIERS];
    for (var t = 0; t < TIERS; t++) {
        lambdaTierEntries[t] <== lambda * tierEntries[t];
        tierRowFraction[t] = Fraction();
        tierRowFraction[t].numerator <== tierSize[t] + lambdaTierEntries[t];
        tierRowFraction[t].denominator <== gamma - tierKey[t];
        byTier -= tierRowFraction[t].out;
    }
    if (POSITIONS > 0) byTier === 0;

    // 8. values: the claims of all accounts are linear functions of the tables
    signal ownedValue[ASSETS];
    signal owedValue[ASSETS];
    signal weightedOwned[STEPS == 0 ? ASSETS : STEPS];
    signal weightedAddition[STEPS];
    signal positionValue[INSTRUMENTS];
    signal settledValue[INSTRUMENTS * flags];
    signal charge[TIERS];
    signal deduction[TIERS];
    var equityLeft = 0;
    var surplusLeft = 0;
    var debtLeft = 0;
    var settledLeft[SETTLES + 1];
    for (var j = 0; j <= SETTLES; j++) settledLeft[j] = 0;
    for (var a = 0; a < ASSETS; a++) {
        ownedValue[a] <== owned[a] * assetPrice[a];
        owedValue[a] <== owing[a] * assetPrice[a];
        equityLeft += ownedValue[a] - owedValue[a];
        surplusLeft -= RATE_SCALE() * owedValue[a];
        if (a < SETTLES) {
            settledLeft[a] += ownedValue[a] - owedValue[a];
        } else {
            debtLeft += owedValue[a];
        }
        if (STEPS == 0) {
            weightedOwned[a] <== owned[a] * assetWeight[a];
            surplusLeft += weightedOwned[a];
        }
    }
    for (var r = 0; r < STEPS; r++) {
        weightedOwned[r] <== stepOwned[r] * stepWeight[r];
        weightedAddition[r] <== stepEntries[r] * stepAddition[r];
        surplusLeft += weightedOwned[r] + weightedAddition[r];
    }
    for (var i = 0; i < INSTRUMENTS; i++) {
        positionValue[i] <== held[i] * instrumentPrice[i] - COST_SCALE() * paid[i];
        equityLeft += positionValue[i];
        surplusLeft += RATE_SCALE() * positionValue[i];
        settledLeft[flags] += positionValue[i];
        for (var j = 0; j < flags; j++) {
            settledValue[i * flags + j] <== positionValue[i] * settlesIn[i * flags + j];
            settledLeft[j] += settledValue[i * flags + j];
            settledLeft[flags] -= settledValue[i * flags + j];
        }
    }
    for (var t = 0; t < TIERS; t++) {
        charge[t] <== tierSize[t] * tierWeight[t];
        deduction[t] <== tierEntries[t] * tierDeduction[t];
        surplusLeft -= charge[t] - deduction[t];
    }
    signal equityTerm[accounts];
    signal surplusTerm[accounts];
    signal debtTerm[accounts];
    signal settledTerm[accounts][SETTLES];
    for (var u = 0; u < accounts; u++) {
        equityTerm[u] <== power[u] * equity[u];
        surplusTerm[u] <== power[u] * surplus[u];
        equityLeft -= equityTerm[u];
        surplusLeft -= surplusTerm[u];
        if (SETTLES > 0) {
            debtTerm[u] <== power[u] * debt[u];
            debtLeft -= debtTerm[u];
        }
        for (var j = 0; j < SETTLES; j++) {
            settledTerm[u][j] <== power[u] * settled[u][j];
            settledLeft[j] -= settledTerm[u][j];
        }
    }
    equityLeft === 0;
    surplusLeft === 0;
    if (SETTLES > 0) debtLeft === 0;
    for (var j = 0; j < SETTLES; j++) settledLeft[j] === 0;

    // 9. totals by asset and instrument, compressed at the statement's challenge; a settle asset's are those of the claims,
    // after profit and loss was added to its balance
    component assetAtChallenge[ASSETS];
    component instrumentAtChallenge[INSTRUMENTS];
    signal weighedAssets[ASSETS];
    signal weighedSettled[SETTLES][2];
    signal weighedInstruments[INSTRUMENTS];
    signal settledGood[accounts][SETTLES];
    var assetSum = compressed[0];
    for (var a = 0; a < ASSETS; a++) {
        assetAtChallenge[a] = Fraction();
        assetAtChallenge[a].denominator <== opened.challenge - assetId[a];
        var sums = 0;
        if (a < SETTLES) {
            var positive = 0;
            var good = 0;
            var other = 0;
            for (var u = 0; u < accounts; u++) {
                settledGood[u][a] <== standing[u].standing * standing[u].settledNegative[a];
                positive += standing[u].settledPositive[a];
                good += settledGood[u][a];
                other += standing[u].settledNegative[a] - settledGood[u][a];
            }
            assetAtChallenge[a].numerator <== 1;
            weighedSettled[a][0] <== rho * good;
            weighedSettled[a][1] <== rho2 * other;
            sums = positive + weighedSettled[a][0] + weighedSettled[a][1];
        } else {
            assetAtChallenge[a].numerator <== assetPrice[a];
            sums = assetTotals[a];
        }
        weighedAssets[a] <== assetAtChallenge[a].out * sums;
        assetSum -= weighedAssets[a];
    }
    signal goodAtRho <== rho * compressed[1];
    signal otherAtRho <== rho2 * compressed[2];
    assetSum + goodAtRho + otherAtRho === 0;
    var instrumentSum = compressed[3];
    for (var i = 0; i < INSTRUMENTS; i++) {
        instrumentAtChallenge[i] = Fraction();
        instrumentAtChallenge[i].numerator <== 1;
        instrumentAtChallenge[i].denominator <== opened.challenge - instrumentId[i];
        weighedInstruments[i] <== instrumentAtChallenge[i].out * instrumentTotals[i];
        instrumentSum -= weighedInstruments[i];
    }
    signal shortAtRho <== rho * compressed[4];
    signal costAtRho <== rho2 * compressed[5];
    instrumentSum + shortAtRho + costAtRho === 0;
}
