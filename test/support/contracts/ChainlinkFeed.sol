// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {MockV3Aggregator} from "@chainlink/contracts/src/v0.8/tests/MockV3Aggregator.sol";

/// @title ChainlinkFeed
/// @notice The package's own feed for tests, which implements the interface that real feeds do.
contract ChainlinkFeed is MockV3Aggregator {
    /// @notice A feed that has answered once.
    constructor(uint8 feedDecimals, int256 answer) MockV3Aggregator(feedDecimals, answer) {}
}
