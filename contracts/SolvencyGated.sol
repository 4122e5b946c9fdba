// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ISolvencyGate} from "./interfaces/ISolvencyGate.sol";

/// @title SolvencyGated
/// @notice What a contract inherits to let a gate decide who may do what. A function that anybody solvent may call takes
/// the modifier {onlySolvent}; one for which the caller proves solvency anew calls {_useProofFor}.
/// @dev A proof is no collateral: see {ISolvencyGate}. The gate is fixed, and trusted: a contract that cannot wait for its
/// answer must not ask.
abstract contract SolvencyGated {
    ISolvencyGate internal immutable GATE;

    /// @notice The subject may not act on its last proof, or has none.
    error NotSolvent(address subject);
    /// @notice The proof was made for another action.
    error WrongAction(bytes32 proven, bytes32 expected);

    /// @notice Lets only pass who is solvent at the gate by the clock on the wall.
    modifier onlySolvent(address subject) {
        if (!GATE.isSolvent(subject)) revert NotSolvent(subject);
        _;
    }

    /// @notice Fixes the gate for good.
    constructor(ISolvencyGate fixedGate) {
        if (address(fixedGate).code.length == 0) revert ISolvencyGate.NotAContract(address(fixedGate));
        GATE = fixedGate;
    }

    /// @notice The gate that is asked.
    function gate() external view returns (ISolvencyGate) {
        return GATE;
    }

    /// @dev Uses up a proof that the sender made for this action, of this contract: a proof seen in the mempool is of use to
    /// nobody else, and each is good once. Hash all parameters into the action, and a nonce if the same may happen twice.
    /// Reverts with ISolvencyGate.NotTheSubject, {WrongAction}, and whatever {ISolvencyGate.useProof} reverts with.
    function _useProofFor(bytes32 action, ISolvencyGate.Submission calldata submission) internal {
        if (submission.subject != msg.sender) {
            revert ISolvencyGate.NotTheSubject(msg.sender, submission.subject);
        }
        if (submission.actionHash != action) revert WrongAction(submission.actionHash, action);
        GATE.useProof(submission);
    }

    /// @dev Where the subject stands. Its deadlines stand still while no proof can be had.
    function _statusOf(address subject) internal view returns (ISolvencyGate.Status) {
        return GATE.statusOf(subject);
    }
}
