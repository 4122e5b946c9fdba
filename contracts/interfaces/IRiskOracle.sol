// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Interval} from "../libraries/Outages.sol";

/// @notice A risk root as it was posted.
/// @param time The time inside of it, seconds since 1970; zero if it was never posted.
/// @param supersededAt Block time at which a newer root of its model was posted; zero for the newest.
/// @param revokedAt Block time at which it was revoked; zero if it was not.
/// @param modelHash The model inside of it.
struct RiskRoot {
    uint64 time;
    uint64 supersededAt;
    uint64 revokedAt;
    uint256 modelHash;
}

/// @title IRiskOracle
/// @notice Risk roots that a quorum of signers stands for.
interface IRiskOracle {
    /// @notice A root as it was posted; all zero if it never was.
    function riskRoot(uint256 root) external view returns (RiskRoot memory);

    /// @notice The newest root of a model; zero before the first.
    function latestRoot(uint256 modelHash) external view returns (uint256);

    /// @notice Seconds after its time for which a root may be used at most.
    function maxAge() external view returns (uint64);

    /// @notice Whether no root may be used at present.
    function paused() external view returns (bool);

    /// @notice Whether the signers stand for it that a table of a book's proof holds rows of this root's snapshot.
    function isTable(uint256 root, uint256 tableHash) external view returns (bool);

    /// @notice The times in [from, now) at which no root of the model could be used: the newest was too old or revoked, or
    /// the oracle was paused. In no order; they may overlap.
    function outages(uint256 modelHash, uint64 from) external view returns (Interval[] memory);
}
