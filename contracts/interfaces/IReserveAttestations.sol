// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IReserveAttestations
/// @notice Attestations of exchanges that cannot be disputed any more.
interface IReserveAttestations {
    /// @notice Whether the venue's attestation of this account root is final: every batch was verified on chain, or the
    /// time in which anybody could challenge it has passed.
    function isFinal(address venue, uint256 accountRoot, bytes32 bundleHash) external view returns (bool);
}
