// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IMarginVerifier
/// @notice A Groth16 verifier over BN254 for one margin circuit.
/// @dev `false` always means that the proof is wrong. Whatever stops the check from finishing reverts.
interface IMarginVerifier {
    /// @notice The call has too little gas to tell a wrong proof from an unfinished check.
    error NotEnoughGas();

    /// @notice A precompile failed although it had its gas: `b` lies on the twist but outside of its subgroup, or this
    /// chain lacks the precompile or prices it higher. Such a `b` costs the caller the pairing's gas, and no more.
    error PrecompileFailed();

    /// @notice Checks a proof.
    /// @dev The point at infinity is refused for all three points; an honest proof holds it with probability 2^-253.
    /// Groth16 proofs can be rerandomised: who sees a proof can make another for the same signals. So a proof is no
    /// identifier; callers bind what must happen once to a signal.
    /// @param a The proof's A, (x, y) in G1.
    /// @param b The proof's B in G2 as the pairing precompile takes it: imaginary part first, ((x1, x0), (y1, y0)).
    /// @param c The proof's C, (x, y) in G1.
    /// @param publicSignals The public signals in the order of the library PublicSignals.
    /// @return True if and only if every signal is below the scalar field's order, every coordinate is below the base
    /// field's order, the points lie on their curves, and the pairing equation holds.
    function verify(
        uint256[2] calldata a,
        uint256[2][2] calldata b,
        uint256[2] calldata c,
        uint256[7] calldata publicSignals
    ) external view returns (bool);

    /// @notice Name of the circuit.
    function circuit() external pure returns (string memory);

    /// @notice Hash of the verification key whose constants this contract holds: keccak256 of alpha, beta, gamma,
    /// delta and all of IC as words, in the order that the pairing precompile takes them.
    function keyHash() external pure returns (bytes32);
}
