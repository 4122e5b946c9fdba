// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title WindowedAttestations
/// @notice Attestations that nobody challenges: final once a window has passed. Of IReserveAttestations it has what
/// AccountRoots asks.
contract WindowedAttestations {
    /// @notice Seconds after which an attestation is final.
    uint256 public constant WINDOW = 1000;

    mapping(bytes32 id => uint256 time) private _attestedAt;

    /// @notice Attests an account root in the caller's name.
    function attest(uint256 accountRoot, bytes32 bundleHash) external {
        _attestedAt[_id(msg.sender, accountRoot, bundleHash)] = block.timestamp;
    }

    /// @notice Whether the window of the venue's attestation has passed.
    function isFinal(address venue, uint256 accountRoot, bytes32 bundleHash) external view returns (bool) {
        uint256 attestedAt = _attestedAt[_id(venue, accountRoot, bundleHash)];
        return attestedAt != 0 && block.timestamp > attestedAt + WINDOW;
    }

    function _id(address venue, uint256 accountRoot, bytes32 bundleHash) private pure returns (bytes32) {
        return keccak256(abi.encode(venue, accountRoot, bundleHash));
    }
}
