// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Entry} from "../interfaces/IReserveAttestations.sol";

/// @title ProofTree
/// @notice A binary Merkle tree of 2^20 proofs. What stands nowhere is the leaf zero. src/chain/proofTree.ts is its
/// twin.
/// @dev Depth and length of a path are fixed and the position decides which side a node is on: one entry stands at one
/// position, and a shorter path or an index beyond the tree cannot be written. Hashing sorted pairs would let an entry
/// be shown at other positions.
library ProofTree {
    /// @notice Domain of leaves. What a leaf hashes is at least twelve words, a node two: no node is a leaf.
    bytes32 internal constant LEAF_DOMAIN = keccak256("zk-solvency/proof-tree/leaf/1");
    /// @notice Levels below the root.
    uint256 internal constant DEPTH = 20;

    /// @notice The leaf of an entry: its verifier, all of its proof and all of its signals.
    function leafOf(Entry calldata entry) internal pure returns (bytes32) {
        return keccak256(abi.encode(LEAF_DOMAIN, entry.verifier, entry.proof, entry.signals));
    }

    /// @notice The root of the tree in which `leaf` stands at `position`, below 2^20, given its siblings upwards.
    function rootOf(bytes32 leaf, uint256 position, bytes32[DEPTH] calldata path) internal pure returns (bytes32 node) {
        node = leaf;
        for (uint256 level = 0; level < DEPTH; ++level) {
            bool isRight = (position >> level) & 1 == 1;
            node = keccak256(isRight ? abi.encode(path[level], node) : abi.encode(node, path[level]));
        }
    }
}
