// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISolvencyGate} from "../../../contracts/interfaces/ISolvencyGate.sol";
import {Agent} from "./Agent.sol";

/// @title HostileGate
/// @notice The part of a gate that a consumer calls, by somebody who means no good: takes any proof, calls back while it does,
/// and can stop to answer.
contract HostileGate is Agent {
    /// @notice Whether it answers nothing any more.
    bool public silent;
    /// @notice The status of everybody.
    ISolvencyGate.Status public status = ISolvencyGate.Status.Healthy;

    /// @notice It does not answer.
    error Silent();

    /// @notice Sets what it answers.
    function set(bool newSilent, ISolvencyGate.Status newStatus) external {
        (silent, status) = (newSilent, newStatus);
    }

    /// @notice Takes any proof.
    function useProof(ISolvencyGate.Submission calldata) external {
        reenter();
    }

    /// @notice Everybody is solvent while they are healthy.
    function isSolvent(address) external view returns (bool) {
        if (silent) revert Silent();
        return status == ISolvencyGate.Status.Healthy;
    }

    /// @notice The status of everybody.
    function statusOf(address) external view returns (ISolvencyGate.Status) {
        if (silent) revert Silent();
        return status;
    }
}
