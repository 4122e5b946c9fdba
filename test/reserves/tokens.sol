// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import { ERC20 } from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import { IERC1271 } from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import { ECDSA } from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";

/// Balances in a mapping at slot 0, key before slot.
contract PlainToken is ERC20 {
    constructor() ERC20("Plain", "PLN") {}

    function mint(address to, uint256 amount) external {
        _mint(to, amount);
    }
}

/// Balances in a mapping at the start of an ERC-7201 namespace, with a block list's flag in the top bit of each word.
contract PackedToken {
    /// @custom:storage-location erc7201:test.packed
    struct Storage {
        mapping(address => uint256) words;
    }

    // keccak256(abi.encode(uint256(keccak256("test.packed")) - 1)) & ~bytes32(uint256(0xff))
    bytes32 public constant LOCATION =
        keccak256(abi.encode(uint256(keccak256("test.packed")) - 1)) & ~bytes32(uint256(0xff));
    uint256 private constant FLAG = 1 << 255;

    function mint(address to, uint256 amount) external {
        _storage().words[to] += amount;
    }

    function setBlocked(address holder) external {
        _storage().words[holder] |= FLAG;
    }

    function balanceOf(address holder) external view returns (uint256) {
        return _storage().words[holder] & ~FLAG;
    }

    function _storage() private pure returns (Storage storage $) {
        bytes32 location = LOCATION;
        assembly {
            $.slot := location
        }
    }
}

/// Balances in a mapping at slot 3, slot before key.
contract VyperToken {
    function mint(address to, uint256 amount) external {
        bytes32 slot = keccak256(abi.encode(uint256(3), to));
        assembly {
            sstore(slot, add(sload(slot), amount))
        }
    }

    function balanceOf(address holder) external view returns (uint256 held) {
        bytes32 slot = keccak256(abi.encode(uint256(3), holder));
        assembly {
            held := sload(slot)
        }
    }
}

/// A wallet that accepts what its owner signed.
contract Wallet is IERC1271 {
    address private immutable OWNER;

    constructor(address owner) payable {
        OWNER = owner;
    }

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        return ECDSA.recover(digest, signature) == OWNER ? IERC1271.isValidSignature.selector : bytes4(0);
    }
}
