// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../numbers/ranged.circom";
include "countedProfit.circom";
include "greaterRate.circom";
include "sizePremium.circom";
include "sizeRoot.circom";
include "weightedRow.circom";

// What one position adds to the account. A slot of padding has size and cost zero and adds nothing.
//
// @input  sizeSign     1 for a short
// @input  size         |size|, below 2^64
// @input  costSign     1 for a negative cost basis
// @input  cost         |cost basis|, 1e-8 quote, below 2^80
// @input  row          the side of the instrument, constrained by TableLookup
// @input  rateStep     of size premiums, parts per million
// @output counted      unrealised profit and loss as far as it counts, 1e-22 quote, signed
// @output requirement  1e-34 quote, below 2^198
template WeightedPosition() {
    signal input sizeSign;
    signal input size;
    signal input costSign;
    signal input cost;
    input WeightedRow() row;
    signal input rateStep;
    signal output counted;
    signal output requirement;

    // 1. profit and loss
    signal value <== size * row.price;
    signal shortValue <== sizeSign * value;
    signal negativeCost <== costSign * cost;
    component profit = CountedProfit();
    profit.profit <== value - 2 * shortValue - COST_SCALE() * (cost - 2 * negativeCost);
    profit.weight <== row.gainWeight;
    profit.cap <== row.gainCap;
    counted <== profit.counted;

    // 2. the rate that rises with the root of the size
    component root = SizeRoot();
    root.size <== size;
    root.scale <== row.rootScale;
    component premium = SizePremium();
    premium.root <== root.root;
    premium.premium <== row.premium;
    premium.step <== rateStep;
    component rate = GreaterRate();
    rate.first <== row.rate;
    rate.second <== row.premiumBase + premium.rate;

    // 3. the part that rises with the size itself; ranged, so that no requirement is so large that it wraps to a small one
    signal growth <== row.quadratic * size;
    component growthRange = Ranged(WEIGHTED_GROWTH_BITS());
    growthRange.in <== growth;

    // 4. the margin
    signal notional <== size * row.marginPrice;
    requirement <== notional * (WEIGHTED_GROWTH_SCALE() * rate.out + growth);
}
