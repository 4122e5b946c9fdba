// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title LiabilitiesSignals
/// @notice Positions of the public signals that the proof of a book shows, by the kind of circuit.
library LiabilitiesSignals {
    uint256 internal constant START_COUNT = 2;
    uint256 internal constant START_FIRST_STATE = 0;
    uint256 internal constant START_STATEMENT = 1;

    uint256 internal constant BATCH_COUNT = 5;
    uint256 internal constant BATCH_STATE_BEFORE = 0;
    uint256 internal constant BATCH_STATE_AFTER = 1;
    uint256 internal constant BATCH_STATEMENT = 2;
    uint256 internal constant BATCH_TABLE_HASH = 3;
    uint256 internal constant BATCH_FIRST_INDEX = 4;

    /// @dev The closing circuits differ in what comes after the first four signals.
    uint256 internal constant OPENING_COUNT = 27;
    uint256 internal constant COVERAGE_COUNT = 10;
    uint256 internal constant CLOSING_LAST_STATE = 0;
    uint256 internal constant CLOSING_STATEMENT = 1;
    uint256 internal constant CLOSING_ACCOUNT_ROOT = 2;
    uint256 internal constant CLOSING_RISK_ROOT = 3;
}
