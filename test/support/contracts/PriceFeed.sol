// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IPriceFeed} from "../../../contracts/examples/IPriceFeed.sol";

/// @title PriceFeed
/// @notice A feed that answers what it is told.
contract PriceFeed is IPriceFeed {
    /// @inheritdoc IPriceFeed
    uint8 public immutable decimals;
    int256 private _answer;
    uint256 private _updatedAt;

    /// @notice A feed without an answer.
    constructor(uint8 fixedDecimals) {
        decimals = fixedDecimals;
    }

    /// @notice Sets the answer and its time.
    function set(int256 answer, uint256 updatedAt) external {
        (_answer, _updatedAt) = (answer, updatedAt);
    }

    /// @inheritdoc IPriceFeed
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (1, _answer, _updatedAt, _updatedAt, 1);
    }
}
