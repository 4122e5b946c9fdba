// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Ownable} from "@openzeppelin/contracts/access/Ownable.sol";
import {Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {IScopeRegistry} from "./interfaces/IScopeRegistry.sol";

/// @title ScopeRegistry
/// @notice Binds nullifiers and subjects one to one within a scope: an owner with two subjects would borrow twice on one
/// account, and a subject with two nullifiers could present whichever account is healthy.
/// @dev Trust: an admitted gate binds only what a proof has shown. One that does not can deny subjects and nullifiers to the
/// others; it cannot make anybody solvent there.
contract ScopeRegistry is IScopeRegistry, Ownable2Step {
    /// @dev The order of BN254's scalar field.
    uint256 private constant SCALAR_FIELD_ORDER =
        21888242871839275222246405745257275088548364400416034343698204186575808495617;

    uint256 private immutable SCOPE;

    /// @inheritdoc IScopeRegistry
    mapping(address gate => bool admitted) public isGate;
    /// @inheritdoc IScopeRegistry
    mapping(uint256 nullifier => address subject) public subjectOf;
    /// @inheritdoc IScopeRegistry
    mapping(address subject => uint256 nullifier) public nullifierOf;

    /// @notice Fixes the scope for good.
    /// @param initialOwner Admits gates.
    /// @param fixedScope The scope that proofs must carry.
    constructor(address initialOwner, uint256 fixedScope) Ownable(initialOwner) {
        if (fixedScope >= SCALAR_FIELD_ORDER) revert InvalidScope(fixedScope);
        SCOPE = fixedScope;
    }

    /// @inheritdoc IScopeRegistry
    function admit(address gate, bool admitted) external onlyOwner {
        isGate[gate] = admitted;
        emit GateAdmitted(gate, admitted);
    }

    /// @inheritdoc IScopeRegistry
    function bind(uint256 nullifier, address subject) external {
        if (!isGate[msg.sender]) revert NotAGate(msg.sender);
        address holder = subjectOf[nullifier];
        if (holder == subject && subject != address(0)) return;
        if (holder != address(0)) revert NullifierTaken(nullifier);
        if (nullifierOf[subject] != 0) revert SubjectBoundElsewhere(subject);
        subjectOf[nullifier] = subject;
        nullifierOf[subject] = nullifier;
        emit NullifierBound(nullifier, subject, msg.sender);
    }

    /// @inheritdoc IScopeRegistry
    function scope() external view returns (uint256) {
        return SCOPE;
    }
}
