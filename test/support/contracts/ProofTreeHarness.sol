// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Entry} from "../../../contracts/interfaces/IReserveAttestations.sol";
import {ProofTree} from "../../../contracts/libraries/ProofTree.sol";

/// @title ProofTreeHarness
/// @notice The library ProofTree, to be called from outside.
contract ProofTreeHarness {
    /// @notice The leaf of an entry.
    function leafOf(Entry calldata entry) external pure returns (bytes32) {
        return ProofTree.leafOf(entry);
    }

    /// @notice The root over a leaf.
    function rootOf(bytes32 leaf, uint256 position, bytes32[20] calldata path) external pure returns (bytes32) {
        return ProofTree.rootOf(leaf, position, path);
    }
}
