// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EnumerableSet} from "@openzeppelin/contracts/utils/structs/EnumerableSet.sol";
import {IRiskOracle} from "../interfaces/IRiskOracle.sol";

/// @title Quorums
/// @notice Accounts of which a number, the threshold, speak for all by their signatures.
library Quorums {
    using EnumerableSet for EnumerableSet.AddressSet;

    /// @notice A quorum in storage.
    struct Stored {
        EnumerableSet.AddressSet members;
        uint256 threshold;
    }

    /// @notice Puts others in the place of the members.
    /// @param apart Another quorum, with which none may be shared: who is in both would be a check on themselves.
    function replace(
        Stored storage quorum,
        address[] memory members,
        uint256 threshold,
        Stored storage apart
    ) internal {
        if (threshold == 0 || threshold > members.length) {
            revert IRiskOracle.InvalidThreshold(threshold, members.length);
        }
        quorum.members.clear();
        for (uint256 i = 0; i < members.length; ++i) {
            address member = members[i];
            if (member == address(0)) revert IRiskOracle.ZeroAddress();
            if (!quorum.members.add(member) || apart.members.contains(member)) {
                revert IRiskOracle.DuplicateMember(member);
            }
        }
        quorum.threshold = threshold;
    }

    /// @notice Reverts unless all of the signatures are of the digest, by distinct members, and enough.
    /// @dev In ascending order of the signers, so that one cannot be counted twice.
    function check(Stored storage quorum, bytes32 digest, bytes[] calldata signatures) internal view {
        address previous = address(0);
        for (uint256 i = 0; i < signatures.length; ++i) {
            address signer = ECDSA.recoverCalldata(digest, signatures[i]);
            if (!quorum.members.contains(signer)) revert IRiskOracle.NotInQuorum(signer);
            if (signer <= previous) revert IRiskOracle.SignersNotAscending(previous, signer);
            previous = signer;
        }
        if (signatures.length < quorum.threshold) {
            revert IRiskOracle.QuorumNotReached(signatures.length, quorum.threshold);
        }
    }
}
