// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGroth16Verifier, Proof} from "../../../contracts/interfaces/IGroth16Verifier.sol";

/// @title OddVerifier
/// @notice Says the same of every proof, if it is given enough gas: a verifier of a venue's own choice.
contract OddVerifier is IGroth16Verifier {
    /// @inheritdoc IGroth16Verifier
    uint256 public immutable override signalCount;
    bool private immutable VERDICT;
    uint256 private immutable MINIMUM_GAS;

    /// @notice What it will say, and what it asks for.
    constructor(uint256 count, bool verdict, uint256 minimumGas) {
        signalCount = count;
        VERDICT = verdict;
        MINIMUM_GAS = minimumGas;
    }

    /// @inheritdoc IGroth16Verifier
    function verify(Proof calldata, uint256[] calldata) external view returns (bool) {
        return _verdict();
    }

    /// @inheritdoc IGroth16Verifier
    function verifyBatch(Proof[] calldata, uint256[] calldata) external view returns (bool) {
        return _verdict();
    }

    /// @inheritdoc IGroth16Verifier
    function circuit() external pure returns (string memory) {
        return "odd";
    }

    /// @inheritdoc IGroth16Verifier
    function keyHash() external pure returns (bytes32) {
        return bytes32(0);
    }

    function _verdict() private view returns (bool) {
        if (gasleft() < MINIMUM_GAS) revert NotEnoughGas();
        return VERDICT;
    }
}
