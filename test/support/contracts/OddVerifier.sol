// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGroth16Verifier, Proof} from "../../../contracts/interfaces/IGroth16Verifier.sol";

/// @title OddVerifier
/// @notice Says the same of every proof, if it is given enough gas: a verifier of a venue's own choice. It has no more of
/// IGroth16Verifier than is called.
contract OddVerifier {
    /// @notice Number of public signals of a proof.
    uint256 public immutable signalCount;
    bool private immutable VERDICT;
    uint256 private immutable MINIMUM_GAS;

    /// @notice What it will say, and what it asks for.
    constructor(uint256 count, bool verdict, uint256 minimumGas) {
        (signalCount, VERDICT, MINIMUM_GAS) = (count, verdict, minimumGas);
    }

    /// @notice Says what it says.
    function verify(Proof calldata, uint256[] calldata) external view returns (bool) {
        return _verdict();
    }

    /// @notice Says what it says.
    function verifyBatch(Proof[] calldata, uint256[] calldata) external view returns (bool) {
        return _verdict();
    }

    function _verdict() private view returns (bool) {
        if (gasleft() < MINIMUM_GAS) revert IGroth16Verifier.NotEnoughGas();
        return VERDICT;
    }
}
