// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Interval} from "../libraries/Outages.sol";

/// @notice An account root as a venue posted it.
/// @param time The time inside of it, seconds since 1970; zero if it was never posted.
/// @param revokedAt Block time at which it was revoked; zero if it was not.
/// @param bundleHash Id of the attestation that carries the root.
struct AccountRoot {
    uint64 time;
    uint64 revokedAt;
    bytes32 bundleHash;
}

/// @title IAccountRoots
/// @notice Account roots that venues stand for, each under its own name.
interface IAccountRoots {
    /// @notice A root as a venue posted it; all zero if it never was.
    /// @dev By venue, since anybody could otherwise post a venue's root first, with another time.
    function accountRoot(address venue, uint256 root) external view returns (AccountRoot memory);

    /// @notice Seconds after its time for which a root of the venue may be used at most; zero if it is not registered.
    function maxAge(address venue) external view returns (uint64);

    /// @notice The times in [from, now) at which no root of the venue could be used. The latest first.
    function outages(address venue, uint64 from) external view returns (Interval[] memory);
}
