// SPDX-License-Identifier: MIT
pragma solidity ^0.8.28;

import {IGroth16Verifier, Proof} from "../interfaces/IGroth16Verifier.sol";
import {Entry, IReserveAttestations} from "../interfaces/IReserveAttestations.sol";
import {LiabilitiesSignals as Signals} from "../libraries/LiabilitiesSignals.sol";
import {AttestationRules} from "./AttestationRules.sol";

/// @title DirectAttestations
/// @notice Attestations all of whose proofs are verified on chain, batch after batch in the order of the chain.
/// @dev Needs no tree, no bond and no window: what is wrong is refused when it comes. All calls go to verifiers and the
/// oracle, and none of them can change anything.
abstract contract DirectAttestations is AttestationRules {
    mapping(bytes32 id => Progress progress) private _progress;

    /// @inheritdoc IReserveAttestations
    function begin(Header calldata header, Entry calldata start) external returns (bytes32 id) {
        id = _record(header, State.Open);
        _verify(_headers[id], header.count, start);
        _progress[id].state = header.firstState;
        emit AttestationBegun(id, msg.sender, header.accountRoot, header);
    }

    /// @inheritdoc IReserveAttestations
    function extend(
        bytes32 id,
        IGroth16Verifier verifier,
        Proof[] calldata proofs,
        uint256[] calldata signals
    ) external {
        _requireVenue(_requireState(id, State.Open));
        if (proofs.length == 0 || signals.length != proofs.length * Signals.BATCH_COUNT) revert InvalidBatches();
        Header storage header = _headers[id];
        Progress memory progress = _progress[id];
        uint256 first = progress.done;
        for (uint256 i = 0; i < proofs.length; ++i) {
            _advance(header, progress, verifier, signals[i * Signals.BATCH_COUNT:(i + 1) * Signals.BATCH_COUNT]);
        }
        if (!verifier.verifyBatch(proofs, signals)) revert EntryRefused(first, Fault.Proof);
        _progress[id] = progress;
        emit BatchesVerified(id, progress.done);
    }

    /// @inheritdoc IReserveAttestations
    function close(bytes32 id, Entry calldata closing) external {
        Attestation storage attestation = _requireState(id, State.Open);
        _requireVenue(attestation);
        Header storage header = _headers[id];
        uint32 done = _progress[id].done;
        if (done != header.count) revert BatchesLeft(done, header.count);
        // it may have been revoked since the attestation was begun
        _requireRiskRoot(header.riskRoot);
        _verify(header, uint256(header.count) + 1, closing);
        attestation.state = State.Final;
        emit AttestationFinal(id, msg.sender, header.accountRoot);
    }

    /// @inheritdoc IReserveAttestations
    function progressOf(bytes32 id) external view returns (Progress memory) {
        return _progress[id];
    }

    /// @dev Goes past one batch, whose proof is still to be verified.
    function _advance(
        Header storage header,
        Progress memory progress,
        IGroth16Verifier verifier,
        uint256[] calldata signals
    ) private view {
        uint32 position = progress.done;
        // beyond the last batch a verifier of another kind is due, so there are never too many
        Fault fault = _faultOf(header, position, verifier, signals);
        if (fault == Fault.None && !_follows(signals, progress.state, progress.nextIndex)) fault = Fault.Chain;
        if (fault != Fault.None) revert EntryRefused(position, fault);
        progress.state = signals[Signals.BATCH_STATE_AFTER];
        progress.nextIndex = signals[Signals.BATCH_FIRST_INDEX] + 1;
        progress.done = position + 1;
    }

    function _verify(Header storage header, uint256 position, Entry calldata entry) private view {
        Fault fault = _faultOf(header, position, entry.verifier, entry.signals);
        if (fault != Fault.None) revert EntryRefused(position, fault);
        if (!entry.verifier.verify(entry.proof, entry.signals)) revert EntryRefused(position, Fault.Proof);
    }
}
