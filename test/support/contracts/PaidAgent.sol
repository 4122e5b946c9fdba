// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// @title PaidAgent
/// @notice A contract that calls what it is told, and that refuses ether or calls back when it is paid.
contract PaidAgent {
    /// @notice What came of calling back.
    /// @param wasPaid Whether there was an occasion.
    /// @param succeeded Whether the call back succeeded.
    struct Outcome {
        bool wasPaid;
        bool succeeded;
    }

    /// @notice It takes no ether.
    error NoEther();

    address private immutable TARGET;
    bool private immutable TAKES_ETHER;

    /// @notice What came of calling back.
    Outcome public reentered;
    bytes private _data;

    /// @notice Whom it calls back, and whether it can be paid at all.
    constructor(address target, bool takesEther) {
        (TARGET, TAKES_ETHER) = (target, takesEther);
    }

    /// @notice Calls back when it is paid.
    receive() external payable {
        if (!TAKES_ETHER) revert NoEther();
        if (_data.length == 0) return;
        reentered.wasPaid = true;
        // solhint-disable-next-line avoid-low-level-calls
        (reentered.succeeded, ) = TARGET.call(_data);
    }

    /// @notice Calls, with the ether that came along.
    function act(address to, bytes calldata data) external payable {
        Address.functionCallWithValue(to, data, msg.value);
    }

    /// @notice Says what to call when it is paid.
    function arm(bytes calldata data) external {
        _data = data;
    }
}
