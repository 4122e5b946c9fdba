// SPDX-License-Identifier: GPL-3.0-or-later
pragma circom 2.2.2;

// Bits of a number that is not negative.
function widthOf(number) {
    var width = 0;
    while ((number >> width) > 0) width++;
    return width;
}

// Constrains 0 <= in < BOUND, exactly, for a bound that is no power of two: the remainder of a division by BOUND.
//
// Two ranges, of in and of BOUND - 1 - in, say the same at twice the price. Here the bits are compared with those of the
// largest number allowed on the way: as long as all of its ones were met, a zero of it forces a zero.
//
// @param BOUND  from 2 to 2^252
// @input in     a field element
template Below(BOUND) {
    assert(BOUND >= 2 && BOUND <= (1 << 252));
    var most = BOUND - 1;
    var width = widthOf(most);
    // below here most has only ones, which no bits exceed
    var ones = 0;
    while (((most >> ones) & 1) == 1) ones++;

    signal input in;

    signal bits[width];
    signal tight[width + 1];  // whether the bits above are those of most
    tight[width] <== 1;
    var value = 0;
    for (var i = width - 1; i >= 0; i--) {
        bits[i] <-- (in >> i) & 1;
        value += bits[i] * (1 << i);
        if (((most >> i) & 1) == 0) {
            // a bit; and zero while tight
            bits[i] * (1 - tight[i + 1] - bits[i]) === 0;
            tight[i] <== tight[i + 1];
        } else {
            bits[i] * (1 - bits[i]) === 0;
            if (i < ones) {
                tight[i] <== tight[i + 1];
            } else {
                tight[i] <== tight[i + 1] * bits[i];
            }
        }
    }
    value === in;
}
