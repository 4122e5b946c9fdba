// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ITransferHook} from "./HookToken.sol";

/// @title Agent
/// @notice A contract that calls what it is told, at once or when it is next called back.
contract Agent is ITransferHook {
    /// @notice What came of a call that was made when called back.
    /// @param wasCalled Whether it was called back at all.
    /// @param succeeded Whether the call succeeded.
    /// @param result What it returned, or the error it failed with.
    struct Outcome {
        bool wasCalled;
        bool succeeded;
        bytes result;
    }

    address private _target;
    bytes private _data;
    Outcome private _outcome;

    /// @notice Calls, and fails as the call does.
    function act(address to, bytes calldata with) public returns (bytes memory) {
        return Address.functionCall(to, with);
    }

    /// @notice Calls `to`, and `target` when it is first called back meanwhile.
    function actAndReenter(
        address to,
        bytes calldata with,
        address target,
        bytes calldata data
    ) external returns (Outcome memory) {
        arm(target, data);
        act(to, with);
        return _outcome;
    }

    /// @inheritdoc ITransferHook
    function onTransfer() external {
        reenter();
    }

    /// @notice What came of the call that it was last armed with.
    function outcome() external view returns (Outcome memory) {
        return _outcome;
    }

    /// @notice Says what to call when called back.
    function arm(address target, bytes calldata data) public {
        (_target, _data) = (target, data);
        delete _outcome;
    }

    /// @notice Makes the call it is armed with, once, and lets what came before go on whatever comes of it.
    function reenter() public {
        if (_target == address(0)) return;
        address target = _target;
        _target = address(0);
        _outcome.wasCalled = true;
        (_outcome.succeeded, _outcome.result) = target.call(_data);
    }
}
