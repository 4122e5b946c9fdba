// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGroth16Verifier, Proof} from "../../../contracts/interfaces/IGroth16Verifier.sol";
import {FalseProofs} from "../../../contracts/libraries/FalseProofs.sol";

/// @title FalseProofsHarness
/// @notice The library FalseProofs, to be called from outside with any verifier.
contract FalseProofsHarness {
    /// @notice Whether a proof is wrong.
    function isFalse(
        IGroth16Verifier verifier,
        Proof calldata proof,
        uint256[] calldata signals
    ) external view returns (bool) {
        return FalseProofs.isFalse(verifier, proof, signals);
    }

    /// @notice Whether the pairing fails because of a point.
    function isOutsideSubgroup(uint256[2][2] calldata b) external view returns (bool) {
        return FalseProofs.isOutsideSubgroup(b);
    }
}
