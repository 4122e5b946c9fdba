// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// @title ITransferHook
/// @notice What an account offers that wants to be called when tokens move.
interface ITransferHook {
    /// @notice Tokens are about to leave the account, or have come to it.
    function onTransfer() external;
}

/// @title HookToken
/// @notice A token that anybody may mint, that calls accounts which asked for it before tokens leave and after they come, and
/// that can be told to take a fee.
contract HookToken is ERC20 {
    uint8 private immutable DECIMALS;

    /// @notice Part of each transfer that is burned, in basis points.
    uint256 public feeBps;
    /// @notice Whether an account asked to be called.
    mapping(address account => bool hooked) public isHooked;

    /// @notice A token without any supply.
    constructor(string memory symbol, uint8 fixedDecimals) ERC20(symbol, symbol) {
        DECIMALS = fixedDecimals;
    }

    /// @notice Makes tokens.
    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }

    /// @notice Sets the fee.
    function setFee(uint256 bps) external {
        feeBps = bps;
    }

    /// @notice The caller is called from now on.
    function hook() external {
        isHooked[msg.sender] = true;
    }

    /// @inheritdoc ERC20
    function decimals() public view override returns (uint8) {
        return DECIMALS;
    }

    function _update(address from, address to, uint256 amount) internal override {
        if (isHooked[from]) ITransferHook(from).onTransfer();
        super._update(from, to, amount);
        if (feeBps != 0 && to != address(0)) super._update(to, address(0), (amount * feeBps) / 10_000);
        if (isHooked[to]) ITransferHook(to).onTransfer();
    }
}
