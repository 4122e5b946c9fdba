// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";
import {IReserveAttestations} from "../interfaces/IReserveAttestations.sol";

/// @title Credits
/// @notice What accounts may withdraw. Nothing is ever paid to an account but by its own call: one that takes no ether,
/// or calls back, can hurt nobody else.
abstract contract Credits is IReserveAttestations, ReentrancyGuard {
    /// @dev Nobody has its key, and it has no code that could refuse.
    address private constant NOWHERE = 0x000000000000000000000000000000000000dEaD;

    /// @inheritdoc IReserveAttestations
    mapping(address account => uint256 amount) public creditOf;

    /// @inheritdoc IReserveAttestations
    function withdraw() external nonReentrant {
        _payOut();
    }

    function _credit(address account, uint256 amount) internal {
        creditOf[account] += amount;
        emit Credited(account, amount);
    }

    /// @dev Pays the caller all of its credit.
    function _payOut() internal {
        uint256 amount = creditOf[msg.sender];
        if (amount == 0) revert NothingToWithdraw();
        creditOf[msg.sender] = 0;
        emit Withdrawn(msg.sender, amount);
        Address.sendValue(payable(msg.sender), amount);
    }

    function _burn(bytes32 id, uint256 amount) internal {
        emit Burned(id, amount);
        Address.sendValue(payable(NOWHERE), amount);
    }
}
