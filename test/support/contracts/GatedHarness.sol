// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {SolvencyGated} from "../../../contracts/SolvencyGated.sol";
import {ISolvencyGate} from "../../../contracts/interfaces/ISolvencyGate.sol";

/// @title GatedHarness
/// @notice What an integrator writes, with nothing behind it.
contract GatedHarness is SolvencyGated {
    /// @notice How often anything was done.
    uint256 public done;

    /// @notice Asks that gate.
    constructor(ISolvencyGate fixedGate) SolvencyGated(fixedGate) {}

    /// @notice For who is solvent.
    function act() external onlySolvent(msg.sender) {
        ++done;
    }

    /// @notice For who proves it anew.
    function actProven(uint256 amount, ISolvencyGate.Submission calldata submission) external {
        _useProofFor(keccak256(abi.encode("act", amount)), submission);
        ++done;
    }

    /// @notice Where the subject stands.
    function statusOf(address subject) external view returns (ISolvencyGate.Status) {
        return _statusOf(subject);
    }
}
