// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGroth16Verifier, Proof} from "../interfaces/IGroth16Verifier.sol";

/// @title FalseProofs
/// @notice Decides that a proof is wrong, for a caller who gains by it and chooses the gas.
/// @dev The verifier is called with an amount of gas that does not depend on what the caller brought, after making sure
/// that it is there. A starved check then ends before it begins, and never as "wrong". The fixed amount also bounds
/// what an invalid point burns.
library FalseProofs {
    /// @notice The check ended without an answer, and not because of the proof.
    error CheckUnfinished();

    /// @dev Gas for a check with n signals: GAS_OF_CHECK + n * GAS_PER_SIGNAL. Four pairings cost 181,000 and a signal
    /// 6,150 (EIP-1108); the rest is room.
    uint256 private constant GAS_OF_CHECK = 260_000;
    uint256 private constant GAS_PER_SIGNAL = 8_000;
    /// @dev Two pairings cost 113,000.
    uint256 private constant GAS_OF_TWO_PAIRINGS = 120_000;
    /// @dev For what happens between the check of the gas and the call: a cold account, copying at most 27 signals.
    uint256 private constant GAS_AROUND_CALL = 20_000;

    address private constant PAIRING = address(8);
    uint256 private constant Q = 21888242871839275222246405745257275088696311157297823662689037894645226208583;
    uint256 private constant G2_X_IMAGINARY =
        11559732032986387107991004021392285783925812861821192530917403151452391805634;
    uint256 private constant G2_X_REAL = 10857046999023057135944570762232829481370756359578518086990519993285655852781;
    uint256 private constant G2_Y_IMAGINARY =
        4082367875863433681332203403145435568316851327593401208105741076214120093531;
    uint256 private constant G2_Y_REAL = 8495653923123431417604973247489272438418190587263600148770280649306958101930;

    /// @notice Gas that a verifier gets for a check with so many signals, whatever the caller brought.
    function gasFor(uint256 signals) internal pure returns (uint256) {
        return GAS_OF_CHECK + signals * GAS_PER_SIGNAL;
    }

    /// @notice Whether a proof is wrong. Reverts with IGroth16Verifier.NotEnoughGas when the call brought too little to
    /// tell, and with CheckUnfinished when the check ends without an answer.
    /// @param verifier A verifier that is trusted: another could answer what it likes.
    /// @param proof The proof.
    /// @param signals As many as the verifier's circuit has: more would make the copying dearer than was planned for.
    function isFalse(
        IGroth16Verifier verifier,
        Proof calldata proof,
        uint256[] calldata signals
    ) internal view returns (bool) {
        uint256 stipend = gasFor(signals.length);
        _requireGas(stipend);
        try verifier.verify{gas: stipend}(proof, signals) returns (bool valid) {
            return !valid;
        } catch (bytes memory reason) {
            // running out of gas, or anything unknown, says nothing about the proof
            if (bytes4(reason) != IGroth16Verifier.PrecompileFailed.selector) revert CheckUnfinished();
            if (!isOutsideSubgroup(proof.b)) revert CheckUnfinished();
            return true;
        }
    }

    /// @notice Whether the pairing fails because of this point, which is in no honest proof. Reverts with
    /// CheckUnfinished where the pairing fails for another reason: a chain that lacks it or prices it higher would make
    /// every proof wrong.
    /// @dev e(P, B) e(-P, B) = 1 for each B that the pairing takes. The same with the generator is the control.
    /// @param b A point on the twist.
    function isOutsideSubgroup(uint256[2][2] memory b) internal view returns (bool) {
        requirePairing();
        return !_cancels(b);
    }

    /// @notice Reverts with CheckUnfinished on a chain that lacks the pairing or prices it higher.
    function requirePairing() internal view {
        uint256[2][2] memory generator = [[G2_X_IMAGINARY, G2_X_REAL], [G2_Y_IMAGINARY, G2_Y_REAL]];
        if (!_cancels(generator)) revert CheckUnfinished();
    }

    function _cancels(uint256[2][2] memory b) private view returns (bool) {
        bytes memory input = abi.encode(1, 2, b, 1, Q - 2, b);
        _requireGas(GAS_OF_TWO_PAIRINGS);
        // a precompile has no interface to call it by
        // solhint-disable-next-line avoid-low-level-calls
        (bool done, bytes memory product) = PAIRING.staticcall{gas: GAS_OF_TWO_PAIRINGS}(input);
        return done && product.length == 32 && bytes32(product) == bytes32(uint256(1));
    }

    /// @dev A call forwards at most 63 in 64 of what is left, and silently less than it was told.
    function _requireGas(uint256 stipend) private view {
        if (gasleft() < (stipend * 64) / 63 + GAS_AROUND_CALL) revert IGroth16Verifier.NotEnoughGas();
    }
}
