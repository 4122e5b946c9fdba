// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

include "../constants.circom";
include "../hash/taggedHash.circom";

// One expiry of one underlying; the perpetuals of an underlying are an expiry of their own. Public and validated.
bus ExpiryRow() {
    signal key;                  // kind * 2^32 + expiry id
    signal underlying;           // id of the underlying, at least 1
    signal perpetual;            // 1 for the perpetuals of an underlying
    signal positiveDown;         // discount of a positive value, 1e-9, rounded down
    signal positiveUp;           // rounded up
    signal negativeDown;         // discount of a negative value
    signal negativeUp;
    signal charge;               // for each unit of size, 1e-16 quote
    signal chargeWithPerpetual;  // when the account holds a perpetual of the underlying; not below charge
}

// @input  row  the expiry
// @output out  its hash, a leaf of the table
template ExpiryRowHash() {
    input ExpiryRow() row;
    signal output out;

    component hash = TaggedHash(TAG_EXPIRY_ROW(), 9);
    hash.in <== [row.key, row.underlying, row.perpetual, row.positiveDown, row.positiveUp, row.negativeDown, row.negativeUp, row.charge, row.chargeWithPerpetual];
    out <== hash.out;
}
