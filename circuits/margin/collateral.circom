// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../risk/tableLookup.circom";
include "../risk/tableRow.circom";
include "collateralValue.circom";

// All balances of an account, each valued by the one haircut step in which it lies.
//
// @param  ASSETS     slots
// @input  used       per slot, whether it holds a balance
// @input  id         per slot, the asset's id
// @input  sign       per slot, 1 for a debt
// @input  magnitude  per slot, |balance|, below 2^64
// @input  row        per slot, the haircut step
// @input  place      per slot, where the step stands in the table
// @input  nodes      the table's 64 nodes
// @output weighted   sum of the weighted values, 1e-22 quote, signed
// @output value      per slot, the value before haircuts, 1e-16 quote, signed
template Collateral(ASSETS) {
    signal input used[ASSETS];
    signal input id[ASSETS];
    signal input sign[ASSETS];
    signal input magnitude[ASSETS];
    input TableRow() row[ASSETS];
    input RowPlace() place[ASSETS];
    signal input nodes[64];
    signal output weighted;
    signal output value[ASSETS];

    var total = 0;
    component hash[ASSETS];
    component lookup[ASSETS];
    component balance[ASSETS];
    for (var k = 0; k < ASSETS; k++) {
        hash[k] = TableRowHash();
        hash[k].row <== row[k];
        lookup[k] = TableLookup(ROW_KIND_ASSET());
        lookup[k].used <== used[k];
        lookup[k].id <== id[k];
        lookup[k].key <== row[k].key;
        lookup[k].hash <== hash[k].out;
        lookup[k].place <== place[k];
        lookup[k].nodes <== nodes;

        balance[k] = CollateralValue();
        balance[k].used <== used[k];
        balance[k].sign <== sign[k];
        balance[k].magnitude <== magnitude[k];
        balance[k].row <== row[k];
        value[k] <== balance[k].signedValue;
        total += balance[k].weighted;
    }
    weighted <== total;
}
