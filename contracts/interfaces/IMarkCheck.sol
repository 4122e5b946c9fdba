// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IMarkCheck
/// @notice Holds the mark price of an instrument against a source that the signers of risk roots do not control.
interface IMarkCheck {
    /// @notice The mark is further from the source's price than the tolerance.
    /// @param price The mark, 1e-8 quote.
    /// @param answer The source's price, as the source gives it.
    error MarkOffFeed(uint32 instrument, uint256 price, int256 answer);

    /// @notice Returns if the mark agrees with the source, and reverts if it does not or if the source cannot say.
    /// @param instrument Id of the instrument in the venue's registry.
    /// @param price The mark of one unit, 1e-8 quote.
    function check(uint32 instrument, uint128 price) external view;
}
