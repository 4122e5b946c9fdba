// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IPriceFeed
/// @notice What the lender asks of a price feed: the part of Chainlink's AggregatorV3Interface that it uses.
interface IPriceFeed {
    /// @notice Number of decimals of an answer.
    function decimals() external view returns (uint8);

    /// @notice The latest answer, and the time at which it was given.
    function latestRoundData()
        external
        view
        returns (uint80 roundId, int256 answer, uint256 startedAt, uint256 updatedAt, uint80 answeredInRound);
}
