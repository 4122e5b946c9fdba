// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @notice A Groth16 proof over BN254.
/// @param a A, (x, y) in G1.
/// @param b B in G2 as the pairing precompile takes it: imaginary part first, ((x1, x0), (y1, y0)).
/// @param c C, (x, y) in G1.
struct Proof {
    uint256[2] a;
    uint256[2][2] b;
    uint256[2] c;
}

/// @title IGroth16Verifier
/// @notice Checks Groth16 proofs over BN254 of one circuit.
/// @dev `false` always means that a proof is wrong. Whatever stops the check from finishing reverts. Groth16 proofs can be
/// rerandomised: who sees a proof can make another for the same signals. So a proof is no identifier; callers bind what
/// must happen once to a signal.
interface IGroth16Verifier {
    /// @notice The call has too little gas to tell a wrong proof from an unfinished check.
    error NotEnoughGas();

    /// @notice A precompile failed although it had its gas: a `b` lies on the twist but outside of its subgroup, or this
    /// chain lacks the precompile or prices it higher.
    error PrecompileFailed();

    /// @notice Checks a proof.
    /// @dev The point at infinity is refused for all three points; an honest proof holds it with probability 2^-253.
    /// @param proof The proof.
    /// @param signals The public signals in the circuit's order.
    /// @return True if and only if the number of signals is the circuit's, every signal is below the scalar field's order,
    /// every coordinate is below the base field's order, the points lie on their curves, and the pairing equation holds.
    function verify(Proof calldata proof, uint256[] calldata signals) external view returns (bool);

    /// @notice Checks many proofs at once, by a random linear combination of their equations: n + 3 pairings.
    /// @dev The factors are 128 bits of a hash over the key, all signals and all proofs: a batch with a wrong proof in it
    /// passes with a chance of 2^-128, however its maker chose it.
    /// @param proofs At least one proof.
    /// @param signals The public signals of all proofs, one proof's after the other's.
    /// @return True if and only if {verify} says true of each proof with its signals.
    function verifyBatch(Proof[] calldata proofs, uint256[] calldata signals) external view returns (bool);

    /// @notice Number of public signals of a proof.
    function signalCount() external pure returns (uint256);

    /// @notice Name of the circuit.
    function circuit() external pure returns (string memory);

    /// @notice Hash of the verification key whose constants this contract holds: keccak256 of alpha, beta, gamma,
    /// delta and all of IC as words, in the order that the pairing precompile takes them.
    function keyHash() external pure returns (bytes32);
}
