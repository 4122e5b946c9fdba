// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Interval, Outages} from "../../../contracts/libraries/Outages.sol";

/// @title OutagesHarness
/// @notice Lets tests call the library, on a log that is new for each of them.
contract OutagesHarness {
    using Outages for Outages.Log;

    mapping(uint256 name => Outages.Log) private _logs;

    /// @notice Calls `up` for each number in turn, and `down` for each zero, within one second.
    function run(uint256 name, uint64[] calldata calls) external {
        for (uint256 i = 0; i < calls.length; ++i) {
            if (calls[i] == 0) _logs[name].down();
            else _logs[name].up(calls[i]);
        }
    }

    /// @notice See {Outages-since}.
    function since(uint256 name, uint64 from) external view returns (Interval[] memory) {
        return _logs[name].since(from);
    }

    /// @notice See {Outages-union}.
    function union(
        Interval[] calldata one,
        Interval[] calldata other
    ) external pure returns (Interval[] memory) {
        return Outages.union(one, other);
    }

    /// @notice See {Outages-secondsOutside}.
    function secondsOutside(Interval[] calldata outages, uint64 from, uint64 until) external pure returns (uint64) {
        return Outages.secondsOutside(outages, from, until);
    }
}
