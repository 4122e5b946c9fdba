// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {Entry, IReserveAttestations} from "../interfaces/IReserveAttestations.sol";
import {FalseProofs} from "../libraries/FalseProofs.sol";
import {LiabilitiesSignals as Signals} from "../libraries/LiabilitiesSignals.sol";
import {ProofTree} from "../libraries/ProofTree.sol";
import {AttestationRules} from "./AttestationRules.sol";
import {Credits} from "./Credits.sol";

/// @title BondedAttestations
/// @notice Attestations under a bond, which whoever shows a fault in time takes half of.
/// @dev What is here is owed: the bonds of attestations with `isBonded`, the fees of open demands, the credits, no more
/// and no less.
abstract contract BondedAttestations is AttestationRules, Credits {
    uint64 private constant LONGEST_WINDOW = 2 ** 32;

    uint256 private immutable BOND;
    uint256 private immutable DEMAND_FEE;
    uint64 private immutable CHALLENGE_WINDOW;
    uint64 private immutable ANSWER_WINDOW;

    mapping(bytes32 id => mapping(uint256 position => Demand)) private _demands;

    constructor(Config memory config) {
        if (config.bond == 0 || config.demandFee == 0) revert InvalidConfig();
        if (!_isWindow(config.challengeWindow) || !_isWindow(config.answerWindow)) revert InvalidConfig();
        BOND = config.bond;
        DEMAND_FEE = config.demandFee;
        CHALLENGE_WINDOW = config.challengeWindow;
        ANSWER_WINDOW = config.answerWindow;
    }

    /// @inheritdoc IReserveAttestations
    function attest(Header calldata header) external payable returns (bytes32 id) {
        if (msg.value != BOND) revert WrongValue(msg.value, BOND);
        id = _record(header, State.Pending);
        uint64 until = uint64(block.timestamp) + CHALLENGE_WINDOW;
        Attestation storage attestation = _attestations[id];
        attestation.isBonded = true;
        attestation.demandableUntil = until;
        attestation.challengeableUntil = until;
        emit AttestationPosted(id, msg.sender, header.accountRoot, header, until);
    }

    /// @inheritdoc IReserveAttestations
    function retract(bytes32 id) external nonReentrant {
        _requireVenue(_requireState(id, State.Pending));
        _revoke(id, 0, Fault.Retracted, msg.sender);
    }

    /// @inheritdoc IReserveAttestations
    function withdrawBond(bytes32 id) external nonReentrant {
        State state = stateOf(id);
        if (state != State.Final && state != State.Revoked) revert WrongState(id, state);
        Attestation storage attestation = _attestations[id];
        _requireVenue(attestation);
        // a fault has taken it already; only a risk root that was revoked leaves it
        if (!attestation.isBonded) revert NoBond(id);
        attestation.isBonded = false;
        _settle(id, attestation, state);
        _credit(msg.sender, BOND);
        _payOut();
    }

    /// @inheritdoc IReserveAttestations
    function challengeEntry(
        bytes32 id,
        uint256 position,
        Entry calldata entry,
        bytes32[20] calldata path
    ) external nonReentrant {
        Header storage header = _requireMember(id, position, entry, path);
        Fault fault = _faultOf(header, position, entry.verifier, entry.signals);
        if (fault == Fault.None) revert NothingWrong(position);
        _revoke(id, position, fault, msg.sender);
    }

    /// @inheritdoc IReserveAttestations
    function challengeChain(
        bytes32 id,
        uint256 position,
        Entry calldata entry,
        bytes32[20] calldata path,
        Entry calldata nextEntry,
        bytes32[20] calldata nextPath
    ) external nonReentrant {
        Header storage header = _requireMember(id, position, entry, path);
        _requireMember(id, position + 1, nextEntry, nextPath);
        // behind the last batch stands the start proof
        if (position + 1 >= header.count) revert NoSuchPosition(position + 1);
        if (!_isWellFormed(header, position, entry)) revert MalformedEntry(position);
        if (!_isWellFormed(header, position + 1, nextEntry)) revert MalformedEntry(position + 1);
        uint256 stateAfter = entry.signals[Signals.BATCH_STATE_AFTER];
        uint256 firstIndex = entry.signals[Signals.BATCH_FIRST_INDEX];
        bool isLater = nextEntry.signals[Signals.BATCH_FIRST_INDEX] > firstIndex;
        if (isLater && nextEntry.signals[Signals.BATCH_STATE_BEFORE] == stateAfter) revert NothingWrong(position);
        _revoke(id, position, Fault.Chain, msg.sender);
    }

    /// @inheritdoc IReserveAttestations
    function challengeProof(
        bytes32 id,
        uint256 position,
        Entry calldata entry,
        bytes32[20] calldata path
    ) external nonReentrant {
        Header storage header = _requireMember(id, position, entry, path);
        if (!_isWellFormed(header, position, entry)) revert MalformedEntry(position);
        if (!FalseProofs.isFalse(entry.verifier, entry.proof, entry.signals)) revert ProofIsValid(position);
        _revoke(id, position, Fault.Proof, msg.sender);
    }

    /// @inheritdoc IReserveAttestations
    function demand(bytes32 id, uint256 position) external payable {
        if (msg.value != DEMAND_FEE) revert WrongValue(msg.value, DEMAND_FEE);
        Attestation storage attestation = _requireState(id, State.Pending);
        _requirePosition(id, position);
        uint64 until = attestation.demandableUntil;
        // an answer leaves time to challenge it, so without an end to demands one after the other would put off the end
        if (block.timestamp > until) revert TooLateToDemand(until);
        Demand storage demanded = _demands[id][position];
        if (demanded.payer != address(0)) revert AlreadyDemanded(position);
        demanded.payer = msg.sender;
        demanded.deadline = uint64(block.timestamp) + ANSWER_WINDOW;
        ++attestation.openDemands;
        emit EntryDemanded(id, position, msg.sender, demanded.deadline);
    }

    /// @inheritdoc IReserveAttestations
    function answer(bytes32 id, uint256 position, Entry calldata entry, bytes32[20] calldata path) external {
        _requireMember(id, position, entry, path);
        Demand storage demanded = _requireOpenDemand(id, position);
        if (block.timestamp > demanded.deadline) revert TooLateToAnswer(demanded.deadline);
        demanded.isAnswered = true;
        Attestation storage attestation = _attestations[id];
        --attestation.openDemands;
        // who sees the entry only now has the same time for it as the venue had
        uint64 until = uint64(block.timestamp) + ANSWER_WINDOW;
        if (until > attestation.challengeableUntil) attestation.challengeableUntil = until;
        emit EntryShown(id, position, entry, attestation.challengeableUntil);
        _credit(attestation.venue, DEMAND_FEE);
    }

    /// @inheritdoc IReserveAttestations
    function claimUnanswered(bytes32 id, uint256 position) external nonReentrant {
        _requireState(id, State.Pending);
        Demand storage demanded = _requireOpenDemand(id, position);
        if (block.timestamp <= demanded.deadline) revert TimeToAnswer(demanded.deadline);
        _revoke(id, position, Fault.Missing, demanded.payer);
        _payBack(id, position, demanded);
    }

    /// @inheritdoc IReserveAttestations
    function reclaimFee(bytes32 id, uint256 position) external {
        Attestation storage attestation = _requireState(id, State.Revoked);
        Demand storage demanded = _requireOpenDemand(id, position);
        _settle(id, attestation, State.Revoked);
        _payBack(id, position, demanded);
    }

    /// @inheritdoc IReserveAttestations
    function demandOf(bytes32 id, uint256 position) external view returns (Demand memory) {
        return _demands[id][position];
    }

    /// @inheritdoc IReserveAttestations
    function bond() external view returns (uint256) {
        return BOND;
    }

    /// @inheritdoc IReserveAttestations
    function demandFee() external view returns (uint256) {
        return DEMAND_FEE;
    }

    /// @inheritdoc IReserveAttestations
    function challengeWindow() external view returns (uint64) {
        return CHALLENGE_WINDOW;
    }

    /// @inheritdoc IReserveAttestations
    function answerWindow() external view returns (uint64) {
        return ANSWER_WINDOW;
    }

    /// @dev Takes the bond: half is burned, since a venue can be its own first challenger, half rewards who showed the
    /// fault. The odd wei burns.
    function _revoke(bytes32 id, uint256 position, Fault fault, address rewarded) private {
        Attestation storage attestation = _attestations[id];
        attestation.state = State.Revoked;
        attestation.isBonded = false;
        emit AttestationRevoked(id, rewarded, fault, position);
        uint256 reward = BOND / 2;
        _credit(rewarded, reward);
        _burn(id, BOND - reward);
    }

    /// @dev Writes down a state that came by itself.
    function _settle(bytes32 id, Attestation storage attestation, State state) private {
        if (attestation.state == state) return;
        attestation.state = state;
        if (state == State.Revoked) {
            emit AttestationRevoked(id, attestation.venue, Fault.RiskRootRevoked, 0);
        } else {
            emit AttestationFinal(id, attestation.venue, _headers[id].accountRoot);
        }
    }

    function _payBack(bytes32 id, uint256 position, Demand storage demanded) private {
        address payer = demanded.payer;
        delete _demands[id][position];
        --_attestations[id].openDemands;
        _credit(payer, DEMAND_FEE);
    }

    /// @dev A Pending attestation in whose tree the entry stands at the position.
    function _requireMember(
        bytes32 id,
        uint256 position,
        Entry calldata entry,
        bytes32[20] calldata path
    ) private view returns (Header storage header) {
        _requireState(id, State.Pending);
        header = _requirePosition(id, position);
        bytes32 root = ProofTree.rootOf(ProofTree.leafOf(entry), position, path);
        if (root != header.proofsRoot) revert NotInTree(position);
    }

    function _requirePosition(bytes32 id, uint256 position) private view returns (Header storage header) {
        header = _headers[id];
        if (position > uint256(header.count) + 1) revert NoSuchPosition(position);
    }

    function _requireOpenDemand(bytes32 id, uint256 position) private view returns (Demand storage demanded) {
        demanded = _demands[id][position];
        if (demanded.payer == address(0) || demanded.isAnswered) revert NotDemanded(position);
    }

    function _isWindow(uint64 duration) private pure returns (bool) {
        return duration != 0 && duration <= LONGEST_WINDOW;
    }
}
