// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

/// @title IScopeRegistry
/// @notice Which subject stands for which account owner within a scope. Gates that share a registry share the scope, so
/// that an account backs one subject in all of them together.
interface IScopeRegistry {
    /// @notice A nullifier belongs to a subject from now on.
    event NullifierBound(uint256 indexed nullifier, address indexed subject, address indexed gate);

    /// @notice A gate may, or may no more, bind.
    event GateAdmitted(address indexed gate, bool admitted);

    /// @notice The scope is not below the scalar field's order: no proof carries it.
    error InvalidScope(uint256 scope);
    /// @notice Only a gate that the owner admitted may bind.
    error NotAGate(address caller);
    /// @notice Another subject uses this nullifier, that is, the same account owner.
    error NullifierTaken(uint256 nullifier);
    /// @notice The subject is bound to another nullifier, that is, to another account owner.
    error SubjectBoundElsewhere(address subject);

    /// @notice Admits a gate, or no more. Only the owner. Whom it has bound stays bound.
    function admit(address gate, bool admitted) external;

    /// @notice Binds a nullifier and a subject to each other for good; nothing happens if they are. Only a gate.
    function bind(uint256 nullifier, address subject) external;

    /// @notice Whether a gate may bind.
    function isGate(address gate) external view returns (bool);

    /// @notice The scope that proofs must carry.
    function scope() external view returns (uint256);

    /// @notice The subject to which a nullifier is bound; zero if none.
    function subjectOf(uint256 nullifier) external view returns (address);

    /// @notice The nullifier to which a subject is bound; zero if none.
    function nullifierOf(address subject) external view returns (uint256);
}
