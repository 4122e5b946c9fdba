// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IRiskOracle} from "../interfaces/IRiskOracle.sol";

/// @title RiskOracleMessages
/// @notice EIP-712 struct hashes of what signers and reviewers sign.
library RiskOracleMessages {
    // hashed when this is compiled, so that their lengths cost nothing
    // solhint-disable gas-small-strings
    bytes32 private constant MARK_TYPE = keccak256("Mark(uint32 instrument,uint128 price)");
    bytes32 private constant SNAPSHOT_TYPE =
        keccak256(
            "Snapshot(uint256 root,uint64 time,uint256 modelHash,bytes32 dataHash,Mark[] marks)Mark(uint32 instrument,uint128 price)"
        );
    bytes32 private constant TABLES_TYPE = keccak256("Tables(uint256 root,uint256[] tableHashes)");
    // solhint-enable gas-small-strings

    /// @notice Struct hash of a snapshot.
    function hash(IRiskOracle.Snapshot calldata snapshot) internal pure returns (bytes32) {
        bytes32[] memory marks = new bytes32[](snapshot.marks.length);
        for (uint256 i = 0; i < marks.length; ++i) {
            marks[i] = keccak256(abi.encode(MARK_TYPE, snapshot.marks[i].instrument, snapshot.marks[i].price));
        }
        return
            keccak256(
                abi.encode(
                    SNAPSHOT_TYPE,
                    snapshot.root,
                    snapshot.time,
                    snapshot.modelHash,
                    snapshot.dataHash,
                    keccak256(abi.encodePacked(marks))
                )
            );
    }

    /// @notice Struct hash of the tables of a root.
    function hashTables(uint256 root, uint256[] calldata tableHashes) internal pure returns (bytes32) {
        return keccak256(abi.encode(TABLES_TYPE, root, keccak256(abi.encodePacked(tableHashes))));
    }
}
