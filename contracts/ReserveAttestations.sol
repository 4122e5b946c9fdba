// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {AttestationRules} from "./attestations/AttestationRules.sol";
import {BondedAttestations} from "./attestations/BondedAttestations.sol";
import {DirectAttestations} from "./attestations/DirectAttestations.sol";

/// @title ReserveAttestations
/// @notice Attestations of exchanges: a small one sends all proofs, a large one attests under a bond.
contract ReserveAttestations is DirectAttestations, BondedAttestations {
    /// @notice Fixes everything for good. There is no owner.
    /// @dev Reverts with InvalidConfig, UnusableVerifier, and as a verifier that wants more gas than a challenge gives
    /// it.
    /// @param config Oracle, verifiers, bond, fee and windows.
    constructor(Config memory config) AttestationRules(config) BondedAttestations(config) {}
}
